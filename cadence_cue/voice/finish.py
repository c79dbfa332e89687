"""Turns raw speech into a clip: cuts, levels, limits and fades it, and finds its stressed vowel.

Shipped clips, the runner's own texts and the coach's recordings all pass through it. Arrays are
mono, shape (n,), at 48 kHz, full scale 1; positions are in frames.
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
TAIL = 30 * MS  # kept after the last sound
FADE_IN = 4 * MS
FADE_OUT = 20 * MS
GATE_DB = -40.0  # relative to the loudest 5 ms: below it is no speech
RUN = 15  # ms of continuous speech that count as its start or end

TARGET = -17.0  # LUFS of the loudest 400 ms, as mono: -14 in both channels
NEAR = 0.05  # LU: the tolerance
CEILING = -5.4  # dBTP to aim at; levels.VOICE_CEILING is what is promised
TRIES = 24  # a clip with one high peak approaches its gain in small steps
FIRST_SYLLABLE = 220 * MS  # after the first sound, within which the first vowel begins
A_RISE = 0.4  # of the steepest rise: enough to be that of a syllable


def speech_span(samples: Samples) -> tuple[int, int]:
    """Return the first frame of speech and the frame after its last."""
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
    """Return the speech with short margins and faded edges, and the frame where it was cut."""
    first, last = speech_span(samples)
    start, end = max(0, first - HEAD), min(len(samples), last + TAIL)
    piece = samples[start:end] - samples.mean()
    piece[:FADE_IN] *= np.sin(np.linspace(0, np.pi / 2, FADE_IN)) ** 2
    piece[-FADE_OUT:] *= np.cos(np.linspace(0, np.pi / 2, FADE_OUT)) ** 2
    return piece, start


def limit(samples: Samples, ceiling: float) -> Samples:
    """Return the samples turned down around peaks over `ceiling` (linear), smoothly over 10 ms."""
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
    """Return the clip at TARGET loudness and below CEILING, as near as it can be brought.

    `heard` returns the samples as they will be heard, after a codec for example, which changes both
    a little; loudness and ceiling hold for its result.
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
    """Return the frame where the first syllable of a recording swells: its estimated anchor.

    It is the first rise of the vowel band within 220 ms that is at least 40 % as steep as the
    steepest. Against a speech recogniser's alignment it is 23 ms off on average.
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
    """Return the frame from `start` to `end` where the vowel band rises fastest.

    That is the perceptual centre of a syllable, where it is felt to fall; a sibilant before it does
    not count.
    """
    swell = np.diff(_smooth(_envelope(_vowel_band(samples), 10), 14.0))
    first = max(0, min(start // MS, len(swell) - 1))
    last = max(first + 1, min(end // MS, len(swell)))
    return (first + int(np.argmax(swell[first:last]))) * MS


def _envelope(samples: Samples, window_ms: int) -> Samples:
    """Return the RMS level around every millisecond."""
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
    """Return the band of 500 to 2800 Hz, soft-edged: the first formants without hum and hiss."""
    size = 1 << int(np.ceil(np.log2(len(samples) + RATE // 10)))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    gain = 1 / (1 + np.exp((500 - hertz) / 40)) / (1 + np.exp(np.minimum((hertz - 2800) / 150, 60)))
    return np.fft.irfft(np.fft.rfft(samples, size) * gain, size)[: len(samples)]
