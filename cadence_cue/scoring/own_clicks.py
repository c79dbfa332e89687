"""Tells whether a microphone hears our own clicks among the steps, or instead of them.

A click comes out of a loudspeaker after the same time to a fraction of a millisecond. No runner
steps like that: of a hundred steps seldom more than ten fall within two milliseconds.
"""

from __future__ import annotations

import numpy as np

from cadence_cue.scoring.expected import Floats

_AS_ONE, _AROUND = 0.001, 0.01  # seconds on both sides
_FEWEST = 8
_FAR = 6  # standard deviations above what there would be by chance


def hears_clicks(lags: Floats) -> bool:
    """Return whether there are clicks among onsets so many seconds after the click nearest."""
    lags = np.sort(lags)
    here, near = (
        np.searchsorted(lags, lags + within, "right") - np.searchsorted(lags, lags - within)
        for within in (_AS_ONE, _AROUND)
    )
    by_chance = (near - here) * _AS_ONE / (_AROUND - _AS_ONE)
    many = np.maximum(_FEWEST, by_chance + _FAR * np.sqrt(by_chance + 1))
    return bool((here >= many).any())
