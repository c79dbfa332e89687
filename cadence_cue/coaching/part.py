"""A part: one phase as it is performed, with everything that the rules chose for it.

Parts are what coaching passes to timing: repeats are written out, sides split, explanations
inserted, tempos are numbers, and every length is an exact number of seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.session import Beat, Kind, Say


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said before a part: all texts in order, and the shortest wording."""

    full: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    """Set-up cues, which follow if there is time and else are the part's first cues."""
    whole: str = ""
    """All of `full` and `setup` as one text in one breath, if a voice can speak it."""
    minor: bool = False
    """Whether it is a leg switch or a tempo change inside a run, which has lower priority."""
    early: bool = False
    """Whether it comes before the part although that has no beat: it says what is next."""


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one idea, or of one element in a run.

    First come those of `first`, once and in order, then `main` and `between` alternate, each going
    round. After `first`, `main` has one extra turn, so that it always has half of all cues.
    """

    first: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    """The cues that a part may end with, the preferred one first; () for any."""
    second: tuple[str, ...] = ()
    """Those that may end a part of just two cues, besides."""
    alone: tuple[str, ...] = ()
    """Those of which one may be the part's only cue, the first that fits."""
    chants: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Cues that are chanted once if the tempo allows, each with its words for the beats."""

    def order(self) -> Iterator[str]:
        """Yield the cues in order, endlessly."""
        yield from self.first
        main = itertools.cycle(self.main)
        if self.first:
            yield from itertools.islice(main, 1)
        while self.main or self.between:
            # Each of `between` comes once a round; those of `main` repeat if they are fewer.
            for k in range(max(len(self.main), len(self.between))):
                yield from itertools.islice(main, 1)
                yield from self.between[k : k + 1]

    def texts(self) -> Iterator[str]:
        """Yield every text that may be spoken, also the single words of chants."""
        yield from (*self.first, *self.main, *self.between, *self.closing)
        yield from (word for _, words in self.chants for word in words)


@dataclass(frozen=True, slots=True)
class Cueing:
    """Which cues are spoken in a part, and when.

    The distance from one cue to the next is `beats` or `seconds`, whichever is given; it is
    `explicit` if the session file sets it. Several `blocks` take turns, with equal shares of the
    time.
    """

    blocks: tuple[Cues, ...] = ()
    beats: int | None = None
    seconds: Fraction | None = None
    later: Fraction | None = None
    """The distance in seconds after the first five minutes; None if it stays the same."""
    explicit: bool = False
    limit: int | None = None
    quiet_first: int = 0
    """Beats at the start without a cue."""
    quiet_last: Fraction = Fraction(0)
    """Seconds at the end without a cue."""
    quiet_last_beats: int = 0


class LineKind(StrEnum):
    """What a line between sets is for."""

    CHECK = "check"
    QUESTION = "question"
    REASON = "reason"
    FEEL = "feel"
    ENCOURAGEMENT = "encouragement"


ANSWERED = (LineKind.CHECK, LineKind.QUESTION)
"""What the runner answers inwardly."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the coach may say in a part without cues, `at` seconds from its start or thereabouts.

    What is `late` is said as near to its end as there is room.
    """

    kind: LineKind
    text: str
    at: Fraction = Fraction(1)
    late: bool = False

    @property
    def silence(self) -> Fraction:
        """The seconds of silence that it needs behind it: a question wants to be answered."""
        return Fraction(4 if self.kind in ANSWERED else 1)


@dataclass(frozen=True, slots=True)
class Part:
    """One phase as performed; times in exact seconds, tempos in exact beats per minute."""

    kind: Kind
    title: str
    seconds: Fraction
    tempo: tuple[Fraction, Fraction] | None = None
    """At its start and its end; None if it has no beat."""
    grid_delay: Fraction = Fraction(0)
    """Seconds before it starts a new beat grid of its own; 0 if it continues the one before."""
    ticks: tuple[Fraction, ...] = ()
    """Soft ticks off the grid, in seconds from its start."""
    beat: Beat = field(default_factory=Beat)
    accent: int = 0
    accent_side: Side = Side.NONE
    """The foot of the first accented beat; NONE for either."""
    foot: Side = Side.NONE
    """LEFT or RIGHT if every beat is that foot's, ALTERNATING if even beats are left."""
    clicked_foot: Side = Side.NONE
    """The one foot that has a click; NONE if both have."""
    distinct_feet: bool = False
    """Whether left and right clicks differ by timbre."""
    beat_level: float = 0.0
    voice_level: float = 0.0
    announcement: Announcement = field(default_factory=Announcement)
    count_in: int = 0
    """Beats of its count-in, if a beat grid starts with it."""
    count_in_voice: bool = False
    """Whether a voice counts them too."""
    countdown: tuple[int, ...] = ()
    opening: tuple[str, ...] = ()
    """What must be said at its start, in order."""
    closing: str = ""
    """What must be said at its end."""
    say: tuple[Say, ...] = ()
    lines: tuple[Line, ...] = ()
    """What the coach may say, of which the first that finds room is said."""
    cueing: Cueing = field(default_factory=Cueing)
    drill: str = ""
    contrast: bool = False
    """Whether it is no set of its drill, but something to compare with one."""
    key: str = ""
    """What shares a change of its tempo by hand: the drill's id, else the phase's number."""
    follows_cadence: bool = False
    """Whether its tempo follows the runner's own cadence, which such a change then moves."""
    beats: int | None = None
    """Its length in beats, if the file gives that; else None."""
    moving: bool = False
    number: str = ""
    note: str = ""

    def texts(self) -> Iterator[str]:
        """Yield every text that may be spoken before or in the part."""
        announced = self.announcement
        yield from (*announced.full, *announced.short, *announced.setup)
        yield from filter(None, (announced.whole,))
        yield from self.opening
        yield from (say.text for say in self.say)
        yield from (line.text for line in self.lines)
        yield from (text for cues in self.cueing.blocks for text in cues.texts())
        if self.count_in_voice:
            yield from map(str, wording.COUNTED)
        yield from map(wording.countdown_phrase, self.countdown)
        if self.closing:
            yield self.closing
