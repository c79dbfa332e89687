"""Breaks plain lines between words where the terminal ends."""

from __future__ import annotations

import re
import shutil
import textwrap
from typing import TextIO

_COLUMN = re.compile(r"(?<=\S) {2,}(?=\S)")


def fit(text: str, stream: TextIO | None) -> str:
    """Return lines as they are printed to a stream.

    On a terminal a line that is too long goes on below the start of its last column. Into a pipe
    or a file it is written as it is.
    """
    if stream is None or not stream.isatty():
        return text
    return fitted(text, shutil.get_terminal_size().columns)


def fitted(text: str, width: int) -> str:
    """Return the lines in at most `width` columns; only a word longer than that is broken."""
    return "\n".join(piece for line in text.split("\n") for piece in _pieces(line, width))


def _pieces(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    rest = line.lstrip()
    lead = len(line) - len(rest)
    columns = [column.end() for column in _COLUMN.finditer(line) if column.end() <= width // 2]
    hang = columns[-1] if columns else lead
    # Columns are aligned by spaces, which `wrap` would take for any other place to break.
    head = line[:hang]
    return textwrap.wrap(
        line[hang:],
        width,
        initial_indent=head,
        subsequent_indent=" " * hang,
        break_on_hyphens=False,
    )
