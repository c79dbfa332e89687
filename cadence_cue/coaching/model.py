"""The coaching data: drills, elements, cues, sessions and phases, all frozen.

Separate from everything that reads or checks it, so that a session can be printed, compared and
sent to another process. Times are seconds as exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path


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
        yield from (*self.last, *self.running)
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


class Kind(StrEnum):
    """What a phase is. The last three are inserted by the program and never written in a file."""

    DRILL = "drill"
    RUN = "run"
    WALK = "walk"
    REST = "rest"
    TALK = "talk"
    EXPLAIN = "explain"
    SWITCH = "switch"
    GLIDE = "glide"


STANDING = frozenset({Kind.REST, Kind.WALK, Kind.SWITCH, Kind.TALK, Kind.EXPLAIN})
"""The kinds of phases in which nobody runs or drills."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a phase is: seconds, or beats of its own tempo; exactly one is given."""

    seconds: Fraction | None = None
    beats: int | None = None


class Announced(StrEnum):
    """The kinds of announcements in a session, each of which can be turned off."""

    NEXT = "next"
    TIME = "time"
    TEMPO = "tempo"
    NUMBER = "number"
    SETUP = "set-up"
    HALFWAY = "halfway"
    CLICK = "click"
    END = "end"
    TEACHING = "teaching"
    ENCOURAGEMENT = "encouragement"


class BeatMode(StrEnum):
    """Which beats of a phase are heard; the beat grid continues in all modes."""

    ON = "on"
    OFF = "off"
    GAPS = "gaps"
    THEN_OFF = "then off"
    FADE = "fade"


@dataclass(frozen=True, slots=True)
class Beat:
    """The audible beats: GAPS repeats `on` audible and `off` silent ones, THEN_OFF has `on`."""

    mode: BeatMode = BeatMode.ON
    on: int = 0
    off: int = 0


@dataclass(frozen=True, slots=True)
class Say:
    """A text to be spoken `at` seconds from the phase's start, or before its end if `from_end`."""

    at: Fraction
    from_end: bool
    text: str
    shift: Fraction = Fraction(2)
    """The most seconds by which it may be earlier or later."""


@dataclass(frozen=True, slots=True)
class Handling:
    """How a recording is to be processed, where the automatic choices do not suit."""

    start: Fraction = Fraction(0)
    """Seconds into the file."""
    end: Fraction | None = None
    trim: bool = True
    """Whether the silence at both ends is cut."""
    anchor_ms: float | None = None
    """The first stressed vowel, in ms after `start` before silence is cut; None to detect it."""
    gain_db: float = 0.0
    """Relative to the common level of clips, as far as their ceiling allows."""


@dataclass(frozen=True, slots=True)
class Take:
    """How a text of a session is to be spoken."""

    text: str
    spoken: str = ""
    """A respelling that the voice speaks instead; "" for none."""
    sound: str = ""
    """The path of a recording, relative to the session's folder; "" for none."""
    handling: Handling = Handling()


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase as the file has it. None means that the rules or the library choose."""

    kind: Kind
    length: Length
    title: str = ""
    drill: str = ""
    variant: str = ""
    side: Side = Side.NONE
    text: str = ""
    """What a talk or an explanation says."""
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
    """Words to be spoken on the beats of a drill; () for none."""
    clicked_foot: Side = Side.NONE
    """The one foot that has a click, LEFT or RIGHT; NONE if both have."""
    glide: int = 0
    """Beats over which the tempo changes from that of the phase before."""
    announce: frozenset[Announced] | str | None = None
    """The kinds of announcements it has, or the text that announces it."""
    count_in: int | None = None
    """Beats; 0 for none."""
    count_in_voice: bool | None = None
    countdown: tuple[int, ...] | None = None
    """The seconds before the end that are counted aloud; () for none."""
    note: str = ""
    moved: int = 0
    """Whether its tempo is quicker (1) or slower (-1) than in the runner's last session."""
    takes: tuple[Take, ...] = ()
    """Those of its texts that are respelled or recorded."""
    number: str = ""
    """Its position in the file: "3", or "3.2" inside a repeat."""
    line: int = 0

    @property
    def contrast(self) -> bool:
        """Whether it is no set of its drill, but something to compare with one.

        Such a phase has a title of its own and no cues.
        """
        return self.kind is Kind.DRILL and bool(self.title) and self.cues == ()


@dataclass(frozen=True, slots=True)
class Repeat:
    """A group of phases, played `times` times."""

    times: int
    parts: tuple[Phase, ...]


MATCH_LIMIT = 8.0
"""Per cent by which music is stretched at most: beyond, it begins to sound it."""


LOUDEST_MUSIC = 6
"""Decibels by which music may be louder than at its place."""


@dataclass(frozen=True, slots=True)
class Music:
    """The runner's music under a track: a file, a folder or a playlist.

    The place is relative to the session's folder.
    """

    file: str
    level: float = 0.0
    """Decibels against its place, up to LOUDEST_MUSIC."""
    shuffle: bool = False
    loop: bool = False
    """Whether a single file starts again at its end; a folder does in any case."""
    match: bool = False
    """Whether it is stretched so that its beats fall on those of long runs."""
    match_limit: float = MATCH_LIMIT
    best_first: bool = False
    """Whether matched pieces come in the order of how little they are stretched."""
    in_drills: bool = False
    """Whether drills have music where it is matched; they have it in any case where it is not."""
    fade_click: bool = False
    """Whether the click leads into each matched piece and then fades."""
    off_beat: bool = False
    """Whether matched music goes on where a run has no click."""
    hold: bool = False
    """Whether it is a talk that is held while words are spoken, instead of ducked."""


@dataclass(frozen=True, slots=True)
class Session:
    """One workout as its file describes it."""

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
    goodbye: str = ""
    """What is said at its end instead of "Session done"."""
    music: Music | None = None
    source: Path | None = field(default=None, compare=False)
    data: Mapping[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What it was read from: the data of its file, or the same made in code."""

    def written(self) -> Iterator[Phase]:
        """Yield every phase as the file has it, those of a repeat once."""
        for item in self.phases:
            yield from item.parts if isinstance(item, Repeat) else (item,)
