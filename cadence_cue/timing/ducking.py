"""How much the beat gives way to speech, known ahead.

The curve falls before the first syllable, holds through the last and rises again; in decibels,
straight. Overlapping ducks take the deeper one.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

FALL = 0.080  # seconds before speech: complete before the first syllable
RISE = 0.300  # seconds after it


class Ducking:
    """The duck curve of a timeline: spans of speech as (first frame, end frame), any order."""

    def __init__(self, spans: Sequence[tuple[int, int]], depth_db: float, rate: int) -> None:
        self._spans = sorted(spans)
        # The latest end so far: in order even where one span lies within another.
        self._ends = list(accumulate((end for _, end in self._spans), max))
        self._depth = -abs(depth_db)
        self._fall = FALL * rate
        self._rise = RISE * rate

    def at(self, frame: int) -> float:
        """Decibels at a frame: 0, or negative."""
        level = 0.0
        for k in range(bisect_left(self._ends, frame - self._rise), len(self._spans)):
            start, end = self._spans[k]
            if start - self._fall > frame:
                break
            if frame < start:
                share = 1 - (start - frame) / self._fall
            elif frame < end:
                share = 1.0
            else:
                share = 1 - (frame - end) / self._rise
            level = min(level, self._depth * max(share, 0.0))
        return level
