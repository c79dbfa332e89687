"""The values of a session file as a runner types them into one line, and back.

Separate from the screen that asks for them, so that it can be tested without one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Sequence

from cadence_cue.coaching.phases import DRILL_KEYS, KINDS, PHASE_KEYS
from cadence_cue.coaching.session import Announced
from cadence_cue.coaching.session_file import MUSIC_KEYS, REPEAT_KEYS, SESSION_KEYS
from cadence_cue.coaching.toml_entries import toml
from cadence_cue.errors import UserError, printable

SESSION = "session"
"""Stands for the session itself among the kinds of phases."""
LISTS = ("words", "say")
"""Keys whose values are written one to a line, as they may hold commas."""
HINTS = {
    "title": "the name on screens",
    "summary": "one sentence about it",
    "level": "first, easy, moderate or race",
    "place": "home, wall, track, road, treadmill; with commas",
    "needs": "what to have at hand, such as: a wall",
    "explain": "always or never",
    "get_ready": "quiet time before it, as 10s",
    "seed": "a whole number that fixes the cues",
    "goodbye": "said six seconds before the end",
    "time": "45s, 1m30s, 5min, or 64 beats",
    "tempo": "172, own, +5%, or a ramp: own -> +5%",
    "cues": "ids with commas; none for none",
    "words": "your own texts, one a line",
    "say": "one a line: 10s Relax, or -5s Nearly there",
    "variant": "one that the drill has",
    "side": "left, right, both or alternating",
    "beat": "on, off, 4 on, 4 off, 4 then off or fade",
    "glide": "8 beats to this tempo",
    "stride": "left or right: click for one foot",
    "accent": "every 2, 3, 4 or 5 beats; or none",
    "beat_level": "how much softer, as -6 dB",
    "voice_level": "how much softer, as -6 dB",
    "cue_every": "30s, or 32 beats",
    "chant": "pull · heel · up; or false",
    "announce": "false, or next, number, tempo; or a text",
    "count_in": "beats, 1 to 16; or false",
    "count_in_voice": "true or false",
    "countdown": "10 3 2 1; or false",
    "note": "more text for the screen",
    "repeat": "how many times",
    "drill": "an id, such as toe-taps",
    "run": "a title, or nothing",
    "walk": "a title, or nothing",
    "rest": "a title, or nothing",
    "talk": "what is said",
    "music": '{ file = "Music" }',
}
"""What can be typed, in a few words; a phase's title replaces that on screens too."""

_IDS = ("cues", "place")
_TEXTS = ("title", "summary", "needs", "goodbye", "note", "run", "walk", "rest")
_TABLES = ("talk", "announce", *LISTS, *MUSIC_KEYS)
_NUMBERS = ("tempo", "accent", "seed", "count_in", "repeat")
_SWITCHES = ("glide", "stride", "accent", "chant", "countdown", "count_in", "count_in_voice",
             "announce")  # fmt: skip
_NONE = "none"


def more_keys(kind: str, values: Collection[str] = ()) -> list[str]:
    """The keys of a kind of phase, or of SESSION, that have no column of their own.

    Last come those of `values` that are not known there.
    """
    own: tuple[str, ...] = (kind, "time", "tempo", "cues", "words")
    known: tuple[str, ...] = PHASE_KEYS
    if kind == SESSION:
        own, known = ("title", "phase"), SESSION_KEYS
    elif kind == "repeat":
        own, known = REPEAT_KEYS, ()
    foreign = (*KINDS, *MUSIC_KEYS, *(() if kind == "drill" else DRILL_KEYS))
    found = [key for key in known if key not in (*own, *foreign)]
    return [*found, *(key for key in values if key not in (*found, *own))]


def typed(value: object) -> str:
    """A value as it would be typed, with all its characters visible; "" for None."""
    match value:
        case None:
            text = ""
        case bool():
            text = str(value).lower()
        case str() | int() | float():
            text = str(value)
        case []:
            text = _NONE
        case list() if all(isinstance(item, str) for item in value):
            text = ", ".join(value)
        case _:
            text = toml(value)
    return printable(text)


def brief(key: str, value: object) -> str:
    """A value to be read, not typed: the texts of a list with strokes between them."""
    return " / ".join(lines(value)) if key in LISTS and value is not None else typed(value)


def valued(key: str, text: str) -> object:
    """The value of a key that was typed; None to remove it. Raises UserError for half a table."""
    text = text.strip()
    value: object = text
    if not text:
        value = "" if key in ("run", "walk", "rest") else None
    elif key in _TEXTS:
        value = text
    elif text in ("true", "false") and key in _SWITCHES:
        value = text == "true"
    elif key in _IDS or (key == "announce" and _kinds(text)):
        value = [] if text == _NONE else [*filter(None, map(str.strip, text.split(",")))]
    elif key in _TABLES and text.startswith("{"):
        value = _table(text)
    elif key in _NUMBERS and re.fullmatch(r"\d{1,18}", text, flags=re.ASCII):
        value = int(text)
    elif key in _NUMBERS and re.fullmatch(r"\d{1,9}\.\d{1,9}", text, flags=re.ASCII):
        value = float(text)
    return value


def lines(value: object) -> list[str]:
    """The items of one of LISTS, each as a line."""
    return [_line(item) for item in (value if isinstance(value, list) else [value])]


def listed(key: str, written: Iterable[str], before: object) -> list[object] | None:
    """The value of one of LISTS that was written in lines; None without any.

    Items whose lines were in the value `before` stay as they were. Raises UserError.
    """
    old = {_line(item): item for item in (before if isinstance(before, list) else [])}
    found = [line.strip() for line in written if line.strip()]
    return [old[line] if line in old else _item(key, line) for line in found] or None


def _line(item: object) -> str:
    match item:
        case {"at": str(at), "text": str(text), **others} if not others:
            return printable(f"{at} {text}")
    return typed(item)


def _item(key: str, line: str) -> object:
    if line.startswith("{"):
        return _table(line)
    if key == "say":
        at, _, text = line.partition(" ")
        return {"at": at, "text": text.strip()}
    return line


def _table(text: str) -> object:
    try:
        return tomllib.loads(f"x = {text}")["x"]
    except tomllib.TOMLDecodeError:
        raise UserError(
            'must be a text, or a table such as { text = "A-skips", spoken = "ay skips" }'
        ) from None


def _kinds(text: str) -> bool:
    names: Sequence[str] = [name.strip() for name in text.split(",")]
    return text == _NONE or all(name in {*Announced} for name in names)
