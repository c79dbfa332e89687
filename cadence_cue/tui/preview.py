"""The page of the library about the chosen session or drill."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from cadence_cue.app.preparing import Prepared
from cadence_cue.app.settings import Settings
from cadence_cue.coaching import pages
from cadence_cue.coaching.model import Drill, Library
from cadence_cue.coaching.rules import FIRST_DRILL
from cadence_cue.errors import printable
from cadence_cue.tui import detail
from cadence_cue.tui.host import Host
from cadence_cue.tui.session_bar import Piece, SessionBar


class Preview(VerticalScroll):
    """A heading, the bar of the phases, and lines."""

    app: Host

    def __init__(self) -> None:
        super().__init__(id="page")

    def compose(self) -> ComposeResult:
        """Heading, bar and lines."""
        yield Static(id="heading", markup=False)
        yield SessionBar(id="bar")
        yield Static(id="lines", markup=False)

    def on_mount(self) -> None:
        """Nothing plays here: the bar has no playhead."""
        self.query_one(SessionBar).at = -1.0

    def show(self, title: str, lines: Iterable[str]) -> None:
        """Show lines about an entry that is not planned."""
        self._show(title, map(detail.plain, lines))
        self.query_one(SessionBar).display = False

    def show_prepared(self, prepared: Prepared, drill: Drill | None) -> None:
        """Show the page of a planned session, or of the drill that it rehearses."""
        columns, settings = max(self.size.width - 4, 30), self.app.settings
        if drill:
            self._show(
                drill.name, map(detail.plain, _of(drill, self.app.library, settings, columns))
            )
        else:
            title = prepared.session.title
            self._show(title, detail.page(prepared, settings.mastered, columns))
        bar = self.query_one(SessionBar)
        bar.display = True
        bar.show([Piece(*each) for each in detail.pieces(prepared)])

    def _show(self, title: str, lines: Iterable[Content]) -> None:
        self.query_one("#heading", Static).update(printable(title))
        self.query_one("#lines", Static).update(Content("\n").join(lines))
        self.scroll_home(animate=False)


def _of(drill: Drill, library: Library, settings: Settings, columns: int) -> list[str]:
    """The page of a drill: whether it is mastered, what comes before it, and all about it."""
    state = []
    if drill.id in settings.mastered:
        state.append("★ You have mastered it. p takes that back.")
    if drill.after and drill.after not in settings.mastered:
        before = library.drills[drill.after].name
        state.append(f"⚠ The article wants {before} mastered first: p there, once you have.")
    if drill.id != FIRST_DRILL:
        first = library.drills[FIRST_DRILL].name
        state.append(f"The article begins every practice with {first}.")
    return [*state, *pages.drill(drill, library, columns)[1:]]
