"""What all screens share: the app that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

if TYPE_CHECKING:
    from cadence_cue.tui.app import CadenceApp

T = TypeVar("T")


class Cancelled(Exception):  # noqa: N818 (nothing is wrong)
    """What is made beside the screen is not wanted any more."""


class Page(Screen[None]):
    """A screen of the app."""

    @property
    def cadence_app(self) -> CadenceApp:
        """The app."""
        return cast("CadenceApp", self.app)

    def write(self, where: str, text: str) -> None:
        """Change a line, if it is another: what is the same is not drawn again."""
        line = self.query_one(where, Static)
        if line.content != text:
            line.update(text)


class Dialog(ModalScreen[T]):
    """A question, or something to read, in front of a screen."""

    # The app's own keys are not for dialogs, but this one is the terminal's.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+z", "app.suspend_process", show=False)]

    @property
    def cadence_app(self) -> CadenceApp:
        """The app."""
        return cast("CadenceApp", self.app)
