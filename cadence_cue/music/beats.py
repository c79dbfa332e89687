"""Finds the beats of a piece of music, and says how surely.

The strength of onsets is the rise of energy in bands of frequency (Bello et al. 2005), the tempo
the period at which it repeats (Scheirer 1998), and the beats the path through strong onsets that
keeps to that period (dynamic programming, Ellis 2007). What cannot be followed gets a verdict and no
guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
_LOW_BANDS = 1  # of them, where a bass drum is
_COMPRESSION = 100.0  # so that quiet onsets count as well
_TEMPOS = (50.0, 215.0)  # beats a minute
_TIGHTNESS = 100.0  # of the beats to their period
_AROUND = 16  # beats, over which a period is judged
_CANDIDATES = 4  # tempos that are tried


_EARLY = 0.0065
"""Seconds by which strengths peak before an onset: the window reaches it first. Measured on clicks."""
_FOLLOWED = 0.015
"""Seconds by which beats may stray (SD) from a tempo that changes slowly, to be followed."""
_CLEAR = 4.0
"""How much stronger onsets on beats must be than all."""
_LEAST_BEATS = 24


@dataclass(frozen=True, slots=True)
class Passage:
    """Beats in a row that can be followed: `times` in seconds from the start of the piece."""

    times: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Beats:
    """What was found of a piece's beats.

    `tempo` is beats a minute, 0 where none were found; `clarity` how much stronger onsets on beats
    are than all, `wobble` the SD of beats around a tempo that changes slowly, in seconds.
    `passages` are where they can be followed; there are none in what is too free.
    """

    tempo: float = 0.0
    clarity: float = 0.0
    wobble: float = 0.0
    passages: tuple[Passage, ...] = ()


class Onsets:
    """Gathers a piece block by block into the strength of its onsets, in little memory."""

    def __init__(self) -> None:
        self._held = np.zeros(_WINDOW // 2, np.float64)  # so that frame k lies at k hops
        self._rows: list[npt.NDArray[np.float32]] = []
        self._window = np.hanning(_WINDOW + 1)[:-1]
        frequencies = np.fft.rfftfreq(_WINDOW, 1 / RATE)
        self._bands = np.array([
            (frequencies >= low) & (frequencies < high)
            for low, high in zip(_EDGES, _EDGES[1:], strict=False)
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
        energy = np.concatenate(self._rows).astype(np.float64)
        rise = np.maximum(np.diff(energy, axis=0, prepend=energy[:1]), 0)
        rise /= np.maximum(rise.mean(axis=0), 1e-9) + np.mean(rise) * 0.1
        return _flattened(rise.sum(axis=1)), _flattened(rise[:, :_LOW_BANDS].sum(axis=1))


def beats_of(blocks: Iterable[Samples]) -> Beats:
    """Return the beats of a piece given as blocks of shape (n, 2) at RATE."""
    onsets = Onsets()
    for block in blocks:
        onsets.add(block.mean(axis=1))
    return track(*onsets.strengths())


def track(strength: Array, low: Array) -> Beats:
    """Return the beats in the strength of onsets, of all bands and of the lowest."""
    if len(strength) < 8 * _FRAMES or strength.max() <= 0:
        return Beats()
    found = [
        _judged(_on_the_strong_side(hops, strength, low), strength)
        for period in _periods(strength)
        if len(hops := _path(strength, period)) >= _LEAST_BEATS
    ]
    most = max((_followed(each) for each in found), default=0.0)
    return next((each for each in found if _followed(each) >= 0.9 * most), Beats())


def _followed(beats: Beats) -> float:
    """Return the seconds over which beats can be followed."""
    return sum(each.times[-1] - each.times[0] for each in beats.passages)


def _judged(hops: npt.NDArray[np.int64], strength: Array) -> Beats:
    """Return beats with the passages in which they can be followed."""
    times = np.array([_peak(strength, hop) for hop in hops]) / _FRAMES + _EARLY
    off = times - smoothed(times)
    around = np.ones(_AROUND)
    count = np.convolve(np.ones(len(off)), around, "same")
    wobble = np.sqrt(np.convolve(off**2, around, "same") / count)
    near = np.array([strength[max(hop - 2, 0) : hop + 3].max() for hop in hops])
    clarity = np.convolve(near, around, "same") / count / max(strength.mean(), 1e-9)
    follows = (wobble <= _FOLLOWED) & (clarity >= _CLEAR)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], follows, [False])).astype(np.int8)))
    passages = tuple(
        Passage(tuple(times[begin:end].tolist()))
        for begin, end in edges.reshape(-1, 2)
        if end - begin >= _LEAST_BEATS
    )
    tempo = 60 * (len(times) - 1) / (times[-1] - times[0])
    return Beats(float(tempo), float(np.median(clarity)), float(np.median(wobble)), passages)


def _flattened(strength: Array) -> Array:
    """Return strengths less what is usual around, at a common scale."""
    around = np.ones(int(0.4 * _FRAMES)) / int(0.4 * _FRAMES)
    raised = np.maximum(strength - np.convolve(strength, around, "same"), 0)
    loud = np.convolve(raised, np.ones(int(5 * _FRAMES)) / int(5 * _FRAMES), "same")
    flat: Array = raised / (loud + 0.1 * max(raised.mean(), 1e-9))
    return flat


def _periods(strength: Array) -> list[float]:
    """Return the likely hops from beat to beat, the likeliest first: where strengths repeat."""
    longest = int(4 * 60 * _FRAMES / _TEMPOS[0]) + 2
    size = 1 << (len(strength) + longest).bit_length()
    spectrum = np.fft.rfft(strength - strength.mean(), size)
    repeats = np.fft.irfft(spectrum * np.conj(spectrum), size)[: longest + 1]
    periods = np.geomspace(60 * _FRAMES / _TEMPOS[1], 60 * _FRAMES / _TEMPOS[0], 600)
    lags = np.arange(len(repeats))
    repeated = sum(np.interp(n * periods, lags, repeats) / n for n in (1, 2, 4))
    usual = np.exp(-0.5 * (np.log2(60 * _FRAMES / periods / 120) / 0.9) ** 2)
    score = np.pad(repeated * usual, 1)
    peaks = np.flatnonzero((score[1:-1] >= score[:-2]) & (score[1:-1] > score[2:]))
    best = peaks[np.argsort(-score[peaks + 1])][:_CANDIDATES]
    return [float(periods[k]) for k in best if score[k + 1] >= 0.3 * score.max()]


def _path(strength: Array, period: float) -> npt.NDArray[np.int64]:
    """Return the hops of the beats: the path of the greatest strength that keeps to the period."""
    steps = np.arange(round(period * 0.6), round(period * 1.6) + 1)
    cost = -_TIGHTNESS * np.log(steps / period) ** 2
    scaled = strength / max(strength.std(), 1e-9)
    best, before = scaled.copy(), np.full(len(scaled), -1, np.int64)
    for at in range(int(steps[0]), len(scaled)):
        from_ = at - steps
        ok = from_ >= 0
        scores = best[from_[ok]] + cost[ok]
        k = int(np.argmax(scores))
        if scores[k] > 0:
            best[at] += scores[k]
            before[at] = from_[ok][k]
    tail = len(best) - int(2 * period)
    hop = tail + int(np.argmax(best[tail:]))
    path = []
    while hop >= 0:
        path.append(hop)
        hop = int(before[hop])
    return np.array(path[::-1])


def _on_the_strong_side(
    hops: npt.NDArray[np.int64], strength: Array, low: Array
) -> npt.NDArray[np.int64]:
    """Return the beats, or the middles between them if the bass says that those are the beats."""
    middles = (hops[:-1] + hops[1:]) // 2

    def weight(places: npt.NDArray[np.int64], of: Array) -> float:
        near = np.clip(places[:, np.newaxis] + np.arange(-3, 4), 0, len(of) - 1)
        return float(of[near].max(axis=1).mean())

    on, off = weight(hops, low), weight(middles, low)
    return middles if off > 1.3 * on else hops


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
    index = np.arange(len(times), dtype=np.float64)
    half = _AROUND // 2
    smooth = np.empty(len(times))
    for k in range(len(times)):
        near = slice(max(k - half, 0), k + half + 1)
        smooth[k] = np.polyval(np.polyfit(index[near] - k, times[near], 1), 0)
    return smooth
