"""The base of all formats, and how they store samples; each file beside this one is a format.

Quick to import: what needs numpy or mutagen is imported where it is used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from cadence_cue.errors import UserError

if TYPE_CHECKING:
    from cadence_cue.export.track import Track

DEFAULT_BITS = 16
QUALITIES = ("low", "normal", "high")

_NO_FFMPEG = (
    "needs the program ffmpeg, which is not installed; "
    "install it (Debian, Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg), or take .mp3."
)


@dataclass(frozen=True, slots=True)
class EncodingOptions:
    """What the runner asks of a file besides its name.

    `bits` (None: 16) is for WAV and FLAC only; 32 means floating point. `quality`, one of
    QUALITIES, is for lossy formats.
    """

    bits: int | None = None
    quality: str = "normal"
    mono: bool = False
    """Write one channel, which a phone plays in both ears."""

    @property
    def channels(self) -> int:
        """The number of channels of the file."""
        return 1 if self.mono else 2


@dataclass(frozen=True, slots=True)
class Encoding:
    """How samples are stored.

    `bits` is 16 or 24 for integers, 32 for floating point, and 0 for lossy encoders, which take
    floating point.
    """

    format: Format
    container: str
    """libsndfile's name for the file format."""
    subtype: str
    """libsndfile's name for the sample format."""
    bits: int
    channels: int = 2
    effort: float | None = None
    """libsndfile's compression level, 0 (best) to 1 (smallest); None for formats without one."""
    options: tuple[str, ...] = ()
    """ffmpeg's options; () if libsndfile encodes."""
    most: int = 0
    """Bytes of sound that the container can hold; 0 for no limit."""
    beyond: str = ""
    """The container for more than that."""

    def frames(self, wanted: int) -> int:
        """The number of frames that a file holds if `wanted` are asked for: whole units."""
        unit = self.format.unit
        return math.ceil(wanted / unit) * unit

    def least_size(self, frames: int) -> int:
        """Bytes that the sound of `frames` takes for certain: 0 if they are compressed."""
        return 0 if self.format.compressed else frames * self.channels * self.bits // 8

    def container_for(self, frames: int) -> str:
        """The container for so many frames: `beyond` if they exceed the limit of the usual one."""
        beyond = self.most and self.least_size(frames) > self.most
        return self.beyond if beyond else self.container


class Format:
    """A kind of file, by the ending of its name."""

    ending: ClassVar[str]
    mime: ClassVar[str]
    """Its MIME type."""
    container: ClassVar[str]
    """libsndfile's name for the file format."""
    rates: ClassVar[tuple[int, ...]] = ()
    """The sample rates that it supports, in frames per second; () for any."""
    unit: ClassVar[int] = 1
    """The length of its files is a multiple of this many frames."""
    compressed: ClassVar[bool] = True
    """Whether only the encoder knows how large a file becomes."""
    cue_sheet: ClassVar[str] = "WAVE"
    """Its name in a cue sheet; players take "WAVE" to mean any other format."""

    def encoding(self, target: Path, wish: EncodingOptions) -> Encoding:
        """How `wish` is encoded. Raises UserError, which names `target`, if that is impossible."""
        raise NotImplementedError

    def metadata(self, track: Track) -> str:  # noqa: ARG002 - for formats that have it
        """The metadata that ffmpeg is to write, in ffmpeg's own format; "" for none."""
        return ""

    def set_length(self, path: Path, frames: int, rate: int) -> None:
        """Correct the length in the header of a file that ffmpeg wrote. Raises OSError."""

    def tag(self, path: Path, track: Track) -> None:
        """Add the track's metadata to a complete file. Raises OSError and TagError."""
        raise NotImplementedError

    def seconds_of(self, path: Path) -> float | None:  # noqa: ARG002 - for formats that have it
        """The length in seconds by the file's header; None if libsndfile can read the file.

        Raises OSError and TagError.
        """
        return None


class Lossless(Format):
    """A format that keeps every sample."""

    subtypes: ClassVar[Mapping[int, str]]
    """libsndfile's names for the sample formats, by their bits."""
    effort: ClassVar[float | None] = None
    """libsndfile's compression level."""

    def encoding(self, target: Path, wish: EncodingOptions) -> Encoding:
        """The encoding with the requested bits. Raises UserError for a quality or other bits."""
        if wish.quality != "normal":
            raise UserError(
                f"{self.ending} is lossless and has no quality to choose",
                where=target,
                way_out="leave the quality out.",
            )
        bits = DEFAULT_BITS if wish.bits is None else wish.bits
        if bits not in self.subtypes:
            raise UserError(
                f"{self.ending} cannot hold {bits} bits",
                where=target,
                way_out=f"use {either(map(str, self.subtypes))} bits.",
            )
        return Encoding(self, self.container, self.subtypes[bits], bits, wish.channels, self.effort)


class Lossy(Format):
    """A lossy format.

    The bit rates are a little above what beats, speech and music need at these levels. None of
    them lifts a true peak by more than the 0.3 dB that the ceilings leave; low quality may.
    """

    subtype: ClassVar[str]
    """libsndfile's name for the sample format."""
    efforts: ClassVar[Mapping[str, float]]
    """libsndfile's compression level for each quality."""
    encoder: ClassVar[str] = ""
    """ffmpeg's encoder, which is three times as fast; "" to use libsndfile only."""
    needs_ffmpeg: ClassVar[bool] = False
    """Whether libsndfile has no encoder for it."""

    def options(self, wish: EncodingOptions) -> tuple[str, ...]:
        """The options of ffmpeg's encoder for a request."""
        raise NotImplementedError

    def encoding(self, target: Path, wish: EncodingOptions) -> Encoding:
        """The encoding by ffmpeg if it is installed, otherwise by libsndfile. Raises UserError."""
        if wish.bits is not None:
            raise UserError(
                f"{self.ending} has no bit depth, only .wav and .flac have one",
                where=target,
                way_out="leave it out.",
            )
        from cadence_cue.export import ffmpeg  # noqa: PLC0415 - not needed for --help

        options: tuple[str, ...] = ()
        if self.encoder and ffmpeg.encodes(self.encoder):
            options = ("-c:a", self.encoder, *self.options(wish))
        elif self.needs_ffmpeg:
            raise UserError(f"{self.ending} {_NO_FFMPEG}", where=target)
        effort = self.efforts.get(wish.quality)
        return Encoding(self, self.container, self.subtype, 0, wish.channels, effort, options)


def either(words: Iterable[str]) -> str:
    """The words as "a", "a or b" or "a, b or c"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
