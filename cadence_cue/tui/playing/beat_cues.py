"""The dialog that asks which cues are spoken over a plain beat."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from cadence_cue.coaching import values
from cadence_cue.errors import UserError
from cadence_cue.tui.beat_choice import EVERY
from cadence_cue.tui.page import Dialog
from cadence_cue.tui.tick import Tick
from cadence_cue.tui.ways_out import worded


class CuesScreen(Dialog[tuple[tuple[str, ...], str]]):
    """Asks which cues are spoken over a plain beat, and how often."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave"),
        Binding("enter", "take"),
    ]

    def compose(self) -> ComposeResult:
        """A tick for each element of the stride."""
        choice = self.cadence_app.beat
        with Vertical(classes="dialog"):
            yield Static("Speak cues of", classes="heading", markup=False)
            for element in self.cadence_app.library.elements.values():
                yield Tick(element.name, element.id in choice.cues, name=element.id, compact=True)
            yield Static('One every (a time, or "64 beats")', markup=False)
            yield Input(choice.every, id="every", compact=True)
            yield Static(id="wrong", markup=False)
            yield Static("space  choose     Enter  take them     Esc  leave", classes="answers",
                         markup=False)  # fmt: skip

    def on_input_submitted(self) -> None:
        """Take them."""
        self.action_take()

    def action_take(self) -> None:
        """Close the dialog with what is chosen."""
        every = self.query_one("#every", Input).value.strip() or EVERY
        try:
            values.length(every)
        except UserError as error:
            self.tell(f"One every: {worded(error)}")
            return
        self.dismiss((tuple(str(each.name) for each in self.query(Tick) if each.value), every))

    def action_leave(self) -> None:
        """Close the dialog."""
        self.dismiss()
