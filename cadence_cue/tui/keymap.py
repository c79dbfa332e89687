"""The keys of all screens, and the checks of keys that a runner chooses."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from textual.binding import Binding
from textual.keys import Keys, key_to_character

from cadence_cue.errors import UserError, WayOut, shown
from cadence_cue.tui.page import MESSAGES, Page
from cadence_cue.tui.screens import OPENERS, all_screens

QUIT = "ctrl+q"
"""Quits from anywhere, so it cannot be chosen for another action."""

_WHERE_TEMPOS_ARE_TYPED = ("play.", "beat.", "app.")  # the screens of these actions


def app_keys() -> list[Binding]:
    """The keys that the app has on every screen that takes them."""
    return [
        Binding("l", "library", "library", id="app.library"),
        *OPENERS,
        Binding("x", "export", "export", show=False, tooltip="write it to a file",
                id="app.export"),
        Binding("M", "messages", show=False, tooltip="all messages in full", id=MESSAGES),
        Binding("ctrl+p", "palette", "find", show=False,
                tooltip="find sessions, settings and keys", id="app.palette"),
        Binding("question_mark", "keys", "keys", key_display="?", id="app.keys"),
        Binding("q", "leave", "quit", id="app.quit"),
        Binding("escape", "back", "back", show=False, id="app.back"),
        Binding("ctrl+z", "suspend_process", show=False, tooltip="pause, and back to the shell",
                id="app.suspend"),
    ]  # fmt: skip


def check(action: str, chosen: Collection[tuple[str, str]]) -> None:
    """Refuse unknown keys and actions, and keys for `action` that another action has already.

    `chosen` are pairs of action and keys. Raises UserError.
    """
    for name, keys in chosen:
        for pressed in keys.split(","):
            typed = pressed.isdigit() and name.startswith(_WHERE_TEMPOS_ARE_TYPED)
            if typed or not is_key(pressed):
                raise UserError(
                    f'{shown(pressed)} cannot be a key for "{name}"; use a '
                    "letter, a sign, or a name such as space, f5 or ctrl+p"
                )
        if name not in (known := all_bindings()):
            raise UserError(f"there is no action {shown(name)}; there are: {', '.join(known)}")
    if clash := taken(action, chosen):
        key, other = clash
        raise UserError(
            f'"{key}" is already a key of "{other}" on the same screen',
            way_out=WayOut.OTHER_KEY,
            name=other,
        )


def all_bindings() -> dict[str, Binding]:
    """The usual binding of every action whose keys can be changed, by its name."""
    found: dict[str, Binding] = {}
    for page in all_screens():
        for each in _bindings(page):
            found.setdefault(each.id or "", each)
    return dict(sorted(found.items()))


def words_of(binding: Binding) -> str:
    """Return what the key of a binding does."""
    return binding.tooltip or binding.description


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
    for page in all_screens():
        keys: dict[str, set[str]] = {}
        for each in _bindings(page):
            name = each.id or ""
            keys.setdefault(name, set()).update(_names(typed.get(name, each.key)))
        for name, others in keys.items():
            if name != action and (same := keys.get(action, set()) & others):
                parts = typed.get(action, "").split(",")  # to return it as it was typed
                key = next((part for part in parts if same.intersection(_names(part))), min(same))
                return key, name
    return None


def _bindings(page: type[Page]) -> list[Binding]:
    """The bindings with an id of a screen, and of the app if they work there."""
    bindings = [*page.BINDINGS, *(app_keys() if page.takes_app_keys else [])]
    return [each for each in bindings if isinstance(each, Binding) and each.id]


def _names(keys: str) -> list[str]:
    """Textual's name of each key in a list with commas: "+" is "plus"."""
    bindings = [Binding(key, "") for key in keys.split(",") if key.strip()]
    return [each.key for each in Binding.make_bindings(bindings)]
