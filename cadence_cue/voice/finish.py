"""From raw speech to a clip: cut, levelled, limited, faded, and its stressed vowel found.

What shipped clips, the runner's own texts and the coach's recordings all go through. Arrays are
mono at 48 kHz; positions are frames.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from cadence_cue.sound.loudness import loudness, true_peak
from cadence_cue.timing import RATE
from cadence_cue.timing.decibels import gain_of

Samples = npt.NDArray[np.float64]

MS = RATE // 1000
HEAD = 5 * MS  # kept before the first sound
TAIL = 30 * MS  # and after the last
FADE_IN = 4 * MS
FADE_OUT = 20 * MS
GATE_DB = -40.0  # below the loudest 5 ms: not speech
RUN = 15  # ms of speech in a row that count as its start or end

TARGET = -19.0  # LUFS of the loudest 400 ms, as mono: -16 in both channels
NEAR = 0.05  # LU that are near enough
CEILING = -4.6  # dBTP to aim at; -4.5 is the promise
TRIES = 24  # a clip with one high peak takes its gain in small steps
FIRST_SYLLABLE = 220 * MS  # within this after the first sound its vowel begins
A_RISE = 0.4  # of the steepest one: what counts as a syllable's


def speech_span(samples: Samples) -> tuple[int, int]:
    """First frame of speech and the frame after its last."""
    level = _envelope(samples, 5)
    floor = np.percentile(level, 5)
    peak = np.max(level)
    gate = max(peak * gain_of(GATE_DB), min(floor * gain_of(10), peak * gain_of(-25)))
    loud = np.convolve(level > gate, np.ones(RUN, int), "valid") == RUN
    if not loud.any():
        return 0, len(samples)
    first, last = np.flatnonzero(loud)[[0, -1]]
    return int(first) * MS, min(len(samples), (int(last) + RUN) * MS)


def cut(samples: Samples) -> tuple[Samples, int]:
    """The speech with a breath of room and soft edges, and the frame where it was cut."""
    first, last = speech_span(samples)
    start, end = max(0, first - HEAD), min(len(samples), last + TAIL)
    piece = samples[start:end] - samples.mean()
    piece[:FADE_IN] *= np.sin(np.linspace(0, np.pi / 2, FADE_IN)) ** 2
    piece[-FADE_OUT:] *= np.cos(np.linspace(0, np.pi / 2, FADE_OUT)) ** 2
    return piece, start


def limit(samples: Samples, ceiling: float) -> Samples:
    """Turn down the moments that pass `ceiling` (linear), smoothly over 10 ms, and nothing else."""
    reach = 5 * MS
    need = np.minimum(1.0, ceiling / np.maximum(np.abs(samples), 1e-9))
    if need.min() == 1.0:
        return samples
    padded = np.pad(need, 2 * reach, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).min(axis=1)
    window = np.hanning(2 * reach + 3)[1:-1]
    turned: Samples = samples * np.convolve(lowest, window / window.sum(), "valid")
    return turned


def level(samples: Samples, heard: Callable[[Samples], Samples] = lambda each: each) -> Samples:
    """The clip at the loudness and below the ceiling of every clip, as near as it can be brought.

    `heard` is what will come of it, a codec's work for example, which moves both a little: gain
    and ceiling are corrected by what comes out.
    """
    gain_db, ceiling_db = TARGET - loudness(samples), CEILING
    for _ in range(TRIES):
        limited = limit(samples * gain_of(gain_db), gain_of(ceiling_db))
        out = heard(limited)
        off, over = TARGET - loudness(out), true_peak(out) - CEILING
        if abs(off) <= NEAR and over <= 0:
            break
        gain_db += off
        if over > 0:
            ceiling_db = min(ceiling_db, true_peak(limited)) - over - NEAR
    return limited


def first_rise(samples: Samples) -> int:
    """The frame where the first syllable of a recording swells: its anchor, as far as one can tell.

    Of the rises of the vowel band in its first 220 ms the first that is at least 40 % of the
    steepest: against a recogniser's alignment 23 ms off on average.
    """
    swell = np.diff(_smooth(_envelope(_vowel_band(samples), 10), 14.0))
    onset = speech_span(samples)[0] // MS
    near = swell[onset : onset + FIRST_SYLLABLE // MS]
    if len(near) < 3:
        return onset * MS
    high = near >= A_RISE * near.max()
    top = (near >= np.roll(near, 1)) & (near >= np.roll(near, -1)) & high
    return (onset + int(np.argmax(top))) * MS


def steepest_rise(samples: Samples, start: int, end: int) -> int:
    """The frame between two others where the vowel band swells fastest.

    A syllable is felt to fall there (its perceptual centre), and a sibilant before it does not
    count.
    """
    swell = np.diff(_smooth(_envelope(_vowel_band(samples), 10), 14.0))
    first = max(0, min(start // MS, len(swell) - 1))
    last = max(first + 1, min(end // MS, len(swell)))
    return (first + int(np.argmax(swell[first:last]))) * MS


def _envelope(samples: Samples, window_ms: int) -> Samples:
    """RMS around every millisecond."""
    window = window_ms * MS
    power = np.pad(samples**2, (window // 2, window))
    total = np.concatenate([[0.0], np.cumsum(power)])
    at = np.arange(len(samples) // MS + 1) * MS
    level: Samples = np.sqrt(np.maximum(0.0, (total[at + window] - total[at]) / window))
    return level


def _smooth(values: Samples, sigma: float) -> Samples:
    reach = int(4 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.convolve(np.pad(values, reach, mode="edge"), kernel / kernel.sum(), "valid")


def _vowel_band(samples: Samples) -> Samples:
    """500 to 2800 Hz with soft edges: the first formants without hum and hiss."""
    size = 1 << int(np.ceil(np.log2(len(samples) + RATE // 10)))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    gain = 1 / (1 + np.exp((500 - hertz) / 40)) / (1 + np.exp(np.minimum((hertz - 2800) / 150, 60)))
    return np.fft.irfft(np.fft.rfft(samples, size) * gain, size)[: len(samples)]
