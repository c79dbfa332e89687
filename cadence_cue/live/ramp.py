"""Gain ramps: the mixer's levels and fades, computed without allocating."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]


class Ramp:
    """A gain that moves to each new target linearly, within `frames` frames."""

    __slots__ = ("_from", "_line", "left", "target")

    def __init__(self, value: float, frames: int) -> None:
        self._line = np.arange(1, frames + 1, dtype=np.float32) / np.float32(frames)
        self._from = value
        self.target = value
        self.left = 0

    def aim(self, target: float) -> None:
        """Start moving to `target` from the current gain."""
        if target != self.target:
            if self.left:
                done = 1 - self.left / len(self._line)
                self._from += (self.target - self._from) * done
            else:
                self._from = self.target
            self.target = target
            self.left = len(self._line)

    def jump(self, value: float) -> None:
        """Set the gain to `value` at once."""
        self.target = value
        self.left = 0

    def fill(self, out: Samples) -> None:
        """Fill `out`, shape (n,), with the next gains; while moving, n must not exceed `left`."""
        if not self.left:
            out.fill(self.target)
            return
        done = len(self._line) - self.left
        np.multiply(self._line[done : done + len(out)], self.target - self._from, out=out)
        np.add(out, self._from, out=out)
        self.left -= len(out)
