"""How a stream ends, for every back end: what was rendered is heard before the device stops."""

from __future__ import annotations

import time

import numpy as np
import numpy.typing as npt

from cadence_cue.live.output import Fill

_LONGEST = 1.0  # seconds to wait at most: no longer than an engine may take to end
_POLL = 0.005  # seconds between two checks of how far the device is


class StreamTail:
    """Wraps a fill for devices that discard what they were given when they are stopped.

    After `end` it gives the device silence.
    """

    def __init__(self, fill: Fill, rate: int) -> None:
        self._fill = fill
        self._rate = rate
        self._heard_by = 0.0
        self._over = False
        self._silences = 0

    def __call__(self, out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:
        """Fill a block, as `Fill` describes. Thread: audio."""
        if self._over:
            out.fill(0.0)
            self._silences += 1
            return
        self._heard_by = heard_at + len(out) / self._rate
        self._fill(out, heard_at, underrun=underrun)

    def end(self) -> None:
        """Wait until all that was rendered has been heard, but not for ever: a device may be dead.

        The last block may be being rendered now; once the device has asked again, it has taken
        it. Once it has asked twice, it has also taken silence, and has no sound to repeat (JACK).
        """
        self._over = True
        until = time.monotonic() + _LONGEST
        while (now := time.monotonic()) < until and (self._silences < 2 or now < self._heard_by):
            time.sleep(_POLL)
