"""The line of keys at the bottom of a screen."""

from __future__ import annotations

from itertools import groupby

from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

_ALL = "app.keys"  # the action that lists all keys, which is never left out


class KeyFooter(Widget):
    """The most important keys, as many as fit; each can be clicked.

    Empty behind a dialog, where none of them works.
    """

    DEFAULT_CSS = """
    KeyFooter {
        dock: bottom; height: 1; padding: 0 1; text-wrap: nowrap; background: $panel;
        link-color: $primary; link-style: bold; link-background: transparent;
        link-color-hover: $background; link-background-hover: $primary; link-style-hover: bold;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: object = None

    def on_mount(self) -> None:
        """Follow the keys that work."""
        self.screen.bindings_updated_signal.subscribe(self, self.follow)

    def follow(self, _screen: Screen[object] | None = None) -> None:
        """Draw it again if its keys have changed."""
        if self.is_attached and self._shown != (shown := self._keys()):
            self._shown = shown
            self.refresh()

    def render(self) -> Content:
        """Return the keys, each with its word."""
        self._shown = keys = self._keys()
        items = [(action, _item(words)) for action, words in keys]
        room = self.content_size.width
        room -= sum(item.cell_length + 1 for action, item in items if action == _ALL)
        shown: list[Content] = []
        full = False
        for action, item in items:
            used = sum(each.cell_length + 1 for each in shown)
            full |= action != _ALL and used + item.cell_length > room
            if action == _ALL or not full:
                room += (item.cell_length + 1) * (action == _ALL)
                shown.append(item)
        return Content(" ").join(shown)

    def _keys(self) -> list[tuple[str, list[tuple[str, str, str]]]]:
        """The action of each item, and the key, its name and the word of each of its bindings."""
        if self.app.screen is not self.screen:
            return []
        first: dict[str, Binding] = {}  # of each action: further keys are for habits
        for each in self.screen.active_bindings.values():
            if each.binding.show:
                first.setdefault(each.binding.action, each.binding)
        found = []
        for _, group in groupby(first.values(), _together):
            bindings = [*group]
            words = [self._words(each) for each in bindings]
            found.append((bindings[0].id or bindings[0].action, words))
        return found

    def _words(self, binding: Binding) -> tuple[str, str, str]:
        label = binding.group.description if binding.group else binding.description
        return binding.key, self.app.get_key_display(binding), label


def _together(binding: Binding) -> object:
    """What is the same for neighbours that share one word."""
    return binding.group or binding.action


def _item(words: list[tuple[str, str, str]]) -> Content:
    """Return the keys of an item with its word; a click on one presses it."""
    keys = []
    for key, name, _ in words:
        pressed = Style.from_meta({"@click": f"app.simulate_key({key!r})"})
        keys.append(Content(name).stylize(pressed))
    return Content(" ").join([*keys, Content.styled(words[0][2], "$foreground 85%")])
