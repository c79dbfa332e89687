"""A wish that is ticked or not: told by the mark, not by its colour."""

from __future__ import annotations

from textual.widgets import Checkbox


class Tick(Checkbox):
    """A check box that is empty while it is off; Textual's is told by its colour alone."""

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802 (Textual's name)
        """The mark."""
        return "X" if self.value else " "
