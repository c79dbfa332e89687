"""The interface of the app for its screens, so that they need not import the app itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import App

from cadence_cue.app.log.history import remembered
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.app.tracks.exports import Exports
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.session import Session
from cadence_cue.live.player import Player
from cadence_cue.tui.beat_choice import BeatChoice
from cadence_cue.tui.stepping import Stepping

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared
    from cadence_cue.transport.levels import Levels
    from cadence_cue.transport.transport import Transport


class Host(App[None]):
    """What screens may use of the app; CadenceApp implements it."""

    player: Player
    settings: Settings
    library: Library
    broken_drills: list[str]
    """A sentence for each of the runner's drill files that cannot be used."""
    transport: Transport | None
    """What plays; None while nothing does."""
    exports: Exports
    """The exports since the start."""
    leaving = False
    """Whether a signal has asked the app to end."""
    beat = BeatChoice()
    """The plain beat that is played, or was chosen last."""
    far = False
    """Whether only what is read from two metres is shown of what plays."""
    steps: Stepping
    """The steps that are listened for."""
    playing: Prepared | None
    """The prepared session that plays; None while nothing does."""

    @property
    def message(self) -> str:
        """The message to show now; "" for none."""
        raise NotImplementedError

    @property
    def rate(self) -> int:
        """Frames per second to plan for."""
        raise NotImplementedError

    def prepare(
        self,
        session: Session,
        options: PerformanceOptions = PerformanceOptions(),
        *,
        plain: bool = False,
    ) -> Prepared:
        """Plan a session as this runner will hear it. Raises UserError."""
        from cadence_cue.app.preparing import prepare

        return prepare(
            session,
            self.library,
            self.settings,
            options,
            live=True,
            rate=self.rate,
            plain=plain,
            practices=remembered(user_folder()),
        )

    def play(self, prepared: Prepared) -> None:
        """Play this from its start; asks first while another session plays."""
        raise NotImplementedError

    def stop(self) -> None:
        """End what plays now; asks first whether to end a session."""
        raise NotImplementedError

    def show_messages(self, messages: list[str], *, seconds: float = 4) -> None:
        """Show the last of these messages, if any, for some seconds."""
        raise NotImplementedError

    def clear_message(self) -> None:
        """Show no message any more: the last one is no longer true, or has been read."""
        raise NotImplementedError

    def change_settings(self, update: Callable[[Settings], Settings]) -> None:
        """Apply a change to the saved settings, and use them from now on."""
        raise NotImplementedError

    def save_levels(self, levels: Levels) -> None:
        """Save these levels as the settings for the next session."""
        raise NotImplementedError

    def apply_levels(self) -> None:
        """Apply the levels of the settings to what plays."""
        raise NotImplementedError

    def mark_mastered(self, drill: str, *, mastered: bool = True) -> None:
        """Save whether a drill is mastered."""
        raise NotImplementedError

    def read_library(self) -> None:
        """Read the runner's own drills again."""
        raise NotImplementedError
