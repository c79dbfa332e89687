"""What a screen knows of the app that shows it."""

from __future__ import annotations

from textual.app import App

from cadence_cue.app.preparing import Prepared
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.model import Library
from cadence_cue.live.player import Player
from cadence_cue.transport.levels import Levels
from cadence_cue.transport.transport import Transport


class Host(App[None]):
    """The app, as its screens use it: they import this, and the app imports them."""

    player: Player
    settings: Settings
    library: Library
    broken_drills: list[str]
    """A sentence for each of the runner's drill files that cannot be used."""
    transport: Transport | None
    """What plays; None while nothing does."""
    playing: Prepared | None
    """What it was prepared as."""

    @property
    def told(self) -> str:
        """The answer that is to be shown now; "" for none."""
        raise NotImplementedError

    @property
    def rate(self) -> int:
        """Frames per second to plan for."""
        raise NotImplementedError

    def play(self, prepared: Prepared) -> None:
        """Play this from its start, in the place of what plays."""
        raise NotImplementedError

    def stop(self) -> None:
        """End what plays, here."""
        raise NotImplementedError

    def tell(self, told: list[str], *, seconds: float = 4) -> None:
        """Show an answer for some seconds, unless there is none."""
        raise NotImplementedError

    def keep(self, settings: Settings) -> None:
        """Use these settings from now on, and save what is new in them."""
        raise NotImplementedError

    def keep_levels(self, levels: Levels) -> None:
        """Begin with these levels the next time too."""
        raise NotImplementedError

    def level(self) -> None:
        """Let what plays be as loud as the settings say."""
        raise NotImplementedError

    def mark_mastered(self, drill: str, *, mastered: bool = True) -> None:
        """Save that a drill is mastered, or that it is not."""
        raise NotImplementedError

    def read_library(self) -> None:
        """Read the runner's own drills again."""
        raise NotImplementedError
