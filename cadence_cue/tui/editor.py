"""The screen that makes and changes a session: a row for each phase, and what will be heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.events import DescendantFocus
from textual.timer import Timer
from textual.widgets import DataTable, Input, Static
from textual.worker import get_current_worker

from cadence_cue.app.drafts import Draft
from cadence_cue.app.history import remembered
from cadence_cue.app.session_editing import Editing
from cadence_cue.app.session_fields import HINTS, LISTS, SESSION, lines, listed, typed, valued
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching.session_text import HEAD, SessionText
from cadence_cue.errors import UserError
from cadence_cue.tui.editor_preview import SessionPreview, preview, wrapped
from cadence_cue.tui.editor_questions import (
    ONCE,
    REPEAT,
    needed,
    new_phase,
    other_kind,
    which_drill,
    which_key,
)
from cadence_cue.tui.editor_rows import PhaseTable, cells
from cadence_cue.tui.editor_saving import Saver
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Card, KeysScreen
from cadence_cue.tui.session_bar import SessionBar
from cadence_cue.tui.short import Short
from cadence_cue.tui.speaking import Cancelled, speaking
from cadence_cue.tui.ways_out import worded

_SETTLED = 0.2  # seconds without a change before it is planned
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
        self.planned = False
        """Whether the preview is that of the text as it is now."""
        self._saver = Saver(self, editing, saved, self._what_is_wrong, self._show)
        self._preview = SessionPreview()
        self._mistakes: Mapping[str, UserError] = {}
        self._field = ""  # the key that is being typed
        self._field_at = HEAD  # its row
        self._settling: Timer | None = None

    def compose(self) -> ComposeResult:
        """Bar, table, what is said, and the line to type in."""
        with Horizontal(id="top"):
            yield Static(id="name", markup=False)
            yield Short(id="time")
        yield SessionBar(id="bar")
        with Horizontal(id="editor"):
            yield PhaseTable()
            with VerticalScroll(id="said"):
                yield Static(id="lines", markup=False)
        with Horizontal(id="field"):
            yield Static(id="label", markup=False)
            yield Input(id="typed", compact=True)
            yield Static(id="hint", classes="hint", markup=False)
        yield Static(id="wrong", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Show the session, and start watching its file."""
        self.query_one("#field").display = False
        self.query_one(SessionBar).at = -1.0
        self.query_one(PhaseTable).focus()
        self._show(0)
        self.set_interval(_FILE, self.look_at_file)
        if draft := self.editing.draft:
            self._offer(draft)

    @work
    async def _offer(self, draft: Draft) -> None:
        """Ask about changes that were not saved; without an answer they stay as they are."""
        if not await self._saver.offer_draft(draft):
            self.dismiss()

    def follow(self) -> None:
        """Show the last message, or how long it is and what there is to know."""
        editing, count = self.editing, len(self._preview.warnings)
        state = "a copy, not saved" if editing.path is None else "not saved"
        known = [
            f"{self._preview.length}{'' if self.planned else ' …'}".strip(),
            f"{count} warning{'s' * (count > 1)}" if count else "",
            "" if editing.is_saved else state,
        ]
        self.write("#time", self.cadence_app.message or " · ".join(filter(None, known)))

    # What is shown.

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
        self.planned = False
        text, library = self.editing.text, self.cadence_app.library
        self._mistakes = self.editing.mistakes(library)
        wanted = cells(text, library, self._mistakes, self._preview.length)
        self.query_one(PhaseTable).fill(wanted, row)
        self.write("#name", self.editing.title or self.editing.name)
        self._show_place()
        self.follow()
        if self._settling:
            self._settling.stop()
        self._settling = self.set_timer(_SETTLED, self._plan)

    def _show_place(self) -> None:
        """Show what belongs to the row under the cursor."""
        number = self._number
        self.query_one(SessionBar).at = self._preview.start(number)
        self.write("#wrong", self._typed_wrong() if self._field else self._wrong(number))
        columns = max(self.query_one("#said").size.width - 2, 24)
        shown = [line for each in self._preview.lines(number) for line in wrapped(each, columns)]
        self.write("#lines", "\n".join(shown))
        self.query_one("#said").scroll_home(animate=False)

    def _wrong(self, number: str) -> str:
        """What is wrong with a phase, else with another one or the session."""
        if self._saver.outside:
            return "The file was changed outside. s asks which of the two to keep."
        if error := self._mistakes.get(number):
            return _sentence(error)
        if not self._mistakes:
            return ""
        other, error = next(iter(self._mistakes.items()))
        return f"{f'phase {other}' if other else 'session'}: {_sentence(error)}"

    def on_data_table_cell_highlighted(self) -> None:
        """Show what belongs to the row."""
        self._show_place()

    def on_resize(self) -> None:
        """Wrap what is said again; the first columns stay where the others scroll."""
        self.query_one(PhaseTable).fixed_columns = 3 if self.size.width >= 72 else 2
        self.call_after_refresh(self._show_place)

    def on_session_bar_pointed(self, event: SessionBar.Pointed) -> None:
        """Go to the phase that was clicked on the bar."""
        number = self._preview.phases[event.phase]
        if number in self.editing.text.numbers and not self._field:
            self.query_one(PhaseTable).move_cursor(row=self.editing.text.numbers.index(number) + 1)

    @work(thread=True, exclusive=True, group="preview")
    def _plan(self) -> None:
        """Plan the session as it is now, unless it has a mistake."""
        worker = get_current_worker()
        app, text = self.cadence_app, self.editing.text
        try:
            session = self.editing.session(app.library)
            found = preview(
                session,
                app.library,
                app.settings,
                rate=app.rate,
                practices=remembered(user_folder()),
                progress=speaking(self, worker, self._speaking),
            )
        except Cancelled:
            return
        except UserError as error:
            found = SessionPreview(warnings=(worded(error),))
        if not worker.is_cancelled:
            self.from_thread(self._planned, text, found)

    def _speaking(self, text: str) -> None:
        """Show the progress of the speech synthesis that planning needs."""
        self.write("#lines", text)

    def _planned(self, text: SessionText, found: SessionPreview) -> None:
        if text is not self.editing.text:
            return
        self.planned = True
        if found.pieces or not self._mistakes:  # else the last good one stays
            self._preview = found
            self.query_one(SessionBar).show(found.pieces)
        self.query_one(PhaseTable).put(0, "time", self._preview.length)
        self._show_place()
        self.follow()

    # Fields.

    def on_data_table_cell_selected(self, event: DataTable.CellSelected) -> None:
        """Edit the field under the cursor."""
        event.stop()
        column = self.query_one(PhaseTable).field
        kind = "" if self.at == HEAD else self.editing.text.rows[self.at].kind
        if self.at == HEAD:
            self._choose_key(SESSION) if column == "more" else self._type("title")
        elif column in ("number", "kind") or not kind:
            self._choose_kind()
        elif column == "what":
            self._choose_drill() if kind == "drill" else self._type(kind)
        elif column == "more" or kind == REPEAT:
            self._choose_key(kind)
        elif column in LISTS:
            self._write(column)
        else:
            self._type(column)

    def _values(self, at: int) -> dict[str, object]:
        """The values of a row, or of the session."""
        text = self.editing.text
        return text.values if at == HEAD else text.rows[at].values

    def _type(self, key: str) -> None:
        """Open the line to type a value in."""
        self._field, self._field_at = key, self.at
        self.query_one("#field").display = True
        self.write("#label", f"{key} ")
        self.write("#hint", HINTS.get(key, "not known; empty removes it"))
        line = self.query_one("#typed", Input)
        line.value = typed(self._values(self.at).get(key))
        line.focus()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed, there is only the way back."""
        return action == "leave" if self._field else super().check_action(action, parameters)

    def on_input_changed(self) -> None:
        """Tell at once what would be wrong."""
        if self._field:
            self.write("#wrong", self._typed_wrong())

    def _typed_wrong(self) -> str:
        """What would be wrong with the phase, or the session, as it is typed."""
        written = self.query_one("#typed", Input).value
        try:
            text = self._with_typed(written)
            error = self.editing.mistakes(self.cadence_app.library, text).get(self._number)
        except UserError as refused:
            error = refused
        return _sentence(error) if error else ""

    def on_input_submitted(self) -> None:
        """Take what was typed."""
        self._take_typed()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Take what was typed when another widget is chosen."""
        if self._field and not isinstance(event.widget, Input):
            self._take_typed()

    def _take_typed(self) -> None:
        """Take what was typed; a mistake too, which is then told, but not half a table."""
        line = self.query_one("#typed", Input)
        try:
            text = self._with_typed(line.value)
        except UserError as error:
            self.write("#wrong", _sentence(error))
            line.focus()
            return
        self._close_field()
        self._take(text)

    def _with_typed(self, written: str) -> SessionText:
        """The text with what was typed; as it is if that is what stands there."""
        text, key = self.editing.text, self._field
        if written == typed(self._values(self._field_at).get(key)):
            return text
        return text.valued(self._field_at, key, valued(key, written))

    def _close_field(self) -> None:
        self._field = ""
        self.query_one("#field").display = False
        self.query_one(PhaseTable).focus()
        self.refresh_bindings()
        self._show_place()

    def _take(self, text: SessionText, at: int | None = None) -> None:
        """Take a changed text, and go to one of its rows."""
        self.editing.change(text)
        self._show(None if at is None else at + 1)

    @work
    async def _write(self, key: str) -> None:
        """Ask for the texts of a list, again if one of them is half a table."""
        from cadence_cue.tui.writing import Write  # noqa: PLC0415 - its widget slows the start

        at = self.at
        before = self._values(at).get(key)
        old = written = lines(before) if before is not None else []
        question = f"{key}: {HINTS[key]}"
        while answer := await self.app.push_screen_wait(Write(question, written)):
            if answer == old:
                return
            try:
                value = listed(key, answer, before)
                self._take(self.editing.text.valued(at, key, value))
            except UserError as error:
                self.notify(_sentence(error), severity="warning")
                written = answer
            else:
                return

    @work
    async def _choose_key(self, kind: str) -> None:
        """Ask which of the other keys to change."""
        key = await which_key(self, kind, self._values(self.at))
        if key in LISTS:
            self._write(key)
        elif key:
            self._type(key)

    @work
    async def _choose_drill(self) -> None:
        """Ask for another drill."""
        at = self.at
        if drill := await which_drill(self, typed(self._values(at).get("drill"))):
            self._try(lambda: self.editing.text.valued(at, "drill", drill))

    @work
    async def _choose_kind(self) -> None:
        """Ask for another kind, and what that needs."""
        text, at = self.editing.text, self.at
        row = text.rows[at]
        new = await other_kind(self, row.kind, in_repeat=row.is_part)
        if new == ONCE:
            self._take(*text.unrepeated(at))
        elif new == REPEAT:
            self._take(*text.repeated(at, 2))
        elif new:
            title = "" if row.kind == "drill" else typed(row.values.get(row.kind))
            value = await needed(self, new, title)
            if value is not None:
                self._try(lambda: text.of_kind(at, new, value))

    def _try(self, change: Callable[[], SessionText]) -> None:
        """Take a change, or tell why that is not possible."""
        try:
            self._take(change())
        except UserError as error:
            self.notify(_sentence(error), severity="warning")

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
        if self.app.screen is self and not self._field:
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
        return self._wrong(self._number) if self._mistakes else ""

    @work
    async def action_leave(self) -> None:
        """Close the line to type in; else go back, after a question if something is not saved."""
        if self._field:
            self._close_field()
        elif not self.editing.is_changed or await self._saver.save_or_lose():
            self.dismiss()

    # Other keys.

    def action_script(self) -> None:
        """Show all that will be said, and the warnings."""
        shown = [*self._preview.lines("")]
        self.app.push_screen(
            Card(lambda columns: [part for line in shown for part in wrapped(line, columns)])
        )

    def action_pause(self) -> None:
        """Pause or resume what plays."""
        if transport := self.cadence_app.transport:
            self.cadence_app.show_messages(transport.pause_or_go_on())

    def action_keys(self) -> None:
        """Show all keys of this screen."""
        self.app.push_screen(KeysScreen(self.app.screen))


def _sentence(error: UserError) -> str:
    """What an error says, without its place, which is where the cursor is."""
    return worded(error.at(""))
