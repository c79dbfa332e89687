"""A level in decibels that is changed with + and -."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

LOWEST = -60.0
_SHOWN = -30.0  # the left end of the bar: below it differences are hardly heard
_WIDTH = 16  # cells of the bar


class Level(Widget, can_focus=True):
    """A slider from -60 to 0 dB."""

    DEFAULT_CSS = """
    Level { width: 26; height: 1; }
    Level:focus { background: $primary; color: $background; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus,equals_sign,right", "by(1)", "louder", key_display="+", id="level.louder"),
        Binding("minus,left", "by(-1)", "softer", key_display="-", id="level.softer"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    class Changed(Message):
        """The runner has changed it."""

        def __init__(self, level: Level) -> None:
            super().__init__()
            self.level = level

    value = reactive(0.0)

    def __init__(self, value: float) -> None:
        super().__init__()
        self.set_reactive(Level.value, value)

    def validate_value(self, value: float) -> float:
        """Keep it within its limits."""
        return min(max(value, LOWEST), 0.0)

    def watch_value(self) -> None:
        """Tell that it has changed."""
        self.post_message(self.Changed(self))

    def render(self) -> Content:
        """Return the bar and the number."""
        at = round((max(self.value, _SHOWN) - _SHOWN) / -_SHOWN * (_WIDTH - 1))
        return Content(f"{'━' * at}●{'─' * (_WIDTH - 1 - at)} {self.value:3g} dB")

    def action_by(self, decibels: int) -> None:
        """Make it louder or softer."""
        self.value += decibels

    def on_click(self, event: Click) -> None:
        """Set it to where the mouse is."""
        if event.x < _WIDTH:
            self.value = round(_SHOWN - event.x / (_WIDTH - 1) * _SHOWN)
