"""What is practised: a session and its phases, all frozen.

Separate from everything that reads or checks it, so that a session can be printed, compared and
sent to another process. Times are seconds as exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from cadence_cue.coaching.drill import Side, Tempo


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
