"""The beats of one phase, as they are compared with steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Samples = npt.NDArray[np.float32]
Spectrum = npt.NDArray[np.complexfloating]

LEFT, RIGHT = 1, 2
"""Values of `Expected.feet`; 0 where no foot is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What is expected of a runner in one phase; all arrays have one entry for each of its beats.

    `beats` are the exact instants in seconds, ascending, at least two. A step is expected and
    judged on those that `counts` names. Without a click (`led` is False) steps have a rhythm of
    their own.
    """

    beats: Floats
    counts: Bools
    feet: Ints
    led: bool = True

    @property
    def minutes(self) -> float:
        """The mean time from beat to beat, in minutes."""
        return float(self.beats[-1] - self.beats[0]) / (len(self.beats) - 1) / 60

    def positions(self, seconds: Floats) -> Floats:
        """Return instants as positions in beats from the phase's first beat.

        What lies half a beat or more outside the phase is NaN. Beats of a changing tempo are as far
        apart as those of a steady one.
        """
        first = self.beats[0] - (self.beats[1] - self.beats[0]) / 2
        last = self.beats[-1] + (self.beats[-1] - self.beats[-2]) / 2
        count = len(self.beats)
        places = np.concatenate([[-0.5], np.arange(count), [count - 0.5]])
        edges = np.concatenate([[first], self.beats, [last]])
        found: Floats = np.interp(seconds, edges, places, left=np.nan, right=np.nan)
        return found

    def lags(self, seconds: Floats) -> Floats:
        """Return how long after the nearest beat each instant within the phase is."""
        places = self.positions(seconds)
        inside = ~np.isnan(places)
        nearest = np.clip(np.round(places[inside]).astype(np.int64), 0, len(self.beats) - 1)
        found: Floats = seconds[inside] - self.beats[nearest]
        return found
