"""Finds the beats of a piece of music, and says how surely.

The strength of onsets is the rise of energy in bands of frequency (Bello et al. 2005), the tempo
the period at which it repeats (Scheirer 1998), and the beats the path through strong onsets that
keeps to that period (dynamic programming, Ellis 2007). What cannot be followed gets no guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cadence_cue.media.samples import Samples

Array = npt.NDArray[np.float64]

RATE = 22050
"""Frames a second at which music is analysed."""

_HOP = 128  # frames: 5.8 ms
_WINDOW = 1024
_FRAMES = RATE / _HOP  # a second
_EDGES = (30, 120, 250, 500, 1000, 2000, 4000, 8000)  # Hz, of the bands
_LOW_BANDS = 2  # of them, where drums and bass are
_COMPRESSION = 100.0  # so that quiet onsets count as well
_TEMPOS = (50.0, 215.0)  # beats a minute
_USUAL = (80.0, 180.0)  # of them; what lies outside by half an octave is a little less likely
_TIGHTNESS = 100.0  # of the beats to their period
_AROUND = 16  # beats, over which a period is judged
_CANDIDATES = 4  # tempos that are tried
_REPEATS = 8  # beats: what repeats at one and a half of them is not what repeats at all of them
_EARLY = 0.0045
"""Seconds by which strengths peak before an onset: the window reaches it first. By drums."""
_FOLLOWED = 0.015
"""Seconds by which beats may stray (SD) from a tempo that changes slowly, to be followed."""
_CLEAR = 4.0
"""How much stronger onsets on beats must be than all."""
_SLOW = 115.0  # beats a minute, below which there may be steps between beats
_STRONGER = 1.3  # how much so off-beats must be to be beats
_LEAST_BEATS = 24
_BAR = 4  # beats
_SHORTEST = 8.0  # seconds of a piece


@dataclass(frozen=True, slots=True)
class Passage:
    """Beats in a row that can be followed: `times` in seconds from the start of the piece."""

    times: tuple[float, ...]

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.times[-1] - self.times[0]

    @property
    def tempo(self) -> float:
        """Its beats a minute, on average."""
        return 60 * (len(self.times) - 1) / self.seconds


@dataclass(frozen=True, slots=True)
class Beats:
    """What was found of a piece's beats.

    `seconds` is how long the piece is, and `passages` are where its beats can be followed; there
    are none in what is too free.
    """

    seconds: float = 0.0
    passages: tuple[Passage, ...] = ()

    @property
    def tempo(self) -> float:
        """Beats a minute of the longest passage; 0 if there is none."""
        return max(self.passages, key=lambda each: each.seconds).tempo if self.passages else 0.0

    @property
    def followed(self) -> float:
        """The share of the piece over which its beats can be followed."""
        return sum(each.seconds for each in self.passages) / max(self.seconds, 1e-9)


class Onsets:
    """Gathers a piece block by block into the strength of its onsets, in little memory."""

    def __init__(self) -> None:
        self._held = np.zeros(_WINDOW // 2, np.float64)  # so that frame k lies at k hops
        self._rows: list[npt.NDArray[np.float32]] = []
        self._window = np.hanning(_WINDOW + 1)[:-1]
        frequencies = np.fft.rfftfreq(_WINDOW, 1 / RATE)
        self._bands = np.array([
            (frequencies >= low) & (frequencies < high)
            for low, high in pairwise(_EDGES)
        ], np.float64)  # fmt: skip
        self._bands /= np.maximum(self._bands.sum(axis=1, keepdims=True), 1)

    def add(self, mono: npt.NDArray[np.floating]) -> None:
        """Take the next samples, full scale 1, at RATE."""
        held = np.concatenate([self._held, mono])
        count = max((len(held) - _WINDOW) // _HOP + 1, 0)
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(held, _WINDOW)[: count * _HOP : _HOP]
            spectra = np.abs(np.fft.rfft(frames * self._window, axis=1))
            energy = np.log1p(_COMPRESSION * spectra @ self._bands.T / _WINDOW)
            self._rows.append(energy.astype(np.float32))
        self._held = held[count * _HOP :]

    def strengths(self) -> tuple[Array, Array]:
        """Return the strength of onsets per hop, of all bands and of the lowest alone."""
        if not self._rows:
            return np.zeros(0), np.zeros(0)
        energy = np.concatenate(self._rows)
        rise = np.maximum(np.diff(energy, axis=0, prepend=energy[:1]), 0).astype(np.float64)
        rise /= np.maximum(rise.mean(axis=0), 1e-9) + np.mean(rise) * 0.1
        return _flattened(rise.sum(axis=1)), _flattened(rise[:, :_LOW_BANDS].sum(axis=1))


def beats_of(blocks: Iterable[Samples]) -> Beats:
    """Return the beats of a piece given as blocks of shape (n, 1) at RATE."""
    onsets = Onsets()
    for block in blocks:
        onsets.add(block[:, 0])
    return track(*onsets.strengths())


def track(strength: Array, low: Array) -> Beats:
    """Return the beats in the strength of onsets, of all bands and of the lowest."""
    seconds = len(strength) / _FRAMES
    if seconds < _SHORTEST or strength.max() <= 0:
        return Beats(seconds)
    found = [
        Beats(seconds, _passages(_on_the_strong_side(hops, low), strength, low))
        for period in _periods(strength, low)
        if len(hops := _path(strength, period)) >= _LEAST_BEATS
    ]
    most = max((each.followed for each in found), default=0.0)
    return next((each for each in found if each.followed >= 0.9 * most), Beats(seconds))


def _passages(hops: npt.NDArray[np.int64], strength: Array, low: Array) -> tuple[Passage, ...]:
    """Return where beats can be followed, each passage from the beginning of a bar."""
    times = np.array([_peak(strength, hop) for hop in hops]) / _FRAMES + _EARLY
    off = times - smoothed(times)
    around = np.ones(_AROUND)
    count = np.convolve(np.ones(len(off)), around, "same")
    wobble = np.sqrt(np.convolve(off**2, around, "same") / count)
    clarity = np.convolve(_near(strength, hops), around, "same") / count
    follows = (wobble <= _FOLLOWED) & (clarity >= _CLEAR * max(strength.mean(), 1e-9))
    edges = np.flatnonzero(np.diff(np.concatenate(([False], follows, [False])).astype(np.int8)))
    found = []
    for begin, end in edges.reshape(-1, 2):
        if end - begin >= _LEAST_BEATS + _BAR:
            bars = _near(low, hops[begin:end])
            first = begin + int(np.argmax([bars[k::_BAR].mean() for k in range(_BAR)]))
            found.append(Passage(tuple(times[first:end].round(6).tolist())))
    return tuple(found)


def _near(strength: Array, hops: npt.NDArray[np.int64]) -> Array:
    """Return the greatest strength around each of these hops."""
    places = np.clip(hops[:, np.newaxis] + np.arange(-3, 4), 0, len(strength) - 1)
    nearest: Array = strength[places].max(axis=1)
    return nearest


def _flattened(strength: Array) -> Array:
    """Return strengths less what is usual around, at a common scale."""
    raised = np.maximum(strength - _averaged(strength, 0.4), 0)
    loud = _averaged(raised, 5.0)
    flat: Array = raised / (loud + 0.1 * max(raised.mean(), 1e-9))
    return flat


def _averaged(strength: Array, seconds: float) -> Array:
    width = min(int(seconds * _FRAMES), len(strength))
    return np.convolve(strength, np.full(width, 1 / width), "same")


def _periods(strength: Array, low: Array) -> list[float]:
    """Return the likely hops from beat to beat, the likeliest first: where strengths repeat.

    Off-beats repeat too, but the bass alone does at beats and bars: syncopated music of 172 repeats
    at two thirds of that in all bands, and not in the lowest.
    """
    slowest, quickest = _TEMPOS
    longest = int(_REPEATS * 60 * _FRAMES / slowest) + 2
    repeats = _repeats(strength, longest) + _repeats(low, longest)
    tempos = np.geomspace(quickest, slowest, 600)
    periods, lags = 60 * _FRAMES / tempos, np.arange(longest + 1)
    repeated = sum(np.interp(n * periods, lags, repeats) for n in range(1, _REPEATS + 1))
    beyond = np.log2(np.maximum(_USUAL[0] / tempos, np.maximum(tempos / _USUAL[1], 1)))
    score = np.pad(repeated * np.exp(-0.5 * (beyond / 0.5) ** 2), 1)
    peaks = np.flatnonzero((score[1:-1] >= score[:-2]) & (score[1:-1] > score[2:]))
    best = peaks[np.argsort(-score[peaks + 1])][:_CANDIDATES]
    return [float(periods[k]) for k in best if score[k + 1] >= 0.3 * score.max()]


def _repeats(strength: Array, longest: int) -> Array:
    """Return the autocorrelation up to a lag in hops, 1 at lag 0."""
    size = 1 << (len(strength) + longest).bit_length()
    spectrum = np.fft.rfft(strength - strength.mean(), size)
    found = np.fft.irfft(spectrum * np.conj(spectrum), size)[: longest + 1]
    return np.asarray(found / max(found[0], 1e-9))


def _path(strength: Array, period: float) -> npt.NDArray[np.int64]:
    """Return the hops of the beats: the path of the greatest strength that keeps to the period."""
    shortest, longest = round(period * 0.6), round(period * 1.6)
    steps = np.arange(longest, shortest - 1, -1)
    cost = -_TIGHTNESS * np.log(steps / period) ** 2
    scaled = strength / max(strength.std(), 1e-9)
    padded = np.concatenate([np.zeros(longest), scaled])
    reached = np.lib.stride_tricks.sliding_window_view(padded, len(steps))
    best, before = padded[longest:], np.full(len(scaled), -1, np.int64)
    for at in range(0, len(scaled), shortest):  # so many hops do not depend on one another
        rows = np.arange(at, min(at + shortest, len(scaled)))
        scores = reached[rows] + cost
        chosen = scores.argmax(axis=1)
        score = scores[np.arange(len(rows)), chosen]
        better = score > 0
        best[rows] += np.where(better, score, 0)
        before[rows] = np.where(better, rows - steps[chosen], -1)
    tail = max(len(best) - int(2 * period), 0)
    hop = tail + int(np.argmax(best[tail:]))
    path = []
    while hop >= 0:
        path.append(hop)
        hop = int(before[hop])
    return np.array(path[::-1])


def _on_the_strong_side(hops: npt.NDArray[np.int64], low: Array) -> npt.NDArray[np.int64]:
    """Return the beats, or what lies between them if drums and bass say that those are the beats.

    Of slow beats the middles may be beats too, so first the quarters are held against both.
    """
    parts = 4 if np.median(np.diff(hops)) > 60 * _FRAMES / _SLOW else 2
    steps = np.diff(hops)
    shifted = [hops[:-1] + steps * k // parts for k in range(parts)]
    weights = np.array([_near(low, each).mean() for each in shifted])
    sides = weights.reshape(-1, 2).sum(axis=0)  # of even and odd parts
    odd = sides[1] > _STRONGER * sides[0]
    best = 1 if odd else 0
    if parts == 4 and weights[best + 2] > _STRONGER * weights[best]:
        best += 2
    return shifted[best] if best else hops


def _peak(strength: Array, hop: int) -> float:
    """Return where the strength peaks around a hop, between the hops."""
    begin = max(hop - 4, 1)
    at = begin + int(np.argmax(strength[begin : min(hop + 5, len(strength) - 1)]))
    left, middle, right = strength[at - 1 : at + 2]
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(at + np.clip(shift, -0.5, 0.5))


def smoothed(times: Array) -> Array:
    """Return the beats on straight lines through those around each."""
    half = min(_AROUND // 2, (len(times) - 1) // 2)
    if half < 1:
        return times.copy()
    smooth = np.convolve(times, np.full(2 * half + 1, 1 / (2 * half + 1)), "same")
    index = np.arange(len(times), dtype=np.float64)
    for k in (*range(half), *range(len(times) - half, len(times))):  # the line's middle is its mean
        near = slice(max(k - half, 0), k + half + 1)
        smooth[k] = np.polyval(np.polyfit(index[near] - k, times[near], 1), 0)
    return smooth
