"""A talk that is held while somebody else speaks, and goes on where it stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cadence_cue.sound.bed import Bed, BedFile, Numbers


@dataclass(frozen=True, slots=True)
class Stretch:
    """`frames` frames of a talk from its frame `first` on, heard from frame `start` on."""

    start: int
    first: int
    frames: int


@dataclass(frozen=True, slots=True)
class Held:
    """A bed in stretches, each of which begins in it where the one before ends.

    They fade within `fade` frames, which are added to them at both ends: every frame is heard as it
    is, and those around a cut once more.
    """

    bed: Bed
    stretches: tuple[Stretch, ...]
    fade: int

    @property
    def level_db(self) -> float:
        """Its level against its place."""
        return self.bed.level_db

    def opened(self) -> HeldFile:
        """Return what reads it. Raises OSError."""
        return HeldFile(self)


class HeldFile:
    """Reads a held bed by the frames of the timeline. Thread: one at a time."""

    def __init__(self, held: Held) -> None:
        """Open the file. Raises OSError."""
        self._stretches, self._fade = held.stretches, held.fade
        self._file = BedFile(replace(held.bed, start=0))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def read(self, start: int, out: Numbers) -> None:
        """Fill `out`, shape (n, 2), with the frames from `start` on. Raises OSError."""
        out[:] = 0
        for each in self._stretches:
            begin, end = each.start, each.start + each.frames
            low, high = max(start, begin - self._fade), min(start + len(out), end + self._fade)
            if low >= high:
                continue
            part = np.empty((high - low, 2), np.int16)
            self._file.read(each.first + low - begin, part)
            if low < begin or high > end:
                at = np.arange(low, high)
                outside = np.maximum(np.maximum(begin - at, at - end + 1), 0)
                part = np.rint(part * (1 - outside / self._fade)[:, np.newaxis]).astype(np.int16)
            out[low - start : high - start] += part
