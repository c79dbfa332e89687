"""The engine process as its parent sees it: start it, send to it, listen to it, end it."""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cadence_cue.live.child import ENGINE, ChildProcess, StartedProcess
from cadence_cue.live.control import ControlBlock
from cadence_cue.live.messages import MessageKind, send
from cadence_cue.live.output import Opened, Output
from cadence_cue.live.position import Position, PositionFinder

if TYPE_CHECKING:
    from cadence_cue.live.packing import Clips
    from cadence_cue.sound.spans import LaidMusic
    from cadence_cue.timing.timeline import Timeline


class EngineProcess(ChildProcess):
    """A running engine and the control block that it shares with us."""

    def __init__(
        self,
        output: Output,
        rate: int,
        latencies: Sequence[float],
        *,
        stepped: bool = False,
        started: StartedProcess | None = None,
    ) -> None:
        """Give an engine its order; `listen` reports whether it plays.

        It is the one that was `started`, or a new one; OSError is raised if that cannot start. The
        device is opened at `rate` frames per second if it accepts that, with the first of
        `latencies` (seconds), and with the next whenever it runs dry. With `stepped` the engine
        has no clock of its own.
        """
        self._stepped = stepped
        self._finder: PositionFinder | None = None
        self.opened: Opened | None = None
        """What the engine plays on, once it has reported it."""
        with contextlib.ExitStack() as block:
            self.control = ControlBlock()
            block.callback(os.close, self.control.descriptor)
            block.callback(self.control.close)
            order = {
                "output": asdict(output),
                "rate": rate,
                "latencies": list(latencies),
                "stepped": stepped,
            }
            handed = {"control": self.control.descriptor}
            super().__init__(started or StartedProcess(ENGINE), order, handed)
            self._shared.callback(block.pop_all().close)

    def load(self, beats: Clips, voice: Clips) -> None:
        """Send clips that later timelines use."""
        from cadence_cue.live.packing import pack_clips  # noqa: PLC0415 - numpy, after the start

        self.hand_clips(pack_clips(beats, voice))

    def hand_clips(self, descriptor: int) -> None:
        """Send packed clips that later timelines use; the descriptor is closed here."""
        self._send(MessageKind.CLIPS, 0, descriptor)

    def send(self, number: int, timeline: Timeline, music: LaidMusic | None = None) -> None:
        """Send a timeline, with music if it brings some, and its id in the control block."""
        from cadence_cue.live.packing import pack_music, pack_timeline  # noqa: PLC0415 - numpy, after the start

        if music is not None:
            self._send(MessageKind.MUSIC, number, pack_music(music))
        self._send(MessageKind.TIMELINE, number, pack_timeline(timeline))

    def set_music(self, music: LaidMusic | None) -> None:
        """Play music under this and later timelines; None removes it."""
        from cadence_cue.live.packing import pack_music  # noqa: PLC0415 - numpy, after the start

        self._send(MessageKind.MUSIC, 0, pack_music(music))

    def step(self, frames: int) -> None:
        """Have `frames` frames rendered; the engine reports "stepped" when they are."""
        self._send(MessageKind.STEP, frames, None)

    def heard(self, offset: float, instant: float | None = None) -> Position:
        """The position heard now, or at an instant; `offset` is how late the sound is, in s."""
        if self._finder is None:
            return Position()
        # What is played in steps is heard as soon as it is made.
        now = time.monotonic() if instant is None else instant
        heard_at = math.inf if self._stepped else now - offset
        return self._finder.heard(self.control.played_blocks(), heard_at)

    def listen(self, seconds: float) -> dict[str, Any]:
        """Return the fields of the messages that arrive within `seconds`; {} if none does.

        Sets `ended` when the engine has closed its side, and `opened` when it plays.
        """
        told: dict[str, Any] = {}
        for message in self.messages(seconds):
            told |= message
        if "opened" in told:
            self.opened = Opened(**told["opened"])
            self._finder = PositionFinder(self.opened.rate)
        return told

    def _send(self, part: MessageKind, number: int, descriptor: int | None) -> None:
        with contextlib.suppress(OSError):  # the engine has ended, which `listen` reports
            send(self._channel, part, number, descriptor)
