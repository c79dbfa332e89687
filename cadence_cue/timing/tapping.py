"""Tap tempo: the tempo that somebody means, from taps that nobody makes evenly.

The median step of the last taps. Taps that were left out or made twice do not count, and nothing
is drawn to a handsome number: the spread tells how steady the taps were.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

FEWEST = 4
"""Taps from which a tempo can be told."""

LAST = 12
"""Taps that count: a person who settles in is not held to the beginning."""

_NEW = 2.5  # seconds without a tap after which it begins anew: 24 a minute are slow enough
_DOUBLE = 0.12  # seconds: quicker than any step, so a key that bounced
_NEAR = 0.25  # of the median: farther away, a step is no step


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tempo per minute, how far off it may be (two standard errors), and the taps it is from."""

    tempo: float
    spread: float
    taps: int

    @property
    def steady(self) -> bool:
        """Whether it is good enough to be followed: within three per cent."""
        return self.spread <= 0.03 * self.tempo


class Taps:
    """The taps of one person, as they come."""

    def __init__(self) -> None:
        self._at: list[float] = []

    def tap(self, at: float) -> Tapped | None:
        """Take a tap at a time in seconds; the tempo so far, None while there are too few."""
        if self._at and at - self._at[-1] > _NEW:
            self._at.clear()
        if self._at and at - self._at[-1] < _DOUBLE:
            return self.tapped
        self._at = [*self._at, at][-LAST:]
        return self.tapped

    @property
    def last(self) -> float | None:
        """When the last tap came, in seconds."""
        return self._at[-1] if self._at else None

    @property
    def tapped(self) -> Tapped | None:
        """The tempo of the last taps."""
        gaps = [after - before for before, after in zip(self._at, self._at[1:], strict=False)]
        if len(gaps) < FEWEST - 1:
            return None
        middle = statistics.median(gaps)
        # A tap left out makes a gap of two steps, or more.
        steps = [gap / max(round(gap / middle), 1) for gap in gaps]
        good = [step for step in steps if abs(step / middle - 1) <= _NEAR]
        if len(good) < FEWEST - 1:
            return None
        step = statistics.median(good)
        error = 1.25 * statistics.stdev(good) / len(good) ** 0.5  # of a median
        return Tapped(60 / step, 2 * error * 60 / step**2, len(good) + 1)
