"""The dialog in which the music to play underneath is chosen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from cadence_cue.tui.page import Dialog
from cadence_cue.tui.tick import Tick


class ChooseMusic(Dialog[tuple[str, bool]]):
    """Asks for the place of music, and whether it is to be on the beat; Escape answers ""."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave"), Binding("enter", "take")]

    def __init__(self, *, match: bool) -> None:
        """`match` says whether the tick is set at first."""
        super().__init__()
        self._match = match

    def compose(self) -> ComposeResult:
        """A line to write, and the tick."""
        with Vertical(classes="dialog"):
            yield Static("Your own music: a file, folder or playlist", markup=False)
            yield Input(compact=True)
            yield Tick("on the beat of your runs", value=self._match, compact=True)
            yield Static("Enter  take it     Tab  next     Esc  leave", classes="answers",
                         markup=False)  # fmt: skip

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with what was chosen."""
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Close with what was chosen."""
        self.dismiss((self.query_one(Input).value.strip(), self.query_one(Tick).value))

    def action_leave(self) -> None:
        """Close without music."""
        self.dismiss(("", False))
