"""Where in a session file each phase and each key stands.

TOML's reader gives values without their lines, so the text of a file that it has read is looked
through once more; only what people usually write is found, for the rest the line is left out.
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
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w-]+)(?:\s*\.\s*([\w-]+))?\s*\]")
_KEY = re.compile(r"\s*([\w-]+)\s*[.=]")


def find_lines(text: str) -> Lines:
    """The lines of all headers and keys of a text that is valid TOML."""
    lines: Lines = {}
    number: str | None = ""
    phases = parts = depth = 0
    for at, line in enumerate(_QUIET.sub(_without_strings, text).split("\n"), 1):
        if depth == 0 and (header := _HEADER.match(line)):
            if header.groups() == ("[[", "phase", None):
                phases, parts = phases + 1, 0
                number = str(phases)
                lines[number, ""] = at
            elif header.groups() == ("[[", "phase", "part"):
                parts += 1
                number = f"{phases}.{parts}"
                lines[number, ""] = at
            else:
                lines.setdefault(("", header[2]), at)
                number = None  # not a table of ours: its keys have no place
            continue
        if depth == 0 and number is not None and (key := _KEY.match(line)):
            lines.setdefault((number, key[1]), at)
        depth += len(re.findall(r"[\[{]", line)) - len(re.findall(r"[\]}]", line))
    return lines


def _without_strings(found: re.Match[str]) -> str:
    """What a string or comment leaves: its line ends, and a single word, which may be a key."""
    word = found["basic"] or found["literal"] or ""
    return word if re.fullmatch(r"[\w-]+", word) else "\n" * found[0].count("\n")
