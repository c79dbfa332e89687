"""From taps to an offset: how much later than its device says a sound reaches the ear.

A runner taps along to a lamp, then to clicks. Both are tapped a little early or late by the same
hand; what the taps to the clicks are later is the way that the device does not tell of.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

PER_MINUTE = 75
"""Flashes and clicks a minute: slow enough to tell 300 ms from none."""
PERIOD = 60 / PER_MINUTE
"""Seconds between two of them."""
EARLIEST = -0.15
"""Seconds; an offset lies from here on within one period."""
FEWEST = 8
"""Taps that are needed to one of the two."""

_STEADY = 0.045  # seconds within which half of the taps lie; a practised hand's are within 0.02


@dataclass(frozen=True, slots=True)
class Lag:
    """How many seconds after the beats the taps came.

    `seconds` is the middle one's; half of them lie within `spread` of it.
    """

    seconds: float
    spread: float
    taps: int

    @property
    def steady(self) -> bool:
        """Whether these taps tell anything."""
        return self.taps >= FEWEST and self.spread <= _STEADY


def lag(after: Sequence[float]) -> Lag:
    """The lag of taps that came so many seconds after a beat, of which the nearest is meant.

    Which beat each tap was measured from does not matter.
    """
    if not after:
        return Lag(0.0, math.inf, 0)
    turns = [2j * math.pi * seconds / PERIOD for seconds in after]
    mean = cmath.phase(sum(map(cmath.exp, turns))) / (2 * math.pi) * PERIOD
    around = [_within(seconds - mean, -PERIOD / 2) for seconds in after]
    middle = median(around)
    spread = median(abs(seconds - middle) for seconds in around)
    return Lag(mean + middle, spread, len(after))


def offset(lamp: Lag, clicks: Lag) -> float:
    """Seconds by which the clicks are heard later than their device says."""
    return _within(clicks.seconds - lamp.seconds, EARLIEST)


def _within(seconds: float, first: float) -> float:
    """The same place in the period, counted from `first` on."""
    return (seconds - first) % PERIOD + first
