"""Prepares spans of pieces: stretched, levelled and faded, in files of 20 seconds that are kept.

A file is named after all that decides its samples: the piece's content, its beats up to there, how
far they are to be apart, the rate and the stretcher. Where in a session it is heard does not count,
so another day, or other words before it, find it again.
"""

from __future__ import annotations

import hashlib
import json
import os
from bisect import bisect_left
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from cadence_cue import storage
from cadence_cue.media import ffmpeg
from cadence_cue.media.reading import Reading, opened
from cadence_cue.media.samples import Samples, conformed
from cadence_cue.music.analysing import NICENESS
from cadence_cue.music.grids import LEAD
from cadence_cue.music.joining import CEILING, LOUDNESS, MOST_GAIN, levelled
from cadence_cue.music.kept import saving_in
from cadence_cue.music.matching import Span
from cadence_cue.music.measuring import CELL, Measured, measure, peaks_of
from cadence_cue.music.preparing import as_int16
from cadence_cue.music.stretching import Source, faded, length, plain, stretched
from cadence_cue.sound.bed import Bed
from cadence_cue.timing.decibels import gain_of

_VERSION = "2"
_LOWER = -12.0  # dB of what plays at its own tempo: it is no beat to step to
_SECONDS = 20  # of a file
_SEEN = 32  # beats after a file, the last that can decide what is in it
_PAD = 8 * CELL  # frames around it, which its limiter sees


@cache
def _tools() -> tuple[object, ...]:
    """Return what decides the samples of every span alike."""
    levels = LOUDNESS, CEILING, MOST_GAIN
    return _VERSION, version("python-stretch"), ffmpeg.installed(), levels


@dataclass(frozen=True, slots=True)
class SpanJob:
    """Prepares a span of `file` at `rate`, in `folder`: a job for a process of its own.

    Only those of its files are written that `folder` does not have, and of them only the `wanted`.
    """

    file: Path
    digest: str
    span: Span
    rate: int
    folder: Path
    wanted: frozenset[Path] | None = None

    @property
    def begins(self) -> int:
        """The frame of the session at which its first frame is heard."""
        return self.span.frames[0] - (round(LEAD * self.rate) if self.span.matched else 0)

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return length(self.span, self.rate)

    def beds(self) -> list[Bed]:
        """Return its files, whether they are written yet or not, with their places."""
        span, size, first = self.span, _SECONDS * self.rate, self.span.frames[0]
        apart = [frame - first for frame in span.frames]
        recipe = (*_tools(), self.digest, self.rate, span.matched, span.fades_in)
        hashed, done = hashlib.sha256(repr(recipe).encode()), 0
        beds = []
        for at in range(0, self.frames, size):
            seen = bisect_left(apart, at + size) + _SEEN if span.matched else len(apart)
            more = span.source[done:seen], apart[done:seen]
            hashed.update(repr((at, more)).encode())
            done = min(seen, len(apart))
            path = self.folder / f"{hashed.hexdigest()[:32]}.pcm"
            beds.append(Bed(path, min(size, self.frames - at), None, self.begins + at))
        return beds

    def write(self, progress: Callable[[float], object]) -> str:
        """Prepare it. Raises UserError, and OSError; no file is left half-written."""
        os.nice(NICENESS)
        todo = {bed.start: bed for bed in self.beds() if self._wants(bed.path)}
        last = max((bed.start + bed.frames - self.begins for bed in todo.values()), default=0)
        lufs = self._loudness() if todo else 0.0
        quieter = np.float32(1 if self.span.matched else gain_of(_LOWER))
        for start, sound in self._levelled(lufs, todo.keys(), last, progress):
            with saving_in(self.folder), storage.part_in(self.folder) as part:
                with part.open("wb") as file:
                    for place, second in self._seconds(sound, start):
                        heard = faded(self.span, place, second, self.rate) * quieter
                        file.write(as_int16(heard).data)
                part.replace(todo[start].path)
        return ""

    def _wants(self, path: Path) -> bool:
        return (self.wanted is None or path in self.wanted) and not path.exists()

    def _levelled(
        self, lufs: float, starts: Container[int], last: int, progress: Callable[[float], object]
    ) -> Iterator[tuple[int, Samples]]:
        """Yield the sound of each file with one of these starts, up to frame `last`, unfaded."""
        size, held, begin = _SECONDS * self.rate, np.zeros((0, 2), np.float32), 0
        sound = self._made()
        for at in range(0, last, size):
            end = min(at + size, self.frames)
            while begin + len(held) < min(end + _PAD, self.frames):
                held = np.concatenate([held, next(sound)])
                progress(min((begin + len(held)) / last, 1.0))
            start = self.begins + at
            if start in starts:
                measured = Measured(len(held), lufs, peaks_of(held))
                seconds = (each for _, each in self._seconds(held, begin))
                loud = np.concatenate(list(levelled(seconds, measured)))
                yield start, loud[at - begin : end - begin]
            keep = max(end - _PAD, 0) // CELL * CELL  # the limiter's cells stay where they are
            held, begin = held[keep - begin :], keep

    def _seconds(self, sound: Samples, place: int) -> Iterator[tuple[int, Samples]]:
        """Yield a sound second by second, with its place: what is made of it then takes little."""
        for at in range(0, len(sound), self.rate):
            yield place + at, sound[at : at + self.rate]

    def _loudness(self) -> float:
        """Return the LUFS of the whole piece, measured once and kept."""
        kept = self.folder / f"{self.digest[:32]}-{self.rate}.json"
        try:
            return float(json.loads(kept.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            lufs = measure(self._conformed(), self.rate).lufs
            with saving_in(self.folder):
                storage.write(kept, json.dumps(lufs))
            return lufs

    def _conformed(self) -> Iterator[Samples]:
        sound = opened(self.file)
        return conformed(Reading(sound), sound.rate, rate=self.rate, channels=2)

    def _made(self) -> Iterator[Samples]:
        make = stretched if self.span.matched else plain
        for _, block in make(self.span, Source(self._conformed()), self.rate):
            yield block
