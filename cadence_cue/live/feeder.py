"""The feeder: reads a bed ahead of the mixer, so that the audio thread opens and reads no file."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cadence_cue.live.control import Desired
from cadence_cue.sound.bed import Bed, BedFile

Numbers = npt.NDArray[np.int16]

AHEAD = 2.0
"""Seconds that are read ahead: a disk may take so long to wake up."""

FEEDING = 0.02
"""Seconds between two feedings: a jump waits as long."""

_PART = 8192  # frames that are read at once
_BEHIND = 0.5  # seconds that are not overwritten at once: a block of them may be being played


class Reserve:
    """What was read for one generation: the last frames before `hi`, in a ring."""

    __slots__ = ("_frames", "span")

    def __init__(self, start: int, size: int) -> None:
        self._frames = np.zeros((size, 2), np.int16)
        self.span = (start, start)
        """The frames that are here, the second not included; set in one go."""

    def feed(self, file: BedFile, frame: int, ahead: int) -> None:
        """Read what is missing of `ahead` frames from `frame` on. Raises OSError."""
        lo, hi = self.span
        if not lo <= frame <= hi:  # it was held up for longer than it had read ahead
            lo = hi = frame
        size = len(self._frames)
        while hi < frame + ahead:
            at = hi % size
            part = self._frames[at : at + min(_PART, frame + ahead - hi)]
            lo = max(lo, hi + len(part) - size)
            self.span = (lo, hi)  # what is overwritten now is not here any more
            file.read(hi, part)
            hi += len(part)
            self.span = (lo, hi)

    def copy(self, frame: int, out: Numbers) -> bool:
        """Fill `out`, shape (n, 2), with frames `frame` on, if they are here.

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
    """Keeps a reserve for what plays, and one for where a jump leads.

    Thread: the engine's own, but for `ready` and `copy`.
    """

    def __init__(self, bed: Bed, rate: int) -> None:
        """Open the bed. Raises OSError."""
        self.unit = bed.unit
        """What its numbers are multiplied by."""
        self.gaps = 0
        """How often a frame was not there when it was due."""
        self.broken = ""
        """Why nothing can be read any more; "" while all is well."""
        self._file = BedFile(bed)
        self._ahead = round(AHEAD * rate)
        self._size = self._ahead + round(_BEHIND * rate)
        self._reserves: dict[int, Reserve] = {}
        self._missing = False

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def feed(self, generation: int, frame: int, wish: Desired) -> None:
        """Read on for what plays, a frame of a generation, and for what is wished.

        A jump is ready only with all that is read ahead of it.
        """
        wanted = {wish.generation: wish.frame, generation: frame}
        # Old ones go here, on this thread, and never the one that sounds.
        for old in self._reserves.keys() - wanted.keys():
            del self._reserves[old]
        try:
            for each, at in wanted.items():
                reserve = self._reserves.get(each) or Reserve(at, self._size)
                if not self.broken:
                    reserve.feed(self._file, at, self._ahead)
                self._reserves[each] = reserve
        except OSError as error:
            self.broken = str(error.strerror)

    def ready(self, generation: int) -> bool:
        """Whether a generation can begin. Thread: audio. Real-time safe."""
        return generation in self._reserves or bool(self.broken)

    def copy(self, generation: int, frame: int, out: Numbers) -> bool:
        """Fill `out`, shape (n, 2), or tell that the frames are not here, and count that.

        Thread: audio. Real-time safe.
        """
        reserve = self._reserves.get(generation)
        if reserve is None:
            return False
        here = reserve.copy(frame, out)
        self.gaps += not (here or self._missing or self.broken)
        self._missing = not here
        return here
