"""What is said in a WAV, and when: shipped clips recognised sample by sample.

Nothing of the product is imported; the voice's manifest and files are read as data. From what is
said follow the vowels that must lie on beats, and how far each click has to give way.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests.exporting import ROOT, export
from tests.listening import SOFTEST, lead_in, listen
from tests.oracle import Score, nearest
from tests.reading import read
from tests.recording import Recording, Samples

SURE = 0.9995
"""The least likeness of a recognised clip: decoders round differently, nothing else differs."""
LOOK = 4800
FALL, RISE = 0.080, 0.300
"""Seconds before and after speech in which a click gives way, in decibels straight."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A shipped recording: where its samples begin to sound, and its anchor, in frames."""

    text: str
    file: Path
    head: Samples
    """The samples from the first that sounds on, as many as tell most clips from each other."""
    first: int
    anchor: int

    @property
    def sounding(self) -> Samples:
        """The samples from the first that sounds on."""
        return _samples(self.file)[self.first :]


@cache  # of 900 clips a session speaks a few, again and again
def _samples(file: Path, frames: int = -1) -> Samples:
    numbers, _ = soundfile.read(file, frames, dtype="int16")
    return np.asarray(numbers.astype(np.float32) / 32768)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A clip as it was heard: its first frame, the one after its last, and its vowel's."""

    text: str
    start: int
    end: int
    vowel: int


def read_anchors(folder: Path) -> dict[str, int]:
    """Where the vowel of each text of a voice is, in frames of its clip."""
    return {row["text"]: row["anchor"] for row in _rows(folder)}


def _rows(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((folder / "manifest.json").read_text("utf-8"))["clips"]
    return rows


@cache  # it takes a second, and nobody changes a shipped voice
def read_voice(folder: Path) -> list[Clip]:
    """Every clip of a voice."""
    clips = []
    for row in _rows(folder):
        file = folder / row["file"]
        samples = _samples(file, 2 * LOOK)
        first = int(np.flatnonzero(samples)[0])
        head = samples[first : first + LOOK]
        clips.append(Clip(row["text"], file, head, first, row["anchor"]))
    return clips


def understand(voice: Recording, clips: list[Clip]) -> list[Spoken]:
    """Everything that is said in a recording of the voice alone; AssertionError if unknown."""
    said: list[Spoken] = []
    sounding = np.concatenate(list(_sounding(voice)))
    while len(sounding):
        at = int(sounding[0])
        head = voice.read(at, LOOK)
        likely = [c for c in clips if _alike(head, c.head) > SURE]
        sure = [c for c in likely if _alike(voice.read(at, len(c.sounding)), c.sounding) > SURE]
        assert sure, f"at frame {at} something is said that is no clip, or two things at once"
        clip = max(sure, key=lambda c: len(c.sounding))
        start = at - clip.first
        end = at + len(clip.sounding)
        said.append(Spoken(clip.text, start, end, start + clip.anchor))
        sounding = sounding[np.searchsorted(sounding, end) :]
    return said


def _sounding(voice: Recording, block: int = 1 << 20) -> Iterator[np.ndarray]:
    for at in range(0, voice.frames, block):
        yield np.flatnonzero(np.abs(voice.read(at, block)) > SOFTEST) + at


def _alike(heard: Samples, samples: Samples) -> float:
    frames = min(len(heard), len(samples))
    a, b = heard[:frames], samples[:frames]
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / norm if norm else 0.0


def misplaced(score: Score, voice: Recording, said: list[Spoken]) -> list[str]:
    """Vowels that are not where they belong, in a session without announcements.

    A wish's is on the beat nearest to it, a countdown's exactly so many seconds before the end of
    its phase, and any other on a beat of the grid: on an accent, where its span has any.
    """
    rate = voice.rate
    zero = lead_in(score, voice)
    beats = [(zero + click.frame, click) for click in score.clicks(rate)]
    wishes = [(text, zero + nearest(at * rate)) for text, at in score.wishes]
    exact = {zero + nearest(at * rate): text for text, at in score.countdown}
    faults = [f'no vowel of "{t}" at {f}' for f, t in exact.items() if (t, f) not in _vowels(said)]
    for text, wished in wishes:
        best = min((frame for frame, _ in beats), key=lambda frame: abs(frame - wished))
        if (text, best) not in _vowels(said):
            faults.append(f'no vowel of "{text}" at {best}')
    on_beat = {frame for frame, click in beats if click.accented or not click.accents}
    return faults + [
        f'the vowel of "{spoken.text}" is off the beat, at frame {spoken.vowel}'
        for spoken in said
        if spoken.vowel not in on_beat and exact.get(spoken.vowel) != spoken.text
    ]


def _vowels(said: list[Spoken]) -> set[tuple[str, int]]:
    return {(spoken.text, spoken.vowel) for spoken in said}


def wrong_ducks(score: Score, ducked: Recording, free: Recording, said: list[Spoken]) -> list[str]:
    """Clicks that give way to what is said by another depth than the curve has at their onset.

    `ducked` and `free` are the clicks alone of an export with and one without the voice.
    """
    rate = free.rate
    frames = [lead_in(score, free) + click.frame for click in score.clicks(rate)]
    heard, sounds = listen(free, frames)
    wrong = []
    for frame, click in zip(frames, heard, strict=True):
        gain = sounds[click.sound].gain_at(ducked, frame) / click.gain
        wanted = min((_duck(frame, s, rate) for s in said), default=0.0)
        measured = float(20 * np.log10(max(gain, 1e-6)))
        if abs(measured - wanted) > 0.05:
            wrong.append(f"the click at frame {frame} has {measured:.2f} dB, not {wanted:.2f}")
    return wrong


def _duck(frame: int, spoken: Spoken, rate: int, depth: float = -6.0) -> float:
    before = (spoken.start - frame) / (FALL * rate)
    after = (frame - spoken.end) / (RISE * rate)
    return depth * min(1.0, max(0.0, 1 - max(before, after, 0.0)))


class Speech:
    """A session with speech, and what of its exports no mutation may change: clicks and noise."""

    def __init__(self, session: Path, clips: list[Clip]) -> None:
        self.session, self.clips = session, clips
        self.score = read(session, 173)
        self.free = self._export("free", ROOT, "--no-voice")
        self.noise = self._export("noise", ROOT, "--no-voice", "--no-beat")

    def faults(self, package: Path = ROOT) -> list[str]:
        """Everything that the package in this folder speaks or ducks wrongly."""
        full = self._export("full", package)
        voice = self._export("voice", package, "--no-beat")
        alone = Recording(voice, self.noise)
        said = understand(alone, self.clips)
        ducked, free = Recording(full, voice), Recording(self.free, self.noise)
        return misplaced(self.score, alone, said) + wrong_ducks(self.score, ducked, free, said)

    def _export(self, name: str, package: Path, *options: str) -> Path:
        target = self.session.with_name(f"{name}.wav")
        return export(self.session, target, "--bits", "32", *options, package=package)
