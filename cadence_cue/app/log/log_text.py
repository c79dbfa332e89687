"""The entries of the log in words, for commands and screens alike."""

from __future__ import annotations

from cadence_cue.app.log.history import Practice, Scored
from cadence_cue.errors import printable

HEADINGS = f"{'when':16}  heard  cadence  session"
"""What the columns of `entry_line` are."""


def entry_line(entry: Practice | Scored) -> str:
    """Return an entry on one line."""
    return printable(_practised(entry) if isinstance(entry, Practice) else _scored(entry))


def _practised(practice: Practice) -> str:
    felt = f"felt {practice.mark} (1 hard … 5 easy)" if practice.mark else ""
    heard = f"{practice.share:5.0%}  {practice.cadence:7g}"
    return f"{practice.day}  {heard}  {practice.title}  {felt}".rstrip()


def _scored(scored: Scored) -> str:
    told = "; ".join(each.line for each in scored.results)
    return f"{scored.day}  scored          {scored.title}  {told}"
