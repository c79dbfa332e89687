"""The list of the library with its search, its filter and its headings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from cadence_cue.app.sessions.filtering import ORDERS, Filter
from cadence_cue.coaching.session_file import PLACES
from cadence_cue.tui.host import Host
from cadence_cue.tui.library.index import Index, Shown
from cadence_cue.tui.short import Short

_SHORT_MINUTES = 15


class Finder(Vertical):
    """What is listed, by which filter and in which order."""

    app: Host

    def __init__(self, listed: Callable[[], None]) -> None:
        """`listed` is called after each change of what is listed."""
        super().__init__(id="index")
        self.shown = Shown()
        self._listed = listed

    def compose(self) -> ComposeResult:
        """Search, filter, headings and list."""
        yield Input(placeholder="search", id="search", compact=True)
        yield Short(id="filter")
        yield Static(id="columns", markup=False)
        yield Index()

    def on_mount(self) -> None:
        """Nothing is searched for yet."""
        self.query_one("#search").display = False

    def show(self, select: str = "") -> None:
        """Show the entries that the filter lets through; highlight the one of this key, if any."""
        self.shown = replace(self.shown, mastered=self.app.settings.mastered)
        self.query_one(Index).show(self.shown, select)
        self.show_headings()
        self._listed()

    def show_headings(self) -> None:
        """Show the headings of the columns that fit, and the filter."""
        self.query_one("#columns", Static).update(self.query_one(Index).heading)
        chosen, line = self.shown.chosen, self.query_one("#filter", Short)
        words = [
            chosen.place,
            f"≤ {_SHORT_MINUTES} min" if chosen.longest else "",
            "needs nothing" if chosen.needs_nothing else "",
            f"by {self.shown.order}" if self.shown.order else "",
        ]
        filtered = " · ".join(filter(None, words))
        line.display = bool(filtered)
        hint = "   Esc: all" if self.is_filtered else ""
        line.update(filtered + hint * (len(filtered + hint) <= self.size.width))

    @property
    def is_filtered(self) -> bool:
        """Whether some entries are not listed."""
        return self.shown.chosen != Filter()

    @property
    def is_open(self) -> bool:
        """Whether something is searched for or filtered."""
        return self.is_filtered or any(search.display for search in self.query("#search"))

    def next_place(self) -> None:
        """List what can be done in the next place only, after the last one everything."""
        places = ("", *PLACES)
        now = places.index(self.shown.chosen.place)
        self._filter(place=places[(now + 1) % len(places)])

    def short(self) -> None:
        """List only what is short, or everything."""
        self._filter(longest=None if self.shown.chosen.longest else Fraction(60 * _SHORT_MINUTES))

    def nothing(self) -> None:
        """List only what needs nothing, or everything."""
        self._filter(needs_nothing=not self.shown.chosen.needs_nothing)

    def next_order(self) -> None:
        """Sort by the next column, after the last one as usual."""
        orders = (None, *ORDERS)
        now = orders.index(self.shown.order)
        self.shown = replace(self.shown, order=orders[(now + 1) % len(orders)])
        self.show()

    def search(self) -> None:
        """Open the search."""
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    def close(self) -> None:
        """List everything again."""
        search = self.query_one("#search", Input)
        with search.prevent(Input.Changed):
            search.value = ""
        search.display = False
        self.shown = replace(self.shown, chosen=Filter())
        self.show()
        self.query_one(Index).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as the runner types."""
        self._filter(words=event.value)

    def on_input_submitted(self) -> None:
        """Go to the results."""
        self.query_one(Index).focus()

    def _filter(self, **changes: Any) -> None:  # noqa: ANN401 - of every kind
        """List what fits the filter with these changes."""
        self.shown = replace(self.shown, chosen=replace(self.shown.chosen, **changes))
        self.show()
