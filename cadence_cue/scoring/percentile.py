"""Percentiles of rows, ten times a second: numpy's own take several times as long."""

from __future__ import annotations

import numpy as np

from cadence_cue.scoring.expected import Floats


def percentile(rows: Floats, percent: float) -> Floats:
    """Return the percentile of each row, shape (rows, 1), as np.percentile defines it."""
    place = percent / 100 * (rows.shape[1] - 1)
    below = int(place)
    above = min(below + 1, rows.shape[1] - 1)
    sides = np.partition(rows, (below, above), axis=1)
    low, high = sides[:, [below]], sides[:, [above]]
    found: Floats = low + (high - low) * (place - below)
    return found
