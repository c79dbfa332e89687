"""Finds our own track in a recording of a room, and how the two clocks differ.

A phone's crystal and a computer's differ by up to a few hundred millionths, 60 ms in ten minutes at
100: steps can be compared with beats only after the line from one clock to the other is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.expected import Floats

Sound = npt.NDArray[np.int16]
"""Mono samples at RATE; a long recording is held as such."""

_FRAME = RATE // 100  # samples of the coarse search: 10 ms
_PIECE = 150 * 100  # frames of the recording that are looked for in the track at once
_PLACES = 5  # where a piece seems to lie, that are looked at closely
_WINDOW = 2 * RATE  # samples in which the delay is measured
_EVERY = 5.0  # seconds from one measurement to the next
_NEAR = 0.04  # seconds by which a delay may differ from what is expected
_ABOUT = 1.0  # seconds by which a start that is told may be wrong
_WIDE = 0.4  # seconds around a likely place: a beat, as steps blur it
_PEAKS = 4  # delays there that are compared
_CLOSE, _TRIED = 3.0, 20  # seconds from one look to the next, and how many choose a place
_DRIFT = 0.015  # seconds by which clocks may drift meanwhile
_ENOUGH = 400.0  # times the usual power of a response: more counts no more
_CLEAR = 6.0  # times the scatter of a deconvolution by which its peak shows a sound
_STRAIGHT, _MOST = 0.001, 0.7  # seconds off the line by which no more than the others may lie
_FEWEST = 6  # measurements
_LONG_ENOUGH = 20.0  # seconds over which they must spread


@dataclass(frozen=True, slots=True)
class ClockFit:
    """The line between two clocks: `start` is where the track's first sample lies in the recording.

    `rate` is how many seconds of the recording's clock a second of the track's takes.
    """

    start: float
    rate: float = 1.0

    @property
    def ppm(self) -> float:
        """By how many millionths the recording's clock is faster than the track's."""
        return (self.rate - 1) * 1e6

    def of_track(self, recorded: Floats) -> Floats:
        """Return instants of the recording as seconds from the track's first sample."""
        return (recorded - self.start) / self.rate

    def of_recording(self, seconds: Floats) -> Floats:
        """Return instants of the track as seconds of the recording."""
        return self.start + seconds * self.rate


def fit_clocks(recording: Sound, track: Sound, start: float | None = None) -> ClockFit | None:
    """Find a track in a recording, anywhere or near `start` seconds; None if it cannot be heard."""
    for starts in _starts(recording, track, start):
        _, begin = max(_looked_at(recording, track, each) for each in starts)
        fit = _line(_delays(recording, track, begin))
        if fit:
            return fit
    return None


