"""The faint noise under everything: a loop, in which each frame number has a fixed place.

It keeps wireless headphones awake (they swallow the first syllable after digital silence) and
dithers 16-bit files. It is computed from integers, so that it is the same on every machine.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from cadence_cue.sound.levels import NOISE_LEVEL
from cadence_cue.timing.decibels import gain_of

PERIOD = 1 << 17
"""Frames until the noise repeats: 2.7 s at 48 kHz, which at this level no ear notices."""

_PIECE = 1 << 13  # frames
_WEYL = 0x9E3779B97F4A7C15  # 2^64 / golden ratio, odd: consecutive frames land far apart
_MIXERS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))  # the SplitMix64 finalizer's


@cache  # one for all renderers
def noise_loop() -> npt.NDArray[np.float32]:
    """Return one period of white noise, read-only and of shape (PERIOD,).

    The samples have a triangular distribution (the sum of two uniform ones), so that none exceeds
    2.45 times the RMS. None is zero, so that adding a silent bus never changes a bit.
    """
    loop = np.empty(PERIOD, np.float32)
    for first in range(0, PERIOD, _PIECE):  # whole, its steps would take ten times its memory
        bits = np.arange(first + 1, first + _PIECE + 1, dtype=np.uint64) * np.uint64(_WEYL)
        for shift, factor in _MIXERS:
            bits ^= bits >> np.uint64(shift)
            bits *= np.uint64(factor)
        bits ^= bits >> np.uint64(31)
        # The halves of each word are two uniform numbers.
        high = (bits >> np.uint64(32)).astype(np.int64)
        low = (bits & np.uint64(2**32 - 1)).astype(np.int64)
        loop[first : first + _PIECE] = (high - low) * (gain_of(NOISE_LEVEL) * 6**0.5 / 2**32)
    loop.setflags(write=False)
    return loop
