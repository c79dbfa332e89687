"""The coaching data: drills, elements, cues, sessions and phases, all frozen.

Kept apart from everything that reads or checks it, so that a session can be printed,
compared and sent to another process. Times are seconds as exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path


class CueType(StrEnum):
    """What a cue is for."""

    SETUP = "setup"
    MOVEMENT = "movement"
    CORRECTION = "correction"
    RELAX = "relax"


class Focus(StrEnum):
    """Where a cue sends the attention: into the body, to its effect outside, or neither."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    NEUTRAL = "neutral"


class Side(StrEnum):
    """Which leg works; NONE where a drill has no sides."""

    NONE = ""
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    ALTERNATING = "alternating"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of coaching and the ids of the article's statements that it carries."""

    text: str
    article: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cue:
    """A short spoken instruction."""

    text: str
    type: CueType
    focus: Focus
    idea: str = ""
    """What it is about, in a word of the file's own: one set speaks of one idea."""
    chant: tuple[str, ...] = ()
    """The same in two to four words, for one word on each beat; () for none."""

    @property
    def outward(self) -> bool:
        """Whether it relaxes, or sends the attention outside the body."""
        return self.type is CueType.RELAX or self.focus is Focus.EXTERNAL


@dataclass(frozen=True, slots=True)
class Element:
    """One of the six elements of the stride, or the cadence cues."""

    id: str
    name: str
    order: int
    why: tuple[Statement, ...]
    cues: tuple[Cue, ...]


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
        """Beats per minute for a runner whose own cadence is `own` steps per minute."""
        return self.value * cadence_spm if self.relative else self.value


@dataclass(frozen=True, slots=True)
class Tempo:
    """A constant tempo (both ends equal) or a ramp, linear in time."""

    start: Pace
    end: Pace


@dataclass(frozen=True, slots=True)
class TempoAdvice:
    """The tempos that suit a drill, in beats per minute; the default may follow the own cadence."""

    lowest: Fraction
    highest: Fraction
    default: Tempo
    progression: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dose:
    """How much of a drill is enough, for people to read."""

    time: str
    sets: str
    rest: str
    longest: Fraction | None = None
    """Seconds of one set, at most; None where nothing is advised."""


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
    """Beats per minute from which a set has one cue at most; 0 for none."""
    in_ramps: bool = True
    """Whether there are cues while the tempo changes."""


@dataclass(frozen=True, slots=True)
class Drill:
    """One movement to practise, and everything the article and coaching say about it."""

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
    """The drill that must be perfected first, by id; None where there is none."""
    mistakes: tuple[Statement, ...]
    hints: tuple[Statement, ...]
    place: tuple[str, ...]
    equipment: str
    moving: bool
    sides: tuple[Side, ...]
    """The sides that a phase may name, the default first; (Side.NONE,) where it has none."""
    variants: tuple[Variant, ...]
    beat: Statement
    """What one beat means."""
    accent: int
    """Every how many beats the click is accented; 0 for never."""
    distinct_feet: bool
    """Whether left and right clicks differ by timbre."""
    tempo: TempoAdvice
    dose: Dose
    speaking: Speaking
    stop: tuple[str, ...]
    mastery: str
    explanation: str
    """At most two sentences for the ears: what to do, and what one beat means."""
    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """Every drill and element that a session may name."""

    drills: dict[str, Drill]
    elements: dict[str, Element]
    why: tuple[Statement, ...]

    def cues(self, name: str) -> tuple[Cue, ...]:
        """The cues of the drill or element with this id; KeyError where there is none."""
        return (self.drills.get(name) or self.elements[name]).cues


class Kind(StrEnum):
    """What a phase is. The last three are never written in a file: the program inserts them."""

    DRILL = "drill"
    RUN = "run"
    WALK = "walk"
    REST = "rest"
    TALK = "talk"
    EXPLAIN = "explain"
    SWITCH = "switch"
    GLIDE = "glide"


@dataclass(frozen=True, slots=True)
class Length:
    """How long a phase is: seconds, or beats of its own tempo; exactly one is given."""

    seconds: Fraction | None = None
    beats: int | None = None


