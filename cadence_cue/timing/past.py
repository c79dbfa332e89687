"""What stays of a timeline when its rest is planned anew.

Everything that began before a frame, to its last sample; and what had begun to be said or counted
is finished as it was: half an announcement helps nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cadence_cue.timing.timeline import EVENT, NO_BEAT, Bus, EventKind, Timeline

_BEFORE_ALL = -(1 << 62)
_IN_ONE = (EventKind.ANNOUNCEMENT, EventKind.TALK, EventKind.EXPLANATION, EventKind.COUNT_IN)


class Said(NamedTuple):
    """Something that was spoken: its frames, end exclusive, and its beat or NO_BEAT."""

    kind: EventKind
    phase: int
    text: str
    frame: int
    end: int
    beat: int


@dataclass(frozen=True, slots=True)
class Past:
    """The rows of a timeline that stay, of which nothing new may begin before frame `since`."""

    since: int = _BEFORE_ALL
    rows: npt.NDArray[np.void] = field(default_factory=lambda: np.empty(0, EVENT))
    sounds: tuple[str, ...] = ()
    spoken: tuple[Said, ...] = ()
    counted: frozenset[int] = frozenset()
    """The phases whose count-in has begun."""
    dropped: Collection[tuple[int, str]] = frozenset()
    """What had found no room, by phase and text."""

    def said(self, phase: int, *kinds: EventKind) -> list[Said]:
        """What was spoken of these kinds in, or for, a phase."""
        return [each for each in self.spoken if each.phase == phase and each.kind in kinds]

    def is_done(self, phase: int, text: str, *kinds: EventKind) -> bool:
        """Whether a text was spoken, or found no room."""
        return (phase, text) in self.dropped or any(
            each.text == text for each in self.said(phase, *kinds)
        )


NOTHING = Past()
"""At the beginning."""


def past_of(timeline: Timeline, since: int, phases: int) -> Past:
    """What stays of a timeline from frame `since` on, when its first `phases` phases have begun."""
    events = timeline.events
    begun = events["frame"] < since
    kept = begun | (events["kind"] == EventKind.SAFETY)
    kept |= (events["kind"] == EventKind.SIGNAL) & (events["phase"] < 0)  # ready
    counted: frozenset[int] = frozenset()
    for kind in _IN_ONE:
        these = (events["kind"] == kind) & (
            (events["bus"] == Bus.VOICE) | (events["beat"] != NO_BEAT)
        )
        of = np.unique(events["phase"][these & begun])
        kept |= these & np.isin(events["phase"], of)
        if kind is EventKind.COUNT_IN:
            counted = frozenset(map(int, of))
    rows = events[kept]
    return Past(
        since,
        rows,
        timeline.sounds,
        tuple(
            Said(
                EventKind(row["kind"]),
                int(row["phase"]),
                timeline.sounds[row["sound"]],
                int(row["frame"]),
                int(row["frame"] + row["frames"]),
                int(row["beat"]),
            )
            for row in rows[rows["bus"] == Bus.VOICE]
        ),
        counted,
        frozenset((each.phase, each.text) for each in timeline.dropped if each.phase < phases),
    )
