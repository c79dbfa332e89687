"""Finds the beats of a piece of music, and says how surely.

The tempo is the period at which strong onsets repeat (Scheirer 1998), and the beats are the path
through them that keeps to that period (dynamic programming, Ellis 2007). What cannot be followed
gets no guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.media.samples import Samples
from cadence_cue.music.onsets import HOPS, Array, Onsets, Strengths

_TEMPOS = (50.0, 215.0)  # beats a minute
_USUAL = (80.0, 180.0)  # of them; what lies outside by half an octave is a little less likely
_TIGHTNESS = 200.0  # of the beats to their period: no louder note off the beat may draw them away
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
SHORTEST = 8.0
"""Seconds of a piece, below which no beat is looked for."""
_AT_ONCE = 900  # seconds that are tracked together, so that memory stays the same at any length
_BREAK = 32  # beats, over which a tempo that is the same on both sides goes on
_UNSURE = _AROUND // 2  # beats at the ends of a passage, which are judged with what is beyond
_SAME_TEMPO = 0.02  # share by which periods may differ
_ON = 0.1  # beats by which they may be off the beat


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
    are none in what is too free. `damage` says what is wrong with its file, else it is "".
    """

    seconds: float = 0.0
    passages: tuple[Passage, ...] = ()
    damage: str = ""

    @property
    def tempo(self) -> float:
        """Beats a minute of the longest passage; 0 if there is none."""
        return max(self.passages, key=lambda each: each.seconds).tempo if self.passages else 0.0

    @property
    def followed(self) -> float:
        """The share of the piece over which its beats can be followed."""
        return sum(each.seconds for each in self.passages) / max(self.seconds, 1e-9)


def beats_of(blocks: Iterable[Samples]) -> Beats:
    """Return the beats of a piece given as blocks of shape (n, 1) at RATE."""
    seconds, passages = 0.0, list[Passage]()
    for strengths in _strengths(blocks):
        passages += (
            Passage(tuple((np.array(each.times) + seconds).round(6).tolist()))
            for each in _tracked(strengths)
        )
        seconds += len(strengths.all) / HOPS
    return Beats(seconds, _joined(passages))


def _strengths(blocks: Iterable[Samples]) -> Iterator[Strengths]:
    """Yield the strengths of onsets, those of a long piece in parts."""
    onsets = Onsets()
    for block in blocks:
        onsets.add(block[:, 0])
        if onsets.hops >= _AT_ONCE * HOPS:
            yield onsets.taken()
    if onsets.hops:
        yield onsets.taken()


def _tracked(strengths: Strengths) -> tuple[Passage, ...]:
    """Return the passages of the tempo at which most of a piece can be followed."""
    strength, low = strengths.all, strengths.low
    if len(strength) < SHORTEST * HOPS or strength.max() <= 0:
        return ()
    found = [
        _passages(_on_the_strong_side(hops, strengths), strength, low)
        for period in _periods(strength, low)
        if len(hops := _path(strength, period)) >= _LEAST_BEATS
    ]
    followed = [sum(each.seconds for each in passages) for passages in found]
    most = max(followed, default=0.0)
    likely = zip(found, followed, strict=True)
    return next((passages for passages, long in likely if long >= 0.9 * most), ())


def _joined(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return passages, those as one between which the tempo goes on through a break.

    Of two that contradict each other, half a beat apart, the longer stays.
    """
    found: list[Passage] = []
    for after in passages:
        before = found[-1] if found else after
        beats = _beats_between(before, after)
        off = abs(beats - round(beats))
        if 0 < beats <= _BREAK + _ON and off <= _ON:
            sure, again = before.times[:-_UNSURE], after.times[_UNSURE:]
            count = round(beats) + 2 * _UNSURE
            between = np.linspace(sure[-1], again[0], count + 1)[1:-1]
            found[-1] = Passage((*sure, *between.round(6).tolist(), *again))
        elif 0 < beats <= _BREAK + _ON and off >= 0.5 - _ON:
            found[-1] = max(before, after, key=lambda each: each.seconds)
        else:
            found.append(after)
    return tuple(found)


def _beats_between(before: Passage, after: Passage) -> float:
    """Return how many beats lie between two passages at the tempo of both; 0 if that differs."""
    ends = before.times[-1 - _UNSURE - _AROUND], before.times[-1 - _UNSURE]
    begins = after.times[_UNSURE], after.times[_UNSURE + _AROUND]
    first, second = ((b - a) / _AROUND for a, b in (ends, begins))
    if abs(first / second - 1) > _SAME_TEMPO:
        return 0.0
    return 2 * (begins[0] - ends[1]) / (first + second) - 2 * _UNSURE


def _passages(hops: npt.NDArray[np.int64], strength: Array, low: Array) -> tuple[Passage, ...]:
    """Return where beats can be followed, each passage from the beginning of a bar."""
    times = np.array([_peak(strength, hop) for hop in hops]) / HOPS + _EARLY
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


def _periods(strength: Array, low: Array) -> list[float]:
    """Return the likely hops from beat to beat, the likeliest first: where strengths repeat.

    Off-beats repeat too, but the bass alone does at beats and bars: syncopated music of 172 repeats
    at two thirds of that in all bands, and not in the lowest.
    """
    slowest, quickest = _TEMPOS
    longest = int(_REPEATS * 60 * HOPS / slowest) + 2
    repeats = _repeats(strength, longest) + _repeats(low, longest)
    tempos = np.geomspace(quickest, slowest, 600)
    periods, lags = 60 * HOPS / tempos, np.arange(longest + 1)
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


def _on_the_strong_side(hops: npt.NDArray[np.int64], strengths: Strengths) -> npt.NDArray[np.int64]:
    """Return the beats, or what lies between them if drums and bass say that those are the beats.

    The bass alone is often off the beat, and hi-hats are; so is seldom what the snare is heard in.
    Of slow beats the middles may be beats too, so first the quarters are held against both.
    """
    parts = 4 if np.median(np.diff(hops)) > 60 * HOPS / _SLOW else 2
    steps = np.diff(hops)
    shifted = [hops[:-1] + steps * k // parts for k in range(parts)]
    bands = [
        np.array([_near(band, each).mean() for each in shifted])
        for band in (strengths.low, strengths.middle)
    ]
    sides = np.prod([each.reshape(-1, 2).sum(axis=0) for each in bands], axis=0)  # even and odd
    weights = np.prod(bands, axis=0)
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
