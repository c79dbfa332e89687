"""What is read and answered in front of a screen: questions, cards, the keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from cadence_cue.app.invocation import command
from cadence_cue.tui.page import Dialog


class Confirm(Dialog[bool]):
    """A question with two answers; Escape is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)"),
        Binding("n,escape,q", "answer(False)"),
    ]

    def __init__(self, question: str, *, yes: str, no: str) -> None:
        super().__init__()
        self._question = question
        self._answers = f"y  {yes}     n  {no}"

    def compose(self) -> ComposeResult:
        """The question, and the two keys."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield Static(self._answers, classes="answers", markup=False)

    def action_answer(self, yes: bool) -> None:
        """Answer."""
        self.dismiss(yes)


class Ask(Dialog[str]):
    """A question that is answered with a few words; Escape leaves it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave")]

    def __init__(self, question: str, value: str = "") -> None:
        super().__init__()
        self._question = question
        self._value = value

    def compose(self) -> ComposeResult:
        """The question, and a line to write."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield Input(self._value, compact=True)
            yield Static("Enter  take it     Esc  leave", classes="answers", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what was written."""
        event.stop()
        self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        """Answer nothing."""
        self.dismiss("")


class Card(Dialog[None]):
    """Lines to read; everything that plays goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,i,q,question_mark,enter", "leave")]

    def __init__(self, lines: Callable[[int], Iterable[str]]) -> None:
        """`lines` are those for so many columns."""
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """The lines, to be scrolled."""
        with VerticalScroll(classes="card"):
            yield Static(markup=False)
        yield Static("↑↓ scroll   Esc back", classes="hint", markup=False)

    def on_resize(self) -> None:
        """Lines for the columns that there are."""
        columns = max(20, min(84, self.app.size.width - 10))
        self.query_one(".card Static", Static).update("\n".join(self._lines(columns)))

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()


class KeysScreen(Card):
    """Every key of a screen and of the whole app, with the runner's own keys in their place."""

    def __init__(self, screen: Screen[object]) -> None:
        keys: dict[str, dict[str, list[str]]] = {}  # of each action, by what is told of it
        for _, binding, _, _ in screen.active_bindings.values():
            words = binding.tooltip or binding.description
            if words and binding.id:  # those of our own
                shown = binding.key_display or screen.app.get_key_display(binding)
                keys.setdefault(words, {}).setdefault(binding.action, []).append(shown)
        lines = [screen.name or "Keys"]
        for words, actions in keys.items():
            lines.append(f"{' '.join(map('/'.join, actions.values())):>15}  {words}")
        lines += ["", f"Other keys: {command('settings keys ACTION=KEY')} (docs/screen.md)."]
        super().__init__(lambda _columns: lines)
