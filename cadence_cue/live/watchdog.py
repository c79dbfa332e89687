"""The watchdog: tells when a device has stopped asking for sound.

PortAudio raises nothing when a sound server dies; the callbacks just stop coming.
"""

from __future__ import annotations

TICK = 0.1
"""Seconds between two looks."""

_LATE = 0.05
_STARTING = 50
_PLAYING = 6
_STEADY = 3


class Watchdog:
    """Counts looks without progress: six in a row, or fifty before the device asks steadily.

    A look that comes more than 50 ms late counts nothing: then this process was held up, and so
    perhaps was the engine.
    """

    def __init__(self, now: float) -> None:
        self._last = now
        self._progress = 0
        self._steps = 0
        self._misses = 0

    @property
    def steady(self) -> bool:
        """Whether there was progress at three looks: a device that sleeps fills its buffer once."""
        return self._steps >= _STEADY

    def lost(self, now: float, progress: int) -> bool:
        """Look at `now` (seconds) at the engine's count of blocks; True when it is lost."""
        late = now - self._last > TICK + _LATE
        self._last = now
        if progress != self._progress:
            self._progress = progress
            self._steps += 1
            self._misses = 0
        elif not late:
            self._misses += 1
        return self._misses >= (_PLAYING if self.steady else _STARTING)
