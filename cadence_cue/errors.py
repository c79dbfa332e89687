"""Mistakes that a runner can put right, as values, and how messages quote values from files.

The lowest layer: every other layer raises these errors, and only the commands and screens show
them. Any other exception is a defect and shows as one, apart from the operating system's OSError.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from enum import Enum, auto
from pathlib import Path

_LONGEST_QUOTE = 40


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
    INSTALL_VOICE = auto()
    """As RECORD, or install the speech model, which speaks any text."""


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
        return f"{place}{self.what}{hint}"

    @classmethod
    def of(cls, error: OSError) -> UserError:
        """Make the error for what the operating system refused, with its file if known."""
        where = "" if error.filename is None else os.fsdecode(error.filename)
        return cls(error.strerror or str(error), where=where)


def printable(text: str) -> str:
    """Return a text on one line, with unprintable characters escaped."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


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
