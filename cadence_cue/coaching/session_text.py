"""A session file as text in rows, so that phases can be changed and all else stays as it is.

A comment belongs to the phase below it; one that follows a phase's last line directly, to that.
Nothing here is checked: a text with mistakes can be changed too.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cadence_cue.coaching.lines import outline, split
from cadence_cue.coaching.phases import DRILL_KEYS, KINDS, PHASE_KEYS, TEMPO_KEYS
from cadence_cue.coaching.session_file import REPEAT_KEYS, SESSION_KEYS
from cadence_cue.coaching.toml_entries import newline_of, renamed, table, with_value
from cadence_cue.coaching.toml_text import data_in
from cadence_cue.errors import UserError

HEAD = -1
"""The index of the session's own keys, where rows are counted from 0."""

_HEADER = re.compile(r"""^([ \t]*\[\[?[ \t]*)("phase"|'phase'|phase)""", flags=re.MULTILINE)
_PART = re.compile(
    r"""^([ \t]*\[\[?[ \t]*(?:"phase"|'phase'|phase))[ \t]*\.[ \t]*(?:"part"|'part'|part)""",
    flags=re.MULTILINE,
)
_REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Row:
    """A phase, a repeat without its parts, or a part: its lines, and the comments above."""

    text: str
    is_part: bool = False

    @property
    def values(self) -> dict[str, object]:
        """The keys and values."""
        found = tomllib.loads(self.text)["phase"]
        values: dict[str, object] = found["part"][0] if self.is_part else found[0]
        return values

    @property
    def is_repeat(self) -> bool:
        """Whether the rows after it may be its parts."""
        return _REPEAT in self.values

    @property
    def kind(self) -> str:
        """The key that says what it is; "" without one."""
        return next((key for key in (*KINDS, _REPEAT) if key in self.values), "")


