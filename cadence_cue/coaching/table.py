"""One table of a session file: its values, and its position for error messages.

Separate so that the readers of sessions and of phases report mistakes in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from cadence_cue.coaching.lines import Lines
from cadence_cue.errors import UserError, WayOut, hint, shown

T = TypeVar("T")
D = TypeVar("D")


class PlacedError(UserError):
    """A mistake at a place in a file."""

    number = ""
    """That of its phase, as in `Table`."""


def mistake(
    file: Path | str, number: str, line: int, text: str, way_out: WayOut | str = ""
) -> PlacedError:
    """Return the error `daily.toml, phase 3 (line 41): text`, without number "" or line 0."""
    phase = f", phase {number}" if number else ""
    at = f" (line {line})" if line else ""
    error = PlacedError(text, where=f"{file}{phase}{at}", way_out=way_out)
    error.number = number
    return error


@dataclass(frozen=True, slots=True)
class Table:
    """The values of a session (number "") or of one phase ("3", or "3.2" in a repeat)."""

    values: Mapping[str, object]
    file: str
    lines: Lines
    number: str = ""

    @property
    def line(self) -> int:
        """The line of the table's header; 0 if it is not known."""
        return self.lines.get((self.number, ""), 0)

    def inner(self, values: object, number: str, header: str) -> Table:
        """Return the table of a phase inside this one, written under `header`."""
        table = replace(self, values={}, number=number)
        if not isinstance(values, dict):
            raise table.error(f"must be a table under {header}, not {shown(values)}")
        return replace(table, values=values)

    def error(self, text: str, key: str = "") -> PlacedError:
        """Return the error `text`, at the line of the key if that is known."""
        line = self.lines.get((self.number, key), self.line)
        return mistake(self.file, self.number, line, text)

    def read(self, key: str, reader: Callable[[object], T], default: D) -> T | D:
        """Return the value of a key as `reader` converts it; `default` if the key is absent."""
        return self._value(key, reader) if key in self.values else default

    def require(self, key: str, reader: Callable[[object], T], example: str) -> T:
        """Return the same as `read` for a key that is required; errors show the `example`."""
        if key not in self.values:
            raise self.error(f'"{key}" is missing; write for example {key} = {example}')
        return self._value(key, reader)

    def _value(self, key: str, reader: Callable[[object], T]) -> T:
        try:
            return reader(self.values[key])
        except UserError as error:
            raise self.error(f'"{key}" {error}', key) from None

    def check_keys(self, known: Collection[str], elsewhere: Collection[str], place: str) -> None:
        """Raise UserError for an unknown key; for one of `elsewhere`, it names the `place`."""
        for key in self.values:
            if key in known:
                continue
            if key in elsewhere:
                raise self.error(f"key {shown(key)} is not known here; it belongs {place}", key)
            raise self.error(f"key {shown(key)} is not known here; {hint(key, known)}", key)
