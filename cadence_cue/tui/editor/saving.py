"""Saves what the editor has, with the questions that this may need."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from cadence_cue.app.sessions.drafts import Draft
from cadence_cue.app.sessions.session_editing import Editing
from cadence_cue.app.sessions.session_store import not_empty
from cadence_cue.errors import UserError
from cadence_cue.tui.choosing import Choose
from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Ask, Confirm
from cadence_cue.tui.ways_out import worded


class Saver:
    """Saves a session for the page that edits it; each method that saves returns whether it did."""

    def __init__(
        self,
        page: Page,
        editing: Editing,
        saved: Callable[[Path], None],
        wrong: Callable[[], str],
        show: Callable[[], None],
    ) -> None:
        """`saved` is called with the file once it is written, `show` after each change.

        `wrong` says what is wrong with the session.
        """
        self._page = page
        self._editing = editing
        self._saved = saved
        self._wrong = wrong
        self._show = show
        self.outside = False
        """Whether the file changed outside, and the runner has to say what to keep."""

    def look(self) -> None:
        """Take what another program wrote, unless there is something here that is not saved."""
        editing = self._editing
        if not editing.changed_outside or self.outside:
            return
        if editing.is_changed or editing.is_gone:
            self.outside = True
            self._show()
        else:
            self._take_theirs()

    async def save(self) -> bool:
        """Save, after a question about a file that changed, or a session with a mistake."""
        editing = self._editing
        if editing.changed_outside:
            return await self._settle()
        if editing.path is None:
            return await self.save_as()
        if editing.is_saved:
            self._page.notify("It is saved already.")
            return True
        return await self._is_fit() and self._save_by(editing.save)

    async def save_as(self) -> bool:
        """Save under a name that is asked for."""
        if not await self._is_fit():
            return False
        asked = "Name or title of your session"
        question = Ask(asked, f"My {self._editing.title}", check=not_empty)
        name = await self._page.app.push_screen_wait(question)
        library = self._page.cadence_app.library
        return bool(name) and self._save_by(partial(self._editing.save_as, name or "", library))

    async def save_or_lose(self) -> bool:
        """Ask what to do with changes before leaving; whether to leave."""
        answers = {"save": "save it", "lose": "leave without saving"}
        question = Choose("Your changes are not saved.", answers)
        answer = await self._page.app.push_screen_wait(question)
        if answer == "lose":
            self._editing.give_up()
        return answer == "lose" or (answer == "save" and await self.save())

    async def offer_draft(self, draft: Draft) -> bool:
        """Ask what to do with changes that were not saved; whether that was answered."""
        answers = {"take": "go on with them; undo brings the file back", "drop": "give them up"}
        lost = f" to {self._editing.name}, whose file is gone," if self._editing.is_gone else ""
        question = Choose(f"Your changes of {draft.day}{lost} were not saved.", answers)
        match await self._page.app.push_screen_wait(question):
            case "take":
                self._take_draft()
            case "drop":
                self._editing.give_up()
            case _:
                return False
        return True

    async def _is_fit(self) -> bool:
        """Whether there is no mistake, or the runner wants to save it all the same."""
        if not (wrong := self._wrong()):
            return True
        question = f"{wrong}\nUntil that is put right it cannot be played."
        confirm = Confirm(question, yes="save it all the same", no="go on editing")
        answer = await self._page.app.push_screen_wait(confirm)
        return bool(answer)

    async def _settle(self) -> bool:
        """Ask what to do about a file that changed outside."""
        gone = self._editing.is_gone
        theirs = {} if gone else {"theirs": "take theirs; undo brings mine back"}
        mine = "keep mine, and write it again" if gone else "keep mine, over theirs"
        answers = {**theirs, "mine": mine, "as": "save mine under another name"}
        what = "is no longer there" if gone else "was changed outside"
        name = self._editing.path.name if self._editing.path else ""
        match await self._page.app.push_screen_wait(Choose(f"{name} {what}.", answers)):
            case "mine":
                return await self._is_fit() and self._save_by(self._editing.save)
            case "theirs":
                self._take_theirs()
            case "as":
                return await self.save_as()
        return False

    def _save_by(self, write: Callable[[], None]) -> bool:
        try:
            write()
        except UserError as error:
            self._page.notify(worded(error), severity="warning")
            return False
        self.outside = False
        path = self._editing.path or Path()
        self._page.cadence_app.show_messages([f"Saved as {path.name}"])
        self._saved(path)
        self._show()
        return True

    def _take_draft(self) -> None:
        try:
            self._editing.take_draft()
        except UserError as error:  # somebody changed the draft itself
            self._page.notify(str(error), severity="warning")
        self._show()
        self.look()

    def _take_theirs(self) -> None:
        try:
            self._editing.take_theirs()
        except UserError as error:  # such as a text that is not TOML
            self.outside = True
            self._page.notify(str(error), severity="warning")
        else:
            self.outside = False
            self._page.notify("The file was changed outside, and is read again; undo is possible.")
        self._show()
