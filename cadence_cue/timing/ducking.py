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

_FAR = 1 << 50  # frames from anything


def ducks(
    frames: npt.NDArray[np.int64], spans: Iterable[tuple[int, int]], depth_db: float, rate: int
) -> npt.NDArray[np.float64]:
    """Return the duck at each of these frames, in decibels: 0 or negative, shape (n,).

    `spans` are those of speech, as (first frame, end frame), in any order.
    """
    deep, fall, rise = -abs(depth_db), FALL * rate, RISE * rate
    starts, ends = np.array([(-_FAR, -_FAR), *sorted(spans), (_FAR, _FAR)], np.float64).T
    # The deepest fall is that to the next start, the deepest rise that from the latest end.
    coming = np.searchsorted(starts, frames, "right")
    begin = starts[coming] - fall
    end = np.maximum.accumulate(ends)[coming - 1]
    over = end + rise
    falling = np.where(frames >= begin, deep / (starts[coming] - begin) * (frames - begin), 0.0)
    rising = np.where(frames < over, -deep / (over - end) * (frames - end) + deep, 0.0)
    return np.minimum(falling, np.where(frames <= end, deep, rising))
