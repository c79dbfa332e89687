"""Advice on speech in a planned performance: too much of it, or too much dropped.

Separate from `coaching.advice`, which knows no timeline.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cadence_cue.coaching.advice import Advice, Code
from cadence_cue.timing.timeline import OPENING, Bus, EventKind, Timeline

_MOST = 0.25  # of the time, apart from talks and explanations
_SHORT = 60  # seconds; a shorter session is not a run
_DROPPED = 0.1  # of all texts
_TOLD = (EventKind.TALK, EventKind.EXPLANATION, *OPENING)


def share(timeline: Timeline) -> float:
    """Return the share of the time in which somebody speaks, from 0 to 1."""
    voice = timeline.events[timeline.events["bus"] == Bus.VOICE]
    return float(voice["frames"].sum()) / (timeline.frames - timeline.start)


def talk_advice(timeline: Timeline) -> Iterator[Advice]:
    """Yield advice if a performance talks too much, or if many of its texts were dropped."""
    events = timeline.events
    voice = events[(events["bus"] == Bus.VOICE) & ~np.isin(events["kind"], _TOLD)]
    total = sum(mark.frames for mark in timeline.marks if mark.kind not in ("talk", "explain"))
    spoken = float(voice["frames"].sum()) / max(total, 1)
    if total > _SHORT * timeline.rate and spoken > _MOST:
        text = f"somebody speaks {spoken:.0%} of the time; above {_MOST:.0%} nothing sinks in"
        yield Advice(Code.TALK, text)
    if (dropped := len(timeline.dropped)) > 1 and dropped > _DROPPED * (len(voice) + dropped):
        text = f"{dropped} of {len(voice) + dropped} texts found no room"
        yield Advice(Code.DROPS, text)
