"""A wish that is ticked or not: told by the mark, not by its colour."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Checkbox


class Tick(Checkbox, inherit_bindings=False):
    """A check box that is empty while it is off; Textual's is told by its colour alone.

    Space changes it; Enter is the screen's.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "toggle_button", show=False)]

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802 (Textual's name)
        """The mark."""
        return "X" if self.value else " "
