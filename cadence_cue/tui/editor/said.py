"""What will be said in an edited session, planned anew after each change."""

from __future__ import annotations

from collections.abc import Callable

from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.timer import Timer
from textual.widgets import Static
from textual.worker import get_current_worker

from cadence_cue.app.log.history import remembered
from cadence_cue.app.sessions.session_editing import Editing
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching.session_text import SessionText
from cadence_cue.errors import UserError
from cadence_cue.tui.editor.preview import SessionPreview, preview, wrapped
from cadence_cue.tui.page import Page
from cadence_cue.tui.speaking import Cancelled, speaking
from cadence_cue.tui.ways_out import worded

_SETTLED = 0.2  # seconds without a change before it is planned


class Said(VerticalScroll):
    """The lines of one phase, or of the whole session."""

    def __init__(self, page: Page, editing: Editing, planned: Callable[[], None]) -> None:
        """`planned` is called when the preview is that of the text as it is then."""
        super().__init__(id="said")
        self.preview = SessionPreview()
        self.planned = False
        """Whether the preview is that of the text as it is now."""
        self._page = page
        self._editing = editing
        self._tell_planned = planned
        self._settling: Timer | None = None

    def compose(self) -> ComposeResult:
        """The lines."""
        yield Static(id="lines", markup=False)

    def show(self, number: str) -> None:
        """Show what is said in the phase of this number, or with "" in the session."""
        columns = max(self.size.width - 2, 24)
        shown = [line for each in self.preview.lines(number) for line in wrapped(each, columns)]
        self._page.write("#lines", "\n".join(shown))
        self.scroll_home(animate=False)

    def plan(self) -> None:
        """Plan the session anew, once it stays as it is for a moment."""
        self.planned = False
        if self._settling:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLED, self._plan)

    @work(thread=True, exclusive=True, group="preview")
    def _plan(self) -> None:
        """Plan the session as it is now, in a thread, unless it has a mistake."""
        worker = get_current_worker()
        app, text = self._page.cadence_app, self._editing.text
        try:
            session = self._editing.session(app.library)
            found = preview(
                session,
                app.library,
                app.settings,
                rate=app.rate,
                practices=remembered(user_folder()),
                progress=speaking(self._page, worker, self._speaking),
            )
        except Cancelled:
            return
        except UserError as error:
            found = SessionPreview(warnings=(worded(error),))
        if not worker.is_cancelled:
            self._page.from_thread(self._planned, text, found)

    def _speaking(self, text: str) -> None:
        """Show the progress of the speech synthesis that planning needs."""
        self._page.write("#lines", text)

    def _planned(self, text: SessionText, found: SessionPreview) -> None:
        if text is not self._editing.text:
            return
        self.planned = True
        if found.pieces or not self._editing.mistakes(self._page.cadence_app.library):
            self.preview = found  # else the last good one stays
        self._tell_planned()
