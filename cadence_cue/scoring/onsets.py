"""Finds footfalls, taps and claps in the sound of a room, as it comes in.

A step is a sudden rise over what the room sounded like just before, in the low band (thuds) or in
the high ones (scuff, taps, claps), that is about as loud as the steps before it. The same samples
give the same onsets, however many come at a time.
"""

from __future__ import annotations

import math
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cadence_cue.scoring.bands import CHUNK, Bands
from cadence_cue.scoring.expected import Bools, Floats, Samples
from cadence_cue.scoring.percentile import percentile

_HISTORY = 24  # chunks of 0.1 s from which the room's noise is learnt
_QUIET = 30  # percentile of their energy: between the steps
_SILENCE = 1e-10  # energy below which nothing is told apart

_LOW, _HIGH = 14.0, 11.0  # decibels over the room's noise from which a sound may be a step
_RISE = 6.0  # decibels over the 15 to 45 ms before
_SEEN = 60  # ms before and after by which that is known
_FOOT = 0.03  # of the peak within 60 ms: less is what the filters ring ahead of it
_LIKE = 14.0  # decibels below the steps before, at most
_REMEMBERED = 9  # steps
_FORGOTTEN = 0.003  # decibels a ms by which they are forgotten, after a second without any
_APART = 95  # ms from a step to the next: heel and toes are one
_LOUDER = 6.0  # decibels
_MASKED, _MASK = 260, 7.0  # ms after a step in which only one as loud as this (dB below) is another

_HIGH_FOOT, _LOW_FOOT = 0.06, 0.2  # shares of a peak's energy where its onset is
_HIGH_LAG, _LOW_LAG = 0.0006, -0.0009  # seconds by which that is early or late: by synthetic steps

_ROOM = 3000  # chunks from which it is told how loud the room is
_USUAL = 100  # steps that tell how loud one is
_GRAIN, _WIDE = 10, 6  # ms in which noise is remembered, and how many on each side of a beat count

_DOUBTFUL = 3.0  # decibels above the least: so weak a sound may as well be none
_MANY = 0.15  # of doubtful steps
_AROUND = 6.0  # seconds


Span = tuple[float, float]
"""From when to when, in seconds."""


@dataclass(frozen=True, slots=True)
class Onset:
    """A step: its seconds since the first sample, and its decibels above what can be heard.

    `loudness` is that of its loudest 10 ms, in decibels below full scale.
    """

    at: float
    contrast: float
    loudness: float = math.nan