@dataclass(frozen=True, slots=True)
class SessionText:
    """The text of a session file: what stands above the phases, the rows, and what follows."""

    head: str
    rows: tuple[Row, ...]
    tail: str = ""

    def __str__(self) -> str:
        return self.head + "".join(row.text for row in self.rows) + self.tail

    @property
    def values(self) -> dict[str, object]:
        """The session's own keys and values."""
        return tomllib.loads(self.head + self.tail)

    @property
    def numbers(self) -> list[str]:
        """The number of each row, as in messages: "3", or "3.2" for a part."""
        numbers, phases, parts = [], 0, 0
        for row in self.rows:
            phases, parts = (phases, parts + 1) if row.is_part else (phases + 1, 0)
            numbers.append(f"{phases}.{parts}" if row.is_part else str(phases))
        return numbers

    # Values.

    def valued(self, at: int, key: str, value: object) -> SessionText:
        """Return the text with another value of a key of a row, or of HEAD; None removes the key.

        Raises UserError if the key is written in an unusual way.
        """
        old = self.values if at == HEAD else self.rows[at].values
        new = {**old, key: value} if value is not None else {k: old[k] for k in old if k != key}
        if at == HEAD:
            head = with_value(self.head, key, value, SESSION_KEYS, headed=False)
            changed = replace(self, head=head)
        else:
            row = self.rows[at]
            text = with_value(row.text, key, value, (*REPEAT_KEYS, *PHASE_KEYS))
            changed = self._with_row(at, replace(row, text=text))
        try:
            found = changed.values if at == HEAD else changed.rows[at].values
        except tomllib.TOMLDecodeError:
            found = {}
        if found != new:
            raise UserError(f'"{key}" is not written as {key} = … in the file; change it there')
        return changed

    def of_kind(self, at: int, kind: str, value: object) -> SessionText:
        """Return the text in which a row is of another kind; what cannot belong to that goes."""
        row = self.rows[at]
        changed = self._with_row(at, replace(row, text=renamed(row.text, row.kind, kind)))
        foreign = () if kind == "drill" else DRILL_KEYS
        silent = kind != "drill" and "tempo" not in row.values
        for key in (*foreign, *(TEMPO_KEYS if silent else ())):
            if key in row.values:
                changed = changed.valued(at, key, None)
        return changed.valued(at, kind, value)

    def _with_row(self, at: int, row: Row) -> SessionText:
        return replace(self, rows=(*self.rows[:at], row, *self.rows[at + 1 :]))

    # Rows. Each of these returns the text and where the row in question stands then.

    def added(self, at: int, tables: Sequence[Mapping[str, object]]) -> tuple[SessionText, int]:
        """Add a phase below a row: below a repeat, or one of its parts, as another part.

        Several `tables` are a repeat and its parts, which go below the whole of another repeat.
        """
        is_part = at != HEAD and len(tables) == 1 and self._in_repeat(at)
        to = 0 if at == HEAD else at + 1 if is_part else self._unit(self._repeat_of(at)).stop
        newline = newline_of(self.head)
        rows = [
            Row(table("[[phase.part]]" if is_part or k else "[[phase]]", values, newline),
                is_part or k > 0)
            for k, values in enumerate(tables)
        ]  # fmt: skip
        return self._arranged([*self.rows[:to], *rows, *self.rows[to:]]), to

    def doubled(self, at: int) -> tuple[SessionText, int]:
        """Copy a row, a repeat with its parts, below itself, without the comments above it."""
        unit = self._unit(at)
        first, *parts = self.rows[unit.start : unit.stop]
        copies = [replace(first, text=_uncommented(first.text)), *parts]
        rows = [*self.rows[: unit.stop], *copies, *self.rows[unit.stop :]]
        return self._arranged(rows), unit.stop

    def without(self, at: int) -> tuple[SessionText, int]:
        """Delete a row; a repeat with its parts, and with its last part."""
        unit = self._unit(at)
        if self.rows[at].is_part and len(self._unit(self._repeat_of(at))) == 2:
            unit = range(at - 1, at + 1)
        rows = [*self.rows[: unit.start], *self.rows[unit.stop :]]
        return self._arranged(rows), min(unit.start, len(rows) - 1)

    def moved(self, at: int, by: int) -> tuple[SessionText, int]:
        """Exchange a row, a repeat with its parts, with the one above (-1) or below (1) it.

        A part stays within its repeat; nothing changes at either end.
        """
        unit = self._unit(at)
        other = unit.stop if by > 0 else unit.start - 1
        if not 0 <= other < len(self.rows):
            return self, at
        if self.rows[at].is_part:
            if not self.rows[other].is_part:
                return self, at
        elif self.rows[other].is_part:
            other = self._repeat_of(other)
        beside = self._unit(other)
        first, second = (unit, beside) if by > 0 else (beside, unit)
        rows = [
            *self.rows[: first.start],
            *self.rows[second.start : second.stop],
            *self.rows[first.start : first.stop],
            *self.rows[second.stop :],
        ]
        return self._arranged(rows), unit.start + by * len(beside)

    def nested(self, at: int) -> tuple[SessionText, int]:
        """Make a phase the last part of the repeat above it; without one nothing changes."""
        row = self.rows[at]
        if row.is_part or row.is_repeat or at == 0 or not self._in_repeat(at - 1):
            return self, at
        return self._arranged(_with(self.rows, at, _as_part(row))), at

    def lifted(self, at: int) -> tuple[SessionText, int]:
        """Take a part out of its repeat and put it below; one without parts goes.

        A phase is already out.
        """
        if not self.rows[at].is_part:
            return self, at
        unit = self._unit(self._repeat_of(at))
        row = _as_phase(self.rows[at])
        rest = [self.rows[k] for k in unit if k != at]
        if len(rest) == 1:
            rest = []
        rows = [*self.rows[: unit.start], *rest, row, *self.rows[unit.stop :]]
        return self._arranged(rows), unit.start + len(rest)

    def repeated(self, at: int, times: int) -> tuple[SessionText, int]:
        """Put a phase into a new repeat of its own; the row is then that of the repeat."""
        row = self.rows[at]
        if row.is_part or row.is_repeat:
            return self, at
        header = Row(table("[[phase]]", {_REPEAT: times}, newline_of(str(self))))
        comment = row.text.removesuffix(_uncommented(row.text))
        part = _as_part(replace(row, text=row.text.removeprefix(comment)))
        header = replace(header, text=comment + header.text)
        return self._arranged([*self.rows[:at], header, part, *self.rows[at + 1 :]]), at

    def unrepeated(self, at: int) -> tuple[SessionText, int]:
        """Put the parts of a repeat in its place, as phases."""
        unit = self._unit(at)
        rows = [_as_phase(self.rows[k]) for k in unit[1:]]
        return self._arranged([*self.rows[:at], *rows, *self.rows[unit.stop :]]), at

    def _unit(self, at: int) -> range:
        """The rows that belong to a row: itself, and the parts of a repeat."""
        stop = at + 1
        while not self.rows[at].is_part and stop < len(self.rows) and self.rows[stop].is_part:
            stop += 1
        return range(at, stop)

    def _repeat_of(self, at: int) -> int:
        while self.rows[at].is_part:
            at -= 1
        return at

    def _in_repeat(self, at: int) -> bool:
        return self.rows[at].is_part or self.rows[at].is_repeat

    def _arranged(self, rows: Sequence[Row]) -> SessionText:
        """Return the text with other rows, and with blank lines as the file has them."""
        newline = newline_of(str(self))
        last = self.rows[-1].text if self.rows else newline
        end = _blanks(last)
        gap = (_blanks(self.rows[0].text) if len(self.rows) > 1 else "") or newline
        known = {row.text for row in self.rows[:-1]}
        arranged = []
        for k, row in enumerate(rows):
            body = row.text.removesuffix(_blanks(row.text))
            if k + 1 < len(rows):
                body += "" if body.endswith("\n") else newline
                text = row.text if row.text in known else body + (_blanks(row.text) or gap)
            else:
                text = row.text if row.text == last else body + end
            arranged.append(replace(row, text=text))
        head = self.head
        if not self.rows and head.strip():
            head = head.rstrip() + newline * 2
        return replace(self, head=head, rows=tuple(arranged))


