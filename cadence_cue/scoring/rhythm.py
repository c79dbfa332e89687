"""The runner's own rhythm: the number of each step in it.

A slip of 1 % laps the beat within half a minute, and some steps are missing: neither counting
steps nor the median of their distances survives both. So the rate is found as that of a tone, by
the power of its spectrum in short windows, and then followed from window to window.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from cadence_cue.scoring.expected import Floats

_RATES = np.arange(0.7, 1.4, 1 / 128)  # steps for each beat: what a runner may do beside a click
_WINDOW, _HOP = 16, 8  # beats
_CHANCE = 0.01  # that steps without any rhythm are taken for one


def rhythm(positions: Floats) -> Floats | None:
    """Return the number of each step in the rhythm that they share, a whole number from about 0.

    `positions` are in beats, ascending. None if the steps have no rhythm.
    """
    if len(positions) < 2:
        return None
    since = positions - positions[0]
    window = (since // _WINDOW).astype(np.int64)
    counts = np.bincount(window)
    sums = np.zeros((len(counts), len(_RATES)), complex)
    np.add.at(sums, window, np.exp(2j * math.pi * np.outer(since, _RATES)))
    power = (abs(sums) ** 2 / np.maximum(counts, 1)[:, np.newaxis]).sum(axis=0)
    best = int(np.argmax(power))
    if power[best] < _by_chance(int(np.count_nonzero(counts))):
        return None
    turned = _RATES[best] * since - _followed(since, float(_RATES[best]))
    numbers: Floats = np.round(turned)
    return numbers


def _by_chance(windows: int) -> float:
    """Return the power that random steps exceed at one of the rates, seldom enough.

    In each window it is exponential with the mean 1, so its sum has a gamma distribution, which
    Wilson and Hilferty's cube root makes nearly normal. A window tells that many rates apart.
    """
    apart = _WINDOW * float(_RATES[-1] - _RATES[0])
    part = 1 / (9 * windows)
    deviations = NormalDist().inv_cdf(1 - _CHANCE / apart)
    return windows * (1 - part + deviations * math.sqrt(part)) ** 3


def _followed(since: Floats, rate: float) -> Floats:
    """Return by how many turns the steps are ahead of this rate, smoothly from window to window."""
    turns = np.exp(2j * math.pi * rate * since)
    at, ahead = [], []
    for first in np.arange(0, since[-1] + 1, _HOP):
        inside = slice(*np.searchsorted(since, [first, first + _WINDOW]))
        if len(turns[inside]) >= min(4, len(since)):
            at.append(float(since[inside].mean()))
            ahead.append(float(np.angle(turns[inside].mean())))
    unwrapped = np.unwrap(ahead) / (2 * math.pi)
    if len(at) > 1:  # straight on at both ends
        slope = slope_of(np.array(at), unwrapped)
        at = [at[0] - _WINDOW, *at, at[-1] + _WINDOW]
        unwrapped = np.concatenate(
            [
                [unwrapped[0] - slope * _WINDOW],
                unwrapped,
                [unwrapped[-1] + slope * _WINDOW],
            ]
        )
    result: Floats = np.interp(since, at, unwrapped)
    return result


def slope_of(x: Floats, y: Floats) -> float:
    """Return the slope of the straight line through points, by least squares."""
    dx = x - x.mean()
    return float(dx @ (y - y.mean()) / (dx @ dx))
