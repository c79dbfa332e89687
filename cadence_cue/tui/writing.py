"""The dialog in which several texts are written, one to a line."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from cadence_cue.errors import printable
from cadence_cue.tui.page import Dialog


class Write(Dialog[list[str] | None]):
    """Lines to write; Escape leaves them as they were, and answers None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "take", priority=True),
        Binding("escape", "leave", priority=True),
    ]

    def __init__(self, question: str, lines: list[str]) -> None:
        super().__init__()
        self._question = question
        self._lines = lines

    def compose(self) -> ComposeResult:
        """The question, and room to write."""
        with Vertical(classes="dialog"):
            yield Static(printable(self._question), markup=False)
            yield TextArea("\n".join(self._lines), compact=True)
            yield Static("Ctrl+S  take it     Esc  leave", classes="answers", markup=False)

    def action_take(self) -> None:
        """Close with the lines."""
        self.dismiss(self.query_one(TextArea).text.split("\n"))

    def action_leave(self) -> None:
        """Close without a change."""
        self.dismiss(None)
