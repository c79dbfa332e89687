"""Finds the line of each phase and each key in a session file: for error messages, and to edit it.

Python's TOML reader returns values without their lines, so a file's text is scanned a second time.
Only common ways of writing TOML are recognized; for the rest, messages have no line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

Lines = dict[tuple[str, str], int]
"""(number of the phase or "", key or "" for its header) → line, counted from 1."""

_QUIET = re.compile(
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'''
    r"""|'''(?:[^']++|'(?!''))*+'{3,5}"""
    r'''|"(?P<basic>(?:[^"\\\n]++|\\.)*+)"'''
    r"""|'(?P<literal>[^'\n]*+)'"""
    r"""|\#[^\n]*+""",
    flags=re.DOTALL,
)
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_KEY = re.compile(r"\s*([\w-]+)\s*[.=]")


class Line(NamedTuple):
    """What begins on a line of a TOML text; nothing does where the value before goes on."""

    at: int
    """Counted from 1."""
    header: tuple[str, ...] = ()
    """The names in a table's header."""
    is_list: bool = False
    """Whether the header has double brackets."""
    key: str = ""
    is_blank: bool = False
    """Whether there is nothing, or only a comment."""


def outline(text: str) -> Iterator[Line]:
    """Yield every line of a text that is valid TOML, with what begins on it."""
    depth = 0
    for at, line in enumerate(_QUIET.sub(_without_strings, text).split("\n"), 1):
        if depth == 0 and (header := _HEADER.match(line)):
            path = tuple(part.strip() for part in header[2].split("."))
            yield Line(at, header=path, is_list=header[1] == "[[")
            continue
        key = _KEY.match(line) if depth == 0 else None
        yield Line(at, key=key[1] if key else "", is_blank=depth == 0 and not line.strip())
        depth += line.count("[") + line.count("{") - line.count("]") - line.count("}")


def find_lines(text: str) -> Lines:
    """Return the lines of all headers and keys of a text that is valid TOML."""
    lines: Lines = {}
    number, inside = "", False
    phases = parts = 0
    for line in outline(text):
        if path := line.header:
            if line.is_list and path == ("phase",):
                phases, parts = phases + 1, 0
                number, key = str(phases), ""
            elif line.is_list and path == ("phase", "part"):
                parts += 1
                number, key = f"{phases}.{parts}", ""
            elif path[:2] == ("phase", "part") and len(path) > 2:
                number, key = f"{phases}.{parts}", path[2]
            elif path[0] == "phase" and len(path) > 1:
                number, key = str(phases), path[1]
            else:
                number, key = "", path[0]
            lines.setdefault((number, key), line.at)
            inside = key != ""  # the keys of an inner table are not recorded
        elif line.key and not inside:
            lines.setdefault((number, line.key), line.at)
    return lines


def split(text: str) -> list[str]:
    """Return the lines of a text with their ends; joined they are the text."""
    return [line for line in re.split(r"(?<=\n)", text) if line]


def _without_strings(found: re.Match[str]) -> str:
    """Return what replaces a string or comment: a single word, which may be a key, or its lines.

    A dot stands on each further line of a string, which is not blank.
    """
    word = found["basic"] or found["literal"] or ""
    return word if re.fullmatch(r"[\w-]+", word) else "\n." * found[0].count("\n")
