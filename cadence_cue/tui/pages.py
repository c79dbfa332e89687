"""Dialogs that several screens use: questions, cards to read, the list of keys."""

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
    """A question with two answers; Escape is no, and Enter, pressed twice in haste, is neither."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)"),
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
        """Close with this answer."""
        self.dismiss(yes)


class Ask(Dialog[str]):
    """A question with a line to type the answer; Escape answers ""."""

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
        """Close with the typed answer."""
        event.stop()
        self.dismiss(event.value.strip())

    def action_leave(self) -> None:
        """Close with "" as the answer."""
        self.dismiss("")


class Card(Dialog[None]):
    """Lines to read; what plays continues."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,i,q,question_mark,enter", "leave")]

    def __init__(self, lines: Callable[[int], Iterable[str]]) -> None:
        """`lines` returns the lines for a number of columns."""
        super().__init__()
        self._lines = lines

    def compose(self) -> ComposeResult:
        """The lines in a scrolling view, and a hint."""
        with VerticalScroll(classes="card"):
            yield Static(markup=False)
        yield Static("↑↓ scroll   Esc back", classes="hint", markup=False)

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        columns = max(20, min(84, self.app.size.width - 10))
        self.query_one(".card Static", Static).update("\n".join(self._lines(columns)))

    def action_leave(self) -> None:
        """Back."""
        self.dismiss()


class KeysScreen(Card):
    """Every key of a screen and of the app, including those that the runner changed."""

    def __init__(self, screen: Screen[object]) -> None:
        keys: dict[str, dict[str, list[str]]] = {}  # the keys of each action, by its description
        for _, binding, _, _ in screen.active_bindings.values():
            words = binding.tooltip or binding.description
            if words and binding.id:  # leaves out Textual's own
                shown = binding.key_display or screen.app.get_key_display(binding)
                keys.setdefault(words, {}).setdefault(binding.action, []).append(shown)
        lines = [screen.name or "Keys"]
        for words, actions in keys.items():
            lines.append(f"{' '.join(map('/'.join, actions.values())):>15}  {words}")
        lines += ["", f"Other keys: {command('settings keys ACTION=KEY')} (docs/screen.md)."]
        super().__init__(lambda _columns: lines)
