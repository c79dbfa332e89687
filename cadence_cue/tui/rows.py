"""Pages of one thing: a list to choose from, or lines to read."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cadence_cue.errors import printable
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import MESSAGES, Page
from cadence_cue.tui.short import Short

BACK = Binding("escape", "app.back", "back", id="app.back")
"""The last of the keys of such a page."""

BESIDE = 4
"""Columns beside the text: its margins, and the bar that scrolls it."""

_HANGING = 4  # columns before what a line goes on with


def highlighted(rows: OptionList) -> str:
    """Return the id of the row under the cursor; "" without one."""
    if rows.highlighted is None or not rows.option_count:
        return ""
    return rows.get_option_at_index(rows.highlighted).id or ""


class TextPage(Page):
    """Lines to read."""

    _texts: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Name, lines and keys."""
        with Horizontal(id="top"):
            yield Static(self.name or "", id="name", markup=False)
            yield Short(id="time", whole=MESSAGES)
        with VerticalScroll(id="text"):
            yield Static(id="lines", markup=False)
        yield KeyFooter()

    def show(self, lines: Iterable[str]) -> None:
        """Show these lines; one of a list or table that is too long goes on further right."""
        self._texts = tuple(lines)
        width = self.app.size.width - BESIDE
        shown = (
            hanging(line, width, _HANGING) if "  " in line or not line[:1].isalnum() else line
            for line in self._texts
        )
        self.write("#lines", "\n".join(shown))

    def redraw(self) -> None:
        """Show the same for this width."""
        self.show(self._texts)

    def on_resize(self) -> None:
        """Wrap the lines for this width."""
        self.redraw()

    def follow(self) -> None:
        """Show what plays."""
        self.write("#time", self.now)


class Rows(OptionList, inherit_bindings=False):
    """A list whose Enter belongs to its screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        each for each in OptionList.BINDINGS if isinstance(each, Binding) and each.key != "enter"
    ]

    def __init__(self) -> None:
        super().__init__(id="rows", markup=False, compact=True)


class RowsPage(Page):
    """A list to choose from, below a line about it; Enter and a click take a row."""

    HANGING: ClassVar[int] = _HANGING
    """The column in which a row that is too long goes on."""

    _given: tuple[str, Mapping[str, str], int] = ("", {}, 0)

    def compose(self) -> ComposeResult:
        """Name, the line, the list and keys."""
        with Horizontal(id="top"):
            yield Static(self.name or "", id="name", markup=False)
            yield Short(id="time", whole=MESSAGES)
        yield Static(id="about", markup=False)
        yield Rows()
        yield KeyFooter()

    def on_mount(self) -> None:
        """Show the rows at once: a key may be pressed before the next poll."""
        self.query_one(OptionList).focus()
        self.follow()

    def show(self, about: str, rows: Mapping[str, str]) -> None:
        """Show the line and the rows by their ids; the chosen one stays chosen."""
        width = self.app.size.width - BESIDE
        given = about, rows, width
        if given == self._given:
            return
        self._given = given
        self.write("#about", about)
        table, chosen = self.query_one(OptionList), self.chosen
        shown = {option.id: option.prompt for option in table.options}
        rows = {
            key: hanging(printable_lines(text), width, self.HANGING) for key, text in rows.items()
        }
        if shown == rows:
            return
        if [*shown] == [*rows]:
            for key, text in rows.items():
                if shown[key] != text:
                    table.replace_option_prompt(key, text)
            return
        table.set_options(Option(text, id=key) for key, text in rows.items())
        if rows:
            table.highlighted = [*rows].index(chosen) if chosen in rows else 0

    def on_resize(self) -> None:
        """Wrap the rows for this width."""
        about, rows, _ = self._given
        self.show(about, rows)

    def on_option_list_option_selected(self) -> None:
        """Take the row that was clicked."""
        self.action_take()

    def action_take(self) -> None:
        """Do to the chosen row what the page is for, if there is anything."""

    @property
    def chosen(self) -> str:
        """The id of the row under the cursor; "" without one."""
        return highlighted(self.query_one(OptionList))

    def follow(self) -> None:
        """Show what plays."""
        self.write("#time", self.now)


def printable_lines(text: str) -> str:
    """Return lines without control characters that a terminal would obey."""
    return "\n".join(map(printable, text.split("\n")))


def hanging(text: str, width: int, indent: int) -> str:
    """Return lines of at most so many columns; what is too long goes on below, indented.

    A percentage stays on one line.
    """
    width = max(width, 1)  # a terminal may have fewer columns than what is beside the text
    lines = []
    for line in text.split("\n"):
        if cell_len(line) <= width:
            lines.append(line)
            continue
        joined = line.replace(" %", "\N{NO-BREAK SPACE}%")
        wrapped = textwrap.wrap(joined, width, subsequent_indent=" " * min(indent, 3 * width // 4))
        lines += [each.replace("\N{NO-BREAK SPACE}%", " %") for each in wrapped]
    return "\n".join(lines)
