"""The screen that makes and changes a session: a row for each phase, and what will be heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import DescendantFocus
from textual.widgets import DataTable, Input, Static

from cadence_cue.app.sessions.drafts import Draft
from cadence_cue.app.sessions.session_editing import Editing
from cadence_cue.coaching.session_text import HEAD, SessionText
from cadence_cue.errors import UserError
from cadence_cue.tui import transport_keys
from cadence_cue.tui.editor.fields import Fields, sentence
from cadence_cue.tui.editor.preview import wrapped
from cadence_cue.tui.editor.questions import new_phase
from cadence_cue.tui.editor.rows import PhaseTable, cells
from cadence_cue.tui.editor.said import Said
from cadence_cue.tui.editor.saving import Saver
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Card, KeysScreen
from cadence_cue.tui.playing.session_bar import SessionBar
from cadence_cue.tui.short import Short

_FILE = 1.0  # seconds between two looks at the file


class EditorScreen(Page):
    """Edits a session; nothing is written before `s`."""

    takes_app_keys = False  # each of them would leave, and lose what is not saved
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 (Textual's way)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "add", tooltip="add a phase below", id="edit.add"),
        Binding("x,delete", "remove", "delete", key_display="x", tooltip="delete this phase",
                id="edit.remove"),
        Binding("s", "save", "save", id="edit.save"),
        Binding("u", "undo", "undo", id="edit.undo"),
        Binding("d", "double", "copy", tooltip="copy this phase", id="edit.double"),
        Binding("escape", "leave", "back", id="app.back"),
        Binding("question_mark", "keys", "keys", key_display="?", id="app.keys"),
        Binding("shift+up", "move(-1)", "move", key_display="⇧↑↓", tooltip="move it up",
                id="edit.up"),
        Binding("shift+down", "move(1)", show=False, tooltip="move it down", id="edit.down"),
        Binding("r", "redo", show=False, tooltip="do again what was undone", id="edit.redo"),
        Binding("shift+right", "nest", show=False, tooltip="into the repeat above",
                id="edit.nest"),
        Binding("shift+left", "lift", show=False, tooltip="out of its repeat", id="edit.lift"),
        Binding("S", "save_as", show=False, tooltip="save it under another name",
                id="edit.save_as"),
        Binding("w", "script", show=False, tooltip="all that will be said, and the warnings",
                id="edit.script"),
        Binding("E", "external", show=False, tooltip="open its file in $EDITOR",
                id="edit.external"),
        Binding("space", "pause", show=False, tooltip="pause what plays; go on",
                id="edit.pause"),
        Binding("ctrl+q,q", "leave", show=False, tooltip="back", id="edit.leave"),
    ]  # fmt: skip

    def __init__(self, editing: Editing, saved: Callable[[Path], None]) -> None:
        """`saved` is called with the file each time it has been written."""
        super().__init__(name="Edit a session")
        self.editing = editing
        self._saver = Saver(self, editing, saved, self._what_is_wrong, self._show)
        self._fields = Fields(self, editing, self._take, self._typing)
        self._said = Said(self, editing, self._planned)
        self._mistakes: Mapping[str, UserError] = {}

    def compose(self) -> ComposeResult:
        """Bar, table, what is said, and the line to type in."""
        with Horizontal(id="top"):
            yield Static(id="name", markup=False)
            yield Short(id="time")
        yield SessionBar(id="bar")
        with Horizontal(id="editor"):
            yield PhaseTable()
            yield self._said
        yield self._fields
        yield Static(id="wrong", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Show the session, and start watching its file."""
        self.query_one(SessionBar).at = -1.0
        self.query_one(PhaseTable).focus()
        self._show(0)
        self.set_interval(_FILE, self.look_at_file)
        if draft := self.editing.draft:
            self._offer(draft)

    @work
    async def _offer(self, draft: Draft) -> None:
        """Ask about changes that were not saved; without an answer they stay as they are."""
        answered = await self._saver.offer_draft(draft)
        if not answered or (self.editing.is_gone and not self.editing.is_changed):
            self.dismiss()

    def follow(self) -> None:
        """Show the last message, or how long it is and what there is to know."""
        editing, count = self.editing, len(self._said.preview.warnings)
        state = "a copy, not saved" if editing.path is None else "not saved"
        transport = self.cadence_app.transport
        known = [
            f"{self._said.preview.length}{'' if self.planned else ' …'}".strip(),
            f"{count} warning{'s' * (count > 1)}" if count else "",
            "" if editing.is_saved else state,
            "paused" if transport and transport.paused else "",
        ]
        self.write("#time", self.cadence_app.message or " · ".join(filter(None, known)))

    # What is shown.

    @property
    def planned(self) -> bool:
        """Whether the preview is that of the text as it is now."""
        return self._said.planned

    @property
    def at(self) -> int:
        """The phase under the cursor, HEAD for the session's own row."""
        return self.query_one(PhaseTable).cursor_row - 1

    @property
    def _number(self) -> str:
        """The number of the phase under the cursor; "" for the session."""
        numbers = self.editing.text.numbers
        return numbers[self.at] if 0 <= self.at < len(numbers) else ""

    def _show(self, row: int | None = None) -> None:
        """Show the text as it is now, with the cursor on a row of the table."""
        text, library = self.editing.text, self.cadence_app.library
        self._mistakes = self.editing.mistakes(library)
        wanted = cells(text, library, self._mistakes, self._said.preview.length)
        self.query_one(PhaseTable).fill(wanted, row)
        self.write("#name", self.editing.title or self.editing.name)
        self._show_place()
        self._said.plan()
        self.follow()

    def _show_place(self) -> None:
        """Show what belongs to the row under the cursor."""
        number = self._number
        self.query_one(SessionBar).at = self._said.preview.start(number)
        self.write("#wrong", self._fields.wrong if self._fields.is_open else self._wrong(number))
        self._said.show(number)

    def _wrong(self, number: str) -> str:
        """What is wrong with a phase, or else, with its name, with another one or the session."""
        if self._saver.outside:
            return "The file was changed outside. s asks which of the two to keep."
        error = self._mistakes.get(number)
        return sentence(error) if error else self._what_is_wrong()

    def on_data_table_cell_highlighted(self) -> None:
        """Show what belongs to the row."""
        self._show_place()

    def on_resize(self) -> None:
        """Wrap what is said again; the first columns stay where the others scroll."""
        self.query_one(PhaseTable).fixed_columns = 3 if self.size.width >= 72 else 2
        self.call_after_refresh(self._show_place)

    def on_session_bar_pointed(self, event: SessionBar.Pointed) -> None:
        """Go to the phase that was clicked on the bar."""
        number = self._said.preview.phases[event.phase]
        if number in self.editing.text.numbers and not self._fields.is_open:
            self.query_one(PhaseTable).move_cursor(row=self.editing.text.numbers.index(number) + 1)

    def _planned(self) -> None:
        """Show what has been planned."""
        self.query_one(SessionBar).show(self._said.preview.pieces)
        self.query_one(PhaseTable).put(0, "time", self._said.preview.length)
        self._show_place()
        self.follow()

    # Fields.

    def on_data_table_cell_selected(self, event: DataTable.CellSelected) -> None:
        """Edit the field under the cursor."""
        event.stop()
        self._fields.edit(self.at, self.query_one(PhaseTable).field)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed, there is only the way back."""
        typing = self._fields.is_open
        return action == "leave" if typing else super().check_action(action, parameters)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Take what was typed when another widget is chosen."""
        if self._fields.is_open and not isinstance(event.widget, Input):
            self._fields.take()

    def _typing(self) -> None:
        """Show why it was refused; back at the table when nothing is typed any more."""
        if self._fields.is_open:
            self.write("#wrong", self._fields.wrong)
        else:
            self.query_one(PhaseTable).focus()
            self._show_place()

    def _take(self, text: SessionText, at: int | None = None) -> None:
        """Take a changed text, and go to one of its rows."""
        self.editing.change(text)
        self._show(None if at is None else at + 1)

    # PhaseTable.

    @work
    async def action_add(self) -> None:
        """Ask for a kind, and add a phase of it below the cursor."""
        text, at = self.editing.text, self.at
        tables = await new_phase(self, in_repeat=at != HEAD and text.rows[at].is_part)
        if tables:
            self._take(*text.added(at, tables))

    def _rearrange(self, act: Callable[[SessionText, int], tuple[SessionText, int]]) -> None:
        """Do something to the row under the cursor, unless that is the session's."""
        if self.at == HEAD:
            self.notify("This is the session itself; choose one of its phases.")
        else:
            self._take(*act(self.editing.text, self.at))

    def action_double(self) -> None:
        """Copy the row."""
        self._rearrange(SessionText.doubled)

    def action_remove(self) -> None:
        """Delete the row; undo brings it back."""
        self._rearrange(SessionText.without)

    def action_move(self, by: int) -> None:
        """Move the row up or down."""
        self._rearrange(lambda text, at: text.moved(at, by))

    def action_nest(self) -> None:
        """Move the row into the repeat above."""
        self._rearrange(SessionText.nested)

    def action_lift(self) -> None:
        """Move the row out of its repeat."""
        self._rearrange(SessionText.lifted)

    def action_undo(self) -> None:
        """Take the last change back."""
        self._show() if self.editing.undo() else self.notify("There is nothing to undo.")

    def action_redo(self) -> None:
        """Do again what was undone."""
        self._show() if self.editing.redo() else self.notify("There is nothing to do again.")

    # The file.

    def look_at_file(self) -> None:
        """See whether it changed outside, unless an answer about the text as it is is awaited."""
        if self.app.screen is self and not self._fields.is_open:
            self._saver.look()

    @work
    async def action_save(self) -> None:
        """Save, after questions where something is wrong."""
        await self._saver.save()

    @work
    async def action_save_as(self) -> None:
        """Save under another name."""
        await self._saver.save_as()

    def action_external(self) -> None:
        """Open the file in the runner's editor."""
        path = self.editing.path
        if path is None or self.editing.is_changed:
            self.notify("Save it first (s), then E.")
        else:
            self.edit_outside(path)
            self._saver.look()

    def _what_is_wrong(self) -> str:
        """What is wrong with the first phase that has a mistake, with its name; "" for nothing."""
        for number, error in self._mistakes.items():
            return f"{f'phase {number}' if number else 'session'}: {sentence(error)}"
        return ""

    @work
    async def action_leave(self) -> None:
        """Close the line to type in; else go back, after a question if something is not saved."""
        if self._fields.is_open:
            self._fields.close()
        elif not self.editing.is_changed or await self._saver.save_or_lose():
            self.dismiss()

    # Other keys.

    def action_script(self) -> None:
        """Show all that will be said, and the warnings."""
        shown = [*self._said.preview.lines("")]
        self.app.push_screen(
            Card(lambda columns: [part for line in shown for part in wrapped(line, columns)])
        )

    def action_pause(self) -> None:
        """Pause or resume what plays."""
        transport_keys.do(self.cadence_app, "play.pause")

    def action_keys(self) -> None:
        """Show all keys of this screen."""
        self.app.push_screen(KeysScreen(self.app.screen))