def _starts(recording: Sound, track: Sound, start: float | None) -> Iterator[list[float]]:
    """Yield where the track may begin in the recording, by its loudness, in seconds.

    The places are those that a piece of the recording suggests, the likeliest first.
    """
    known, heard = _loudness(track), _loudness(recording)
    for first in range(0, max(len(heard) - _PIECE // 4, 1), _PIECE):
        piece = heard[first : first + _PIECE]
        size = 1 << (len(known) + len(piece)).bit_length()
        match = np.fft.irfft(np.fft.rfft(known, size) * np.fft.rfft(piece, size).conj(), size)
        lags = np.arange(size)
        lags[len(known) :] -= size
        begins = (first - lags) / 100
        if start is not None:
            match[abs(begins - start) > _ABOUT] = -np.inf
        places = []
        for _ in range(_PLACES):
            at = int(np.argmax(match))
            places.append(float(begins[at]))
            match[np.arange(at - 5, at + 6) % size] = -np.inf
        yield places


def _loudness(sound: Sound) -> Floats:
    """Return how loud each frame is, in decades about the mean, where clicks and words are."""
    count = len(sound) // _FRAME
    levels = np.empty(count)
    for first in range(0, count, 1000):
        block = sound[first * _FRAME : min(first + 1000, count) * _FRAME].astype(np.float64)
        high = np.diff(block, n=2, prepend=[0.0, 0.0])
        levels[first : first + 1000] = (high.reshape(-1, _FRAME) ** 2).mean(axis=1)
    logs = np.log(levels + 0.03 * levels.mean() + 1e-3)
    loudness: Floats = logs - logs.mean()
    return loudness


def _looked_at(recording: Sound, track: Sound, start: float) -> tuple[float, float]:
    """Return how clearly the track is heard to begin about there, and where."""
    margin = int(_WIDE * RATE)
    clear, fits = np.zeros(2 * margin), []
    for at in max(0.0, -start) + _WIDE + _CLOSE * np.arange(_TRIED):
        response = _response(recording, track, at, start, margin)
        fit = _response(recording, track, at, start, margin, divide=False)
        if response is not None and fit is not None:
            power = response**2
            clear += np.minimum(power / (np.median(power) + 1e-30), _ENOUGH)
            fits.append(abs(fit))
    clear = np.convolve(clear, np.ones(_FRAME // 2), "same")
    drift = int(_DRIFT * RATE)
    best = 0.0, start
    for _ in range(_PEAKS if fits else 0):
        peak = int(np.argmax(clear))
        here = slice(max(peak - drift, 0), peak + drift)
        # Clicks fit at every beat, words at one: they have more energy.
        best = max(
            best, (sum(float(fit[here].max()) for fit in fits), start + (peak - margin) / RATE)
        )
        clear[here] = 0
    return best


class _Delay(NamedTuple):
    """A measurement at a second of the track: where its first sample then seems to lie."""

    at: float
    start: float


def _delays(recording: Sound, track: Sound, start: float) -> list[_Delay]:
    """Measure all along where the track seems to begin."""
    found: list[_Delay] = []
    at = max(0.0, -start)
    while at * RATE + _WINDOW < len(track) and (start + at) * RATE + _WINDOW < len(recording):
        expected = found[-1].start + _slope(found) * (at - found[-1].at) if found else start
        delay = _measured(recording, track, at, expected)
        if delay:
            found.append(delay)
        at += _EVERY
    return found


def _slope(found: list[_Delay]) -> float:
    """Return by how much the start moves a second; 0 until that is known."""
    if len(found) < _FEWEST or found[-1].at - found[0].at < _LONG_ENOUGH:
        return 0.0
    at, begin = np.array(found[-40:]).T
    return float(np.polyfit(at, begin, 1)[0])


def _measured(recording: Sound, track: Sound, at: float, start: float) -> _Delay | None:
    """Return the start that the sound around a second of the track shows; None if it is unclear."""
    margin = int(_NEAR * RATE)
    response = _response(recording, track, at, start, margin)
    if response is None:
        return None
    peak = int(np.argmax(abs(response)))
    scatter = float(np.median(abs(response))) / 0.6745
    if abs(response[peak]) < _CLEAR * scatter:
        return None
    begin = int((start + at) * RATE) - margin
    return _Delay(at, (begin + peak - int(at * RATE)) / RATE)


def _response(
    recording: Sound, track: Sound, at: float, start: float, margin: int, *, divide: bool = True
) -> Floats | None:
    """Return the room's response around a delay, by what is heard around a second of the track.

    Without `divide` it is the correlation, to which each sound contributes its energy.
    """
    first, begin = int(at * RATE), int((start + at) * RATE) - margin
    own = track[first : first + _WINDOW].astype(np.float64)
    heard = recording[max(begin, 0) : begin + _WINDOW + 2 * margin].astype(np.float64)
    if begin < 0 or len(heard) < _WINDOW or not own.any():
        return None
    size = 1 << (len(heard) + _WINDOW).bit_length()
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    inside = (hertz > 300) & (hertz < 6000)
    # Steps are louder than our own sound and would drown it.
    heard = np.fft.irfft(np.fft.rfft(heard, size) * inside, size)[: len(heard)]
    limit = np.percentile(abs(heard), 80) + 1e-3
    played = np.fft.rfft(own, size)
    power = abs(played) ** 2
    # Dividing by the spectrum leaves the response, whose peak is the direct sound.
    inverse = played.conj() * inside
    if divide:
        inverse /= power + 0.03 * power[inside].max()
    response = np.fft.irfft(np.fft.rfft(np.clip(heard, -limit, limit), size) * inverse, size)
    return response[: 2 * margin]


def _line(delays: list[_Delay]) -> ClockFit | None:
    """Return the line through most of the delays; None if they lie on none.

    Steps in time with the clicks give delays too, but no runner keeps time to a millisecond.
    """
    if len(delays) < _FEWEST:
        return None
    at, begin = np.array(delays).T
    if at[-1] - at[0] < _LONG_ENOUGH:
        return None
    i, j = np.triu_indices(len(at), 1)
    far = at[j] - at[i] >= (at[-1] - at[0]) / 3
    slope = float(np.median(((begin[j] - begin[i]) / (at[j] - at[i]))[far]))
    start = float(np.median(begin - slope * at))
    straight = abs(begin - start - slope * at) < _STRAIGHT
    if straight.sum() < max(_FEWEST, _MOST * len(at)):
        return None
    slope, start = map(float, np.polyfit(at[straight], begin[straight], 1))
    return ClockFit(start, 1 + slope)
