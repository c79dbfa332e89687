"""The entries of the log in words, for commands and screens alike."""

from __future__ import annotations

from cadence_cue.app.history import Practice, Scored
from cadence_cue.errors import printable


def entry_line(entry: Practice | Scored) -> str:
    """Return an entry on one line."""
    return printable(_practised(entry) if isinstance(entry, Practice) else _scored(entry))


def _practised(practice: Practice) -> str:
    felt = f"felt {practice.mark} (1 hard … 5 easy)" if practice.mark else ""
    line = f"{practice.day}  {practice.share:4.0%}  {practice.cadence:5g}  {practice.title}  {felt}"
    return line.rstrip()


def _scored(scored: Scored) -> str:
    told = []
    for each in scored.results:
        counted = f" {each.matched} of {each.beats}" if each.beats else ""
        label = f", {each.label}" if each.label else ""
        alone = each.alone_error_percent
        kept = "" if alone is None else f", {alone:+.1f} % without a click".replace("-", "−")
        told.append(f"{each.title}{counted}{label}{kept}")
    return f"{scored.day}  scored       {scored.title}  {'; '.join(told)}"
