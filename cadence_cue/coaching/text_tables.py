"""Reads the inline tables of a session file: spoken texts and music.

A text is written as such, or as a table that respells it for the voice or names a recording of it.
Separate from `values`, which reads values that are not tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import PurePath

from cadence_cue.coaching import values
from cadence_cue.coaching.session import LOUDEST_MUSIC, Announced, Handling, Music, Say, Take
from cadence_cue.errors import UserError, hint, shown

_OF_A_SOUND = ("start", "end", "trim", "anchor_ms", "gain_db")
_KEYS = ("text", "spoken", "sound", *_OF_A_SOUND)
_OF_MUSIC = ("file", "level", "shuffle", "loop", "match", "click", "off_beat")
_LATEST = 3600  # seconds into a recording
_GAIN = (-24.0, 12.0)


def take(value: object) -> Take:
    """Read a text, or a table such as { text = "A-skips", spoken = "ay skips" }."""
    if not isinstance(value, dict):
        return Take(values.text(value))
    return _from_table(value, _KEYS)


def announce(value: object) -> frozenset[Announced] | Take:
    """Read the kinds of announcements of a phase, or the text that announces it."""
    if isinstance(value, bool | list | tuple):
        return values.announced(value)
    if not isinstance(value, str | dict):
        raise values.wrong("true, false, a list or a text", value)
    return take(value)


def say(value: object) -> tuple[Say, Take]:
    """Read a text at a time such as "10s", or "-5s" before the end (`at` is then 5 seconds)."""
    if not isinstance(value, dict):
        raise values.wrong('a table such as { at = "10s", text = "Relax" }', value)
    if "at" not in value:
        raise UserError('must have "at", the time when it is said')
    at = value["at"]
    from_end = isinstance(at, str) and at.startswith("-")
    with _named("at"):
        when = values.seconds(at[1:] if from_end else at, expected='a time such as "10s" or "-5s"')
    words = _from_table({key: each for key, each in value.items() if key != "at"}, ("at", *_KEYS))
    return Say(when, from_end, words.text), words


def music(value: object) -> Music:
    """Read the music under a track: { file = "Music", level = "-6 dB", shuffle = true }."""
    if not isinstance(value, dict):
        raise values.wrong('a table with "file", as in { file = "Music" }', value)
    _only(value, _OF_MUSIC)
    if "file" not in value:
        raise UserError('must have "file", a piece of music or a folder of it')
    with _named("level"):
        level = values.level(value.get("level", "0 dB"), most=LOUDEST_MUSIC)
    with _named("shuffle"):
        shuffle = values.yes_no(value.get("shuffle", False))
    with _named("loop"):
        loop = values.yes_no(value.get("loop", False))
    with _named("match"):
        match = values.yes_no(value.get("match", False))
    with _named("click"):
        click = values.one_of(("on", "fade"))(value.get("click", "on"))
    with _named("off_beat"):
        off_beat = values.one_of(("silent", "play"))(value.get("off_beat", "silent"))
    return Music(
        _read(value, "file"),
        level,
        shuffle,
        loop,
        match,
        fade_click=click == "fade",
        off_beat=off_beat == "play",
    )


def _only(table: Mapping[str, object], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            raise UserError(f"has no key {shown(key)}; {hint(key, known)}")


def _from_table(table: Mapping[str, object], known: tuple[str, ...]) -> Take:
    _only(table, known)
    sound = _read(table, "sound")
    if not sound:
        for key in _OF_A_SOUND:
            if key in table:
                raise UserError(f'"{key}" needs "sound", a recording, beside it')
        if "text" not in table:
            raise UserError('must have "text", or "sound" with a recording')
    elif "spoken" in table:
        raise UserError('has "spoken" for the voice and "sound" in its place: keep one')
    start, end = _time(table, "start") or Fraction(0), _time(table, "end")
    if end is not None and end <= start:
        raise UserError('"end" must be later than "start"')
    with _named("trim"):
        trim = values.yes_no(table.get("trim", True))
    return Take(
        text=_read(table, "text") or _from_file_name(sound),
        spoken=_read(table, "spoken"),
        sound=sound,
        handling=Handling(
            start=start,
            end=end,
            trim=trim,
            anchor_ms=_number(table, "anchor_ms", 0, 60_000),
            gain_db=_number(table, "gain_db", *_GAIN) or 0.0,
        ),
    )


def _from_file_name(sound: str) -> str:
    """Return the text shown for a recording that has none: its file name in words."""
    words = PurePath(sound).stem.replace("-", " ").replace("_", " ").split()
    return " ".join(words).capitalize() or sound


def _read(table: Mapping[str, object], key: str) -> str:
    if key not in table:
        return ""
    with _named(key):
        return values.text(table[key])


def _time(table: Mapping[str, object], key: str) -> Fraction | None:
    if key not in table:
        return None
    with _named(key):
        return values.seconds(table[key], most=_LATEST)


def _number(table: Mapping[str, object], key: str, low: float, high: float) -> float | None:
    if key not in table:
        return None
    with _named(key):
        return values.number(low, high)(table[key])


@contextmanager
def _named(key: str) -> Iterator[None]:
    """Put the key's name before the text of an error about its value."""
    try:
        yield
    except UserError as error:
        raise UserError(f'"{key}" {error}') from None
