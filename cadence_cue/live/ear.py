"""Turns what a microphone hears, block by block, into steps at instants of the computer's clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from cadence_cue.live.clock import StreamClock
from cadence_cue.live.echo import Echo, Lesson
from cadence_cue.live.input import HeardStep, Span
from cadence_cue.live.sounding import Samples
from cadence_cue.media.samples import conformed
from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.onsets import OnsetDetector
from cadence_cue.scoring.own_sound import STEP

_CERTAIN = 0.4  # seconds after which the detector has told all that it hears
# Samples that wait until what is played around them is known: JACK is given it at the moment at
# which it is heard.
_HELD = STEP


class Heard(NamedTuple):
    """The steps that were found, and when a step would have been lost in our own sound."""

    steps: list[HeardStep]
    hidden: list[Span]


class Ear:
    """Hears the steps in one stream, which has no gap. Thread: one."""

    def __init__(self, rate: int, echo: Echo | Lesson | None = None) -> None:
        """Hear a stream of `rate` frames per second, out of which `echo` takes our own sound."""
        self._rate, self._echo = rate, echo
        self._held = _HELD if echo else 0
        self._clock = StreamClock(RATE)
        self._detector = OnsetDetector()
        self._frames = 0
        self._block = np.zeros((0, 1), np.float32)
        self._resampled = conformed(self._blocks(), rate, rate=RATE, channels=1)
        self._waiting = np.zeros(0, np.float32)
        self._end = 0  # of the samples that the detector has

    def hear(self, block: Samples, at: float) -> Heard:
        """Take a block, shape (n, 1), that was heard `at` (seconds of time.monotonic).

        Returns what is certain by now, in seconds of time.monotonic.
        """
        self._clock.note(self._frames * RATE / self._rate, at)
        self._frames += len(block)
        self._block = block
        self._waiting = np.concatenate([self._waiting, next(self._resampled)[:, 0]])
        found = Heard([], [])
        while len(self._waiting) >= STEP + self._held:
            heard, self._waiting = self._waiting[:STEP], self._waiting[STEP:]
            self._end += STEP
            self._take(heard, found)
        return found

    def _take(self, heard: Samples, found: Heard) -> None:
        left = None
        if self._echo:
            heard, left = self._echo.subtract(heard, self._end, self._clock)
            if self._echo.doubtful:
                since, until = (self._clock.time_at(at) for at in (self._end - STEP, self._end))
                found.hidden.append((since, until))
        for each in self._detector.feed(heard, left):
            given = self._echo.frame(each.at * RATE) if self._echo else None
            found.steps.append(
                HeardStep(self._instant(each.at), each.contrast, each.loudness, given)
            )
        for since, until in self._detector.hidden():
            found.hidden.append((self._instant(since), self._instant(until)))

    @property
    def heard(self) -> Span:
        """From when to when all steps are known, in seconds of time.monotonic."""
        end = self._clock.time_at(self._frames * RATE / self._rate)
        return self._clock.time_at(0), end - _CERTAIN - self._held / RATE

    @property
    def noise_db(self) -> float | None:
        """The room's noise below full scale in decibels."""
        return self._detector.noise_db

    def _instant(self, seconds: float) -> float:
        return self._clock.time_at(seconds * RATE)

    def _blocks(self) -> Iterator[Samples]:
        while True:
            yield self._block
