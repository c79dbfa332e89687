"""The entries of the log in words, for commands and screens alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cadence_cue.app.log.entries import Entry, minute
from cadence_cue.app.log.history import Practice, Scored
from cadence_cue.coaching.pages import clock
from cadence_cue.coaching.rehearsal import PLAIN_BEAT
from cadence_cue.errors import printable

HEADINGS = f"{'when':16}  heard  cadence  session"
"""What the columns of `entry_line` are."""


def entry_line(entry: Entry) -> str:
    """Return an entry on one line."""
    match entry:
        case Practice():
            told = _practised(entry)
        case Scored():
            told = _scored(entry)
        case _:
            told = _reviewed(entry)
    return printable(f"{minute(entry)}  {told}")


def counted(entries: int) -> str:
    """Return how many entries there are."""
    return "1 entry" if entries == 1 else f"{entries} entries"


def _practised(practice: Practice) -> str:
    felt = f"felt {practice.mark} (1 hard … 5 easy)" if practice.mark else ""
    heard = f"{practice.share:.0%}"
    if practice.session == PLAIN_BEAT and practice.seconds is not None:
        heard = clock(practice.seconds)  # a beat has no end to be a share of
    return f"{heard:>5}  {practice.cadence:7g}  {practice.title}  {felt}".rstrip()


def _scored(scored: Scored) -> str:
    told = "; ".join(each.line for each in scored.results)
    return f"{'scored':14}  {scored.title}  {told}"


def _reviewed(review: Mapping[str, Any]) -> str:
    told = (review.get(key) for key in ("mean_spm", "alone_spm"))
    steps = next((f"{mean:.1f}" for mean in told if isinstance(mean, int | float)), "")
    return f"reviewed {steps:>5}  {review.get('title') or review.get('session')}"
