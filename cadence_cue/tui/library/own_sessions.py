"""What can be done in the library to sessions of the runner's own: made, copied and changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from cadence_cue.app.sessions import drafts, session_store
from cadence_cue.app.sessions.listing import Entry
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching.session_file import load
from cadence_cue.errors import UserError
from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Ask
from cadence_cue.tui.ways_out import worded

_NO_FILE = "A drill of the library has no file of yours; copy a session with d."


class OwnSessions:
    """Opens questions and screens for the page that lists the sessions."""

    def __init__(
        self, page: Page, created: Callable[[Path], None], saved: Callable[[Path], None]
    ) -> None:
        """`created` is called with each new file, `saved` with one that the editor has written."""
        self._page = page
        self._created = created
        self._saved = saved

    def new(self) -> None:
        """Create a session from the template."""
        question = Ask("Name or title of your session", check=session_store.not_empty)
        self._page.app.push_screen(question, partial(self._create, None))

    def copy(self, entry: Entry | None) -> None:
        """Create a copy of a session."""
        if entry is None or entry.drill:
            self._page.notify("Choose a session, then d.")
            return
        if entry.error:
            self._page.notify("This file cannot be used; e changes it.")
            return
        asked, name = f"Name for the copy of {entry.title}", f"my-{entry.name}"
        question = Ask(asked, name, check=session_store.not_empty)
        self._page.app.push_screen(question, partial(self._create, entry.path))

    def edit(self, entry: Entry | None) -> None:
        """Open the editor; a built-in session is edited as a copy."""
        if entry is None or entry.drill:
            self._page.notify(_NO_FILE)
        else:
            self._edit(entry.path, owned=entry.is_users)

    def offer_lost(self) -> None:
        """Offer the changes that were not saved of a session whose file went away, if there are."""
        for path in drafts.lost()[:1]:
            self._edit(path, owned=path.is_relative_to(user_folder()))

    def edit_outside(self, entry: Entry | None) -> bool:
        """Open the file in the runner's editor; return whether that is possible."""
        if entry is None or entry.drill:
            self._page.notify(_NO_FILE)
            return False
        if not entry.is_users:
            self._page.notify("This one is built in. d makes a copy that is yours.")
            return False
        self._page.edit_outside(entry.path)
        return True

    def recordings(self, entry: Entry | None) -> None:
        """Show which lines of a session the runner has recorded."""
        if entry is None or entry.drill or entry.error:
            self._page.notify("Choose a session, then R.")
            return
        try:
            session = load(entry.path, self._page.cadence_app.library)
        except UserError as error:  # it was changed a moment ago
            self._page.notify(worded(error), severity="warning")
        else:
            from cadence_cue.tui.voice.recordings import RecordingsScreen

            self._page.app.push_screen(RecordingsScreen(session))

    def _create(self, model: Path | None, name: str | None) -> None:
        if not name:
            return
        try:
            path = session_store.create(name, self._page.cadence_app.library, model)
        except (OSError, UserError) as error:  # refused, or the model can no longer be read
            self._page.notify(str(error), severity="warning", markup=False)
            return
        self._created(path)
        self._edit(path)

    def _edit(self, path: Path, *, owned: bool = True) -> None:
        from cadence_cue.app.sessions.session_editing import Editing
        from cadence_cue.tui.editor.editor import EditorScreen

        try:
            editing = Editing(path, owned=owned)
        except UserError as error:  # such as a text that is not TOML
            told = f"{error}. E opens it in your editor."
            self._page.notify(told, severity="warning", markup=False)
        else:
            self._page.app.push_screen(EditorScreen(editing, self._saved))