def read(text: str, named: str) -> SessionText:
    """Split the text of a session file, `named` in errors.

    Raises UserError if it is not TOML, or has its phases elsewhere than under [[phase]].
    """
    data = data_in(text, named)
    found = _split(text)
    phases: list[dict[str, object]] = []
    try:
        for row in found.rows:
            if row.is_part:
                parts = phases[-1].setdefault("part", [])
                if isinstance(parts, list):
                    parts.append(row.values)
            else:
                phases.append(row.values)
        whole = {**found.values, **({"phase": phases} if phases else {})}
    except (tomllib.TOMLDecodeError, LookupError, TypeError):
        whole = {}
    if whole != data or "phase" in found.values:
        raise UserError(
            "its phases are not all written under [[phase]] and [[phase.part]]", where=named
        )
    return found


def _split(text: str) -> SessionText:
    lines = split(text)
    starts: list[tuple[int, str]] = []
    written = 0  # the lines up to the last that is not blank
    for line in outline(text):
        if line.header:
            match line.header, line.is_list:
                case ("phase",), True:
                    starts.append((_beginning(lines, written, line.at - 1), "phase"))
                case ("phase", "part"), True:
                    starts.append((_beginning(lines, written, line.at - 1), "part"))
                case (name, *_), _ if name != "phase" and starts:
                    starts.append((_beginning(lines, written, line.at - 1), "tail"))
        if not line.is_blank:
            written = line.at
    end = _beginning(lines, written, len(lines)) if starts else len(lines)
    tail = next((at for at, what in starts if what == "tail"), end)
    rows = [(at, what) for at, what in starts if at < tail]
    bounds = [*(at for at, _ in rows), tail]
    return SessionText(
        head="".join(lines[: bounds[0]]),
        rows=tuple(
            Row("".join(lines[at:stop]), what == "part")
            for (at, what), stop in zip(rows, bounds[1:], strict=True)
        ),
        tail="".join(lines[tail:]),
    )


def _beginning(lines: Sequence[str], first: int, last: int) -> int:
    """Return where the comments above line `last` begin, of those from line `first` on.

    What stands before a blank line belongs to what is above.
    """
    blank = [k for k in range(first, last) if not lines[k].strip()]
    if not blank:
        return first if last < len(lines) else last
    at = blank[0]
    while at < last and not lines[at].strip():
        at += 1
    return at


def _blanks(text: str) -> str:
    """Return the blank lines at the end of a text."""
    found = re.search(r"(?<=\n)\s*\Z", text)
    return found[0] if found else ""


def _uncommented(text: str) -> str:
    """Return the text of a row from its header on."""
    first = next((line.at for line in outline(text) if line.header), 1)
    return "".join(split(text)[first - 1 :])


def _as_part(row: Row) -> Row:
    return Row(_with_headers(row.text, _HEADER, r"\1\2.part"), is_part=True)


def _as_phase(row: Row) -> Row:
    return Row(_with_headers(row.text, _PART, r"\1")) if row.is_part else row


def _with_headers(text: str, old: re.Pattern[str], new: str) -> str:
    """Return a text whose headers are replaced, and no line of a string."""
    lines = split(text)
    for line in outline(text):
        if line.header:
            lines[line.at - 1] = old.sub(new, lines[line.at - 1], count=1)
    return "".join(lines)


def _with(rows: Iterable[Row], at: int, new: Row) -> list[Row]:
    return [new if k == at else row for k, row in enumerate(rows)]
