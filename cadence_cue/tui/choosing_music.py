"""The dialog in which the music to play underneath is chosen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Vertical
from textual.widgets import Input, Static

from cadence_cue.coaching.session import Music
from cadence_cue.tui.music_ticks import MusicDialog, Ticks


class ChooseMusic(MusicDialog[tuple[str, Ticks]]):
    """Asks for the place of music, and how it is to be played; Escape answers ""."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave"), Binding("enter", "take")]

    def __init__(self, own: Music | None) -> None:
        """The ticks are at first as for the session's `own` music."""
        super().__init__()
        self._own = own

    def compose(self) -> ComposeResult:
        """A line to write, and the ticks."""
        with Vertical(classes="dialog"):
            yield Static("Your own music: a file, folder or playlist", markup=False)
            yield Input(compact=True)
            with Grid(classes="ticks"):
                yield from self.music_ticks(self._own)
            yield Static(id="about", classes="hint", markup=False)
            yield Static("Enter  take it     Tab  next     Esc  leave", classes="answers",
                         markup=False)  # fmt: skip

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with what was chosen."""
        event.stop()
        self.action_take()

    def action_take(self) -> None:
        """Close with what was chosen."""
        self.dismiss((self.query_one(Input).value.strip(), self.ticked))

    def action_leave(self) -> None:
        """Close without music."""
        self.dismiss(("", Ticks()))
