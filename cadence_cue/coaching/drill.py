"""What is coached: drills, elements, their cues and what is said of them, all frozen.

Separate from everything that reads or checks it, so that it can be compared and sent to another
process. Times are seconds as exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class CueType(StrEnum):
    """The purpose of a cue."""

    SETUP = "setup"
    MOVEMENT = "movement"
    CORRECTION = "correction"
    RELAX = "relax"


class Focus(StrEnum):
    """Where a cue directs attention: into the body, to its effect outside, or neither."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    NEUTRAL = "neutral"


class Side(StrEnum):
    """Which leg works; NONE if a drill has no sides."""

    NONE = ""
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    ALTERNATING = "alternating"


class Listen(StrEnum):
    """What can be heard of a movement, and so be compared with the beat."""

    TAPS = "taps"
    """Of the toes, on each beat."""
    CONTACTS = "contacts"
    """Of a foot with the ground, on each beat."""
    SCRAPE = "scrape"
    """Of the sole on the ground, on each accented beat."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of coaching and the ids of the article's statements that it conveys."""

    text: str
    article: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check(Statement):
    """A question after a set, to be answered inwardly."""

    owed: bool = False
    """Whether it is asked in one of any two sessions, as the article warns of it."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A short spoken instruction."""

    text: str
    type: CueType
    focus: Focus
    idea: str = ""
    """A free keyword for what it is about: all cues of a set share one idea."""
    chant: tuple[str, ...] = ()
    """The cue in two to four words, one for each beat; () for none."""
    article: tuple[str, ...] = ()
    """The ids of the article's statements that it conveys."""
    verb: bool = False
    """Whether it names the movement as such, and so is owed in every session."""

    @property
    def outward(self) -> bool:
        """Whether it relaxes, or directs attention outside the body."""
        return self.type is CueType.RELAX or self.focus is Focus.EXTERNAL


@dataclass(frozen=True, slots=True)
class Element:
    """One of the six elements of the stride, or the cadence cues."""

    id: str
    name: str
    order: int
    why: tuple[Statement, ...]
    cues: tuple[Cue, ...]
    reasons: tuple[Statement, ...] = ()
    """Why it matters, as it is told in a rest."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A named way to do a drill."""

    name: str
    how: str
    eyes_closed: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """Beats per minute, or a share of the runner's own cadence."""

    value: Fraction
    relative: bool = False

    def at(self, cadence_spm: Fraction) -> Fraction:
        """Return the beats per minute for a runner whose own cadence is `cadence_spm`."""
        return self.value * cadence_spm if self.relative else self.value


@dataclass(frozen=True, slots=True)
class Tempo:
    """A constant tempo (both ends equal) or a ramp, linear in time."""

    start: Pace
    end: Pace


@dataclass(frozen=True, slots=True)
class TempoAdvice:
    """The tempos that suit a drill, in beats per minute; the default may follow the cadence."""

    lowest: Fraction
    highest: Fraction
    default: Tempo
    progression: tuple[str, ...]
    ladder: tuple[Pace, ...] = ()
    """The tempos that a runner climbs from easy to hard; () if the drill has none."""


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of a drill is enough, as text for people."""

    time: str
    sets: str
    rest: str
    longest: Fraction | None = None
    """The most seconds for one set; None if nothing is advised."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """When a drill's cues may be spoken.

    `every` is the distance between cues in beats, in set 1; it doubles in set 2, and set 3 has
    one cue at most. No cue in the first `quiet_first` beats or the last `quiet_last` seconds.
    """

    every: int
    quiet_first: int
    quiet_last: Fraction
    one_from: int = 0
    """Beats per minute from which a set has at most one cue; 0 for no such limit."""
    in_ramps: bool = True
    """Whether there are cues while the tempo changes."""


@dataclass(frozen=True, slots=True)
class Drill:
    """One movement to practise, with everything that the article and coaching say about it."""

    id: str
    name: str
    order: int
    purpose: tuple[Statement, ...]
    setup: tuple[Statement, ...]
    movement: tuple[Statement, ...]
    trains: tuple[str, ...]
    also_trains: tuple[str, ...]
    prerequisites: tuple[Statement, ...]
    after: str | None
    """The id of the drill that must be mastered first; None if there is none."""
    mistakes: tuple[Statement, ...]
    hints: tuple[Statement, ...]
    place: tuple[str, ...]
    equipment: str
    moving: bool
    sides: tuple[Side, ...]
    """The sides that a phase may name, the default first; (Side.NONE,) if it has none."""
    variants: tuple[Variant, ...]
    beat: Statement
    """What one beat means."""
    accent: int
    """The number of beats from one accent to the next; 0 for no accents."""
    distinct_feet: bool
    """Whether left and right clicks differ by timbre."""
    tempo: TempoAdvice
    dose: Dose
    speaking: Speaking
    stop: tuple[str, ...]
    mastery: str
    explanation: str
    """At most two sentences to be spoken: what to do, and what one beat means."""
    cues: tuple[Cue, ...]
    checks: tuple[Check, ...] = ()
    feel: str = ""
    """What to feel in its last set, told in the rest before."""
    mastered: Statement = Statement("")
    """The sign of mastery as a question."""
    reasons: tuple[Statement, ...] = ()
    """Why it is done as it is, as it is told in a rest."""
    care: str = ""
    """A caution, spoken as the drill is announced, once a session."""
    # Not in its repr, by which the log knows whether a performance can be repeated as it sounded:
    listen: Listen = field(default=Listen.CONTACTS, repr=False)
    lamps: tuple[str, ...] = field(default=(), repr=False)
    """A word for the accented beat and one for the others, as the lamps show them; () for none."""
    counted: str = field(default="", repr=False)
    """What one beat is, in a word, if a runner counts them: "tap"."""


@dataclass(frozen=True, slots=True)
class Talk:
    """What the coach says between sets, apart from what belongs to a drill or an element."""

    reasons: tuple[Statement, ...] = ()
    encouragement: tuple[str, ...] = ()
    learning: tuple[str, ...] = ()
    """Encouragement for who learns something, and not before a race."""
    late: tuple[str, ...] = ()
    """Encouragement for the second half of a session."""
    half: tuple[str, ...] = ()
    """Besides, until three quarters of it have passed."""
    last: tuple[str, ...] = ()
    """Encouragement before the last set."""
    best: tuple[str, ...] = ()
    """Such lines that ask for the most, which a race does not want before it."""
    running: tuple[str, ...] = ()
    """Encouragement in a run."""
    questions: tuple[str, ...] = ()
    """Questions of which a practice of drills asks one."""
    legs: tuple[str, ...] = ()
    """Such questions where one leg worked alone."""
    race: tuple[str, ...] = ()
    """Those before a race, in place of all others."""

    def texts(self) -> Iterator[str]:
        """Yield every text."""
        yield from (reason.text for reason in self.reasons)
        yield from (*self.encouragement, *self.learning, *self.late, *self.half)
        yield from (*self.last, *self.best, *self.running)
        yield from (*self.questions, *self.legs, *self.race)


@dataclass(frozen=True, slots=True)
class Library:
    """Every drill and element that a session may refer to, by id."""

    drills: dict[str, Drill]
    elements: dict[str, Element]
    why: tuple[Statement, ...]
    talk: Talk = Talk()

    def cues(self, name: str) -> tuple[Cue, ...]:
        """Return the cues of the drill or element with this id. Raises KeyError if none has it."""
        return (self.drills.get(name) or self.elements[name]).cues
