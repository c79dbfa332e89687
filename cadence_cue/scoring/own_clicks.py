"""Tells whether a microphone hears our own clicks among the steps, or instead of them.

A click comes out of a loudspeaker after the same time to a fraction of a millisecond. No runner
steps like that: of a hundred steps seldom more than ten fall within two milliseconds.
"""

from __future__ import annotations

import numpy as np

from cadence_cue.scoring.expected import Floats, Ints

_AS_ONE, _AROUND = 0.001, 0.01  # seconds on both sides
FEWEST = 8
"""Clicks by which they are told."""
_MOST = 0.5  # of all onsets
_FAR = 6  # standard deviations above what there would be by chance


def hears_clicks(lags: Floats) -> bool:
    """Return whether there are clicks among onsets so many seconds after the click nearest."""
    lags = np.sort(lags)
    here, near = _counts(lags, _AS_ONE), _counts(lags, _AROUND)
    by_chance = (near - here) * _AS_ONE / (_AROUND - _AS_ONE)
    many = np.maximum(FEWEST, by_chance + _FAR * np.sqrt(by_chance + 1))
    return bool((here >= many).any())


def hears_only_clicks(lags: Floats) -> bool:
    """Return whether most onsets so many seconds after the click nearest are clicks."""
    lags = np.sort(lags)
    return bool((_counts(lags, _AS_ONE) >= max(FEWEST, _MOST * len(lags))).any())


def _counts(lags: Floats, within: float) -> Ints:
    """Return how many of these ascending lags there are around each of them, itself included."""
    found: Ints = np.searchsorted(lags, lags + within, "right") - np.searchsorted(
        lags, lags - within
    )
    return found
