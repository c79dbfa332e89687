"""Reads a sound file with whichever decoder reads it, and says what was missing or damaged.

libsndfile reads what it can without ffmpeg. Where it fails, also in the middle of a file, ffmpeg
takes over at the same frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cadence_cue.errors import UserError
from cadence_cue.media import apart, ffmpeg, mp3
from cadence_cue.media.chunks import share_there
from cadence_cue.media.ffmpeg import FfmpegFormat
from cadence_cue.media.native import (
    BrokenError,
    NativeFormat,
    is_native,
    native_blocks,
    native_format,
)
from cadence_cue.media.pipes import DecoderProcess
from cadence_cue.media.samples import Samples, since
from cadence_cue.media.streams import Streams, streams_of

TOLERANCE = 0.1
"""Seconds that may be missing at the end: containers round, and encoders pad."""

OTHER_FILE = "choose another file, or convert it again"
"""The way out for a file without sound that can be used."""

_LOUDEST = 2.0**32
"""The highest sample that can be meant: 32-bit whole numbers, written as floats by mistake. What is
higher comes from damage, and its square may be no float."""


class UnreadableError(Exception):
    """No decoder here finds sound in a file; the text is the reason."""


class NeedsFfmpegError(UnreadableError):
    """The file may hold sound, but ffmpeg is not installed."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a sound: how much of it came, in seconds.

    `stated` is how long it should be if that is more, else None. `cut` says that its end is
    missing. `complaint` is what the decoder said, or "".
    """

    seconds: float
    stated: float | None = None
    cut: bool = False
    complaint: str = ""

    def __str__(self) -> str:
        if self.stated is not None:
            words = f"{self.seconds:.1f} of {self.stated:.1f} s can be read"
            return f"is cut off: {words}" if self.cut else f"is cut off or damaged: {words}"
        if self.cut:
            return f"is cut off after {self.seconds:.1f} s"
        return f"may be damaged ({self.complaint})"


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file in which a decoder has found sound.

    `rate` is frames per second; `stated` is its length in seconds as the file has it, or None.
    `floats` says that samples above full scale are meant.
    """

    path: Path
    rate: int
    channels: int
    stated: float | None
    floats: bool
    decoder: NativeFormat | FfmpegFormat | None
    """None for libsndfile in a process of its own."""
    streams: Streams


def opened(path: Path) -> SoundFile:
    """Find the decoder for a file that a person has chosen. Raises UserError."""
    try:
        return sound_file(path)
    except NeedsFfmpegError:
        raise UserError(
            "needs the program ffmpeg to be read, which is not installed",
            where=path,
            way_out="install it, or take MP3, FLAC, Ogg or WAV.",
        ) from None
    except UnreadableError as error:
        raise UserError(
            f"cannot be read as sound ({error})", where=path, way_out=OTHER_FILE
        ) from error
    except OSError as error:
        raise UserError(f"{error.strerror}.", where=path) from error


def sound_file(path: Path) -> SoundFile:
    """Find the decoder for a file. Raises UnreadableError and OSError."""
    if not path.stat().st_size:
        raise UnreadableError("it is empty")
    streams = Streams(())
    if is_native(path):
        streams = streams_of(path)
        try:
            form = native_format(path, streams.ranges)
        except BrokenError:
            form = None
        # One that states no length may hold more: a FLAC from a pipe, a WAV of a killed recorder.
        if form and (form.frames or not ffmpeg.installed()):
            stated = form.frames / form.rate if form.frames else None
            return SoundFile(path, form.rate, form.channels, stated, form.floats, form, streams)
    if ffmpeg.installed():
        try:
            other = ffmpeg.probed(path)
        except ffmpeg.RefusedError as error:
            raise UnreadableError(str(error)) from error
        return SoundFile(
            path, other.rate, other.channels, other.seconds, other.floats, other, streams
        )
    with apart.decoding(path, 0) as process:
        rate, channels = process.rate, process.channels
    if rate:
        stated = mp3.counted_seconds(path)
        return SoundFile(path, rate, channels, stated, floats=False, decoder=None, streams=streams)
    raise NeedsFfmpegError


