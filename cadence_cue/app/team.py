"""Reads the CSV file that lists the runners of a team, each with cadence and voice."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cadence_cue.app.choices import CADENCES, both_feet
from cadence_cue.errors import UserError, nearest, printable, same_name, shown

_COLUMNS = ("name", "cadence", "voice", "explain")
_LONGEST = 1_000_000  # bytes; a list of people is shorter
_MOST = 1000
_ANSWERS = {"": None, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Member:
    """A runner of the team; None means as the settings and the session say."""

    name: str
    cadence: float | None = None
    voice: str | None = None
    explain: bool | None = None


def read_team(path: Path, voices: list[str]) -> list[Member]:
    """Read a CSV file with a header line and one runner a line.

    Columns, in any order: name, and optionally cadence, voice and explain (yes or no). Commas,
    semicolons or tabs separate them. `voices` are the names that a voice may have. Raises
    UserError.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{error.strerror}.", where=path) from error
    try:
        text = content[: _LONGEST + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError('is not text in UTF-8; save it as "CSV UTF-8".', where=path) from None
    if len(content) > _LONGEST:
        raise UserError("is too large for a list of runners.", where=path)
    lines = text.splitlines()
    first = lines[0] if lines else ""
    delimiter = max(",;\t", key=first.count)
    names = [name.strip().lower() for name in first.split(delimiter)]
    _check_columns(path, names)
    members: dict[str, Member] = {}
    for number, row in _rows(path, lines[1:], delimiter):
        if not any(cell.strip() for cell in row):
            continue
        place = f"{path}, line {number}"
        if len(row) > len(names):
            raise UserError(
                f"has {len(row)} columns, and the first line {len(names)}.", where=place
            )
        cells = dict(zip(names, (cell.strip() for cell in row), strict=False))
        member = _member(cells, place, voices)
        name = same_name(member.name)
        if name in members:
            raise UserError(f"{shown(member.name)} is listed twice; name them apart.", where=place)
        members[name] = member
    if not members:
        raise UserError("lists nobody; write a line for each runner under the first.", where=path)
    if len(members) > _MOST:
        raise UserError(f"lists {len(members)} runners; at most {_MOST} are allowed.", where=path)
    return list(members.values())


def _rows(path: Path, lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its line number; line 1 is the header."""
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        for row in rows:
            yield rows.line_num + 1, row
    except csv.Error as error:
        raise UserError(f"{error}.", where=f"{path}, line {rows.line_num + 1}") from None


def _check_columns(path: Path, names: list[str]) -> None:
    for name in names:
        if name not in _COLUMNS:
            near = nearest(name, _COLUMNS)
            hint = f"did you mean {near}?" if near else f"columns are {', '.join(_COLUMNS)}."
            raise UserError(f"there is no column {shown(name)}; {hint}", where=f"{path}, line 1")
        if names.count(name) > 1:
            raise UserError(f"the column {name} appears twice.", where=f"{path}, line 1")
    if "name" not in names:
        raise UserError('needs a column "name".', where=f"{path}, line 1")


def _member(cells: dict[str, str], place: str, voices: list[str]) -> Member:
    name = cells["name"]
    if not name or printable(name) != name:
        raise UserError("needs a name, in letters that can be shown.", where=place)
    voice = cells.get("voice") or None
    if voice and voice not in voices:
        raise UserError(f"there is no voice {shown(voice)}; {', '.join(voices)}.", where=place)
    answer = cells.get("explain", "").lower()
    if answer not in _ANSWERS:
        raise UserError(f"explain is yes or no, not {shown(answer)}.", where=place)
    return Member(name, _cadence(cells.get("cadence", ""), place), voice, _ANSWERS[answer])


def _cadence(text: str, place: str) -> float | None:
    """Read steps a minute of both feet; spreadsheets may write a decimal comma."""
    if not text:
        return None
    try:
        steps = float(text.replace(",", "."))
    except ValueError:
        raise UserError(f"{shown(text)} is not a number of steps a minute.", where=place) from None
    low, high = CADENCES
    if not low <= steps <= high:
        both = both_feet(steps)
        hint = "" if both is None else f"; if it counts one foot, write {both:g}"
        raise UserError(
            f"a cadence is {low} to {high} steps a minute, not {text}{hint}.", where=place
        )
    return steps
