"""Prepares spans of pieces: stretched, levelled and faded, each a file that is kept.

A file is named after all that decides its samples: the piece's content, the beats, how far they are
to be apart, the rate and the stretcher. Where in a session it is heard does not count, so another
day, or other words before it, find it again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np

from cadence_cue import storage
from cadence_cue.media import ffmpeg
from cadence_cue.media.reading import Reading, opened
from cadence_cue.media.samples import BLOCK, Samples, conformed
from cadence_cue.music.analysing import NICENESS
from cadence_cue.music.joining import CEILING, LOUDNESS, MOST_GAIN, levelled
from cadence_cue.music.matching import Span
from cadence_cue.music.measuring import measure
from cadence_cue.music.preparing import as_int16
from cadence_cue.music.stretching import LEAD, Source, faded, plain, stretched
from cadence_cue.sound.bed import FRAME_BYTES, Bed
from cadence_cue.timing.decibels import gain_of

_VERSION = "1"
_LOWER = -12.0  # dB of what plays at its own tempo: it is no beat to step to


@dataclass(frozen=True, slots=True)
class SpanJob:
    """Prepares a span of `file` at `rate`, in `folder`: a job for a process of its own."""

    file: Path
    digest: str
    span: Span
    rate: int
    folder: Path

    @property
    def path(self) -> Path:
        """Where its frames are kept."""
        first = self.span.frames[0]
        recipe = (
            (_VERSION, version("python-stretch"), ffmpeg.installed(), LOUDNESS, CEILING, MOST_GAIN),
            (self.digest, self.rate, self.span.matched, self.span.fades_in),
            self.span.source,
            [frame - first for frame in self.span.frames],
        )
        return self.folder / f"{hashlib.sha256(repr(recipe).encode()).hexdigest()[:32]}.pcm"

    @property
    def begins(self) -> int:
        """The frame of the session at which its first frame is heard."""
        return self.span.frames[0] - (round(LEAD * self.rate) if self.span.matched else 0)

    def bed(self) -> Bed:
        """Return it as it is kept, with its place in the session. Raises OSError."""
        return Bed(self.path, self.path.stat().st_size // FRAME_BYTES, None, self.begins)

    def write(self, progress: Callable[[float], object]) -> str:
        """Prepare it. Raises UserError, and OSError; it then leaves no file behind."""
        os.nice(NICENESS)
        with storage.part_in(self.folder) as raw, storage.part_in(self.folder) as part:
            with raw.open("wb") as file:
                measured = measure(_passing(self._made(progress), file.write), self.rate)
            at = self.begins
            quieter = np.float32(1 if self.span.matched else gain_of(_LOWER))
            with part.open("wb") as file:
                for block in levelled(_read(raw), measured):
                    file.write(as_int16(faded(self.span, at, block, self.rate) * quieter).data)
                    at += len(block)
            part.replace(self.path)
        return ""

    def _made(self, progress: Callable[[float], object]) -> Iterator[Samples]:
        sound = opened(self.file)
        source = Source(conformed(Reading(sound), sound.rate, rate=self.rate, channels=2))
        make = stretched if self.span.matched else plain
        first, last = self.span.frames[0], self.span.frames[-1]
        for place, block in make(self.span, source, self.rate):
            progress(min(max((place - first) / (last - first), 0.0), 1.0))
            yield block


def _passing(blocks: Iterator[Samples], write: Callable[[bytes], object]) -> Iterator[Samples]:
    """Yield blocks that are also written."""
    for block in blocks:
        write(np.ascontiguousarray(block, np.float32).tobytes())
        yield block


def _read(path: Path) -> Iterator[Samples]:
    """Yield what `_passing` wrote."""
    with path.open("rb") as file:
        while len(block := np.fromfile(file, np.float32, 2 * BLOCK)):
            yield block.reshape(-1, 2)
