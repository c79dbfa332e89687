"""The screen on which a runner chooses other keys."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import Static

from cadence_cue.errors import UserError
from cadence_cue.tui.keymap import all_bindings, check, keymap, words_of
from cadence_cue.tui.page import Dialog
from cadence_cue.tui.rows import BACK, RowsPage
from cadence_cue.tui.short import fitted
from cadence_cue.tui.ways_out import worded

_KEYS, _NAME = 16, 20  # columns


class PressScreen(Dialog[str]):
    """Waits for the new key of an action; Escape answers ""."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave")]

    def __init__(self, action: str) -> None:
        super().__init__()
        self._action = action

    def compose(self) -> ComposeResult:
        """The question, and what is wrong with a key."""
        with Vertical(classes="dialog"):
            does = words_of(all_bindings()[self._action])
            yield Static(f"Press the new key for this: {does}.", markup=False)
            yield Static(id="wrong", markup=False)
            yield Static("Esc  leave", classes="answers", markup=False)

    def on_key(self, event: Key) -> None:
        """Take the key, or say why it cannot be taken."""
        if event.key == "escape":
            return
        event.stop()
        event.prevent_default()
        settings = self.cadence_app.settings
        try:
            check(self._action, settings.with_keys(self._action, event.key).keys)
        except UserError as error:
            self.tell(worded(error))
        else:
            self.dismiss(event.key)

    def action_leave(self) -> None:
        """Leave it as it is."""
        self.dismiss("")


class KeySettingsScreen(RowsPage):
    """A row for each action; Enter gives it another key."""

    HANGING = _KEYS + _NAME + 4  # below what it does

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "another key", id="keys.press"),
        Binding("delete,backspace", "usual", "the usual key", id="keys.usual"),
        BACK,
    ]

    def __init__(self) -> None:
        super().__init__(name="Your keys")

    def on_mount(self) -> None:
        """List the keys."""
        self._list()

    def _list(self) -> None:
        """Show the keys as they are now."""
        chosen = dict(self.cadence_app.settings.keys)
        rows = {}
        for name, binding in all_bindings().items():
            keys = Binding.make_bindings([Binding(chosen.get(name) or binding.key, "")])
            shown = " ".join(map(self.app.get_key_display, keys))
            mark = "*" if name in chosen else " "
            does = words_of(binding)
            rows[name] = f"{mark} {fitted(shown, _KEYS)} {fitted(name, _NAME)} {does}"
        self.show("* is your own. Enter, then press another key; Delete gives the usual one.", rows)

    def action_take(self) -> None:
        """Ask for another key."""
        if name := self.chosen:
            self.app.push_screen(PressScreen(name), partial(self._save, name))

    def action_usual(self) -> None:
        """Give the chosen action its usual key again."""
        name, settings = self.chosen, self.cadence_app.settings
        try:
            check(name, settings.with_keys(name, "").keys)
        except UserError as error:  # another action has it now
            self.notify(worded(error), severity="warning")
        else:
            self._keep(name, "")

    def _save(self, name: str, key: str | None) -> None:
        if key:
            self._keep(name, key)

    def _keep(self, name: str, keys: str) -> None:
        host = self.cadence_app
        host.change_settings(lambda saved: saved.with_keys(name, keys))
        host.set_keymap(keymap(host.settings.keys))
        self._list()
