"""What is kept of a timeline when the rest is planned again after an edit.

Everything that started before a given frame is kept to its last sample, and announcements,
explanations and count-ins that had started are finished as planned: half of one helps nobody.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from cadence_cue.timing.by_value import ByValue
from cadence_cue.timing.drafting import Rows
from cadence_cue.timing.timeline import (
    EVENT,
    NO_BEAT,
    OPENING,
    Bus,
    Dropped,
    EventKind,
    Timeline,
    text_of,
)

_BEFORE_ALL = -(1 << 62)
_IN_ONE = (
    EventKind.ANNOUNCEMENT,
    EventKind.TALK,
    EventKind.EXPLANATION,
    EventKind.COUNT_IN,
    EventKind.CHANT,
)
CUES = (EventKind.CUE, EventKind.CHANT)
"""What coaches a movement while it is done."""


class Said(NamedTuple):
    """Something that was spoken: its span in frames (end exclusive) and its beat or NO_BEAT.

    `clip` is the name of the take.
    """

    kind: EventKind
    text: str
    frame: int
    end: int
    beat: int
    clip: str


class Turn(NamedTuple):
    """A turn that a block of cues had: in which phase, at which frame, and the block's index."""

    phase: int
    frame: int
    block: int


@dataclass(frozen=True, slots=True, eq=False)
class Past(ByValue):
    """What is kept of a timeline; nothing new may start before frame `since`."""

    since: int = _BEFORE_ALL
    rows: Rows = field(default_factory=lambda: np.empty(0, EVENT))
    sounds: tuple[str, ...] = ()
    spoken: Mapping[int, tuple[Said, ...]] = field(default_factory=dict)
    """What was spoken in, or for, each phase, by phase index."""
    takes: Mapping[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    """The takes that were planned in, or for, each phase, by phase index and text."""
    cued: frozenset[int] = frozenset()
    """The phases that have had all of their cues."""
    counted: frozenset[int] = frozenset()
    """The phases whose count-in has started."""
    dropped: Mapping[int, tuple[Dropped, ...]] = field(default_factory=dict)
    """What found no room in each phase that has started, by phase index."""
    turns: tuple[Turn, ...] = ()
    """The turns that the blocks of cues have had, in order of their frames, and so of phases."""

    def said(self, phase: int, kind: EventKind) -> list[Said]:
        """Return what was spoken of a kind in, or for, a phase."""
        return [each for each in self.spoken.get(phase, ()) if each.kind is kind]

    def left_out(self, phase: int) -> tuple[Dropped, ...]:
        """Return what found no room in a phase."""
        return self.dropped.get(phase, ())

    def turns_in(self, phase: int) -> tuple[Turn, ...]:
        """Return the turns of a phase's blocks."""
        first = bisect_left(self.turns, phase, key=attrgetter("phase"))
        return tuple(takewhile(lambda turn: turn.phase == phase, islice(self.turns, first, None)))

    def is_done(self, phase: int, text: str, kind: EventKind) -> bool:
        """Return whether a text was spoken in a phase, or found no room there."""
        spoken = any(said.text == text for said in self.said(phase, kind))
        return spoken or any(dropped.text == text for dropped in self.left_out(phase))

    @property
    def signals(self) -> Iterator[tuple[int, int, str]]:
        """Yield each signal's first frame, end frame (exclusive) and name."""
        for row in self.rows[self.rows["kind"] == EventKind.SIGNAL]:
            yield int(row["frame"]), int(row["frame"] + row["frames"]), self.sounds[row["sound"]]


NOTHING = Past()
"""The past of a performance that is planned from its start."""


def past_of(timeline: Timeline, turns: Iterable[Turn], since: int, phases: int) -> Past:
    """Return what is kept of a timeline when everything from frame `since` on is planned again.

    `turns` are all that its cues took; the first `phases` phases have started by then.
    """
    events = timeline.events
    started = events["frame"] < since
    kept = started | np.isin(events["kind"], OPENING)
    kept |= (events["kind"] == EventKind.SIGNAL) & (events["phase"] < 0)  # ready
    counted: frozenset[int] = frozenset()
    for kind in _IN_ONE:
        these = (events["kind"] == kind) & (
            (events["bus"] == Bus.VOICE) | (events["beat"] != NO_BEAT)
        )
        of = np.unique(events["phase"][these & started])
        kept |= these & np.isin(events["phase"], of)
        if kind is EventKind.COUNT_IN:
            counted = frozenset(map(int, of))
    spoken: dict[int, tuple[Said, ...]] = {}
    takes: dict[tuple[int, str], tuple[str, ...]] = {}
    cued: dict[int, bool] = {}
    voice = events["bus"] == Bus.VOICE
    names = ("kind", "phase", "sound", "frame", "frames", "beat")
    columns = (events[name][voice].tolist() for name in names)
    for stays, kind, phase, sound, frame, frames, beat in zip(kept[voice], *columns, strict=True):
        name = timeline.sounds[sound]
        text = text_of(name)
        takes[phase, text] = (*takes.get((phase, text), ()), name)
        if stays:
            said = Said(EventKind(kind), text, frame, frame + frames, beat, name)
            spoken[phase] = (*spoken.get(phase, ()), said)
        if kind in CUES:
            cued[phase] = bool(stays)
    dropped: dict[int, tuple[Dropped, ...]] = {}
    for each in timeline.dropped:
        if each.phase < phases:
            dropped[each.phase] = (*dropped.get(each.phase, ()), each)
    had = tuple(turn for turn in turns if turn.frame < since)
    over = frozenset(phase for phase, last in cued.items() if last)
    return Past(since, events[kept], timeline.sounds, spoken, takes, over, counted, dropped, had)
