"""The keys of all screens, and the checks of keys that a runner chooses."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding
from textual.keys import Keys, key_to_character

from cadence_cue.tui import library, playing, preferences, quick_beat, welcome  # noqa: F401 (they register)
from cadence_cue.tui.page import MESSAGES, Page

QUIT = "ctrl+q"
"""Quits from anywhere, so it cannot be chosen for another action."""

APP_KEYS = [
    Binding("l", "library", "library", id="app.library"),
    *(page.OPENER for page in Page.registry.values() if page.OPENER),
    Binding("x", "export", "export", show=False, tooltip="write it to a file", id="app.export"),
    Binding("M", "messages", show=False, tooltip="all messages in full", id=MESSAGES),
    Binding("question_mark", "keys", "keys", key_display="?", id="app.keys"),
    Binding("q", "leave", "quit", id="app.quit"),
    Binding("escape", "back", "back", show=False, id="app.back"),
    Binding("ctrl+z", "suspend_process", show=False, id="app.suspend"),
]
"""The keys that the app has on every screen that takes them."""


def actions() -> list[str]:
    """The names of all actions whose keys can be changed."""
    return sorted({name for page in Page.registry.values() for name, _ in _bindings(page)})


def is_key(name: str) -> bool:
    """Whether there is a key of this name that can be chosen."""
    *_, last = name.split("+") if len(name) > 1 else [name]
    known = key_to_character(last) is not None or last in {key.value for key in Keys}
    return bool(last) and known and name != QUIT


def keymap(chosen: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return chosen pairs of action and keys as Textual's keymap, each key by its name."""
    return {action: ",".join(_names(keys)) for action, keys in chosen}


def taken(action: str, chosen: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """Return a key of this action that clashes with another on the same screen, and that action.

    `chosen` are pairs of action and keys; all other actions have their default keys. None if
    there is no clash.
    """
    typed = dict(chosen)
    for page in Page.registry.values():
        keys: dict[str, set[str]] = {}
        for name, usual in _bindings(page):
            keys.setdefault(name, set()).update(_names(typed.get(name, usual)))
        for name, others in keys.items():
            if name != action and (same := keys.get(action, set()) & others):
                parts = typed.get(action, "").split(",")  # to return it as it was typed
                key = next((part for part in parts if same.intersection(_names(part))), min(same))
                return key, name
    return None


def _bindings(page: type[Page]) -> Iterable[tuple[str, str]]:
    """The name and default keys of each action of a screen, and of the app if they work there."""
    bindings = [*page.BINDINGS, *(APP_KEYS if page.takes_app_keys else [])]
    return [(each.id, each.key) for each in bindings if isinstance(each, Binding) and each.id]


def _names(keys: str) -> list[str]:
    """Textual's name of each key in a list with commas: "+" is "plus"."""
    bindings = [Binding(key, "") for key in keys.split(",") if key.strip()]
    return [each.key for each in Binding.make_bindings(bindings)]
