"""What all screens share: the app that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from textual.screen import ModalScreen, Screen
from textual.widgets import Static

if TYPE_CHECKING:
    from cadence_cue.tui.app import CadenceApp

T = TypeVar("T")


class Page(Screen[None]):
    """A screen of the app."""

    @property
    def coach(self) -> CadenceApp:
        """The app."""
        return cast("CadenceApp", self.app)

    def write(self, where: str, text: str) -> None:
        """Change a line, if it is another: what is the same is not drawn again."""
        line = self.query_one(where, Static)
        if line.content != text:
            line.update(text)


class Dialog(ModalScreen[T]):
    """A question, or something to read, in front of a screen."""

    @property
    def coach(self) -> CadenceApp:
        """The app."""
        return cast("CadenceApp", self.app)
