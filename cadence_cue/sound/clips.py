"""A sound in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.timing.by_value import ByValue


@dataclass(frozen=True, slots=True, eq=False)
class Clip(ByValue):
    """Mono samples (full scale 32768) and the frame of the first stressed vowel in them."""

    samples: npt.NDArray[np.int16]
    anchor: int
