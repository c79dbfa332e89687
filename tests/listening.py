"""Where the clicks of a WAV really are: found by ear, so to speak, and held against a score.

Nothing of the product is imported, and no sound is known beforehand: bursts above the noise are
grouped by likeness, each group's average gives its waveform and the frame at which it begins to
sound, and every member is placed by correlation, exact to the frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tests.oracle import Click, Score
from tests.recording import Recording, Samples

BEFORE = 64
"""Frames of a window before the burst's first loud one."""
LAGS = 24
"""How far two loud first frames of the same sound may lie apart, in frames."""
ALIKE = 0.98
"""The least normalised correlation between two clicks of the same sound."""
SOFTEST = 2e-6
"""Below this a difference of two float files is rounding, not sound."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One of the click sounds of a recording: its waveform from its first sounding frame on."""

    wave: Samples

    def gain_at(self, recording: Recording, frame: int) -> float:
        """How much of this sound stands exactly at `frame`: 1 for one, about 0 for none."""
        return float(recording.read(frame, len(self.wave)) @ self.wave / (self.wave @ self.wave))


@dataclass(frozen=True, slots=True)
class Heard:
    """A click as measured: its onset, which of the sounds it is, and its peak level."""

    onset: int
    sound: int
    gain: float


def listen(recording: Recording, firsts: list[int]) -> tuple[list[Heard], list[Sound]]:
    """Measure clicks whose first loud frames are given, and learn the sounds they are made of."""
    length = recording.rate // 25
    noise = recording.read(0, recording.rate // 4)
    windows = np.stack([recording.read(f - BEFORE, BEFORE + length) for f in firsts])
    left = np.arange(len(firsts))
    heard: dict[int, Heard] = {}
    sounds: list[Sound] = []
    while len(left):
        reference = windows[left[0]]
        lags = np.arange(-LAGS, LAGS + 1)
        shifted = np.stack([np.roll(reference, lag) for lag in lags], axis=1)
        norms = np.linalg.norm(windows[left], axis=1) * np.linalg.norm(reference)
        likeness = windows[left] @ shifted / norms[:, None]
        best = likeness.argmax(axis=1)
        members = likeness.max(axis=1) >= ALIKE
        offsets = lags[best[members]]
        group = left[members]
        aligned = np.stack(
            [np.roll(windows[g], -lag) for g, lag in zip(group, offsets, strict=True)]
        )
        begin = _first_sounding(aligned, noise)
        wave = aligned.mean(axis=0)[begin : len(reference) - LAGS]
        sounds.append(Sound(wave.astype(np.float32)))
        gains = aligned[:, begin : len(reference) - LAGS] @ wave / (wave @ wave)
        for g, lag, gain in zip(group, offsets, gains, strict=True):
            onset = firsts[g] - BEFORE + int(lag) + begin
            heard[int(g)] = Heard(onset, len(sounds) - 1, float(gain))
        left = left[~members]
    return [heard[n] for n in range(len(firsts))], sounds


def _first_sounding(aligned: Samples, noise: Samples) -> int:
    """The first frame at which the average of equal clicks leaves what is left of the noise."""
    mean = aligned.mean(axis=0, dtype=np.float64)
    # The noise has a bound, and in an average of many it shrinks with their root.
    bound = min(1.05 * np.abs(noise).max(), 6 * noise.std() / np.sqrt(len(aligned)))
    return int(np.flatnonzero(np.abs(mean[LAGS:]) > max(SOFTEST, bound))[0]) + LAGS


def lead_in(score: Score, recording: Recording) -> int:
    """The frames before the first phase: what phases and a tail of 1 s leave of the file."""
    return recording.frames - recording.rate - score.frames(recording.rate)


def check(score: Score, recording: Recording) -> list[str]:
    """Every way in which the recording is not the score; empty when it is right."""
    return list(_Comparison(score, recording).faults())


class _Comparison:
    """A score held against a recording."""

    def __init__(self, score: Score, recording: Recording) -> None:
        self.score, self.recording, self.rate = score, recording, recording.rate
        self.lead_in = lead_in(score, recording)
        self.end = self.lead_in + score.frames(self.rate)
        noise = np.abs(recording.read(0, self.rate // 4)).max()
        self.bursts = recording.bursts(max(SOFTEST, 1.5 * float(noise)))
        self.free = set(range(len(self.bursts)))

    def faults(self) -> Iterator[str]:
        if not self.recording.same_channels():
            yield "left and right differ"
        if self.lead_in < 0:
            yield f"the file is {-self.lead_in} frames too short"
            return
        clicks = self.score.clicks(self.rate)
        taken = [self._take(self.lead_in + click.frame) for click in clicks]
        for click, burst in zip(clicks, taken, strict=True):
            if burst is None:
                yield f"{click.instant}: no click near frame {self.lead_in + click.frame}"
        pairs = [
            (c, int(self.bursts[b][0])) for c, b in zip(clicks, taken, strict=True) if b is not None
        ]
        counts = [self._count(c.frames) for c in self.score.count_ins(self.rate)]
        for count_in, found in zip(self.score.count_ins(self.rate), counts, strict=True):
            if len(found) not in count_in.counts:
                yield f"span {count_in.span}: {len(found)} counted in, of {count_in.counts}"
        early = [
            (Click(frame, f"count-in of span {c.span}", None, 1, c.gain, c.span), first)
            for c, found in zip(self.score.count_ins(self.rate), counts, strict=True)
            for frame, first in zip(c.frames, found, strict=False)
        ]
        if not pairs + early:
            return
        heard, sounds = listen(self.recording, [first for _, first in pairs + early])
        yield from self._onsets([c for c, _ in pairs + early], heard)
        yield from self._sounds([c for c, _ in pairs], heard[: len(pairs)])
        yield from self._strays(sounds)

    def _take(self, frame: int) -> int | None:
        """The burst that begins within 20 ms of a frame, taken from those still free."""
        at = int(np.searchsorted(self.bursts[:, 0], frame))
        near = [
            n
            for n in (at - 1, at)
            if n in self.free and abs(int(self.bursts[n, 0]) - frame) <= self.rate // 50
        ]
        if not near:
            return None
        burst = min(near, key=lambda n: abs(int(self.bursts[n, 0]) - frame))
        self.free.discard(burst)
        return burst

    def _count(self, frames: tuple[int, ...]) -> list[int]:
        """First loud frames of the clicks at positions -1, -2, ... as far as they go."""
        found = []
        for frame in frames:
            burst = self._take(self.lead_in + frame)
            if burst is None:
                break
            found.append(int(self.bursts[burst][0]))
        return found

    def _onsets(self, clicks: list[Click], heard: list[Heard]) -> Iterator[str]:
        level: dict[tuple[int, bool], float] = {}
        for click, measured in zip(clicks, heard, strict=True):
            off = measured.onset - self.lead_in - click.frame
            if off:
                yield f"{click.instant}: {off:+d} frames"
            gain = measured.gain / click.gain
            usual = level.setdefault((measured.sound, click.accented is None), gain)
            if abs(gain - usual) > 0.03 * usual:
                yield f"{click.instant}: {gain / usual:.3f} times as loud as its like"

    def _sounds(self, clicks: list[Click], heard: list[Heard]) -> Iterator[str]:
        """An accent has a sound of its own, and so may a foot: the same all through the session."""
        by_span: dict[tuple[int, bool | None, int], int] = {}
        plain: set[int] = set()
        accented: set[int] = set()
        for click, measured in zip(clicks, heard, strict=True):
            key = (click.span, click.accented, click.parity)
            if by_span.setdefault(key, measured.sound) != measured.sound:
                yield f"{click.instant}: another sound than the others of its foot and accent"
            if click.accented is not None:
                (accented if click.accented else plain).add(measured.sound)
        feet: dict[int, int] = {}
        for (span, accent, parity), sound in by_span.items():
            if by_span.get((span, accent, 1 - parity), sound) != sound and (
                feet.setdefault(sound, parity) != parity
            ):
                yield f"span {span}: left sounds like right elsewhere"
        if plain & accented:
            yield "an accented beat sounds like a plain one"

    def _strays(self, sounds: list[Sound]) -> Iterator[str]:
        for frame in self.score.silent(self.rate):
            if max(abs(s.gain_at(self.recording, self.lead_in + frame)) for s in sounds) > 0.4:
                yield f"a click at frame {self.lead_in + frame}, where the beat is silent"
        signals = [
            (self.lead_in + at, self.lead_in + at + 3 * self.rate // 2)
            for at in self.score.stops(self.rate)
        ]
        signals += [(0, self.lead_in), (self.end, self.recording.frames)]
        for burst in sorted(self.free):
            first = int(self.bursts[burst][0])
            allowed = any(low - 1 <= first < high for low, high in signals)
            if not allowed or self._like_a_click(first, sounds):
                yield f"something sounds at frame {first}, where nothing should"

    def _like_a_click(self, first: int, sounds: list[Sound]) -> bool:
        for sound in sounds:
            for lag in range(-LAGS, LAGS + 1):
                window = self.recording.read(first + lag, len(sound.wave))
                norm = np.linalg.norm(window) * np.linalg.norm(sound.wave)
                if norm and abs(window @ sound.wave) / norm > 0.9:
                    return True
        return False
