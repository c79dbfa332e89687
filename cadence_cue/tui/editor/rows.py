"""The table of the editor, and what stands in its cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.strip import Strip
from textual.widgets import DataTable

from cadence_cue.app.sessions.session_fields import SESSION, brief, more_keys, typed
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.session_text import SessionText
from cadence_cue.errors import printable
from cadence_cue.tui.theme import KINDS

COLUMNS = {"number": "", "kind": "kind", "what": "what", "time": "time", "tempo": "tempo",
           "cues": "cues", "words": "words", "more": "more"}  # fmt: skip
"""The heading of each column."""
_WIDEST = 28


class PhaseTable(DataTable[Text]):
    """The table; Enter, or a second click, edits the field under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "edit", tooltip="edit the field under the cursor",
                id="edit.field"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(id="rows")
        for key, heading in COLUMNS.items():
            self.add_column(heading, key=key)

    @property
    def field(self) -> str:
        """The key of the column under the cursor."""
        return [*COLUMNS][self.cursor_column]

    def fill(self, wanted: Sequence[Sequence[str]], row: int | None) -> None:
        """Show these rows, with the cursor on one of them; None leaves it where it is."""
        before = self.cursor_coordinate
        if self.row_count == len(wanted):
            for k, cells in enumerate(wanted):
                for key, cell in zip(COLUMNS, cells, strict=True):
                    self.put(k, key, cell)
        else:
            self.clear()
            for cells in wanted:
                self.add_row(*map(self._cell, cells))
        to = before.row if row is None else row
        self.move_cursor(row=min(to, len(wanted) - 1), column=before.column or 1)

    def put(self, row: int, key: str, cell: str) -> None:
        """Show another text in a cell."""
        place = Coordinate(row, [*COLUMNS].index(key))
        if self.get_cell_at(place).plain != printable(cell):
            self.update_cell_at(place, self._cell(cell), update_width=True)
            self.check_idle()  # or its columns stay as wide as they are until something happens

    def _cell(self, cell: str) -> Text:
        """A cell, with the pattern of a kind in its colour."""
        text, variables = Text(printable(cell)), self.app.theme_variables
        for look in KINDS.values():
            text.highlight_words([look.pattern], variables[look.colour])
        return text

    def render_line(self, y: int) -> Strip:
        """Return a row, which ends with an ellipsis where a text goes on beyond the edge."""
        strip, edge = super().render_line(y), self.scrollable_content_region.width - 1
        if not self._goes_on(y, edge):
            return strip
        mark = Strip([Segment("…", next(iter(strip.crop(edge, edge + 1))).style)])
        return Strip.join([strip.crop(0, edge), mark, strip.crop(edge + 1)])

    def _goes_on(self, y: int, edge: int) -> bool:
        """Whether a text of a row has more characters than there is room for up to the edge."""
        row = y - self.header_height + self.scroll_offset.y if y >= self.header_height else None
        if row is not None and not self.is_valid_row_index(row):
            return False
        start = -self.scroll_offset.x
        for k, column in enumerate(self.ordered_columns):
            room = edge + 1 - start - self.cell_padding
            start += column.get_render_width(self)
            if start > edge:
                text = column.label if row is None else self.get_cell_at(Coordinate(row, k))
                return 0 < room < text.cell_len
        return False

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.move_cursor(row=self.cursor_row, column=self.cursor_column)


def cells(
    text: SessionText, library: Library, mistaken: Collection[str], length: str
) -> list[list[str]]:
    """Return the rows of the table: the session's own, of this length, then one for each phase.

    `mistaken` are the numbers of the phases with a mistake, "" for the session.
    """
    own = text.values
    head = {"number": _mark("", mistaken), "kind": SESSION, "what": typed(own.get("title")),
            "time": length, "more": _more(SESSION, own)}  # fmt: skip
    rows = [head]
    for number, row in zip(text.numbers, text.rows, strict=True):
        values, kind = row.values, row.kind
        cell = {key: brief(key, values.get(key)) for key in ("time", "tempo", "cues", "words")}
        indent = "  " if row.is_part else ""
        pattern = KINDS[kind].pattern if kind in KINDS else "×" if kind else "?"
        rows.append(
            {
                **cell,
                "number": _mark(number, mistaken),
                "kind": f"{indent}{pattern} {kind}",
                "what": _what(kind, values, library),
                "more": _more(kind, values),
            }
        )
    return [[_short(row.get(column, "")) for column in COLUMNS] for row in rows]


def _mark(number: str, mistaken: Collection[str]) -> str:
    return f"{number}⚠" if number in mistaken else number


def _what(kind: str, values: Mapping[str, object], library: Library) -> str:
    value = typed(values.get(kind))
    if kind == "drill" and value in library.drills:
        return library.drills[value].name
    return f"{value} times" if kind == "repeat" else value


def _more(kind: str, values: Mapping[str, object]) -> str:
    """The other keys with their values, also those that nobody knows."""
    keys = (key for key in more_keys(kind, values) if key in values)
    return " · ".join(f"{key} {brief(key, values[key])}" for key in keys)


def _short(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
