"""How far the beat is turned down under speech, computed when the timeline is planned.

The curve falls before the first syllable, holds through the last and rises again, linearly in
decibels. Where ducks overlap, the deeper one holds.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

FALL = 0.080  # seconds before speech, so that it is complete at the first syllable
RISE = 0.300  # seconds after speech


def ducks(
    frames: npt.NDArray[np.int64], spans: Iterable[tuple[int, int]], depth_db: float, rate: int
) -> npt.NDArray[np.float64]:
    """Return the duck at each of these frames, in decibels: 0 or negative, shape (n,).

    `frames` must be ascending. `spans` are those of speech, as (first frame, end frame), in any
    order.
    """
    levels = np.zeros(len(frames))
    share = (0.0, -abs(depth_db), -abs(depth_db), 0.0)
    for start, end in spans:
        curve = (start - FALL * rate, start, end, end + RISE * rate)
        near = slice(*np.searchsorted(frames, (curve[0], curve[3])))
        level = np.interp(frames[near], curve, share)
        levels[near] = np.minimum(levels[near], level)
    return levels
