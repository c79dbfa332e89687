"""A check box that shows its state with a mark, not only with a colour."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Checkbox


class Tick(Checkbox, inherit_bindings=False):
    """A check box that is empty while off; Textual's differs only in colour.

    Space toggles it; Enter is left to the screen.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "toggle_button", show=False)]

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802 (Textual's name)
        """The mark."""
        return "X" if self.value else " "
