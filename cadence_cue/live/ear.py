"""Turns what a microphone hears, block by block, into steps at instants of the computer's clock."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cadence_cue.live.clock import StreamClock
from cadence_cue.media.samples import conformed
from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.onsets import Onset, OnsetDetector

_CERTAIN = 0.3  # seconds after which the detector has told all that it hears


class Ear:
    """Hears the steps in one stream, which has no gap. Thread: one."""

    def __init__(self, rate: int) -> None:
        """Hear a stream of `rate` frames per second."""
        self._rate = rate
        self._clock = StreamClock(rate)
        self._detector = OnsetDetector()
        self._frames = 0
        self._block = np.zeros((0, 1), np.float32)
        self._resampled = conformed(self._blocks(), rate, rate=RATE, channels=1)

    def hear(self, block: npt.NDArray[np.float32], at: float) -> list[Onset]:
        """Take a block, shape (n, 1), that was heard `at` (seconds of time.monotonic).

        Returns the steps that are certain by now, at seconds of time.monotonic.
        """
        self._clock.note(self._frames, at)
        self._frames += len(block)
        self._block = block
        onsets = self._detector.feed(next(self._resampled)[:, 0])
        return [Onset(self._clock.time_at(each.at * self._rate), each.contrast) for each in onsets]

    @property
    def heard(self) -> tuple[float, float]:
        """From when to when all steps are known, in seconds of time.monotonic."""
        return self._clock.time_at(0), self._clock.time_at(self._frames) - _CERTAIN

    @property
    def noise_db(self) -> float | None:
        """The room's noise below full scale in decibels."""
        return self._detector.noise_db

    def _blocks(self) -> Iterator[npt.NDArray[np.float32]]:
        while True:
            yield self._block
