"""What a format is, and how it stores samples; each file beside this one is a format.

Light: what needs numpy or mutagen is imported where it is used.
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
    """What is asked of a file beside its name.

    `bits` (None: 16) is for WAV and FLAC only, 32 means floating point; `quality`, one of
    QUALITIES, is for the formats that leave something out.
    """

    bits: int | None = None
    quality: str = "normal"
    mono: bool = False
    """One channel, which a phone plays in both ears."""

    @property
    def channels(self) -> int:
        """The channels of the file."""
        return 1 if self.mono else 2


@dataclass(frozen=True, slots=True)
class Encoding:
    """How samples are stored.

    `bits` is 16 or 24 for whole numbers, 32 for floating point, 0 where the encoder takes
    floating point and decides itself; these have a `bit_rate`, in bits per second.
    """

    format: Format
    container: str
    """libsndfile's name of the file format."""
    subtype: str
    """libsndfile's name of the sample format."""
    bits: int
    channels: int = 2
    bit_rate: int = 0
    effort: float | None = None
    """libsndfile's compression level, 0 (best) to 1 (smallest); None where there is none."""
    options: tuple[str, ...] = ()
    """What ffmpeg is told, where it encodes; () where libsndfile does."""
    most: int = 0
    """Bytes of sound that the container can count; 0 for any."""
    beyond: str = ""
    """The container for more."""

    def frames(self, wanted: int) -> int:
        """The frames that the file holds for so many wanted."""
        unit = self.format.unit
        return math.ceil(wanted / unit) * unit

    def size(self, frames: int, rate: int) -> int:
        """Bytes of sound for `frames` at `rate`: exact for WAV, about enough for the others."""
        if self.bit_rate:
            return frames * self.bit_rate // (8 * rate)
        return frames * self.channels * self.bits // (8 * self.format.packing)

    def container_for(self, frames: int) -> str:
        """The container for so many frames: another where the usual one cannot count them."""
        return self.beyond if self.most and self.size(frames, 1) > self.most else self.container


class Format:
    """A kind of file, by the ending of its name."""

    ending: ClassVar[str]
    mime: ClassVar[str]
    """What a server calls it."""
    container: ClassVar[str]
    """libsndfile's name of the file format."""
    rates: ClassVar[tuple[int, ...]] = ()
    """The frames per second that it can hold; () for any."""
    unit: ClassVar[int] = 1
    """Its files hold a whole number of so many frames."""
    packing: ClassVar[int] = 1
    """How many times smaller than plain samples its files are, at least."""
    cue_sheet: ClassVar[str] = "WAVE"
    """What a cue sheet calls it; players read "WAVE" as any other."""

    def encoding(self, target: Path, wish: EncodingOptions) -> Encoding:
        """How its samples are stored. Raises UserError with `target` for what it cannot do."""
        raise NotImplementedError

    def metadata(self, track: Track) -> str:  # noqa: ARG002 - for those who have it
        """What ffmpeg is to write of a track, in its own format; "" for nothing."""
        return ""

    def set_length(self, path: Path, frames: int, rate: int) -> None:
        """Correct what a file that ffmpeg has written tells of its length. Raises OSError."""

    def tag(self, path: Path, track: Track) -> None:
        """Add to a finished file all that the track tells. Raises OSError and TagError."""
        raise NotImplementedError

    def seconds_of(self, path: Path) -> float | None:  # noqa: ARG002 - for those who have it
        """How long a file says that it is, where libsndfile cannot read it; else None.

        Raises OSError and TagError.
        """
        return None


class Lossless(Format):
    """A format that keeps every sample."""

    subtypes: ClassVar[Mapping[int, str]]
    """libsndfile's names of the sample formats, by their bits."""

    def encoding(self, target: Path, wish: EncodingOptions) -> Encoding:
        """The samples as they are, rounded to the bits that are asked for."""
        if wish.quality != "normal":
            raise UserError(
                f"{self.ending} leaves nothing out", where=target, way_out="ask it for no quality."
            )
        bits = DEFAULT_BITS if wish.bits is None else wish.bits
        if bits not in self.subtypes:
            raise UserError(
                f"{self.ending} cannot hold {bits} bits",
                where=target,
                way_out=f"use {either(map(str, self.subtypes))} bits.",
            )
        return Encoding(self, self.container, self.subtypes[bits], bits, wish.channels)


class Lossy(Format):
    """A format that leaves something out.

    Its bit rates are a little above what beats, speech and music need at these levels. None of
    them lifts a true peak by more than the 0.3 dB that the ceilings leave; low quality may.
    """

    subtype: ClassVar[str]
    """libsndfile's name of the sample format."""
    qualities: ClassVar[Mapping[str, tuple[int, float | None]]]
    """Per quality: bits per second of a stereo file, and libsndfile's effort."""
    encoder: ClassVar[str] = ""
    """ffmpeg's encoder, three times as fast; "" where only libsndfile is used."""
    needs_ffmpeg: ClassVar[bool] = False
    """Whether libsndfile has no encoder for it."""

    def options(self, wish: EncodingOptions) -> tuple[str, ...]:
        """What ffmpeg's encoder is told of a wish."""
        raise NotImplementedError

    def encoding(self, target: Path, wish: EncodingOptions) -> Encoding:
        """By ffmpeg where it is installed, else by libsndfile."""
        if wish.bits is not None:
            raise UserError(
                f"{self.ending} has no bits to choose, as .wav or .flac has",
                where=target,
                way_out="leave them out.",
            )
        from cadence_cue.export import ffmpeg  # noqa: PLC0415 - --help starts none

        options: tuple[str, ...] = ()
        if self.encoder and ffmpeg.encodes(self.encoder):
            options = ("-c:a", self.encoder, *self.options(wish))
        elif self.needs_ffmpeg:
            raise UserError(f"{self.ending} {_NO_FFMPEG}", where=target)
        bit_rate, effort = self.qualities[wish.quality]
        bit_rate = bit_rate * (wish.channels + 1) // 3
        return Encoding(
            self, self.container, self.subtype, 0, wish.channels, bit_rate, effort, options
        )


def either(words: Iterable[str]) -> str:
    """ "a", "a or b", "a, b or c"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
