"""Mistakes that a runner can put right, as values, and how messages quote values from files.

The lowest layer: every other layer raises these errors, and only the commands and screens show
them. Any other exception is a defect and shows as one, apart from the operating system's OSError.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Collection, Iterable
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path

_LONGEST_QUOTE = 40

_JOINERS = "\u200c\u200d"
_VARIANTS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
# Python calls these printable: fillers, blanks and marks that draw nothing.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")


class WayOut(Enum):
    """A remedy that takes a command, an option or a key, for which each face has its own words."""

    REPLACE = auto()
    """Let the existing file be replaced."""
    LIST_SESSIONS = auto()
    """Show the names of all sessions."""
    REHEARSE = auto()
    """Play the drill `UserError.name` on its own."""
    RECORD = auto()
    """Record the text, or turn the voice off."""
    OTHER_KEY = auto()
    """Choose another key, or first give the action `UserError.name` another."""
    INSTALL_VOICE = auto()
    """As RECORD, or install the speech model, which speaks any text."""
    TELL_START = auto()
    """Say where in a recording the track began."""
    MORE_WEEKS = auto()
    """Give a plan more weeks, `UserError.name` of them, or a nearer goal."""
    MAKE_PLAN = auto()
    """Make a plan."""


class UserError(Exception):
    """A mistake that a runner can put right; its str() is one clear sentence.

    `what` says what is wrong. `where` names the file, with a line or a phase, or is "". `way_out`
    says what to do: a sentence that fits every face, or a WayOut, which str() leaves to the face.
    `name` is what the WayOut refers to.
    """

    def __init__(
        self, what: str, *, where: Path | str = "", way_out: WayOut | str = "", name: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = printable(str(where))
        self.way_out = way_out
        self.name = name

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        hint = f"; {self.way_out}" if self.way_out and isinstance(self.way_out, str) else ""
        return printable(f"{place}{self.what}{hint}")

    def at(self, where: Path | str) -> UserError:
        """Return the same mistake with another place; "" for none."""
        return UserError(self.what, where=where, way_out=self.way_out, name=self.name)

    @classmethod
    def of(cls, error: OSError) -> UserError:
        """Make the error for what the operating system refused, with its file if known."""
        where = "" if error.filename is None else os.fsdecode(error.filename)
        return cls(error.strerror or str(error), where=where)


@lru_cache  # screens show the same texts again and again
def printable(text: str) -> str:
    """Return a text on one line, with control, direction and invisible characters escaped.

    What joins the letters of Persian or Hindi, or the parts of an emoji, stays.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if _shows(text, k) else _escaped(c) for k, c in enumerate(text))


def same_name(text: str) -> str:
    """Return a form that two spellings of one name share: of any case, composed or not."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _shows(text: str, at: int) -> bool:
    """Return whether the character at a place can be seen, or belongs to what can."""
    character, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if character in _JOINERS:
        return _joins(before) and _joins(after)
    if character in _VARIANTS:  # of an emoji, or of a Chinese sign
        return bool(before) and (not before.isascii() or before in "#*0123456789")
    return character.isprintable() and character not in _INVISIBLE


def _joins(character: str) -> bool:
    """Return whether the writing of a character has joiners; Latin, Greek, Cyrillic have none."""
    return character >= "\u0590" and unicodedata.category(character)[0] in "LMS"


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def shown(value: object) -> str:
    """Return a value from a file in a form short enough to be quoted in a sentence."""
    text = "a date or a time of day"
    match value:
        case bool():
            text = str(value).lower()
        case int():
            # Python refuses to print the largest integers that it can read.
            text = str(value) if abs(value) < 10**18 else "a huge number"
        case float():
            text = str(value)
        case str():
            cut = value if len(value) <= _LONGEST_QUOTE else f"{value[:_LONGEST_QUOTE]}…"
            text = f'"{printable(cut)}"'
        case list() | tuple():
            text = "a list"
        case dict():
            text = "a table"
    return text


def hint(word: str, known: Collection[str]) -> str:
    """Return the way out for a word that is not known: the one that was meant, else all."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else f"there are {', '.join(known)}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant; None if none is similar."""
    from difflib import get_close_matches  # noqa: PLC0415 - --help imports this module

    return next(iter(get_close_matches(word.lower(), known, n=1)), None)
