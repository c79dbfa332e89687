"""What is said when a session cannot be used, in one sentence for the person who wrote it.

Kept apart because everything that reads or checks sessions says its mistakes in the same shape.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST_QUOTE = 40


class SessionError(ValueError):
    """A mistake in a session; its str() is the one clear sentence."""


def mistake(file: str, number: str, line: int, text: str) -> SessionError:
    """Make `daily.toml, phase 3 (line 41): text`; an empty number or line 0 is left out."""
    phase = f", phase {number}" if number else ""
    at = f" (line {line})" if line else ""
    return SessionError(f"{printable(file)}{phase}{at}: {text}")


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
