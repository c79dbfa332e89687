"""Tap tempo: the intended tempo, from taps that are never quite even.

It is the median interval of the last taps. Missed and doubled taps do not count, and the result is
not rounded to a convenient number: the spread says how steady the taps were.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

FEWEST = 4
"""The fewest taps that give a tempo."""

LAST = 12
"""How many of the last taps count, so that a hesitant start is forgotten."""

_NEW = 2.5  # seconds without a tap that start a new series: 24 a minute are slow enough
_DOUBLE = 0.12  # seconds: quicker than any step, so the key bounced
_NEAR = 0.25  # of the median: an interval further off is an error
_AGREE = 0.05  # of the median: intervals that are nearer always count


@dataclass(frozen=True, slots=True)
class Tapped:
    """A tempo per minute, its uncertainty (two standard errors) and the number of taps used."""

    tempo: float
    spread: float
    taps: int

    @property
    def steady(self) -> bool:
        """Whether it is certain enough to be followed: to within three per cent."""
        return self.spread <= 0.03 * self.tempo


class Taps:
    """The taps of one person, as they come."""

    def __init__(self) -> None:
        self._at: list[float] = []

    def tap(self, at: float) -> Tapped | None:
        """Add a tap at a time in seconds and return the tempo so far; None with too few taps."""
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
    def missing(self) -> int:
        """The fewest further taps that can give a tempo while there is none."""
        return max(FEWEST - len(self._at), 1)

    @property
    def tapped(self) -> Tapped | None:
        """The tempo of the last taps; None with too few taps."""
        gaps = [after - before for before, after in zip(self._at, self._at[1:], strict=False)]
        if len(gaps) < FEWEST - 1:
            return None
        middle = statistics.median(gaps)
        # A missed tap makes a gap of two steps or more.
        steps = [gap / max(round(gap / middle), 1) for gap in gaps]
        near = [step for step in steps if abs(step / middle - 1) <= _NEAR]
        good = _agreeing(near)
        if len(good) < FEWEST - 1:
            return None
        step = statistics.median(good)
        error = 1.25 * statistics.stdev(good) / len(good) ** 0.5  # of a median
        return Tapped(60 / step, 2 * error * 60 / step**2, len(good) + 1)


def _agreeing(steps: list[float]) -> list[float]:
    """The intervals without those that stand out: the ones around a tap that came late or early.

    The two thirds nearest to the median always count, the others if they lie within three standard
    deviations: six of these, because the middle two thirds of normal intervals scatter half as much
    as all do.
    """
    if len(steps) < FEWEST:
        return steps
    middle = statistics.median(steps)
    nearest = sorted(steps, key=lambda step: abs(step - middle))
    core = nearest[: max(FEWEST - 1, -(-2 * len(steps) // 3))]
    limit = max(6 * statistics.stdev(core), _AGREE * middle)
    return [step for step in steps if step in core or abs(step - middle) <= limit]
