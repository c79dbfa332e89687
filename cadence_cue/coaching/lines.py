"""Finds the line of each phase and each key in a session file, for error messages.

Python's TOML reader returns values without their lines, so a file's text is scanned a second time.
Only common ways of writing TOML are recognized; for the rest, messages have no line.
"""

from __future__ import annotations

import re

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


def find_lines(text: str) -> Lines:
    """Return the lines of all headers and keys of a text that is valid TOML."""
    lines: Lines = {}
    number, inside = "", False
    phases = parts = depth = 0
    for at, line in enumerate(_QUIET.sub(_without_strings, text).split("\n"), 1):
        if depth == 0 and (header := _HEADER.match(line)):
            path = [part.strip() for part in header[2].split(".")]
            if header[1] == "[[" and path == ["phase"]:
                phases, parts = phases + 1, 0
                number, key = str(phases), ""
            elif header[1] == "[[" and path == ["phase", "part"]:
                parts += 1
                number, key = f"{phases}.{parts}", ""
            elif path[:2] == ["phase", "part"] and len(path) > 2:
                number, key = f"{phases}.{parts}", path[2]
            elif path[0] == "phase" and len(path) > 1:
                number, key = str(phases), path[1]
            else:
                number, key = "", path[0]
            lines.setdefault((number, key), at)
            inside = key != ""  # the keys of an inner table are not recorded
            continue
        if depth == 0 and not inside and (found := _KEY.match(line)):
            lines.setdefault((number, found[1]), at)
        depth += len(re.findall(r"[\[{]", line)) - len(re.findall(r"[\]}]", line))
    return lines


def _without_strings(found: re.Match[str]) -> str:
    """Return what replaces a string or comment: a single word, which may be a key, or its lines."""
    word = found["basic"] or found["literal"] or ""
    return word if re.fullmatch(r"[\w-]+", word) else "\n" * found[0].count("\n")
