"""The screen that records a session's missing lines from the microphone, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from enum import Enum, auto
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.timer import Timer

from cadence_cue import storage
from cadence_cue.app.voice.audition import Playback
from cadence_cue.app.voice.line_takes import COUNT, LONGEST, UNHEARD, Takes
from cadence_cue.app.voice.recorded_lines import Line
from cadence_cue.errors import UserError
from cadence_cue.live.output import NoSoundError
from cadence_cue.live.recorder import Recorder
from cadence_cue.studio import Performance
from cadence_cue.tui.rows import TextPage
from cadence_cue.tui.ways_out import worded


class _Step(Enum):
    """What is being done to a line."""

    ASKED = auto()
    OPENING = auto()
    SPOKEN = auto()
    PLANNED = auto()
    REFUSED = auto()
    USABLE = auto()


_HOW = "Enter counts in from three; any key ends the take, and you hear it."
_BEFORE = (_Step.ASKED, _Step.REFUSED, _Step.USABLE)
"""The steps in which a take may begin."""


class LineRecordingScreen(TextPage):
    """Counts in, records a line, plays it, and keeps it or records it again."""

    takes_app_keys = False  # any key ends a take
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "keep", "keep", tooltip="keep this take", id="record.keep"),
        Binding("h", "hear", "hear again", tooltip="hear the take again", id="record.hear"),
        Binding("enter,r", "take", "record", tooltip="count in and record", id="record.take"),
        Binding("s", "skip", "skip", tooltip="leave this line out", id="record.skip"),
        Binding("escape", "leave", "back", id="record.leave"),
    ]

    def __init__(self, lines: Sequence[Line], folder: Path) -> None:
        """Record `lines`, of which there is at least one, into a folder."""
        super().__init__(name="Record your lines")
        self._lines = lines
        self._folder = folder
        self._number = 0
        self._step = _Step.ASKED
        self._told: tuple[str, ...] = ()
        self._kept = 0
        self._open = ExitStack()
        self._recorder: Recorder | None = None
        self._timer: Timer | None = None
        self._performance: Performance | None = None
        self._playback = Playback()

    def on_mount(self) -> None:
        """Ask for the first line."""
        host = self.cadence_app
        tried = self._open.enter_context(storage.temporary_folder())
        self._takes = Takes(host.library, host.settings, tried, self._folder)
        self._be(_Step.ASKED, _HOW)

    def on_unmount(self) -> None:
        """Let the devices go, and delete the takes that were not kept."""
        if self._recorder:
            self._recorder.close()
        self._playback.stop()
        self._open.close()

    def _be(self, step: _Step, *told: str) -> None:
        """Show a step, with what there is to say about it, and its keys."""
        self._step, self._told = step, told
        line = self._lines[self._number]
        self.show([f"{self._number + 1} of {len(self._lines)}, {self._kept} kept",
                   "", line.text, "", *told])  # fmt: skip
        self.refresh_bindings()

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Disable the keys that the step has no use for."""
        match action:
            case "keep" | "hear":
                return self._step is _Step.USABLE
            case "take" | "skip":
                return self._step in _BEFORE
            case "leave":
                return self._step is not _Step.SPOKEN
        return True

    def on_key(self, event: Key) -> None:
        """End the take by any key."""
        if self._step is _Step.SPOKEN:
            event.stop()
            self._end()

    # A take.

    def action_take(self) -> None:
        """Open the microphone, count in and record."""
        self._playback.stop()
        self._be(_Step.OPENING, "Opening the microphone…")
        self._open_microphone()

    @work(thread=True, exclusive=True)
    def _open_microphone(self) -> None:
        """Open it in a thread; it is open before the count begins."""
        try:
            recorder = Recorder(self.cadence_app.settings.microphone or None)
        except NoSoundError as error:
            self.from_thread(self._be, _Step.REFUSED, f"Nothing was recorded: {error}.")
            return
        if not self.from_thread(self._count_in, recorder):
            recorder.close()

    def _count_in(self, recorder: Recorder, number: int = 3) -> None:
        self._recorder = recorder
        if number:
            self._be(_Step.OPENING, f"{number}…")
            self.set_timer(COUNT, lambda: self._count_in(recorder, number - 1))
            return
        recorder.forget()
        self._timer = self.set_timer(LONGEST, self._end)
        self._be(_Step.SPOKEN, "● Speak now; any key ends the take.")

    def _end(self) -> None:
        if self._timer:
            self._timer.stop()
        if self._recorder:
            self._be(_Step.PLANNED, "Listening to it…")
            self._judge(self._recorder)

    @work(thread=True, exclusive=True)
    def _judge(self, recorder: Recorder) -> None:
        """Write the take and plan how it is heard, in a thread."""
        line = self._lines[self._number]
        try:
            self._takes.write(line, recorder.stop())
            performance = self._takes.heard(line, self.cadence_app.rate)
        except NoSoundError as error:
            self.from_thread(self._be, _Step.REFUSED, f"Nothing was recorded: {error}.")
        except (OSError, UserError) as error:
            self.from_thread(self._be, _Step.REFUSED, worded(error))
        else:
            self.from_thread(self._usable, performance)
        finally:
            recorder.close()

    def _usable(self, performance: Performance) -> None:
        self._performance = performance
        unheard = (UNHEARD,) if self.cadence_app.player.silent else ()
        self._be(_Step.USABLE, *performance.cast.doubts, *unheard)
        self.action_hear()

    def action_hear(self) -> None:
        """Play the take as a session would."""
        host = self.cadence_app
        if self._performance and not host.player.silent:
            self._playback.start(self._performance, host.player, host.settings)

    def follow(self) -> None:
        """Let the device go when the take was heard."""
        super().follow()
        self._playback.poll()

    # What becomes of it.

    def action_keep(self) -> None:
        """Keep the take, and go to the next line."""
        try:
            self._takes.keep(self._lines[self._number])
        except OSError as error:
            self._be(_Step.USABLE, worded(error))
            return
        self._kept += 1
        self.action_skip()

    def action_skip(self) -> None:
        """Go to the next line; leave after the last."""
        self._playback.stop()
        if self._number + 1 == len(self._lines):
            self.dismiss()
            return
        self._number += 1
        self._be(_Step.ASKED, _HOW)

    def action_leave(self) -> None:
        """Leave with what was kept."""
        self.dismiss()
