"""The table of actions: what a runner can do to a performance that plays, and with which keys.

One table, so that both faces bind the same keys and show the same help; the manuals quote it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cadence_cue.transport.tempo_control import Messages
    from cadence_cue.transport.transport import Transport

_STEP, _LEAP = Fraction(1), Fraction(5)  # beats a minute
_SHIFT = Fraction(5, 1000)  # seconds
_DECIBELS = 2.0

NO_DRILL = "no drill is coming"
"""The message of "play.card" when no drill follows."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does to a performance that plays.

    `name` never changes: runners' settings assign keys by it. `keys` are characters, or names
    such as "up" and "shift+up". `do` returns messages for the runner; it is None if each face has
    its own implementation.
    """

    name: str
    keys: tuple[str, ...]
    do: Callable[[Transport], Messages] | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """Related actions that share one line of help.

    `about` is what they change: the sound, the tempo or the session. `label` is one word for the
    footer of the most important keys. `letters` are additional keys for plain-line output, one for
    each action, for terminals and screen readers that use the arrow keys themselves.
    """

    help: str
    about: str
    actions: tuple[Action, ...]
    label: str = ""
    letters: tuple[str, ...] = ()
    screen_only: bool = False


ROWS = (
    Row("louder, softer", "sound",
        (Action("play.louder", ("+", "="), lambda on: on.volume(_DECIBELS)),
         Action("play.softer", ("-",), lambda on: on.volume(-_DECIBELS))), "volume"),
    Row("voice: off, on", "sound",
        (Action("play.voice", ("v",), lambda on: on.mute("voice")),), "voice"),
    Row("pause; resume with a count-in", "session",
        (Action("play.pause", ("space",), lambda on: on.pause_or_go_on()),), "pause"),
    Row("one beat a minute more, less", "tempo",
        (Action("play.faster", ("up",), lambda on: on.nudge(_STEP)),
         Action("play.slower", ("down",), lambda on: on.nudge(-_STEP))), "tempo"),
    Row("five beats a minute more, less", "tempo",
        (Action("play.faster5", ("shift+up",), lambda on: on.nudge(_LEAP)),
         Action("play.slower5", ("shift+down",), lambda on: on.nudge(-_LEAP)))),
    Row("restart this phase, or go back one; the next phase", "session",
        (Action("play.previous", ("left",), lambda on: on.previous()),
         Action("play.next", ("right",), lambda on: on.next())), "phase", letters=("p", "n")),
    Row("tap the tempo that you want; stop when it is right", "tempo",
        (Action("play.tap", ("t",), lambda on: on.tap()),), "tap"),
    Row("hold the end of this rest or the next one; resume", "session",
        (Action("play.wait", ("w",), lambda on: on.wait()),), "wait"),
    Row("how to do this drill", "session", (Action("play.card", ("i",)),), "card"),
    Row("listen for your steps: on, off", "session",
        (Action("play.listen", ("y",)),), screen_only=True),
    Row("back to your own cadence and the session's tempos", "tempo",
        (Action("play.own", ("o",), lambda on: on.to_own_cadence()),)),
    Row("beat, your music: off, on", "sound",
        (Action("play.beat", ("m",), lambda on: on.mute("beat")),
         Action("play.music", ("u",), lambda on: on.mute("music")))),
    Row("choose your music, and how it is played", "sound",
        (Action("play.choose", ("U",)),), screen_only=True),
    Row("what + and - change: everything, beat, voice or music", "sound",
        (Action("play.knob", ("tab",), lambda on: on.next_knob()),)),
    Row("the beat 5 ms earlier, later, at the same tempo", "tempo",
        (Action("play.earlier", (",",), lambda on: on.shift(-_SHIFT)),
         Action("play.later", (".",), lambda on: on.shift(_SHIFT)))),
    Row("half, double the tempo of a plain beat", "tempo",
        (Action("play.half", ("h",), lambda on: on.half()),
         Action("play.double", ("d",), lambda on: on.double()))),
    Row("far view: only what is read from two metres", "session",
        (Action("play.far", ("f",)),), screen_only=True),
    Row("end here", "session", (Action("play.end", ("e",)),), letters=("q",)),
)  # fmt: skip
"""The table, the most important actions first."""

STEP_KEYS = ("f", "j", "space")
"""While steps are listened for by keys: the left foot, the right foot, either."""

PAUSE_KEY = "p"
"""What pauses then."""

ACTIONS = {action.name: action for row in ROWS for action in row.actions}
"""Every action, by its name."""
