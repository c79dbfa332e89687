"""Finds our own track in a recording of a room, and how the two clocks differ.

A phone's crystal and a computer's differ by up to a few hundred millionths, 60 ms in ten minutes at
100: steps can be compared with beats only after the line from one clock to the other is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
_EVERY = 8.0  # seconds from one measurement to the next
_NEAR = 0.04  # seconds by which a delay may differ from what is expected
_CLEAR = 8.0  # times the scatter of a deconvolution by which its peak shows a sound
_STRAIGHT = 0.002  # seconds by which a measured delay may lie off the line
_FEWEST = 4  # measurements
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
    starts = iter([start]) if start is not None else _starts(recording, track)
    near = 0.5 if start is not None else _NEAR
    for each in starts:
        delays = _delays(recording, track, each, near)
        fit = _line(delays)
        if fit:
            return fit
    return None


def _starts(recording: Sound, track: Sound) -> Iterator[float]:
    """Yield where the track may begin in the recording, by its changes of loudness, in seconds."""
    known = _changes(track)
    heard = _changes(recording)
    for first in range(0, max(len(heard) - _PIECE // 4, 1), _PIECE):
        piece = heard[first : first + _PIECE]
        size = 1 << (len(known) + len(piece)).bit_length()
        match = np.fft.irfft(np.fft.rfft(known, size) * np.fft.rfft(piece, size).conj(), size)
        for _ in range(_PLACES):
            at = int(np.argmax(match))
            lag = at if at < len(known) else at - size
            yield (first - lag) / 100
            near = np.arange(at - 10, at + 11) % size
            match[near] = -np.inf


def _changes(sound: Sound) -> Floats:
    """Return how much louder each frame is than the one before, in what clicks and words have."""
    count = len(sound) // _FRAME
    levels = np.empty(count)
    for first in range(0, count, 1000):
        block = sound[first * _FRAME : min(first + 1000, count) * _FRAME].astype(np.float64)
        high = np.diff(block, n=2, prepend=[0.0, 0.0])
        levels[first : first + 1000] = (high.reshape(-1, _FRAME) ** 2).mean(axis=1)
    logs = np.log(levels + 0.1 * np.median(levels) + 1e-3)
    rises = np.maximum(np.diff(logs, prepend=logs[:1]), 0)
    changes: Floats = rises - rises.mean()
    return changes


def _delays(recording: Sound, track: Sound, start: float, near: float) -> list[tuple[float, float]]:
    """Measure all along where the track seems to begin: (seconds of the track, that start)."""
    found: list[tuple[float, float]] = []
    misses = 0
    at = max(0.0, -start)
    while at * RATE + _WINDOW < len(track) and (start + at) * RATE + _WINDOW < len(recording):
        expected, search = start, near
        if found:
            search = _NEAR
            expected = found[-1][1] + _slope(found) * (at - found[-1][0])
        begin = _measured(recording, track, at, expected, search)
        if begin is not None:
            found.append((at, begin))
        elif not found:
            misses += 1
            if misses > 12:
                break
        at += _EVERY
    return found


def _slope(found: list[tuple[float, float]]) -> float:
    if len(found) < _FEWEST or found[-1][0] - found[0][0] < _LONG_ENOUGH:
        return 0.0
    at, begin = np.array(found[-40:]).T
    return float(np.polyfit(at, begin, 1)[0])


def _measured(recording: Sound, track: Sound, at: float, start: float, near: float) -> float | None:
    """Return the start that the sound around a second of the track shows; None if it is unclear."""
    first = int(at * RATE)
    own = track[first : first + _WINDOW].astype(np.float64)
    margin = int(near * RATE) + 1
    begin = int((start + at) * RATE) - margin
    if begin < 0 or not own.any():
        return None
    heard = recording[begin : begin + _WINDOW + 2 * margin].astype(np.float64)
    size = 1 << (len(heard) + _WINDOW).bit_length()
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    played = np.fft.rfft(own, size)
    power = abs(played) ** 2
    inside = (hertz > 300) & (hertz < 6000)
    over = power + 0.03 * power[inside].max()
    # Dividing by the spectrum leaves the room's response, whose peak is the direct sound.
    response = np.fft.irfft(np.fft.rfft(heard, size) * played.conj() / over * inside, size)
    response = response[: 2 * margin]
    peak = int(np.argmax(abs(response)))
    scatter = float(np.median(abs(response))) / 0.6745
    if abs(response[peak]) < _CLEAR * scatter:
        return None
    return (begin + peak) / RATE - first / RATE


def _line(delays: list[tuple[float, float]]) -> ClockFit | None:
    """Return the line through most of the delays."""
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
    if straight.sum() < max(_FEWEST, len(at) / 2):
        return None
    slope, start = map(float, np.polyfit(at[straight], begin[straight], 1))
    return ClockFit(start, 1 + slope)
