"""Breaks plain lines between words where the terminal ends."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from typing import TextIO
from unicodedata import east_asian_width

# Follows each character that takes two columns, so that counting characters counts columns.
_HALF = "\ue000"
_PAGE = 88  # columns of a text to read
_BELOW = 4  # columns before the rest of a row that has no room for a column beside its first
_PERCENT, _HELD = re.compile(r"(?<=\d) (?=%)"), "\ue001"  # it stays with its number
_COLUMN = re.compile(r"(?<=\S) {2,}(?=\S)")


def fit(text: str, stream: TextIO | None) -> str:
    """Return lines as they are printed to a stream.

    On a terminal a line that is too long goes on below the start of its last column, or where that
    is too far to the right, the columns go below the first. Into a pipe or a file it is written as
    it is.
    """
    if stream is None or not stream.isatty():
        return text
    return fitted(text, columns())


def page(text: str) -> str:
    """Return a text to read as it is printed: in lines that are not too long for the eye."""
    return fitted(text, page_width())


def fitted(text: str, width: int) -> str:
    """Return the lines in at most `width` columns; only a word longer than that is broken."""
    return "\n".join(piece for line in text.split("\n") for piece in _pieces(line, width))


def cut(text: str, width: int) -> str:
    """Return a text that takes at most so many columns; an ellipsis tells that it goes on."""
    shown = _counted(text)
    if len(shown) <= width:
        return text
    end = width - 1 - (shown[width - 1] == _HALF)  # half of a letter does not fit
    return f"{shown[:end]}…".replace(_HALF, "")


def page_width(most: int = _PAGE) -> int:
    """The columns of a page on the standard output: at most so many, and those of the terminal."""
    return min(most, columns()) if sys.stdout.isatty() else most


def columns() -> int:
    """The columns of the terminal."""
    return shutil.get_terminal_size().columns


def _counted(text: str) -> str:
    """The text with as many characters as it takes columns."""
    if text.isascii():
        return text
    return "".join(c + _HALF * (east_asian_width(c) in "WF") for c in text)


def _pieces(text: str, width: int) -> list[str]:
    line = _counted(text)
    if len(line) <= width:
        return [text]
    rest = line.lstrip()
    lead = len(line) - len(rest)
    columns = list(_COLUMN.finditer(line))
    starts = [column.end() for column in columns if column.end() <= width // 2]
    hang = starts[-1] if starts else lead
    # Columns are aligned by spaces, which `wrap` would take for any other place to break.
    parts = [(line[:hang], line[hang:], hang)]
    if columns and not starts:
        first, below = columns[0], lead + _BELOW
        parts = [(" " * lead, line[lead : first.start()], lead)]
        parts += [(" " * below, line[first.end() :], below)]
    wrapped = [
        piece
        for head, text, below in parts
        for piece in textwrap.wrap(
            _PERCENT.sub(_HELD, text),
            width - (_HALF in line),  # where a long word breaks, the half may be left behind
            initial_indent=head,
            subsequent_indent=" " * below,
            break_on_hyphens=False,
        )
    ]
    return [piece.replace(_HALF, "").replace(_HELD, " ") for piece in wrapped]
