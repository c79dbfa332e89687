"""Reads the CSV file that lists the runners of a team, each with cadence and voice."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cadence_cue.app.choices import CADENCES, of_one_foot
from cadence_cue.errors import UserError, nearest, printable, same_name, shown

_COLUMNS = ("name", "cadence", "voice", "explain")
_LONGEST = 1_000_000  # bytes; a list of people is shorter
_MOST = 1000
_SEPARATOR = re.compile(r"sep=[,;\t]", flags=re.IGNORECASE)
_ANSWERS = {"": None, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class Member:
    """A runner of the team; None means as the settings and the session say."""

    name: str
    cadence: float | None = None
    voice: str | None = None
    explain: bool | None = None


def read_team(
    path: Path, voices: list[str], ignored: Callable[[str], object] = lambda _: None
) -> list[Member]:
    """Read a CSV file with a header line and one runner a line.

    Columns, in any order: name, and optionally cadence, voice and explain (yes or no). Commas,
    semicolons or tabs separate them, as Excel's line "sep=;" before the header may say. `voices`
    are the names that a voice may have. `ignored` is called once with a sentence that names the
    other columns, if there are any. Raises UserError.
    """
    lines = _lines(path)
    header, delimiter, names = _header(lines)
    _check_columns(f"{path}, line {header + 1}", names)
    if others := [_unknown(name, names) for name in names if name and name not in _COLUMNS]:
        ignored(f"{path}: these columns are ignored: {', '.join(others)}.")
    members: dict[str, Member] = {}
    for number, row in _rows(path, lines, header + 1, delimiter):
        if not any(cell.strip() for cell in row):
            continue
        place = f"{path}, line {number}"
        if any(cell.strip() for cell in row[len(names) :]):
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


def _lines(path: Path) -> list[str]:
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
    return text.splitlines()


def _header(lines: list[str]) -> tuple[int, str, list[str]]:
    """The index of the line that names the columns, what separates them, and their names."""
    header = 1 if lines and _SEPARATOR.fullmatch(lines[0]) else 0
    first = lines[header] if len(lines) > header else ""
    delimiter = lines[0][-1] if header else max(",;\t", key=first.count)
    return header, delimiter, [name.strip(' "').lower() for name in first.split(delimiter)]


def _rows(
    path: Path, lines: list[str], first: int, delimiter: str
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row after the first lines, with its line number."""
    rows = csv.reader(lines[first:], delimiter=delimiter)
    try:
        for row in rows:
            yield rows.line_num + first, row
    except csv.Error as error:
        raise UserError(f"{error}.", where=f"{path}, line {rows.line_num + first}") from None


def _check_columns(place: str, names: list[str]) -> None:
    for name in names:
        if name in _COLUMNS and names.count(name) > 1:
            raise UserError(f"the column {name} appears twice.", where=place)
    if "name" not in names:
        raise UserError('needs a column "name".', where=place)


def _unknown(name: str, names: list[str]) -> str:
    near = nearest(name, _COLUMNS)
    return f"{shown(name)} (did you mean {near}?)" if near and near not in names else shown(name)


def _member(cells: dict[str, str], place: str, voices: list[str]) -> Member:
    name = cells["name"]
    if not name:
        raise UserError("needs a name.", where=place)
    if printable(name) != name:
        raise UserError(f"the name {shown(name)} needs letters that can be shown.", where=place)
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
        both = of_one_foot(steps)
        hint = "" if both is None else f"; if it counts one foot, write {both:g}"
        raise UserError(
            f"a cadence is {low} to {high} steps a minute, not {text}{hint}.", where=place
        )
    return steps
