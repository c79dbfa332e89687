"""What the engine gave to its device, as another process of ours takes it out of what it hears."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np

from cadence_cue.live.control import KEPT, PlayedBlock
from cadence_cue.live.position import PositionFinder
from cadence_cue.live.sounding import Samples, SoundingBlock
from cadence_cue.media.samples import conformed
from cadence_cue.scoring.bands import RATE

_SAMPLES = 8 * RATE  # that may still be asked for


class PlayedSound:
    """The sound of one engine in mono at RATE, and the clock of its device. Thread: one."""

    def __init__(self, descriptor: int, rate: int) -> None:
        """Follow the engine with this control block, at `rate` frames per second."""
        self._control = SoundingBlock(descriptor, watches=True)
        self._rate = rate
        # Frames that are read at once, at most: the engine is far from overwriting them, and they
        # are no more samples than there is room for.
        self._most = min(KEPT // 2, _SAMPLES // 2 * rate // RATE)
        self._finder = PositionFinder(rate)
        self._newest: PlayedBlock | None = None
        self._read = 0  # the next frame to read
        self._since = self._first = 0  # the frame of sample 0, the first sample kept
        self._sound: Samples = np.zeros(2 * _SAMPLES, np.float32)
        self._count = 0  # of the samples kept
        self._block: Samples = np.zeros((0, 1), np.float32)
        self._resampled = conformed(self._blocks(), rate, rate=RATE, channels=1)

    def close(self) -> None:
        """Let go of the control block."""
        self._control.close()
        os.close(self._control.descriptor)

    def poll(self) -> None:
        """Take in what is new."""
        self._newest = next(self._control.played_blocks(), None)
        if self._newest is None:
            return
        self._finder.note(self._control.played_blocks())
        # Never back: the very last block may not be readable yet, and the one before is old.
        head = max(self._newest.given + self._newest.frames, self._read)
        if head - self._read > self._most:
            self._read = head
            self._begin()
        self._block = self._control.kept(self._read, head - self._read)[:, np.newaxis]
        self._read = head
        self._append(next(self._resampled)[:, 0])

    @property
    def stretch(self) -> tuple[int, int, int]:
        """What changes whenever the sound has slipped against the clock."""
        newest = self._newest
        return (newest.stream, newest.underruns, self._since) if newest else (0, 0, self._since)

    def at(self, instant: float) -> float:
        """Return the number of the sample that passes the device at an instant (time.monotonic)."""
        return (self._finder.clock.frame_at(instant) - self._since) * RATE / self._rate

    def frame(self, sample: float) -> float:
        """Return the frame of a sample, as they are counted that were given to the device."""
        return self._since + sample * self._rate / RATE

    def until(self, end: int, count: int) -> Samples | None:
        """Return the samples before number `end`; None if not all are known.

        They may be overwritten by the next poll.
        """
        last = end - self._first
        return self._sound[last - count : last] if count <= last <= self._count else None

    def _append(self, new: Samples) -> None:
        if self._count + len(new) > len(self._sound):
            drop = self._count - _SAMPLES
            self._sound[:_SAMPLES] = self._sound[drop : self._count].copy()
            self._count, self._first = _SAMPLES, self._first + drop
        self._sound[self._count : self._count + len(new)] = new
        self._count += len(new)

    def _begin(self) -> None:
        """Number the samples anew, from the next frame on."""
        self._since, self._first = self._read, 0
        self._count = 0
        self._resampled = conformed(self._blocks(), self._rate, rate=RATE, channels=1)

    def _blocks(self) -> Iterator[Samples]:
        while True:
            yield self._block
