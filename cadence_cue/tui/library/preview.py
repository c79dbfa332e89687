"""The page of the library about the chosen session or drill, which is planned for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static
from textual.worker import get_current_worker

from cadence_cue.app.log.history import remembered
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.sessions.listing import Entry
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.coaching import pages
from cadence_cue.coaching.drill import Drill, Library
from cadence_cue.coaching.rehearsal import rehearse
from cadence_cue.coaching.rules import FIRST_DRILL
from cadence_cue.coaching.session_file import load
from cadence_cue.errors import UserError, printable
from cadence_cue.tui import detail
from cadence_cue.tui.page import Page
from cadence_cue.tui.playing.session_bar import Piece, SessionBar
from cadence_cue.tui.speaking import Cancelled, speaking
from cadence_cue.tui.ways_out import worded

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared
    from cadence_cue.coaching.part import Part

_SETTLED = 0.1  # seconds on an entry before it is planned: it is drawn, or scrolled past


class Preview(VerticalScroll):
    """A heading, the bar of the phases, and lines."""

    def __init__(self, page: Page, planned: Callable[[], None]) -> None:
        """`planned` is called when the chosen entry has been planned."""
        super().__init__(id="page")
        self.prepared: Prepared | None = None
        """The planned session; None before it is planned, or if it cannot be."""
        self.settled = False
        """Whether what there is to say of the entry is shown."""
        self.entry: Entry | None = None
        """The one that it is about."""
        self.settings: Settings | None = None
        """Those that it is planned for."""
        self._page = page
        self._tell_planned = planned
        self._settling: Timer | None = None

    def compose(self) -> ComposeResult:
        """Heading, bar and lines."""
        yield Static(id="heading", markup=False)
        yield SessionBar(id="bar")
        yield Static(id="lines", markup=False)

    def on_mount(self) -> None:
        """Nothing plays here: the bar has no playhead."""
        self.query_one(SessionBar).at = -1.0

    def on_resize(self) -> None:
        """Wrap the lines again."""
        self.fit()

    # What is shown.

    def choose(self, entry: Entry | None, *, listed: bool) -> None:
        """Plan an entry and show its page; None if nothing matches, or nothing is `listed` yet."""
        self.entry = entry
        self.settings = self._page.cadence_app.settings
        self.prepared = None
        self.settled = False
        self.scroll_home(animate=False, immediate=True)
        if self._settling:
            self._settling.stop()
        self.workers.cancel_group(self, "plan")  # it may be for settings that have changed
        if not listed:
            self._show("", ["Reading the sessions…"])
        elif entry is None:
            self._refuse("", ["Nothing matches. Esc shows all."])
        elif entry.error:
            self._refuse(entry.title, ["This file cannot be used.", "", worded(entry.error), "",
                                       "e changes it here, E in your editor."])  # fmt: skip
        else:
            self._show_known(entry)
            self._settling = self.set_timer(_SETTLED, partial(self._plan, entry))

    def fit(self) -> None:
        """Wrap the lines again."""
        if self.prepared and self.entry:
            self._show_prepared(self.prepared, self.entry.drill)
        elif self.entry and not self.settled:
            self._show_known(self.entry)

    def _refuse(self, title: str, lines: list[str]) -> None:
        """Show what there is to say of an entry that cannot be planned."""
        self.settled = True
        self._show(title, lines)

    def _show(self, title: str, lines: Iterable[str]) -> None:
        """Show lines about an entry that is not planned."""
        self._write(title, map(detail.plain, lines))
        self.query_one(SessionBar).display = False

    def _show_known(self, entry: Entry) -> None:
        """Show the page of an entry before it is planned."""
        if entry.session is None:
            return
        if entry.drill:
            self._show_drill(entry.drill)
        else:
            library = self._page.cadence_app.library
            lines = detail.unplanned(entry.session, entry.parts, library, self._columns)
            self._write(entry.title, lines)
        self._show_bar(entry.parts)

    def _show_prepared(self, prepared: Prepared, drill: Drill | None) -> None:
        """Show the page of a planned session, or of the drill that it rehearses."""
        if drill:
            self._show_drill(drill)
        else:
            mastered = self._page.cadence_app.settings.mastered
            self._write(prepared.session.title, detail.page(prepared, mastered, self._columns))
        self._show_bar(prepared.performance.parts)

    def _show_drill(self, drill: Drill) -> None:
        host = self._page.cadence_app
        lines = _of(drill, host.library, host.settings, self._columns)
        self._write(drill.name, map(detail.plain, lines))

    def _show_bar(self, parts: tuple[Part, ...]) -> None:
        bar = self.query_one(SessionBar)
        bar.display = True
        bar.show([Piece(*each) for each in detail.pieces(parts)])

    @property
    def _columns(self) -> int:
        """The columns of the lines."""
        return max(self.size.width - 4, 30)

    def _write(self, title: str, lines: Iterable[Content]) -> None:
        self.query_one("#heading", Static).update(printable(title))
        self.query_one("#lines", Static).update(Content("\n").join(lines))

    # Planning.

    @work(thread=True, exclusive=True, group="plan")
    def _plan(self, entry: Entry) -> None:
        """Plan the chosen entry in a thread."""
        from cadence_cue.app.preparing import prepare, rehearsal_options, without_waiting

        host, worker = self._page.cadence_app, get_current_worker()
        # Together, before anything is planned: another thread may replace them.
        settings, library, rate = host.settings, host.library, host.rate
        if worker.is_cancelled:
            return
        try:
            if entry.drill:
                session = rehearse(entry.drill, library)
                options = rehearsal_options(entry.drill, settings)
            else:
                session = load(entry.path, library)
                options = without_waiting(session, library, settings, PerformanceOptions())
            prepared = prepare(
                session,
                library,
                settings,
                options,
                live=True,
                rate=rate,
                practices=remembered(user_folder()),
                progress=speaking(self._page, worker, partial(self._speaking, entry)),
            )
        except Cancelled:
            return
        except UserError as error:
            if not worker.is_cancelled:
                self._page.from_thread(self._refused, entry, worded(error))
            return
        if not worker.is_cancelled:
            self._page.from_thread(self._planned, entry, prepared)

    def _speaking(self, entry: Entry, told: str) -> None:
        """Show the progress of the speech synthesis that planning needs."""
        if entry == self.entry:
            self._show(entry.title, [told])

    def _refused(self, entry: Entry, reason: str) -> None:
        if entry == self.entry:
            self._refuse(entry.title, [reason])

    def _planned(self, entry: Entry, prepared: Prepared) -> None:
        if entry != self.entry:
            return
        self.prepared = prepared
        self.settled = True
        self._show_prepared(prepared, entry.drill)
        self._tell_planned()


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
    return [*state, *pages.about_drill(drill, library, columns)]
