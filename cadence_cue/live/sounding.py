"""The control block with the sound that was given to the device, for those who make or hear it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cadence_cue.live.control import KEPT, SOUND, ControlBlock

Samples = npt.NDArray[np.float32]


class SoundingBlock(ControlBlock):
    """A view of the shared memory that reaches the sound too: of the engine, and of a listener."""

    def __init__(self, descriptor: int | None = None, *, watches: bool = False) -> None:
        super().__init__(descriptor, watches=watches)
        self._sound = np.frombuffer(self._memory, np.float32, KEPT, SOUND)

    def keep(self, given: int, sound: Samples) -> None:
        """Keep what is given to the device, shape (n, channels), from frame `given` on.

        To be called before it is published. Thread: audio. Real-time safe.
        """
        at = given % KEPT
        first = min(len(sound), KEPT - at)
        np.mean(sound[:first], axis=1, out=self._sound[at : at + first])
        if first < len(sound):
            np.mean(sound[first:], axis=1, out=self._sound[: len(sound) - first])

    def kept(self, first: int, count: int) -> Samples:
        """Return the mean of all channels from a frame on, all among the last KEPT frames.

        Frames that are overwritten meanwhile are not told apart: keep well behind that.
        """
        at = first % KEPT
        return np.concatenate(
            [self._sound[at : at + count], self._sound[: max(at + count - KEPT, 0)]]
        )

    def close(self) -> None:
        """Unmap the memory; closing the descriptor is its owner's task."""
        del self._sound
        super().close()