class OnsetDetector:
    """Finds onsets in mono samples at bands.RATE, which may come in blocks of any size."""

    def __init__(self) -> None:
        self._bands, self._rest = Bands(), Bands()
        self._energy = np.zeros((4, 0))
        self._left = np.zeros((4, 0))
        self._end = 0  # ms that have come
        self._last = -_MASKED
        self._loudness: list[float] = []
        self._floors = array("d")
        self._hidden: list[Span] = []
        self._steps: deque[Floats] = deque(maxlen=_USUAL)
        self._usual = np.zeros(4)  # their median

    @property
    def noise_db(self) -> float | None:
        """The room's noise below full scale in decibels, in the bands that are listened to."""
        return float(np.median(np.array(self._floors))) if self._floors else None

    def feed(self, samples: Samples, left: Samples | None = None) -> list[Onset]:
        """Take in samples, and return the onsets that are certain by now.

        `left` is as much of our own sound as may be left in them: what is not louder is no step.
        """
        silent = np.zeros(len(samples), np.float32)
        return self._found(
            self._bands.feed(samples), self._rest.feed(silent if left is None else left)
        )

    def finish(self) -> list[Onset]:
        """Return the last onsets."""
        return self._found(self._bands.finish(), self._rest.finish())

    def _found(self, chunks: Iterator[Floats], rest: Iterator[Floats]) -> list[Onset]:
        both = zip(chunks, rest, strict=True)
        return [onset for chunk, left in both for onset in self._take(chunk, left)]

    def _take(self, chunk: Floats, left: Floats) -> Iterator[Onset]:
        """Look for onsets in the chunk before the last one, with one on each side to look at."""
        self._energy = np.concatenate([self._energy[:, -(_HISTORY - 1) * CHUNK :], chunk], axis=1)
        self._left = np.concatenate([self._left[:, -2 * CHUNK :], left], axis=1)
        self._end += CHUNK
        if self._energy.shape[1] < 3 * CHUNK:
            return
        floor = percentile(self._energy, _QUIET) + _SILENCE
        self._floors.append(float(_db(floor.sum() / 2)))
        del self._floors[:-_ROOM]
        recent = self._energy[:, -3 * CHUNK :]
        noise = floor + self._left
        over, clean = recent / noise, np.maximum(recent - self._left, 0) / floor
        look = _Look(
            self._end - 3 * CHUNK, recent, clean[0], clean[1:].mean(axis=0),
            _mean(over[0], 20), _mean(over[1:].mean(axis=0), 5), _db(_mean(recent.sum(axis=0), 10)),
        )  # fmt: skip
        for at in look.rises():
            onset = self._judged(look, at)
            if onset:
                yield onset
        self._hide(self._lost(noise))

    def _judged(self, look: _Look, at: int) -> Onset | None:
        since = look.first + at - self._last
        if since < _APART:
            return None
        loudness = float(look.loudness[at : at + 45].max())
        if float(look.loudness[at + 45 : at + _APART].max()) > loudness + _LOUDER:
            return None  # whatever this is, the step comes right after it
        if since < _MASKED and loudness < self._loudness[-1] - _MASK:
            return None
        if self._loudness:
            usual = float(np.median(self._loudness)) - max(since - 1000, 0) * _FORGOTTEN
            if loudness < usual - _LIKE:
                return None
        onset = look.onset(at, loudness)
        self._last = max(look.first + at, round(1000 * onset.at))  # something may rise into it
        self._loudness = [*self._loudness, loudness][-_REMEMBERED:]
        self._steps.append(look.energy[:, at : at + 45].max(axis=1))
        self._usual = np.median(self._steps, axis=0)
        return onset

    def hidden(self) -> list[Span]:
        """Return when a usual step was lost in our own sound, of what was decided since last asked.

        In seconds, ascending.
        """
        found, self._hidden = self._hidden, []
        return found

    def _hide(self, lost: Bools) -> None:
        first = self._end - 2 * CHUNK
        edges = np.flatnonzero(np.diff(lost, prepend=False, append=False))
        for since, until in first + _GRAIN * edges.reshape(-1, 2):
            self._hidden.append((since / 1000, until / 1000))

    def _lost(self, noise: Floats) -> Bools:
        """Return where in the middle one of three chunks a usual step is no louder than that."""
        if not self._steps or not self._left.any():
            return np.zeros(CHUNK // _GRAIN, np.bool_)
        grains = noise.reshape(4, -1, _GRAIN).max(axis=2)
        around = np.lib.stride_tricks.sliding_window_view(grains, 2 * _WIDE + 1, axis=1)
        first = CHUNK // _GRAIN - _WIDE
        most = around[:, first : first + CHUNK // _GRAIN].max(axis=2)
        over = self._usual[:, np.newaxis] / most
        lost: Bools = (_db(over[0]) < _LOW) & (_db(over[1:].mean(axis=0)) < _HIGH)
        return lost


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """Three chunks, ms by ms from `first` on, in the middle one of which onsets are looked for.

    `energy` is that of all bands, `low` and `high` are energies over the room's noise; the smooth
    ones, averaged for detection, are over what may be left of our own sound, too. `loudness` is in
    decibels.
    """

    first: int
    energy: Floats
    low: Floats
    high: Floats
    smooth_low: Floats
    smooth_high: Floats
    loudness: Floats

    def rises(self) -> list[int]:
        """Return the places where a sound may begin."""
        here, around = slice(CHUNK, 2 * CHUNK), slice(CHUNK - _SEEN, 2 * CHUNK + _SEEN)
        rising = np.zeros(CHUNK, np.bool_)
        for z, least in ((self.smooth_low, _LOW), (self.smooth_high, _HIGH)):
            if _db(z[here].max()) >= least:  # seldom, and the rest costs far more
                rising |= _rising(z[around], least)[_SEEN:-_SEEN]
        return list(np.flatnonzero(rising) + CHUNK)

    def onset(self, at: int, loudness: float) -> Onset:
        """Return the onset of the sound that begins about there, and is that loud."""
        low = float(_db(self.smooth_low[at : at + 45].max())) - _LOW
        high = float(_db(self.smooth_high[at : at + 45].max())) - _HIGH
        if high >= 1:  # the sharper one
            place, lag = _foot_of(self.high, at, _HIGH_FOOT), _HIGH_LAG
        else:
            place, lag = _foot_of(self.low, at, _LOW_FOOT), _LOW_LAG
        return Onset((self.first + place) / 1000 + lag, max(low, high), loudness)


def within(spans: Sequence[Span] | Floats, instants: Floats) -> Bools:
    """Return which instants lie in one of these spans, in any order; an array has shape (n, 2).

    A span includes its start but not its end. An instant lies in one if more spans have started
    than ended by then, so it does not matter which start belongs to which end.
    """
    since, until = np.sort(np.array(spans, np.float64).reshape(-1, 2), axis=0).T
    begun, over = (np.searchsorted(edges, instants, "right") for edges in (since, until))
    found: Bools = begun > over
    return found


def too_loud(onsets: list[Onset], instants: Floats) -> Bools:
    """Return at which instants, in seconds, nobody could say what was a step and what was noise.

    That is where too many of the steps around are hardly louder than what can be heard at all: as
    many again may have been missed, or be none.
    """
    at = np.array([onset.at for onset in onsets])
    doubts = np.cumsum([0, *(onset.contrast < _DOUBTFUL for onset in onsets)])
    first, last = np.searchsorted(at, [instants - _AROUND, instants + _AROUND])
    found: Bools = doubts[last] - doubts[first] > _MANY * (last - first)
    return found


def _rising(z: Floats, least: float) -> Bools:
    """Return where an energy rises over the noise and over what was just before."""
    before = np.full(len(z), np.inf)
    sums = np.cumsum(np.concatenate([[0.0], z]))
    before[45:] = (sums[31:-15] - sums[1:-45]) / 30
    ahead = np.lib.stride_tricks.sliding_window_view(np.concatenate([z, np.zeros(59)]), 60).max(
        axis=1
    )
    rises: Bools = _db(z) >= np.maximum(least, _db(np.maximum(before, 1)) + _RISE)
    rises &= z >= _FOOT * ahead
    return rises


def _foot_of(z: Floats, at: int, share: float) -> float:
    """Return where a sound around a place first reaches a share of its peak, between the ms."""
    begin = at - 30
    peak = at - 10 + int(np.argmax(z[at - 10 : at + 50]))
    level = max(share * z[peak], 3.0)
    k = peak
    while k > begin and z[k - 1] >= level:
        k -= 1
    lower, upper = z[k - 1], z[k]
    return k - float((upper - level) / (upper - lower)) if upper > level > lower else float(k)


def _mean(z: Floats, width: int) -> Floats:
    """Return the mean around each place, as wide as that."""
    smoothed: Floats = np.convolve(z, np.ones(width) / width, "same")
    return smoothed


def _db(energy: Floats | float) -> Floats:
    decibels: Floats = 10 * np.log10(np.maximum(energy, 1e-30))
    return decibels
