"""Calibration: the delays that devices do not report, from taps and from what a microphone hears.

A runner taps along to a flashing lamp, then to clicks. The same hand taps both a little early or
late; the difference between the two is the device's hidden delay. How late a microphone hears a
click is that of both devices. Pure arithmetic: the faces show the lamp and take the taps.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

PER_MINUTE = 75
"""Flashes and clicks a minute: slow enough to distinguish 300 ms from none."""
PERIOD = 60 / PER_MINUTE
"""Seconds between two flashes or clicks."""
EARLIEST = -0.15
"""The smallest offset in seconds; offsets lie within one period from here on."""
FEWEST = 8
"""Taps that each of the two needs."""
CLICKS = 6
"""Clicks that a microphone is to hear."""
SWEEPS = 3
"""Sweeps through all tones that it hears afterwards."""

_STEADY = 0.045  # seconds within which half of the taps lie; a practised hand's are within 0.02
_ALIKE = 0.005  # seconds: what a microphone hears later or earlier was no click
_FEWEST_CLICKS, _MOST_OTHERS = 5, 3
_LOWEST, _HIGHEST = 60.0, 7900.0  # hertz of a sweep: what steps are heard by
_SWEPT, _EDGE, _LOUDNESS = 1.0, 0.02, 6000  # seconds, seconds, and the peak of 16 bits


@dataclass(frozen=True, slots=True)
class Lag:
    """How late taps were after their beats.

    `seconds` is the median; half of the taps lie within `spread` seconds of it.
    """

    seconds: float
    spread: float
    taps: int

    @property
    def steady(self) -> bool:
        """Whether there are enough taps, and even enough, to measure by."""
        return self.taps >= FEWEST and self.spread <= _STEADY


def lag(after: Sequence[float]) -> Lag:
    """The lag of taps, given in seconds after any beat; each counts for the beat nearest to it."""
    if not after:
        return Lag(0.0, math.inf, 0)
    turns = [2j * math.pi * seconds / PERIOD for seconds in after]
    mean = cmath.phase(sum(map(cmath.exp, turns))) / (2 * math.pi) * PERIOD
    around = [_within(seconds - mean, -PERIOD / 2) for seconds in after]
    middle = median(around)
    spread = median(abs(seconds - middle) for seconds in around)
    return Lag(mean + middle, spread, len(after))


def offset(lamp: Lag, clicks: Lag) -> float:
    """The offset of the device that played the clicks: seconds that it is later than it says."""
    return _within(clicks.seconds - lamp.seconds, EARLIEST)


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """How late a microphone heard `clicks`: the median, within `spread` seconds on both sides.

    `others` are the sounds that were no clicks.
    """

    seconds: float
    spread: float
    clicks: int
    others: int

    @property
    def clear(self) -> bool:
        """Whether enough clicks were heard, and little else."""
        return self.clicks >= _FEWEST_CLICKS and self.others <= _MOST_OTHERS


def round_trip(after: Sequence[float]) -> RoundTrip:
    """The round trip of sounds that were heard so many seconds after any click."""
    middle = lag(after).seconds
    around = [_within(seconds - middle, -PERIOD / 2) for seconds in after]
    near = [each for each in around if abs(each) <= _ALIKE]
    others = len(around) - len(near)
    if not near:
        return RoundTrip(0.0, math.inf, 0, others)
    best = median(near)
    spread = max(abs(each - best) for each in near)
    return RoundTrip(_within(middle + best, EARLIEST), spread, len(near), others)


def sweep(rate: int) -> npt.NDArray[np.int16]:
    """A tone that rises through all that steps are heard by, at `rate` samples a second."""
    at = np.arange(round(_SWEPT * rate)) / rate
    growth = math.log(_HIGHEST / _LOWEST) / _SWEPT
    phase = 2 * math.pi * _LOWEST / growth * np.expm1(growth * at)
    edges = np.clip(np.minimum(at, _SWEPT - at) / _EDGE, 0, 1)
    return np.round(_LOUDNESS * edges * np.sin(phase)).astype(np.int16)


def _within(seconds: float, first: float) -> float:
    """The same phase of the period, between `first` and `first + PERIOD`."""
    return (seconds - first) % PERIOD + first
