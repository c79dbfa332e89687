"""A band that plays on beats that are known: the truth by which the tracker is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RATE = 22050

# Where in a bar, in beats, each instrument plays.
Pattern = Mapping[str, Sequence[float] | Floats]

STRAIGHT: Pattern = {"kick": (0, 2), "snare": (1, 3), "hat": np.arange(8) / 2, "bass": (0, 1, 2, 3)}
SYNCOPATED: Pattern = {
    "kick": (0, 1.5, 2),
    "snare": (1, 3),
    "hat": np.arange(8) / 2,
    "open": (0.5, 1.5, 2.5, 3.5),
    "bass": (0, 1.5, 2, 3.5),
}
HALF_TIME: Pattern = {"kick": (0,), "snare": (2,), "hat": (0, 1, 2, 3), "bass": (0, 2.5)}
OFF_BEAT_BASS: Pattern = {
    "kick": (0,),
    "snare": (1, 3),
    "hat": (0, 1, 2, 3),
    "bass": np.arange(8) / 2,
    "low": (0.5, 1.5, 2.5, 3.5),
}
WALTZ: Pattern = {"kick": (0,), "snare": (1, 2), "hat": (0, 1, 2), "bass": (0,)}


def steady(tempo: float, seconds: float, begin: float = 0.5) -> Floats:
    """Beats that keep their tempo."""
    return np.arange(begin, seconds - 0.5, 60 / tempo)


def wandering(tempo: float, seconds: float, by: float = 0.012) -> Floats:
    """Beats whose tempo goes up and down by a share of it within 40 seconds."""
    fine = np.arange(0, seconds, 0.001)
    passed = np.cumsum(tempo / 60 * (1 + by * np.sin(2 * np.pi * fine / 40)) * 0.001)
    return np.asarray(np.interp(np.arange(1, int(passed[-1])), passed, fine))


def human(tempo: float, seconds: float, spread: float = 0.008, seed: int = 1) -> Floats:
    """Beats of a drummer who strays from each by so many seconds (SD)."""
    even = steady(tempo, seconds)
    return even + np.random.default_rng(seed).normal(0, spread, len(even))


def played(
    beats: Floats, pattern: Pattern | None = None, bar: int = 4, seed: int = 0
) -> npt.NDArray[np.float32]:
    """Play a pattern on beats, at RATE, in one channel."""
    instruments = _instruments(np.random.default_rng(seed))
    out = np.zeros(round((beats[-1] + 2) * RATE))
    index = np.arange(len(beats))
    for name, places in (STRAIGHT if pattern is None else pattern).items():
        for place in np.asarray(places, float):
            at = np.arange(place, len(beats) - 1, bar)
            for k, time in enumerate(np.interp(at, index, beats)):
                sound = instruments[name][k // 4 % len(instruments[name])]
                frame = round(time * RATE)
                out[frame : frame + len(sound)] += sound[: len(out) - frame]
    return np.asarray(0.25 * (out + _pad(len(out))), np.float32)


def talk(seconds: float, seed: int = 3) -> npt.NDArray[np.float32]:
    """Syllables of a voice, as free as those of speech, with pauses."""
    random = np.random.default_rng(seed)
    out, at = np.zeros(round(seconds * RATE)), 0.3
    while at < seconds - 1:
        length = random.uniform(0.08, 0.28)
        time = np.arange(round(length * RATE)) / RATE
        pitch = random.uniform(90, 160)
        voice = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, 12))
        begin = round(at * RATE)
        out[begin : begin + len(time)] += (
            np.sin(np.pi * time / length) * voice * random.uniform(0.4, 1)
        )
        at += length * random.uniform(0.9, 1.3) + (
            random.uniform(0.3, 0.9) if random.random() < 0.15 else 0
        )
    return np.asarray(0.2 * out, np.float32)


def _instruments(random: np.random.Generator) -> dict[str, list[Floats]]:
    time = np.arange(round(0.25 * RATE)) / RATE
    noise = random.normal(0, 1, len(time))
    bright = np.diff(noise, prepend=0)
    pitches = (55.0, 65.4, 49.0, 73.4)
    return {
        "kick": [
            np.sin(2 * np.pi * (48 * time + 6 * (1 - np.exp(-time / 0.02)))) * np.exp(-time / 0.07)
        ],
        "snare": [(0.5 * noise + 0.4 * np.sin(2 * np.pi * 190 * time)) * np.exp(-time / 0.05)],
        "hat": [0.25 * bright * np.exp(-time / 0.015)],
        "open": [0.5 * bright * np.exp(-time / 0.06)],
        "low": [1.5 * np.sin(2 * np.pi * 60 * time) * np.exp(-time / 0.05)],
        "bass": [
            0.5
            * np.sin(2 * np.pi * pitch * time)
            * np.exp(-time / 0.15)
            * np.minimum(time / 0.004, 1)
            for pitch in pitches
        ],
    }


def _pad(frames: int) -> Floats:
    time = np.arange(frames) / RATE
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (220.0, 277.2, 329.6))
    return np.asarray(0.04 * chord * (1 + 0.3 * np.sin(2 * np.pi * 0.13 * time)))


def strokes(sound: npt.NDArray[np.floating], rate: int, beats: npt.NDArray[np.int64]) -> Floats:
    """How late, in ms, what is low begins around each of these frames, bass drum and bass."""
    low = np.fft.rfft(sound)
    low[round(200 * len(sound) / rate) :] = 0
    below = np.fft.irfft(low, len(sound)) ** 2
    millisecond = rate // 1000
    found = []
    for beat in beats:
        around = below[beat - 60 * millisecond : beat + 120 * millisecond]
        energy = around.reshape(-1, millisecond).sum(axis=1)
        found.append(int(np.argmax(energy > 0.1 * energy.max())) - 60)
    return np.array(found, float)
