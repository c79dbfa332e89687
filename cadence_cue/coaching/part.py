"""A part: one phase as it is performed, with everything that the rules chose for it.

It is what coaching hands to timing. Repeats are written out, sides split, explanations inserted,
tempos are numbers, and every length is an exact number of seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from cadence_cue.coaching.model import Beat, Kind, Say, Side
from cadence_cue.coaching.wording import countdown_phrase


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said before a part: its texts in order, and its shortest wording."""

    full: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    minor: bool = False
    """A leg switch or a tempo change inside a run: it gives way earlier."""


@dataclass(frozen=True, slots=True)
class Cueing:
    """When cues are spoken in a part, and which.

    `first` is spoken once in order, then `cycle` goes round. The distance is `beats` or
    `seconds`, whichever is given; `explicit` if the session file asked for it.
    """

    first: tuple[str, ...] = ()
    cycle: tuple[str, ...] = ()
    beats: int | None = None
    seconds: Fraction | None = None
    explicit: bool = False
    limit: int | None = None
    quiet_first: int = 0
    quiet_last: Fraction = Fraction(0)


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
    feet: bool = False
    """Whether left and right clicks differ by timbre."""
    beat_level: float = 0.0
    voice_level: float = 0.0
    announcement: Announcement = field(default_factory=Announcement)
    count_in: int = 0
    """Beats counted in when its grid begins with it."""
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
    own: bool = False
    """Whether its tempo follows the runner's own cadence: then such a change moves that."""
    beats: int | None = None
    """Its length in beats, where the file gives that."""
    moving: bool = False
    number: str = ""
    note: str = ""

    def texts(self) -> Iterator[str]:
        """Every text that may be spoken in it."""
        yield from (*self.announcement.full, *self.announcement.short, *self.opening)
        yield from (say.text for say in self.say)
        yield from (*self.cueing.first, *self.cueing.cycle)
        yield from map(countdown_phrase, self.countdown)
        if self.closing:
            yield self.closing
