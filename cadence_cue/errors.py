"""Mistakes that a runner can put right, as values, and how they quote what was written.

The lowest layer: any other raises them, and only the faces tell them. Every other exception is a
defect and shows as one, apart from the operating system's OSError.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from difflib import get_close_matches
from enum import Enum, auto
from pathlib import Path

_LONGEST_QUOTE = 40


class WayOut(Enum):
    """What helps, where it takes a command, an option or a key: each face has its own words."""

    REPLACE = auto()
    """Let the file that is there be replaced."""
    LIST_SESSIONS = auto()
    REHEARSE = auto()
    """Play the drill `UserError.name` on its own."""
    RECORD = auto()
    """Record the text, or have nobody speak."""
    INSTALL_VOICE = auto()
    """As RECORD, or install what speaks any text."""


class UserError(Exception):
    """A mistake that a runner can put right; its str() is one clear sentence.

    `what` is wrong, and `where`: a file, with a line or a phase, or "". The `way_out` is told in
    words that fit every face, or is a WayOut that str() leaves to the face; `name` is what that
    is about.
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
        """What the operating system refused, and for which file where it tells."""
        where = "" if error.filename is None else os.fsdecode(error.filename)
        return cls(error.strerror or str(error), where=where)


def printable(text: str) -> str:
    """The text on one line, whatever it holds: what cannot be printed is escaped."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def shown(value: object) -> str:
    """A value from a file, short enough to be quoted in a sentence."""
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


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant; None where none is near."""
    return next(iter(get_close_matches(word.lower(), known, n=1)), None)
