"""Conversion of levels in decibels to linear gains, for every layer that has levels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def gain_of(decibels: float) -> float:
    """Return the linear gain of a level in dB."""
    return float(10.0 ** (decibels / 20.0))


def gains_of(decibels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the linear gain of each of these levels in dB."""
    return np.power(10.0, decibels / 20.0)
