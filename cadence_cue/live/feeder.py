"""The feeder: reads the runner's music ahead of the mixer.

It is separate so that the audio thread opens and reads no file.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cadence_cue.live.control import Desired
from cadence_cue.sound.bed import Frames, Underneath
from cadence_cue.sound.levels import headroom
from cadence_cue.timing.decibels import gain_of

Numbers = npt.NDArray[np.int16]

AHEAD = 2.0
"""Seconds that are read ahead: a disk may take this long to wake up."""

FEEDING = 0.02
"""Seconds between two calls of `Feeder.feed`; a jump waits up to this long."""

_PART = 8192  # frames per read
_BEHIND = 0.5  # seconds kept after they were due: a block of them may be playing


class Reserve:
    """The frames read for one generation, in a ring buffer that ends at `span[1]`."""

    __slots__ = ("_frames", "span")

    def __init__(self, start: int, size: int) -> None:
        self._frames = np.zeros((size, 2), np.int16)
        self.span = (start, start)
        """The frames in the buffer, first and end (exclusive); assigned as one tuple."""

    def feed(self, file: Frames, frame: int, ahead: int) -> None:
        """Read what is missing of the `ahead` frames from `frame` on. Raises OSError."""
        lo, hi = self.span
        if not lo <= frame <= hi:  # reading stalled for longer than it was ahead
            lo = hi = frame
        size = len(self._frames)
        while hi < frame + ahead:
            at = hi % size
            part = self._frames[at : at + min(_PART, frame + ahead - hi)]
            lo = max(lo, hi + len(part) - size)
            self.span = (lo, hi)  # before the oldest frames are overwritten
            file.read(hi, part)
            hi += len(part)
            self.span = (lo, hi)

    def copy(self, frame: int, out: Numbers) -> bool:
        """Fill `out`, shape (n, 2), from `frame` on; False if not all frames are in the buffer.

        Thread: audio. Real-time safe.
        """
        lo, hi = self.span
        if not lo <= frame <= frame + len(out) <= hi:
            return False
        at = frame % len(self._frames)
        first = min(len(out), len(self._frames) - at)
        out[:first] = self._frames[at : at + first]
        out[first:] = self._frames[: len(out) - first]
        return True


class Feeder:
    """Keeps one reserve for what plays, and one for the target of a jump.

    Thread: the engine's main thread, except `ready` and `copy`.
    """

    def __init__(self, music: Underneath, rate: int) -> None:
        """Open the music, to be played at `rate`. Raises OSError."""
        self.level_db = music.level_db
        """The music's level against its place."""
        self.headroom = gain_of(headroom(music.level_db))
        """The gain of everything that makes room for it."""
        self.gaps = 0
        """How often frames were missing when they were due."""
        self.broken = ""
        """Why nothing can be read any more; "" while all is well."""
        self._file = music.opened()
        self._ahead = round(AHEAD * rate)
        self._size = self._ahead + round(_BEHIND * rate)
        self._reserves: dict[int, Reserve] = {}
        self._missing = False
        self._early = False  # what is due has not been prepared yet

    def close(self) -> None:
        """Close what it reads."""
        self._file.close()

    def feed(self, generation: int, frame: int, wish: Desired) -> None:
        """Read ahead of `frame`, which `generation` plays, and of where `wish` starts.

        A jump is ready only when everything ahead of its target has been read, or is not prepared
        yet. A read error ends up in `broken`.
        """
        wanted = {wish.generation: wish.frame, generation: frame}
        # Free old reserves here, on this thread, and never the one that is playing.
        for old in self._reserves.keys() - wanted.keys():
            del self._reserves[old]
        early = False
        for each, at in wanted.items():
            reserve = self._reserves.get(each) or Reserve(at, self._size)
            try:
                if not self.broken:
                    reserve.feed(self._file, at, self._ahead)
            except FileNotFoundError:
                early = True
            except OSError as error:
                self.broken = str(error.strerror)
            self._reserves[each] = reserve
        self._early = early  # at once: the audio thread reads it

    def ready(self, generation: int) -> bool:
        """Whether a generation can start. Thread: audio. Real-time safe."""
        return generation in self._reserves or bool(self.broken)

    def copy(self, generation: int, frame: int, out: Numbers) -> bool:
        """Fill `out`, shape (n, 2), from `frame` on; if frames are missing, count it as a gap.

        Returns whether all frames were there. What is not prepared yet is no gap.

        Thread: audio. Real-time safe.
        """
        reserve = self._reserves.get(generation)
        if reserve is None:
            return False
        here = reserve.copy(frame, out)
        self.gaps += not (here or self._missing or self.broken or self._early)
        self._missing = not here
        return here
