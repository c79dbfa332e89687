"""The silent clock: steps the frames in real time where no device does."""

from __future__ import annotations

import time
from collections.abc import Callable

from cadence_cue.live.control import Desired, State
from cadence_cue.live.position import Position


class SilentClock:
    """A frame clock that follows the desired state as the engine does, and plays nothing.

    It needs no thread: its position is computed when somebody asks.
    """

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Frames per second, and a clock in seconds."""
        self._rate = rate
        self._clock = clock
        self._desired = Desired()
        self._end = 0
        self._since = 0.0

    def want(self, desired: Desired, end: int) -> None:
        """Follow `desired`, up to the frame `end`."""
        if desired.generation == self._desired.generation:
            desired = desired._replace(frame=self.heard().frame)
        self._desired = desired
        self._end = end
        self._since = self._clock()

    def heard(self) -> Position:
        """The frame whose turn it is."""
        frame = self._desired.frame
        if not self._desired.generation:
            return Position()
        if self._desired.playing:
            frame += int((self._clock() - self._since) * self._rate)
        if frame >= self._end:
            return Position(self._desired.generation, self._end, State.FINISHED)
        state = State.PLAYING if self._desired.playing else State.PAUSED
        return Position(self._desired.generation, frame, state)
