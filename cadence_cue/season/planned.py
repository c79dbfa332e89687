"""The phases of a session as a review sees them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadence_cue.season.recording import Array


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A phase of a session; `start` and `seconds` count from the first sample of the track.

    `target` is the tempo in steps a minute, from and to; None where no step rate was asked for.
    """

    index: int
    title: str
    start: float
    seconds: float
    runs: bool
    """Whether one runs in it; drills count neither as running nor as standing."""
    stands: bool
    target: tuple[float, float] | None
    clicks: bool
    """Whether the target could be heard."""

    @property
    def ramp(self) -> bool:
        """Whether the target changes within the phase."""
        return self.target is not None and self.target[0] != self.target[1]

    @property
    def steady(self) -> bool:
        """Whether it is run at one target."""
        return self.runs and self.target is not None and not self.ramp

    def target_at(self, seconds: Array) -> Array:
        """Return the target at seconds from the phase's start; NaN if it has none."""
        low, high = self.target or (np.nan, np.nan)
        return low + (high - low) * seconds / self.seconds

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.start + self.seconds
