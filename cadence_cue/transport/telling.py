"""Says something that nobody could know before, in the pause after it, as an edit of what plays.

The planner finds it room, as for the session's own texts: the coach's line for that pause, if it
has not begun, gives way or comes later. Where there is no room any more it is not said at all.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from cadence_cue.coaching.session import Kind, Say
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.timeline import EventKind, text_of
from cadence_cue.transport.deck import Deck

_AT, _SHIFT = Fraction(3), Fraction(2)  # seconds into the pause, and how much later or earlier
_AHEAD = 0.4  # seconds in which it is planned and reaches the engine
_LINES = (
    EventKind.CHECK,
    EventKind.QUESTION,
    EventKind.REASON,
    EventKind.FEEL,
    EventKind.ENCOURAGEMENT,
)


class Telling:
    """Plans what is told of a phase into the pause after it. Thread: one."""

    def __init__(self, deck: Deck) -> None:
        self._deck = deck
        self._wished: tuple[str, int] | None = None

    def can_follow(self, phase: int) -> bool:
        """Return whether the phase with this index is followed by a pause that can be talked in."""
        parts = self._deck.performance.parts[phase + 1 : phase + 2]
        return any(part.kind in (Kind.REST, Kind.WALK) and part.tempo is None for part in parts)

    def after(self, phase: int, text: str) -> None:
        """Say a text in the pause that follows the phase with this index."""
        self._wished = text, phase + 1

    def poll(self) -> None:
        """Plan what is to be said, unless another edit is on its way; once, then it is too late."""
        if self._wished is None or not self._deck.settled():
            return
        text, pause = self._wished
        self._wished = None
        deck, base = self._deck, self._deck.performance
        since = deck.ahead(_AHEAD)
        if deck.standing or not _may_talk(base, pause, text, since):
            return
        say = Say(_AT, from_end=False, text=text, shift=_SHIFT)
        at = base.plan.clock.instant(since)
        before = base.edits[-1] if base.edits else Edit(at, base.tempi)
        told = base.edited(
            replace(before, at=at, shift=Fraction(0), says=((pause, say),), joins=None)
        )
        if _says(told, pause, text):
            deck.offer(told, since)


def _may_talk(performance: Performance, pause: int, text: str, since: int) -> bool:
    """Return whether a text can be spoken, and no line of the coach begins before a frame."""
    events = performance.timeline.events
    lines = (events["phase"] == pause) & np.isin(events["kind"], _LINES)
    speaks = performance.spec.speaks and text in performance.lines
    return speaks and not (lines & (events["frame"] < since)).any()


def _says(performance: Performance, phase: int, text: str) -> bool:
    timeline = performance.timeline
    said = timeline.events[timeline.events["phase"] == phase]
    return any(
        kind == EventKind.SAY and text_of(timeline.sounds[sound]) == text
        for kind, sound in zip(said["kind"], said["sound"], strict=True)
    )
