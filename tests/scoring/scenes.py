"""Rooms in which somebody steps, taps or claps at known instants, as a microphone hears them.

The signal-to-noise ratio compares a step's RMS over 100 ms from its onset with the noise's from
20 Hz to 16 kHz. A step's onset is the first sample at which its envelope has a tenth of its peak.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

RATE = 32_000  # its half is where the noise ends
HEARD = 16_000
Wave = npt.NDArray[np.float64]
KINDS = ("thud with scuff", "thud", "toe tap", "clap")


@dataclass(frozen=True)
class Scene:
    """Steps in a room; `jitter` and `bias` in seconds, `share`s of steps missing or doubled."""

    kind: str = "toe tap"
    bpm: float = 165
    snr: float = 20
    noise: str = "white"
    reverberation: float = 0.4
    jitter: float = 0.02
    bias: float = -0.02
    missing: float = 0.06
    doubled: float = 0.05
    seconds: float = 24
    seed: int = 0


def burst(rng: np.random.Generator, low: float, high: float, attack: float, decay: float) -> Wave:
    """Noise of a band that rises and dies away."""
    t = np.arange(int(0.25 * RATE)) / RATE
    spectrum = np.fft.rfft(rng.normal(size=len(t)))
    hertz = np.fft.rfftfreq(len(t), 1 / RATE)
    spectrum[(hertz < low) | (hertz > high)] = 0
    noise = np.fft.irfft(spectrum, len(t))
    wave: Wave = noise / noise.std() * (1 - np.exp(-t / attack)) * np.exp(-t / decay)
    return wave


def sound(kind: str, rng: np.random.Generator) -> Wave:
    """One step of a kind."""
    t = np.arange(int(0.25 * RATE)) / RATE
    if kind.startswith("thud"):
        hertz, phase = rng.uniform(60, 140), rng.uniform(0, 2 * math.pi)
        body = np.sin(2 * math.pi * hertz * t + phase)
        wave: Wave = body * (1 - np.exp(-t / 0.003)) * np.exp(-t / rng.uniform(0.03, 0.06))
        if kind == "thud with scuff":
            scuff = burst(rng, 1000, 6000, 0.002, rng.uniform(0.02, 0.05))
            wave = wave + 10 ** (rng.uniform(-14, -8) / 20) * scuff
        return wave
    if kind == "toe tap":
        knock = np.sin(2 * math.pi * rng.uniform(180, 350) * t) * np.exp(-t / 0.02)
        return burst(rng, 1000, 5000, 0.0005, rng.uniform(0.006, 0.015)) + 0.4 * knock
    wave = burst(rng, 900, 6000, 0.0003, rng.uniform(0.006, 0.012))
    late = int(rng.uniform(0.002, 0.006) * RATE)
    wave[late:] += 0.7 * burst(rng, 900, 6000, 0.0003, 0.01)[: len(wave) - late]
    return wave


def onset_of(wave: Wave) -> int:
    """The first sample at a tenth of the envelope's peak."""
    spectrum = np.fft.fft(wave)
    spectrum[len(wave) // 2 :] = 0
    envelope = abs(np.fft.ifft(2 * spectrum))
    envelope = np.convolve(envelope, np.ones(32) / 32, "same")  # 1 ms: what a noise has as one
    return int(np.argmax(envelope >= 0.1 * envelope.max()))


def room(seconds: float, rng: np.random.Generator) -> Wave:
    """The response of a room with this reverberation time, in which the direct sound is 1."""
    t = np.arange(int(seconds * RATE)) / RATE
    tail = rng.normal(size=len(t)) * 10 ** (-3 * t / seconds)
    tail[: int(0.004 * RATE)] = 0
    tail *= math.sqrt(0.5 / (tail @ tail))  # as much as reaches a microphone two steps away
    tail[0] = 1
    return tail


def noise_of(kind: str, count: int, rng: np.random.Generator) -> Wave:
    """Noise from 20 Hz to 16 kHz with an RMS of 1."""
    size = 1 << count.bit_length()
    spectrum = np.fft.rfft(rng.normal(size=size))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    shape = (hertz >= 20).astype(float)
    if kind == "pink":
        shape /= np.sqrt(np.maximum(hertz, 20))
    if kind == "babble":
        return _babble(count, rng)
    noise = np.fft.irfft(spectrum * shape, size)[:count]
    levelled: Wave = noise / noise.std()
    return levelled


def _babble(count: int, rng: np.random.Generator) -> Wave:
    """Eight people who talk at once: noise coloured like speech, each with other syllables."""
    size = 1 << count.bit_length()
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    shape = (hertz >= 100) / (1 + (np.maximum(hertz, 1) / 500) ** 1.5)
    total = np.zeros(count)
    t = np.arange(count) / RATE
    for _ in range(8):
        voice = np.fft.irfft(np.fft.rfft(rng.normal(size=size)) * shape, size)[:count]
        times = np.cumsum(rng.uniform(0.12, 0.35, int(count / RATE / 0.2) + 8))
        heights = rng.uniform(0, 1, len(times)) ** 2
        total += voice * np.interp(t, times, heights)
    levelled: Wave = total / total.std()
    return levelled


def played(scene: Scene) -> tuple[npt.NDArray[np.float32], Wave, Wave]:
    """What is heard at HEARD frames a second, the true onsets, and the beats, both in seconds."""
    rng = np.random.default_rng(scene.seed)
    count = int(scene.seconds * RATE)
    beats = np.arange(2.0, scene.seconds - 0.5, 60 / scene.bpm)
    steps = beats + scene.bias + rng.normal(0, scene.jitter, len(beats))
    steps = steps[rng.random(len(steps)) >= scene.missing]
    steps = np.concatenate(
        [steps, steps[rng.random(len(steps)) < scene.doubled] + rng.uniform(0.11, 0.15)]
    )
    steps.sort()
    dry, truth, energies = np.zeros(count + RATE), [], []
    for at in steps:
        wave = sound(scene.kind, rng)
        wave *= 10 ** (rng.normal(0, 2) / 20)
        first = int(at * RATE)
        dry[first : first + len(wave)] += wave
        begin = onset_of(wave)
        truth.append((first + begin) / RATE)
        energies.append((wave[begin : begin + RATE // 10] ** 2).mean())
    tail = room(scene.reverberation, rng)
    wet = convolved(dry, tail)[:count]
    rms = math.sqrt(float(np.median(energies)))
    heard = wet + rms * 10 ** (-scene.snr / 20) * noise_of(scene.noise, count, rng)
    heard *= 0.3 / abs(heard).max()
    return soxr.resample(heard.astype(np.float32), RATE, HEARD), np.array(truth), beats


def convolved(x: Wave, y: Wave) -> Wave:
    """A sound in a room."""
    size = 1 << (len(x) + len(y) - 1).bit_length()
    return np.fft.irfft(np.fft.rfft(x, size) * np.fft.rfft(y, size), size)


def levelled_by_agc(heard: Wave) -> Wave:
    """An automatic gain, which falls in 20 ms and rises in a second, by up to 12 dB."""
    block = RATE // 100
    peaks = abs(heard[: len(heard) // block * block]).reshape(-1, block).max(axis=1)
    held, gains = 0.0, []
    for peak in peaks:
        held = max(peak, held + (peak - held) * (0.5 if peak > held else 0.01))
        gains.append(1 / max(held, peaks.max() / 4))
    at = (np.arange(len(gains)) + 0.5) * block
    levelled: Wave = heard * np.interp(np.arange(len(heard)), at, gains)
    return levelled


def compared(found: Wave, truth: Wave, within: float = 0.05) -> tuple[float, float, Wave]:
    """Recall, precision, and how much later (seconds) each onset was found than it was."""
    pairs = []
    free = np.ones(len(found), np.bool_)
    for at in truth:
        if len(found) and free.any():
            apart = np.where(free, abs(found - at), np.inf)
            k = int(np.argmin(apart))
            if apart[k] <= within:
                free[k] = False
                pairs.append(found[k] - at)
    return len(pairs) / len(truth), len(pairs) / max(len(found), 1), np.array(pairs)
