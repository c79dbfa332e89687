"""How the steps meet the beats of the phase that plays, brought up to date step by step.

A score of the whole phase twenty times a second would cost more the longer the phase is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass

import numpy as np

from cadence_cue.app.score.phase_beats import Beats
from cadence_cue.scoring.matching import DOUBLE

LAST = 8
"""The last steps that are told of: more would hide how the latest differ from those before."""

_LAGS = 64  # of steps, by which clicks are told from them


@dataclass(frozen=True, slots=True)
class SoFar:
    """How the steps meet the beats of the phase that plays.

    Of `beats` that counted so far `matched` met a step. `offsets` are those of its last steps in
    seconds from the nearest beat, the latest last; negative is early. `phase` is its index, -1
    while nothing can be told: without a click, or where nothing is listened for.
    """

    phase: int = -1
    matched: int = 0
    beats: int = 0
    offsets: tuple[float, ...] = ()


class PhaseSoFar:
    """The beats of one phase, and what met them: taps on `keys`, which may be held, or steps."""

    def __init__(self, beats: Beats, *, keys: bool) -> None:
        self._index, self._expected, self._keys = beats.index, beats.expected, keys
        at = beats.expected.beats
        between = (at[:-1] + at[1:]) / 2
        first, last = at[0] - (at[1] - at[0]) / 2, at[-1] + (at[-1] - at[-2]) / 2
        self._edges = np.concatenate([[first], between, [last]])
        self._counted = np.concatenate([[0], np.cumsum(beats.expected.counts)])
        self._met: list[int] = []  # beats, ascending
        self.lags: deque[float] = deque(maxlen=_LAGS)
        """The seconds of the last steps after the beat that was nearest to each."""
        self._before: dict[int, float] = {}  # the last step on each foot's key

    def step(self, seconds: float, foot: int) -> None:
        """Take in a step, in the seconds of the beats, unless it is a held key's repeat."""
        beat = self._beat(seconds)
        if not 0 <= beat < len(self._expected.beats):
            return
        least = DOUBLE * (self._edges[beat + 1] - self._edges[beat])
        before = self._before.get(foot, -np.inf)
        self._before[foot] = seconds
        if self._keys and seconds - before < least:
            return
        self.lags.append(seconds - float(self._expected.beats[beat]))
        place = bisect_left(self._met, beat)
        if self._expected.counts[beat] and self._met[place : place + 1] != [beat]:
            self._met.insert(place, beat)

    def at(self, seconds: float) -> SoFar:
        """Return what is told at an instant: a beat is over midway to the next one."""
        over = max(self._beat(seconds), 0)
        matched = bisect_left(self._met, over)
        return SoFar(self._index, matched, int(self._counted[over]), tuple(self.lags)[-LAST:])

    def _beat(self, seconds: float) -> int:
        """Return the number of the beat that is nearest."""
        return int(np.searchsorted(self._edges, seconds, "right")) - 1
