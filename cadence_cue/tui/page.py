"""What all screens share: what the app asks of them, and what they know of the app."""

from __future__ import annotations

from typing import ClassVar, TypeVar, cast

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from cadence_cue.app.preparing import Prepared
from cadence_cue.tui.host import Host

T = TypeVar("T")


class Cancelled(Exception):  # noqa: N818 (nothing is wrong)
    """What is made beside the screen is not wanted any more."""


class Page(Screen[None]):
    """A screen of the app. Every subclass registers itself in `registry`, by its class's name."""

    registry: ClassVar[dict[str, type[Page]]] = {}
    OPENER: ClassVar[Binding | None] = None
    """The app's key that opens it; its action is `open('NAME')`."""
    takes_app_keys: ClassVar[bool] = True
    """Whether the keys that the app has on every screen work on it."""
    needs_playing: ClassVar[bool] = False
    """Whether it is left when nothing plays any more."""

    def __init_subclass__(cls) -> None:
        """Register it."""
        super().__init_subclass__()
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
        """Show what plays. Called twenty times a second while the screen is in front."""

    @property
    def no_sound(self) -> str:
        """Why nothing can be heard, and that all else works; "" while there is sound."""
        player = self.cadence_app.player
        if not player.silent:
            return ""
        return player.notices[-1] if player.notices else "Opening the sound ..."

    def write(self, where: str, text: str) -> None:
        """Change a line, if it is another: what is the same is not drawn again."""
        line = self.query_one(where, Static)
        if line.content != text:
            line.update(text)

    def write_banner(self) -> None:
        """Say above all else that there is no sound, as long as there is none."""
        banner = self.no_sound
        self.query_one("#banner").display = bool(banner)
        self.write("#banner", banner)


class Dialog(ModalScreen[T]):
    """A question, or something to read, in front of a screen."""

    # The app's own keys are not for dialogs, but this one is the terminal's.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+z", "app.suspend_process", show=False)]

    @property
    def cadence_app(self) -> Host:
        """The app."""
        return cast("Host", self.app)