class Reading:
    """The frames of a file from frame `skip` on, at most `most` of them, in blocks.

    Iterate once; then `damage` says what was wrong with the file, or with the part that was read.
    """

    def __init__(self, sound: SoundFile, skip: int = 0, most: int | None = None) -> None:
        self._sound = sound
        self._skip, self._end = skip, None if most is None else skip + most
        self._at = skip
        self._complaints: list[str] = []
        self.damage: Damage | None = None

    def __iter__(self) -> Iterator[Samples]:
        """Yield blocks of shape (n, channels) at the file's rate; no sample is above 2**32."""
        for block in self._decoded():
            left = len(block) if self._end is None else self._end - self._at
            piece = block[:left]
            self._at += len(piece)
            if not (sane := np.abs(piece) <= _LOUDEST).all():
                self._complaints.insert(0, "some samples are no numbers, or absurdly large")
                piece = np.where(sane, piece, np.float32(0))
            if len(piece):
                yield piece
            if self._end is not None and self._at >= self._end:
                break
        self.damage = self._judged()

    def _decoded(self) -> Iterator[Samples]:
        sound = self._sound
        match sound.decoder:
            case NativeFormat() as form:
                try:
                    yield from native_blocks(sound.path, sound.streams.ranges, form, self._skip)
                except BrokenError as error:
                    if not ffmpeg.installed():
                        more = "ffmpeg, which is not installed, may read more"
                        self._complaints.append(f"{error}; {more}")
                        return
                else:
                    return
                known = FfmpegFormat(sound.rate, sound.channels, None, sound.floats)
                yield from self._by_ffmpeg(known)
            case FfmpegFormat() as form:
                yield from self._by_ffmpeg(form)
            case None:
                yield from self._from(apart.decoding(sound.path, self._skip), 0)

    def _by_ffmpeg(self, form: FfmpegFormat) -> Iterator[Samples]:
        """Decode from the start, because seeking is not exact, and yield what has not come yet."""
        process = ffmpeg.decoding(self._sound.path, form, self._end)
        yield from self._from(process, self._at)

    def _from(self, process: DecoderProcess, skip: int) -> Iterator[Samples]:
        with process:
            yield from since(process.blocks(), skip)
            self._complaints += process.complaints()

    def _judged(self) -> Damage | None:
        """Return what was wrong, once all was read that there is or that was asked for."""
        sound, seconds = self._sound, self._at / self._sound.rate
        stated, cut = sound.stated, sound.streams.breaks_off
        if self._end is not None and self._at >= self._end:
            stated, cut = None, False
        elif (share := share_there(sound.path)) < 1:
            stated = seconds / max(share, 1e-6)
            cut = stated - seconds > TOLERANCE
        if stated is not None and stated - seconds <= TOLERANCE:
            stated = None
        complaint = self._complaint()
        return Damage(seconds, stated, cut, complaint) if stated or cut or complaint else None

    def _complaint(self) -> str:
        """Return the first complaint that tells of damage, or ""."""
        sound, beside = self._sound, frozenset[str]()
        if isinstance(sound.decoder, FfmpegFormat) and self._seems_whole():
            beside = sound.decoder.beside
        for each in self._complaints:
            if each not in beside and not ffmpeg.OF_TAGS.fullmatch(each):
                return each
        return "its checksums are wrong" if sound.streams.damaged else ""

    def _seems_whole(self) -> bool:
        """Return whether what is between and after the frames explains a complaint."""
        sound = self._sound
        if sound.stated is None:
            return mp3.ends_in_tag(sound.path)
        return sound.stated * sound.rate < self._at + mp3.SHORTEST
