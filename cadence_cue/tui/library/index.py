"""The list of the library as a table, filtered and in the order that the runner chose."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click, Resize
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from cadence_cue.app.sessions.filtering import Done, Filter, arranged
from cadence_cue.app.sessions.listing import Entry
from cadence_cue.coaching.pages import clock
from cadence_cue.errors import printable
from cadence_cue.tui.rows import highlighted
from cadence_cue.tui.short import fitted

_TITLE = 24  # columns that a title has at least, before another column is shown
_SHORT_TITLE = 16  # the same beside the column of the order
_MARK = 2  # columns of the mark before a title


class Column(NamedTuple):
    """A column of the table: its width, and its text; "" where an entry has none."""

    width: int
    text: Callable[[Entry, Done | None], str]


COLUMNS = {
    "length": Column(6, lambda entry, _: _length(entry).rjust(6)),
    "last": Column(6, lambda _, done: done.day if done else ""),
    "mark": Column(4, lambda _, done: f"{done.mark or '':>4}" if done else ""),
    "level": Column(8, lambda entry, _: entry.level),
    "place": Column(22, lambda entry, _: ", ".join(entry.place)),
}
"""The columns beside the title.

Where there is no room for all, that of the order is kept, then those that come first.
"""
_FROM_LEFT = ("length", "level", "place", "last", "mark")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the table is made of: entries, filter, order, marks and warnings."""

    entries: Sequence[Entry] = ()
    chosen: Filter = field(default_factory=Filter)
    order: str | None = None
    done: Mapping[str, Done] = field(default_factory=dict)
    mastered: Collection[str] = ()
    broken: Collection[str] = ()


class Index(OptionList):
    """The table; Enter and a second click play what is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "play", id="library.play")]

    def __init__(self) -> None:
        super().__init__(id="list", markup=False, compact=True)
        self._entries: dict[str, Entry] = {}
        self._shown: Shown | None = None
        self._clicked = ""  # the entry that a first click has chosen
        self._known = ""  # the entry that was chosen last, though a search may hide it

    def show(self, shown: Shown, select: str = "") -> None:
        """Show these entries, and the sentences about broken drill files.

        Highlights the entry with the key `select`, else the one that was highlighted, else the
        first. Sends no message about it.
        """
        self._shown = shown
        self._known = select or self.key or self._known
        self._entries = {entry.key: entry for entry in shown.entries}
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(self._options_of(shown))
            ids = [option.id for option in self.options]
            first = next((k for k, key in enumerate(ids) if key), None)
            self.highlighted = ids.index(self._known) if self._known in ids else first

    @property
    def selected(self) -> Entry | None:
        """The entry under the cursor."""
        return self._entries.get(self.key)

    @property
    def key(self) -> str:
        """The key of the entry under the cursor; "" without one."""
        return highlighted(self)

    @property
    def heading(self) -> Content:
        """The row of headings, the column of the order marked; empty before it has a size."""
        if self._room < 1:
            return Content()
        shown, columns = self._shown or Shown(), self._columns
        widths = {"title": self._title, **columns}
        cells = [
            Content.styled(fitted(name, width), "bold underline" if name == shown.order else "")
            for name, width in widths.items()
        ]
        return Content(" ").join([Content(" "), *cells])

    def on_resize(self, event: Resize) -> None:
        """Show as many columns as there is room for now."""
        if self._shown and event.size.width:
            at = self.scroll_y
            self.show(self._shown)
            self.scroll_to(y=at, animate=False, immediate=True)

    async def _on_click(self, event: Click) -> None:
        """Choose an entry; the second click on it plays it."""
        event.prevent_default()
        place = event.style.meta.get("option")
        if place is None or self.get_option_at_index(place).disabled:
            return
        again = place == self.highlighted and self._clicked == self.key
        self.highlighted = place
        if again:
            self.action_select()
        self._clicked = self.key

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Forget the first click when the cursor moves."""
        super().watch_highlighted(highlighted)
        self._clicked = ""

    @property
    def _columns(self) -> dict[str, int]:
        """The columns that there is room for, from left to right, with their widths."""
        room = self._room - _MARK
        kept: dict[str, int] = {}
        order = self._shown.order if self._shown else None
        for name in sorted(COLUMNS, key=lambda name: name != order):
            width = COLUMNS[name].width
            if name == order:
                width = min(width, max(room - _SHORT_TITLE - 1, 0))
            if not width or (name != order and room - width - 1 < _TITLE):
                break
            kept[name] = width
            room -= width + 1
        return {name: kept[name] for name in _FROM_LEFT if name in kept}

    @property
    def _title(self) -> int:
        """The columns of a title."""
        taken = sum(width + 1 for width in self._columns.values())
        return max(self._room - _MARK - taken, 1)

    @property
    def _room(self) -> int:
        """The columns of a row, beside the scrollbar that may come."""
        return self.outer_size.width - 1

    def _options_of(self, shown: Shown) -> Iterator[Option]:
        found = [entry for entry in shown.entries if shown.chosen.lets(entry)]
        groups = {
            "YOUR SESSIONS": [entry for entry in found if entry.is_users],
            "SESSIONS": [e for e in found if not e.drill and not e.is_users],
            "DRILLS": [entry for entry in found if entry.drill],
        }
        for heading, group in groups.items():
            if group:
                yield Option(heading, disabled=True)
            for entry in arranged(group, shown.order, shown.done):
                yield Option(self._row(entry, shown), id=entry.key)
        for sentence in shown.broken:
            yield Option(printable(f"⚠ {sentence}"), disabled=True)

    def _row(self, entry: Entry, shown: Shown) -> str:
        mastered = entry.drill is not None and entry.name in shown.mastered
        mark = "⚠" if entry.error else "★" if mastered else " "
        done = shown.done.get(entry.key)
        cells = [fitted(printable(entry.title), self._title)]
        cells += [
            fitted(COLUMNS[name].text(entry, done), width) for name, width in self._columns.items()
        ]
        return " ".join([mark, *cells])


def _length(entry: Entry) -> str:
    return "" if entry.seconds is None else clock(entry.seconds)
