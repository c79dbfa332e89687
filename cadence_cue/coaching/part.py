"""A part: one phase as it is performed, with everything that the rules chose for it.

It is what coaching hands to timing. Repeats are written out, sides split, explanations inserted,
tempos are numbers, and every length is an exact number of seconds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.model import Beat, Kind, Say, Side


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said before a part: its texts in order, and its shortest wording."""

    full: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    """Set-up cues that follow where there is time; else they are the part's first cues."""
    minor: bool = False
    """A leg switch or a tempo change inside a run: it gives way earlier."""


@dataclass(frozen=True, slots=True)
class Cues:
    """The cues of one idea: `first` once in order, then the two lanes in turn, each going round.

    After a `first` the main lane has one more turn, so that it always has half of them.
    """

    first: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    """What a part may end with, the next one first; () for anything."""
    chants: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Cues that are chanted where the tempo allows, once, with the words for the beats."""

    def order(self) -> Iterator[str]:
        """The cues as they come, without end."""
        yield from self.first
        main = itertools.cycle(self.main)
        if self.first:
            yield from itertools.islice(main, 1)
        while self.main or self.between:
            # What is between comes once a round, what is in the main lane may have to come again.
            for k in range(max(len(self.main), len(self.between))):
                yield from itertools.islice(main, 1)
                yield from self.between[k : k + 1]

    def texts(self) -> Iterator[str]:
        """Each of them that may be spoken."""
        yield from (*self.first, *self.main, *self.between, *self.closing)
        yield from (word for _, words in self.chants for word in words)


@dataclass(frozen=True, slots=True)
class Cueing:
    """When cues are spoken in a part, and which.

    The distance is `beats` or `seconds`, whichever is given; `explicit` if the session file asked
    for it. Of several `blocks` each has an equal share of the time, in turn.
    """

    blocks: tuple[Cues, ...] = ()
    beats: int | None = None
    seconds: Fraction | None = None
    later: Fraction | None = None
    """The distance after the first five minutes, where it grows."""
    explicit: bool = False
    limit: int | None = None
    quiet_first: int = 0
    """Beats."""
    quiet_last: Fraction = Fraction(0)
    quiet_last_beats: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One phase as performed; times in exact seconds, tempos in exact beats per minute."""

    kind: Kind
    title: str
    seconds: Fraction
    tempo: tuple[Fraction, Fraction] | None = None
    """At its start and its end; None without a beat."""
    grid_delay: Fraction = Fraction(0)
    """Seconds before its own new beat grid begins; 0 where it shares the grid before it."""
    ticks: tuple[Fraction, ...] = ()
    """Soft ticks off the grid, in seconds from its start."""
    beat: Beat = field(default_factory=Beat)
    accent: int = 0
    accent_side: Side = Side.NONE
    """The foot on whose first beat accents begin to count; NONE for either."""
    foot: Side = Side.NONE
    """LEFT or RIGHT where every beat is that leg's, ALTERNATING where even beats are left."""
    clicked_foot: Side = Side.NONE
    """The one foot that has a click; NONE where both have."""
    distinct_feet: bool = False
    """Whether left and right clicks differ by timbre."""
    beat_level: float = 0.0
    voice_level: float = 0.0
    announcement: Announcement = field(default_factory=Announcement)
    count_in: int = 0
    """Beats counted in when its grid begins with it."""
    count_in_voice: bool = False
    """Whether a voice counts them too."""
    countdown: tuple[int, ...] = ()
    opening: tuple[str, ...] = ()
    """What must be said at its start, in order."""
    closing: str = ""
    """What must be said at its end."""
    say: tuple[Say, ...] = ()
    cueing: Cueing = field(default_factory=Cueing)
    drill: str = ""
    key: str = ""
    """What a change of its tempo by hand moves: the drill's id, else the phase's number."""
    follows_cadence: bool = False
    """Whether its tempo follows the runner's own cadence: then such a change moves that."""
    beats: int | None = None
    """Its length in beats, where the file gives that."""
    moving: bool = False
    number: str = ""
    note: str = ""

    def texts(self) -> Iterator[str]:
        """Every text that may be spoken in it."""
        yield from (*self.announcement.full, *self.announcement.short, *self.announcement.setup)
        yield from self.opening
        yield from (say.text for say in self.say)
        yield from (text for cues in self.cueing.blocks for text in cues.texts())
        if self.count_in_voice:
            yield from map(str, wording.COUNTED)
        yield from map(wording.countdown_phrase, self.countdown)
        if self.closing:
            yield self.closing