class Announced(StrEnum):
    """What a session tells of itself, each of which can be switched off."""

    NEXT = "next"
    TIME = "time"
    TEMPO = "tempo"
    NUMBER = "number"
    SETUP = "set-up"
    HALFWAY = "halfway"
    CLICK = "click"
    END = "end"


class BeatMode(StrEnum):
    """Which beats of a phase are heard; the grid goes on under all of them."""

    ON = "on"
    OFF = "off"
    GAPS = "gaps"
    THEN_OFF = "then off"
    FADE = "fade"


@dataclass(frozen=True, slots=True)
class Beat:
    """The audible beats of a phase: GAPS has `on` beats, then `off` silent; THEN_OFF `on` beats."""

    mode: BeatMode = BeatMode.ON
    on: int = 0
    off: int = 0


@dataclass(frozen=True, slots=True)
class Say:
    """A text to be spoken at seconds from the phase's start, or so many before its end."""

    at: Fraction
    from_end: bool
    text: str
    shift: Fraction = Fraction(2)
    """Seconds by which it may be earlier or later."""


@dataclass(frozen=True, slots=True)
class Handling:
    """How a recording is to be taken, where the program's own judgement is not wanted."""

    start: Fraction = Fraction(0)
    """Seconds into the file."""
    end: Fraction | None = None
    trim: bool = True
    """Whether the silence at both ends is cut."""
    anchor_ms: float | None = None
    """Where its first stressed vowel lies after `start`, whatever silence is cut; None: found."""
    gain_db: float = 0.0
    """Beyond the level of every clip, as far as their ceiling allows."""


@dataclass(frozen=True, slots=True)
class Take:
    """How a text of a session is to be spoken."""

    text: str
    spoken: str = ""
    """What the voice says instead, letter for letter."""
    sound: str = ""
    """A recording of it: a file's path, from the session's folder."""
    handling: Handling = Handling()


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase as the file has it. None means: what the rules or the library choose."""

    kind: Kind
    length: Length
    title: str = ""
    drill: str = ""
    variant: str = ""
    side: Side = Side.NONE
    text: str = ""
    """What a talk says, or an explanation."""
    tempo: Tempo | None = None
    beat: Beat = Beat()
    accent: int | None = None
    beat_level: float = 0.0
    voice_level: float = 0.0
    cues: tuple[str, ...] | None = None
    words: tuple[str, ...] = ()
    cue_every: Length | None = None
    say: tuple[Say, ...] = ()
    chant: tuple[str, ...] | None = None
    """Words for the beats of a drill; () for none."""
    clicked_foot: Side = Side.NONE
    """The one foot that has a click, LEFT or RIGHT; NONE where both have."""
    glide: int = 0
    """Beats in which the tempo before it becomes its own."""
    announce: frozenset[Announced] | str | None = None
    """What is told of it, or the text that announces it."""
    count_in: int | None = None
    """Beats; 0 for none."""
    count_in_voice: bool | None = None
    countdown: tuple[int, ...] | None = None
    """Seconds before the end that are told; () for none."""
    note: str = ""
    takes: tuple[Take, ...] = ()
    """Those of its texts that are not simply said by the voice."""
    number: str = ""
    """Where it stands in the file: "3", or "3.2" inside a repeat."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Repeat:
    """A group of phases, played `times` times."""

    times: int
    parts: tuple[Phase, ...]


@dataclass(frozen=True, slots=True)
class Music:
    """The runner's music under a track: a file or a folder, relative to the session's folder."""

    file: str
    level: float = 0.0
    """Decibels, 0 or lower."""
    shuffle: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One workout from its first to its last sound."""

    name: str
    title: str
    summary: str
    level: str
    place: tuple[str, ...]
    needs: str
    phases: tuple[Phase | Repeat, ...]
    announce: frozenset[Announced] = frozenset(Announced)
    countdown: tuple[int, ...] | None = None
    count_in_voice: bool = False
    explain: str | None = None
    get_ready: Fraction | None = None
    seed: int | None = None
    music: Music | None = None
    source: Path | None = field(default=None, compare=False)

    def written(self) -> Iterator[Phase]:
        """Every phase as the file has it: those of a repeat once."""
        for item in self.phases:
            yield from item.parts if isinstance(item, Repeat) else (item,)
