"""How a value of an edited session is changed: typed in a line, or chosen in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Protocol

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from cadence_cue.app.sessions.session_editing import Editing
from cadence_cue.app.sessions.session_fields import (
    HINTS,
    LISTS,
    SESSION,
    lines,
    listed,
    typed,
    valued,
)
from cadence_cue.coaching.session_text import HEAD, SessionText
from cadence_cue.errors import UserError
from cadence_cue.tui.editor.questions import (
    ONCE,
    REPEAT,
    needed,
    other_kind,
    which_drill,
    which_key,
)
from cadence_cue.tui.page import Page
from cadence_cue.tui.ways_out import worded

_TITLED = ("run", "walk", "rest")  # the key of the phase is its title


class Take(Protocol):
    """Takes a changed text, and goes to one of its rows."""

    def __call__(self, text: SessionText, at: int | None = None) -> None:
        """Take it; without `at` the cursor stays."""


class Line(Input):
    """The line to type a value in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "take it")]


class Fields(Horizontal):
    """The line to type a value in, hidden while nothing is typed; and the questions."""

    def __init__(
        self, page: Page, editing: Editing, take: Take, typing: Callable[[], None]
    ) -> None:
        """`typing` is called when the line has been opened, changed or closed."""
        super().__init__(id="field")
        self._page = page
        self._editing = editing
        self._take = take
        self._typing = typing
        self.wrong = ""
        """Why what is being typed was refused; "" if it was not."""
        self._key = ""  # that is being typed
        self._at = HEAD  # its row

    def compose(self) -> ComposeResult:
        """The key, the line, and a hint."""
        yield Static(id="label", markup=False)
        yield Line(id="typed", compact=True)
        yield Static(id="hint", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Nothing is typed yet."""
        self.display = False

    @property
    def is_open(self) -> bool:
        """Whether something is being typed."""
        return bool(self._key)

    def edit(self, at: int, column: str) -> None:
        """Change what stands in a column of a row."""
        kind = "" if at == HEAD else self._editing.text.rows[at].kind
        if at == HEAD:
            self._choose_key(at, SESSION) if column == "more" else self._open(at, "title")
        elif column in ("number", "kind") or not kind:
            self._choose_kind(at)
        elif column == "what":
            self._choose_drill(at) if kind == "drill" else self._open(at, kind)
        elif column == "more" or kind == REPEAT:
            self._choose_key(at, kind)
        elif column in LISTS:
            self._write(at, column)
        else:
            self._open(at, column)

    def _values(self, at: int) -> dict[str, object]:
        """The values of a row, or of the session."""
        text = self._editing.text
        return text.values if at == HEAD else text.rows[at].values

    # The line.

    def _open(self, at: int, key: str) -> None:
        """Open the line to type a value in."""
        self._key, self._at, self.wrong = key, at, ""
        self.display = True
        self._page.write("#label", f"{'title' if key in _TITLED else key} ")
        self._page.write("#hint", HINTS.get(key, "not known; empty removes it"))
        line = self.query_one(Input)
        line.value = typed(self._values(at).get(key))
        line.focus()
        self._typing()
        self._page.refresh_bindings()

    def close(self) -> None:
        """Close the line without taking what was typed."""
        self._key = ""
        self.display = False
        self._typing()
        self._page.refresh_bindings()

    def on_input_changed(self) -> None:
        """Complain no more about what was typed before."""
        self._refused("")

    def on_input_submitted(self) -> None:
        """Take what was typed."""
        self.take()

    def take(self) -> None:
        """Take what was typed; a mistake too, which is then told, but not half a table."""
        try:
            text = self._with_typed()
        except UserError as error:
            self._refused(sentence(error))
            self.query_one(Input).focus()
            return
        self.close()
        self._take(text)

    def _refused(self, why: str) -> None:
        """Keep why what is typed was refused, and tell it."""
        if self._key:
            self.wrong = why
            self._typing()

    def _with_typed(self) -> SessionText:
        """The text with what was typed; as it is if that is what stands there. Raises UserError."""
        text, key, written = self._editing.text, self._key, self.query_one(Input).value
        if written == typed(self._values(self._at).get(key)):
            return text
        return text.valued(self._at, key, valued(key, written))

    # The questions.

    @work
    async def _write(self, at: int, key: str) -> None:
        """Ask for the texts of a list, again if one of them is half a table."""
        from cadence_cue.tui.writing import Write

        before = self._values(at).get(key)
        old = written = lines(before) if before is not None else []
        question = f"{key}: {HINTS[key]}"
        while answer := await self.app.push_screen_wait(Write(question, written)):
            if answer == old:
                return
            try:
                value = listed(key, answer, before)
                self._take(self._editing.text.valued(at, key, value))
            except UserError as error:
                self._page.notify(sentence(error), severity="warning")
                written = answer
            else:
                return

    @work
    async def _choose_key(self, at: int, kind: str) -> None:
        """Ask which of the other keys to change."""
        key = await which_key(self._page, kind, self._values(at))
        if key in LISTS:
            self._write(at, key)
        elif key:
            self._open(at, key)

    @work
    async def _choose_drill(self, at: int) -> None:
        """Ask for another drill."""
        if drill := await which_drill(self._page, typed(self._values(at).get("drill"))):
            self._try(lambda: self._editing.text.valued(at, "drill", drill))

    @work
    async def _choose_kind(self, at: int) -> None:
        """Ask for another kind, and what that needs."""
        text = self._editing.text
        row = text.rows[at]
        new = await other_kind(self._page, row.kind, in_repeat=row.is_part)
        if new == ONCE:
            self._take(*text.unrepeated(at))
        elif new == REPEAT:
            self._take(*text.repeated(at, 2))
        elif new:
            title = "" if row.kind == "drill" else typed(row.values.get(row.kind))
            value = await needed(self._page, new, title)
            if value is not None:
                self._try(lambda: text.of_kind(at, new, value))

    def _try(self, change: Callable[[], SessionText]) -> None:
        """Take a change, or tell why that is not possible."""
        try:
            self._take(change())
        except UserError as error:
            self._page.notify(sentence(error), severity="warning")


def sentence(error: UserError) -> str:
    """Return what an error says, without its place, which is where the cursor is."""
    return worded(error.at(""))
