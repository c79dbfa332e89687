"""Dialogs that several screens use: questions, cards to read, the list of keys."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from cadence_cue.app.invocation import command
from cadence_cue.errors import UserError
from cadence_cue.transport.actions import ROWS
from cadence_cue.tui.keymap import words_of
from cadence_cue.tui.page import Dialog, Page
from cadence_cue.tui.ways_out import worded

_ABOUT = {action.name: row.about for row in ROWS for action in row.actions}
_HERE = "Here"
_KEYS = 16  # columns
_MOVING = "Moving about"
_OURS = {
    "cursor_up": "move", "cursor_down": "move", "first": "move", "last": "move",
    "page_up": "move", "page_down": "move", "scroll_up": "scroll", "scroll_down": "scroll",
    "scroll_home": "scroll", "scroll_end": "scroll", "app.focus_next": "next, previous field",
    "app.focus_previous": "next, previous field",
}  # fmt: skip
"""What Textual's own actions are called here."""
_LEFT_OUT = {"app.help_quit", "help_quit", "screen.copy_text", "scroll_left", "scroll_right"}


class Confirm(Dialog[bool | None]):
    """A question with two answers; Enter, pressed twice in haste, is neither.

    Escape is no, or, where no does something too, leaves without an answer: None.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)"),
        Binding("n", "answer(False)"),
        Binding("escape,q", "leave"),
    ]

    def __init__(self, question: str, *, yes: str, no: str, leave: str = "") -> None:
        """`leave` is what Escape does if that is not no."""
        super().__init__()
        self._question = question
        self._leaves = bool(leave)
        self._answers = f"y  {yes}     n  {no}" + (f"     Esc  {leave}" if leave else "")

    def compose(self) -> ComposeResult:
        """The question, and the two keys."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield Static(self._answers, classes="answers", markup=False)

    def action_answer(self, yes: bool) -> None:
        """Close with this answer."""
        self.dismiss(yes)

    def action_leave(self) -> None:
        """Close with no, or without an answer."""
        self.dismiss(None if self._leaves else False)


class Ask(Dialog[str]):
    """A question with a line to type the answer; Escape answers "".

    It stays open, with the reason, while `check` raises UserError for what is typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave")]

    def __init__(
        self, question: str, value: str = "", check: Callable[[str], object] = lambda _: None
    ) -> None:
        super().__init__()
        self._question = question
        self._value = value
        self._check = check

    def compose(self) -> ComposeResult:
        """The question, and a line to write."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield Input(self._value, compact=True)
            yield Static(id="wrong", markup=False)
            yield Static("Enter  take it     Esc  leave", classes="answers", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with the typed answer, unless it is wrong."""
        event.stop()
        answer = event.value.strip()
        try:
            self._check(answer)
        except UserError as error:
            self.tell(worded(error))
        else:
            self.dismiss(answer)

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
    """Every key that works on a screen, by what it is about, as the runner has it."""

    def __init__(self, screen: Screen[object]) -> None:
        groups = _groups(screen)
        super().__init__(lambda columns: _lines(screen.name or "Keys", groups, columns))


def _groups(screen: Screen[object]) -> dict[str, list[tuple[str, str]]]:
    """The keys and what they do, by what they are about."""
    groups: dict[str, dict[str, dict[str, list[str]]]] = {}
    if isinstance(screen, Page) and screen.TYPED:
        typed, does = screen.TYPED
        groups[_HERE] = {does: {"": [typed]}}
    for active in sorted(screen.active_bindings.values(), key=_rank):
        words = _words(active)
        if words and active.binding.action not in _LEFT_OUT:
            shown = screen.app.get_key_display(active.binding)
            keys = groups.setdefault(_group(active), {}).setdefault(words, {})
            keys.setdefault(active.binding.action, []).append(shown)
    return {
        heading: [
            (" ".join(map("/".join, actions.values())), does) for does, actions in row.items()
        ]
        for heading, row in groups.items()
    }


def _lines(title: str, groups: dict[str, list[tuple[str, str]]], columns: int) -> Iterator[str]:
    yield title
    for heading, rows in groups.items():
        yield ""
        yield heading
        for keys, does in rows:
            lead = f"{keys:>{_KEYS}}  "
            yield from textwrap.wrap(
                does, columns, initial_indent=lead, subsequent_indent=" " * (_KEYS + 2)
            )
    yield ""
    yield from textwrap.wrap(
        "To choose other keys: “your keys” in the settings, or "
        f"{command('settings keys ACTION=KEY')}.",
        columns,
    )


def _words(active: ActiveBinding) -> str:
    """What a key does; "" for one that nobody would ask for."""
    binding = active.binding
    if binding.id is None and binding.action in _OURS:
        return _OURS[binding.action]
    words = words_of(binding)
    return words if binding.id else words.lower()


def _group(active: ActiveBinding) -> str:
    """The heading under which a key is listed."""
    name = active.binding.id
    if name is None:
        return _MOVING
    if name.startswith("app."):
        return "Everywhere"
    return f"What plays: {_ABOUT[name]}" if name in _ABOUT else _HERE


def _rank(active: ActiveBinding) -> tuple[int, int]:
    """Where a key stands: its group, and in that its place in the table of actions."""
    group, name = _group(active), active.binding.id or ""
    place = (group == _HERE) + 2 * (group == "Everywhere") + 3 * (group == _MOVING)
    return place, [*_ABOUT].index(name) if name in _ABOUT else 0
