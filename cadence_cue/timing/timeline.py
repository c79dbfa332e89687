"""The timeline: every sound of a performance at its exact frame, ordered and immutable.

It separates planning from sound: the planner makes it; the renderer, the screens and the JSON
output read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from cadence_cue.timing.by_value import ByValue
from cadence_cue.timing.reasons import Reason

if TYPE_CHECKING:
    from cadence_cue.coaching.drill import Side

TAKE = "\0"
"""Stands between a text and the number of another take of it, in the name of a sound."""


def take(text: str, number: int) -> str:
    """Return the name of a take of a text; the first, 0, is named like the text."""
    return f"{text}{TAKE}{number}" if number else text


def text_of(name: str) -> str:
    """Return the text that a take speaks."""
    return name.partition(TAKE)[0]


@dataclass(frozen=True, slots=True)
class Utterance:
    """A spoken text as planning sees it.

    `frames` is its length and `anchor` the position of its first stressed vowel, both in frames at
    the timeline's rate.
    """

    text: str
    frames: int
    anchor: int


class Bus(IntEnum):
    """The mix group of a sound."""

    BEAT = 0
    VOICE = 1


class EventKind(IntEnum):
    """Why a sound is played."""

    BEAT = 0
    COUNT_IN = 1
    CUE = 2
    EXPLANATION = 3
    ANNOUNCEMENT = 4
    COUNTDOWN = 5
    SIGNAL = 6
    SAY = 7
    TALK = 8
    SAFETY = 9
    CHANT = 10
    CHECK = 11
    QUESTION = 12
    REASON = 13
    FEEL = 14
    ENCOURAGEMENT = 15
    NEEDS = 16

    @property
    def label(self) -> str:
        """The name shown to people and used in JSON, such as "count-in"."""
        return self.name.lower().replace("_", "-")


OPENING = (EventKind.SAFETY, EventKind.NEEDS)
"""What a track opens with, before the ready signal."""


class Foot(IntEnum):
    """The foot that a beat belongs to."""

    NONE = 0
    LEFT = 1
    RIGHT = 2

    @property
    def label(self) -> str:
        """ "left", "right" or ""."""
        return "" if self is Foot.NONE else self.name.lower()


# Timeline.__iter__ takes the fields in this order.
EVENT = np.dtype(
    [
        ("frame", np.int64),  # onset
        ("frames", np.int32),  # length
        ("kind", np.uint8),  # EventKind
        ("bus", np.uint8),  # Bus
        ("sound", np.int32),  # index into Timeline.sounds
        ("gain", np.float32),  # linear, from the phase's level
        ("duck_db", np.float32),  # how much a beat gives way to speech; 0 or negative
        ("phase", np.int32),  # index into Timeline.marks; -1 before the first
        ("beat", np.int64),  # position in its grid, negative in a count-in; NO_BEAT for none
        ("foot", np.uint8),  # Foot
        ("accent", np.bool_),
    ]
)
"""One sound; the columns of Timeline.events."""

NO_BEAT = np.iinfo(np.int64).min
"""The `beat` of an event that is on no beat."""


class Event(NamedTuple):
    """One row of the timeline as plain Python values; `beat` is None for NO_BEAT."""

    frame: int
    frames: int
    kind: EventKind
    bus: Bus
    sound: str
    gain: float
    duck_db: float
    phase: int
    beat: int | None
    foot: Foot
    accent: bool
    clip: str
    """The name of the clip: that of the sound, or of the take that speaks this text."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A phase on the timeline.

    `start` and `frames` are its span; `entry` is the frame of its first sound (announcement or
    count-in, else `start`). Tempos are in beats per minute, 0 if it has no beat. `place` counts the
    session's phases from 1; an inserted explanation or glide has 0.
    """

    index: int
    kind: str
    title: str
    start: int
    entry: int
    frames: int
    tempo: float
    end_tempo: float
    place: int
    clicked_foot: Side
    """The one foot that has a click; NONE if both have."""

    @property
    def step_rate(self) -> tuple[float, float] | None:
        """The steps a minute that a run asks for, from and to; None where it asks for none."""
        from cadence_cue.coaching.session import Kind  # noqa: PLC0415 - an engine starts without it

        return (self.tempo, self.end_tempo) if self.tempo and self.kind == Kind.RUN else None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A text that is not heard, or a count-in that is shortened.

    For a shortened count-in `text` is "", `beats` is its full length and `left` is what remains of
    it. For an overlap `other` is the text that is in the way. `say` is the index among the phase's
    own texts, -1 for anything else.
    """

    text: str
    phase: int
    reason: Reason
    other: str = ""
    beats: int = 0
    left: int = 0
    say: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Timeline(ByValue):
    """All sounds of a performance.

    Frames count from the start of the whole performance at `rate` frames per second. A whole
    performance starts at frame 0 and ends before frame `frames`; one entered in the middle has
    another `start` (see timing.entry), which may be negative.
    """

    rate: int
    start: int
    frames: int
    seed: int
    events: npt.NDArray[np.void]
    """Rows of EVENT, ordered by frame; read-only."""
    sounds: tuple[str, ...]
    """The names of sounds: a take of a text on the voice bus, a name of timing.sounds on the beat
    bus."""
    marks: tuple[Mark, ...]
    dropped: tuple[Dropped, ...]

    def __post_init__(self) -> None:
        """Make the events read-only."""
        self.events.setflags(write=False)

    def __iter__(self) -> Iterator[Event]:
        """Yield every event in order."""
        for (
            frame,
            frames,
            kind,
            bus,
            sound,
            gain,
            duck_db,
            phase,
            beat,
            foot,
            accent,
        ) in self.events.tolist():
            yield Event(
                frame,
                frames,
                EventKind(kind),
                Bus(bus),
                text_of(self.sounds[sound]),
                gain,
                duck_db,
                phase,
                None if beat == NO_BEAT else beat,
                Foot(foot),
                accent,
                self.sounds[sound],
            )

    def spoken_from(self, frame: int) -> dict[str, int]:
        """Return the takes that are heard from a frame on, each with the frame where it begins."""
        events = self.events
        spoken = (events["bus"] == Bus.VOICE) & (events["frame"] + events["frames"] > frame)
        rows = zip(events["sound"][spoken].tolist(), events["frame"][spoken].tolist(), strict=True)
        return {self.sounds[sound]: begins for sound, begins in reversed([*rows])}

    def mark_at(self, frame: int) -> Mark | None:
        """Return the phase that contains a frame; None before the first and after the last."""
        for mark in self.marks:
            if mark.start <= frame < mark.start + mark.frames:
                return mark
        return None
