"""The screen of the voices: each can be heard, and one is used."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.settings import changed
from cadence_cue.app.voice.audition import Playback, Text, audition
from cadence_cue.app.voice.voices import SAMPLE, VoiceFacts, voices
from cadence_cue.errors import UserError
from cadence_cue.studio import Performance
from cadence_cue.tui.page import END
from cadence_cue.tui.rows import BACK, RowsPage
from cadence_cue.tui.ways_out import worded


class VoicesScreen(RowsPage):
    """A row for each voice; space lets it be heard, Enter uses it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "hear", "hear it", tooltip="hear the voice", id="voices.hear"),
        Binding("enter", "take", "use it", tooltip="use this voice", id="voices.use"),
        END,
        BACK,
    ]

    def __init__(self) -> None:
        super().__init__(name="Voices")
        self._voices: dict[str, VoiceFacts] = {}
        self._playback = Playback()

    def on_mount(self) -> None:
        """Read what the voices have."""
        try:
            self._voices = {voice.name: voice for voice in voices()}
        except UserError as error:
            self.notify(worded(error), severity="warning")
        self._list()

    def _list(self) -> None:
        used = self.cadence_app.settings.voice
        rows = {
            name: f"{'*' if name == used else ' '} {name}: {voice.who}\n"
            f"    {len(voice.texts)} texts, {voice.megabytes:.1f} MB\n    {voice.licence}"
            for name, voice in self._voices.items()
        }
        self.show("* speaks to you. Hear one before a session, not during it.", rows)

    def action_take(self) -> None:
        """Let the chosen voice speak from the next session on."""
        if name := self.chosen:
            self.cadence_app.change_settings(lambda saved: changed(saved, "voice", name))
            self._list()
            self.notify(f"{name} speaks from the next session on.")

    def action_hear(self) -> None:
        """Let the chosen voice be heard."""
        if self.cadence_app.transport:
            self.end_first("hear the voice")
        elif name := self.chosen:
            self._prepare(name)

    @work(thread=True, exclusive=True)
    def _prepare(self, name: str) -> None:
        """Plan what it says, in a thread."""
        host = self.cadence_app
        options = PerformanceOptions(voice=name)
        try:
            said = Text(SAMPLE)
            performance = audition(said, host.library, host.settings, options, rate=host.rate)
        except UserError as error:
            self.from_thread(partial(self.notify, worded(error), severity="warning"))
        else:
            self.from_thread(self._play, performance)

    def _play(self, performance: Performance) -> None:
        host = self.cadence_app
        if self.in_front and host.transport is None:
            self._playback.start(performance, host.player, host.settings)

    def follow(self) -> None:
        """Let the device go when the voice has spoken."""
        super().follow()
        if self.cadence_app.transport is None:
            self._playback.poll()

    def on_unmount(self) -> None:
        """Let the device go."""
        if self.cadence_app.transport is None:
            self._playback.stop()
