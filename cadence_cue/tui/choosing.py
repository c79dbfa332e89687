"""The dialog with several answers, of which one is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from cadence_cue.errors import printable
from cadence_cue.tui.page import Dialog


class Choose(Dialog[str]):
    """A question with a list of answers; Escape answers ""."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave")]

    def __init__(self, question: str, answers: Mapping[str, str], value: str = "") -> None:
        """`answers` are the texts to show, by what is answered; `value` is the first choice."""
        super().__init__()
        self._question = question
        self._answers = answers
        self._value = value

    def compose(self) -> ComposeResult:
        """The question and the answers."""
        with Vertical(classes="dialog"):
            yield Static(printable(self._question), markup=False)
            yield OptionList(
                *(Option(printable(text), id=key) for key, text in self._answers.items()),
                markup=False,
                compact=True,
            )
            yield Static("Enter  choose     Esc  leave", classes="answers", markup=False)

    def on_mount(self) -> None:
        """Highlight the first choice."""
        keys = [*self._answers]
        self.query_one(OptionList).highlighted = (
            keys.index(self._value) if self._value in keys else 0
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close with the answer."""
        event.stop()
        self.dismiss(event.option.id or "")

    def action_leave(self) -> None:
        """Close with "" as the answer."""
        self.dismiss("")
