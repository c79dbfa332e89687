"""Writes one key of a TOML table as a person would, and leaves all other lines as they are.

Separate from `session_text` because it knows nothing of sessions: a table here is the lines from
its header, or from the start of the file, to the next header.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from cadence_cue.coaching.lines import outline, split

if TYPE_CHECKING:
    from tomlkit.items import Array, Item

_LONGEST_LINE = 100
_BEFORE_VALUE = re.compile(r"""([ \t]*)([\w-]+|"[^"\n]*"|'[^'\n]*')([ \t]*)=""")


class _Entry(NamedTuple):
    """A key with its value: the lines `first` to `last`, which is exclusive, counted from 0."""

    key: str
    first: int
    last: int


def with_value(
    text: str, key: str, value: object, order: Sequence[str], *, headed: bool = True
) -> str:
    """Return the text of a table with another value of a key; None removes the key.

    A new key stands where it belongs in the `order` of keys, and is aligned with the others. Unless
    the table is `headed`, it is the one at the start of the file, without a header.
    """
    lines = split(text)
    entries, start = _entries(text, headed=headed)
    old = next((entry for entry in entries if entry.key == key), None)
    newline = newline_of(text)
    if old:
        written = "".join(lines[old.first : old.last])
        new = "" if value is None else _rewritten(written, key, value, newline)
        lines[old.first : old.last] = [new]
    elif value is not None:
        before = [entry.last for entry in entries if _rank(entry.key, order) < _rank(key, order)]
        at = max(before, default=start)
        if at and not lines[at - 1].endswith("\n"):
            lines[at - 1] += newline
        shape = [lines[entry.first] for entry in entries]
        lines.insert(at, _new_line(key, value, shape, newline))
    return "".join(lines)


def renamed(text: str, key: str, new: str) -> str:
    """Return the text of a headed table in which a key has a new name, at its place."""
    lines = split(text)
    for entry in _entries(text, headed=True)[0]:
        if entry.key == key and (found := _BEFORE_VALUE.match(lines[entry.first])):
            indent, name, gap = found.groups()
            gap = " " * max(len(name + gap) - len(new), min(len(gap), 1))
            lines[entry.first] = f"{indent}{new}{gap}={lines[entry.first][found.end() :]}"
    return "".join(lines)


def table(header: str, values: Mapping[str, object], newline: str) -> str:
    """Return a new table under its header, with aligned keys."""
    width = max(map(len, values))
    lines = (f"{key.ljust(width)} = {toml(value)}{newline}" for key, value in values.items())
    return f"{header}{newline}{''.join(lines)}"


def toml(value: object) -> str:
    """Return a value as it is written in TOML, on one line."""
    import tomlkit  # noqa: PLC0415 - the screen imports this module when it starts

    match value:
        case dict():
            pairs = (f"{tomlkit.key(k).as_string()} = {toml(each)}" for k, each in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case list() | tuple():
            return f"[{', '.join(map(toml, value))}]"
    return tomlkit.item(value).as_string()


def newline_of(text: str) -> str:
    """Return how the lines of a text end."""
    return "\r\n" if "\r\n" in text else "\n"


def _entries(text: str, *, headed: bool) -> tuple[list[_Entry], int]:
    """Return the entries of a table, and the number of lines before the first one."""
    entries: list[_Entry] = []
    start, headers = 0, int(headed)
    for line in outline(text):
        if line.header:
            if not headers:
                break
            headers, start = 0, line.at
        elif line.key and not headers:
            entries.append(_Entry(line.key, line.at - 1, line.at))
        elif not line.is_blank and entries:
            entries[-1] = entries[-1]._replace(last=line.at)
    return entries, entries[0].first if entries else start


def _rank(key: str, order: Sequence[str]) -> int:
    return order.index(key) if key in order else len(order)


def _new_line(key: str, value: object, others: Sequence[str], newline: str) -> str:
    """Return the line of a new key, aligned with the others if those are aligned."""
    found = [each for line in others if (each := _BEFORE_VALUE.match(line))]
    columns = {each.end() - 1 for each in found}
    indent = found[0][1] if found else ""
    column = columns.pop() - 1 if len(columns) == 1 else 0
    before = f"{indent}{key}".ljust(column) + " = "
    line = f"{before}{toml(value)}"
    if isinstance(value, list) and len(line) > _LONGEST_LINE:
        items = (f"{indent}    {toml(item)},{newline}" for item in value)
        line = f"{before}[{newline}{''.join(items)}{indent}]"
    return line + newline


def _rewritten(written: str, key: str, value: object, newline: str) -> str:
    """Return an entry with another value, with its comment and, in a list, the items that stay."""
    import tomlkit  # noqa: PLC0415 - the screen imports this module when it starts
    from tomlkit.items import Array  # noqa: PLC0415 - as above

    document = tomlkit.parse(written)
    array = document[key]
    if isinstance(array, Array) and isinstance(value, list):
        _change(array, value)
        new = re.sub(r"\r?\n", newline, document.as_string())
        if _holds(new, key, value):
            return new
        # tomlkit puts an item behind a comment that ends the list: then it is written anew.
        document = tomlkit.parse(written)
    document[key] = _item(value)
    return re.sub(r"\r?\n", newline, document.as_string())


def _holds(text: str, key: str, value: object) -> bool:
    try:
        return tomllib.loads(text) == {key: value}
    except tomllib.TOMLDecodeError:
        return False


def _change(array: Array, new: list[object]) -> None:
    """Replace, delete and insert what differs in a list."""
    old = [repr(each) for each in array.unwrap()]
    steps = SequenceMatcher(None, old, [*map(repr, new)], autojunk=False).get_opcodes()
    for tag, first, last, start, end in reversed(steps):
        if tag == "equal":
            continue
        same = min(last - first, end - start)
        for k in range(same):
            array[first + k] = _item(new[start + k])
        for k in reversed(range(first + same, last)):
            del array[k]
        for k in range(same, end - start):
            array.insert(first + k, _item(new[start + k]))


def _item(value: object) -> Item:
    import tomlkit  # noqa: PLC0415 - the screen imports this module when it starts

    return tomlkit.value(toml(value))
