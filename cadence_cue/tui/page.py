"""The base classes of screens and dialogs, and the registry of screens."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import ClassVar, TypeVar, cast

from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from cadence_cue.app.external_editor import edited
from cadence_cue.app.preparing import Prepared
from cadence_cue.errors import printable
from cadence_cue.tui.host import Host

T = TypeVar("T")

MESSAGES = "app.messages"
"""The action that shows all messages in full."""


class Cancelled(Exception):  # noqa: N818 (not an error)
    """Work in a thread was cancelled."""


class Page(Screen[None]):
    """A screen of the app. Every subclass is in `registry`, by the name of its class."""

    registry: ClassVar[dict[str, type[Page]]] = {}
    OPENER: ClassVar[Binding | None] = None
    """The key that opens it from other screens; its action is `open('NAME')`."""
    takes_app_keys: ClassVar[bool] = True
    """Whether the app's keys work on it."""
    needs_playing: ClassVar[bool] = False
    """Whether it is closed when nothing plays any more."""

    def __init_subclass__(cls, *, inherit_bindings: bool = True) -> None:
        """Register it."""
        super().__init_subclass__(inherit_bindings=inherit_bindings)
        cls.registry[cls.__name__] = cls

    @property
    def cadence_app(self) -> Host:
        """The app."""
        return cast("Host", self.app)

    @property
    def exportable(self) -> Prepared | None:
        """What the export key writes from here; None where nothing is chosen."""
        return self.cadence_app.playing

    def follow(self) -> None:
        """Show the state of what plays. Called twenty times a second while in front."""

    @property
    def no_sound(self) -> str:
        """A sentence about why there is no sound; "" while there is."""
        player = self.cadence_app.player
        if not player.silent:
            return ""
        return player.notices[-1] if player.notices else "Opening the sound ..."

    def edit_outside(self, path: Path) -> None:
        """Let the runner edit a file in an editor of their own; what plays continues."""
        found = False
        with suppress(SuspendNotSupported):
            found = edited(path, self.app.suspend)
        if not found:
            self.notify(f"There is no editor; set EDITOR. The file: {path}", markup=False)

    def write(self, where: str, text: str) -> None:
        """Set the text of the Static `where`, without drawing it again if it is the same.

        What comes from outside shows all of its characters.
        """
        text = "\n".join(map(printable, text.split("\n")))
        line = self.query_one(where, Static)
        if line.content != text:
            line.update(text)

    def write_banner(self) -> None:
        """Show a banner while something plays without sound."""
        banner = self.no_sound if self.cadence_app.transport else ""
        self.query_one("#banner").display = bool(banner)
        self.write("#banner", banner)


class Dialog(ModalScreen[T]):
    """A question, or something to read, in front of a screen."""

    # The app's keys do not work in dialogs, but this one belongs to the terminal.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+z", "app.suspend_process", show=False)]

    @property
    def cadence_app(self) -> Host:
        """The app."""
        return cast("Host", self.app)

    def tell(self, text: str) -> None:
        """Show what is wrong or being done, in view on a screen of few rows too."""
        wrong = self.query_one("#wrong", Static)
        wrong.update(text)
        if text:
            self.call_after_refresh(wrong.scroll_visible, animate=False)
