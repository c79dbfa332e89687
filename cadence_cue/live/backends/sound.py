"""How a stream ends: what was made is heard, and nothing is asked for any more."""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt

from cadence_cue.live.output import Fill

_LONGEST = 1.0  # seconds to wait for what was made: no longer than an engine may take to end
_LOOK = 0.005  # seconds between two looks at how far the device is


class StreamTail:
    """A fill for a device that throws away what it was given when it is stopped.

    After `end` the device is given silence.
    """

    def __init__(self, fill: Fill, rate: int) -> None:
        self._fill = fill
        self._rate = rate
        self._heard_by = 0.0
        self._over = False
        self._taken = False

    def __call__(self, out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:
        """Fill a block. Thread: audio."""
        if self._over:
            out.fill(0.0)
            self._taken = True
            return
        self._heard_by = heard_at + len(out) / self._rate
        self._fill(out, heard_at, underrun=underrun)

    def end(self) -> None:
        """Wait until all that was made has been heard, but not for ever: the device may be dead.

        When the device asks again it has taken the last block, which may be in the making now.
        """
        self._over = True
        until = time.monotonic() + _LONGEST
        while (now := time.monotonic()) < until and not (self._taken and now >= self._heard_by):
            time.sleep(_LOOK)
