"""The watchdog: detects that a device has stopped asking for sound.

PortAudio raises nothing when a sound server dies; the callbacks just stop coming. It reads no
clock itself, so that a test can step it.
"""

from __future__ import annotations

TICK = 0.1
"""Seconds between two checks."""

_LATE = 0.05
_STARTING = 50
_PLAYING = 6
_STEADY = 3


class Watchdog:
    """Counts checks without progress; six in a row mean that the engine is lost.

    Before the device asks steadily it takes fifty. A check that comes more than 50 ms late is not
    counted: this process was held up then, and perhaps so was the engine.
    """

    def __init__(self, now: float) -> None:
        self._last = now
        self._progress = 0
        self._steps = 0
        self._misses = 0

    @property
    def steady(self) -> bool:
        """Whether three checks saw progress: a suspended device fills its buffer only once."""
        return self._steps >= _STEADY

    def rest(self, now: float) -> None:
        """Expect no progress at `now` (seconds), and afterwards a device that opens again."""
        self._last = now
        self._steps = self._misses = 0

    def lost(self, now: float, progress: int) -> bool:
        """Check the engine's count of blocks at `now` (seconds); True when the engine is lost."""
        late = now - self._last > TICK + _LATE
        self._last = now
        if progress != self._progress:
            self._progress = progress
            self._steps += 1
            self._misses = 0
        elif not late:
            self._misses += 1
        return self._misses >= (_PLAYING if self.steady else _STARTING)
