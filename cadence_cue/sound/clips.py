"""A sound in memory, as voices, beats and the renderer share it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.timing.by_value import ByValue


@dataclass(frozen=True, slots=True, eq=False)
class Clip(ByValue):
    """Mono samples, shape (n,), full scale 32768, and the frame of their first stressed vowel.

    The `anchor` is the frame that falls on the beat; for a click it is 0.
    """

    samples: npt.NDArray[np.int16]
    anchor: int
