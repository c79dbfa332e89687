"""Decodes with libsndfile in this process: the formats that it reads without printing anything.

libmpg123, which it uses for MP3, prints on the terminal: MP3 goes to ffmpeg, or to `apart`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.media.samples import BLOCK, Samples, conformed, since
from cadence_cue.media.streams import Window

if TYPE_CHECKING:
    import soundfile as sf

_MAGIC = (b"RIFF", b"RIFX", b"RF64", b"FORM", b"fLaC", b"OggS", b"caff", b".snd", b"riff")
_MPEG_IN_WAV = (0x50, 0x55)  # tags of formats in WAV files
_BESIDE = 1 << 14  # bytes after the sound that may be tags, or read ahead
_UNKNOWN = 1 << 62  # frames: a FLAC that was written to a pipe has more

Range = tuple[int, int]


class BrokenError(Exception):
    """libsndfile cannot read a file, or not to its end; the text is its reason."""


@dataclass(frozen=True, slots=True)
class NativeFormat:
    """What libsndfile says of a file; `frames` is 0 if the file does not say."""

    rate: int
    channels: int
    frames: int
    floats: bool


def is_native(path: Path) -> bool:
    """Return whether a file begins like one of these formats. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(22)
    mpeg = head[:4] == b"RIFF" and int.from_bytes(head[20:22], "little") in _MPEG_IN_WAV
    return head[:4] in _MAGIC and not mpeg


def native_format(path: Path, ranges: tuple[Range, ...]) -> NativeFormat:
    """Return the format of a file with these streams. Raises BrokenError."""
    total = 0.0
    first: NativeFormat | None = None
    for each in ranges:
        with _opened(path, each) as (file, _):
            known = 0 < file.frames < _UNKNOWN
            total += file.frames / file.samplerate if known else float("inf")
            floats = file.subtype in {"FLOAT", "DOUBLE"}
            first = first or NativeFormat(file.samplerate, file.channels, 0, floats)
    assert first  # noqa: S101 - there is at least one stream
    frames = round(total * first.rate) if total < float("inf") else 0
    return NativeFormat(first.rate, first.channels, frames, first.floats)


def native_blocks(
    path: Path, ranges: tuple[Range, ...], form: NativeFormat, skip: int
) -> Iterator[Samples]:
    """Yield the frames of all streams from frame `skip` on, shape (n, channels).

    Raises BrokenError, also in the middle, and at the end of a FLAC that has more than it states.
    """
    if len(ranges) == 1:
        yield from _streams(path, ranges, form, skip)
    else:
        yield from since(_streams(path, ranges, form, 0), skip)


def _streams(
    path: Path, ranges: tuple[Range, ...], form: NativeFormat, seek: int
) -> Iterator[Samples]:
    """Yield the frames of all streams, of each from frame `seek` on."""
    for each in ranges:
        with _opened(path, each) as (file, window):
            if seek:
                file.seek(min(seek, file.frames))
            yield from conformed(
                _blocks(file), file.samplerate, rate=form.rate, channels=form.channels
            )
            if file.format == "FLAC" and window.left > _BESIDE:
                raise BrokenError("there is more than it states")


def _blocks(file: sf.SoundFile) -> Iterator[Samples]:
    while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
        yield block


@contextmanager
def _opened(path: Path, part: Range) -> Iterator[tuple[sf.SoundFile, Window]]:
    """Open a stream of a file, and turn every error of libsndfile into a BrokenError."""
    import soundfile  # noqa: PLC0415  planning and `check` need no decoder

    with ExitStack() as files:
        try:
            window = Window(files.enter_context(path.open("rb")), *part)
            yield files.enter_context(soundfile.SoundFile(window)), window
        except (soundfile.SoundFileError, TypeError, ValueError) as error:
            raise BrokenError(str(error) or "libsndfile cannot read it") from error
