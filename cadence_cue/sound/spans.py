"""Music as spans: each a prepared file with its place in a session, which may overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadence_cue.sound.bed import Bed, BedFile, Numbers
from cadence_cue.sound.held import Held


@dataclass(frozen=True, slots=True)
class Spans:
    """Beds that end, in the order of their starts, at a common level; silence between them.

    Where they overlap, their fades make room for one another.
    """

    beds: tuple[Bed, ...]
    level_db: float = 0.0

    def opened(self) -> SpansFile:
        """Return what reads them."""
        return SpansFile(self)


LaidMusic = Bed | Held | Spans
"""Prepared music with its place in a session."""


class SpansFile:
    """Reads spans by the frames of the timeline, with few files open. Thread: one at a time."""

    def __init__(self, spans: Spans) -> None:
        self._beds = spans.beds
        self._open: dict[Bed, BedFile] = {}

    def close(self) -> None:
        """Close the files."""
        for file in self._open.values():
            file.close()
        self._open = {}

    def read(self, start: int, out: Numbers) -> None:
        """Fill `out`, shape (n, 2), with the frames from `start` on.

        Raises OSError, and of it FileNotFoundError where a bed is not prepared yet.
        """
        end = start + len(out)
        heard = [bed for bed in self._beds if bed.start < end and start < bed.start + bed.frames]
        for bed in self._open.keys() - set(heard):
            self._open.pop(bed).close()
        out[:] = 0
        for bed in heard:
            if bed not in self._open:
                self._open[bed] = bed.opened()
            one = np.empty_like(out)
            self._open[bed].read(start, one)
            out += one
