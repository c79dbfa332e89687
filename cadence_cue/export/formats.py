"""What a file can be: the format that a file name's ending asks for, and what it can hold.

Kept apart from writing, so that a wish that cannot be met is refused before any work.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cadence_cue.errors import UserError
from cadence_cue.export import ffmpeg

DEFAULT_BITS = 16
QUALITIES = ("low", "normal", "high")

_RIFF_LIMIT = 2**32 - 2**22
"""Bytes of sound that a WAV header's 32-bit lengths can count, with room for header and tags."""


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

    ending: str
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
    unit: int = 1
    """The file holds a whole number of so many frames."""

    def frames(self, wanted: int) -> int:
        """The frames that the file holds for so many wanted."""
        return math.ceil(wanted / self.unit) * self.unit

    def size(self, frames: int, rate: int) -> int:
        """Bytes of sound for `frames` at `rate`: exact for WAV, about enough for the others."""
        if self.bit_rate:
            return frames * self.bit_rate // (8 * rate)
        plain = frames * self.channels * self.bits // 8
        # Measured with beats, speech and the noise: FLAC packs 16 bits to 22 %.
        return plain // 2 if self.container == "FLAC" else plain

    def container_for(self, frames: int) -> str:
        """The container for so many frames: RF64 where WAV cannot count them."""
        if self.container == "WAV" and self.size(frames, 1) > _RIFF_LIMIT:
            return "RF64"
        return self.container


@dataclass(frozen=True, slots=True)
class _Codec:
    """A format that leaves something out; per quality: bits per second, and libsndfile's effort."""

    container: str
    subtype: str
    low: tuple[int, float | None]
    normal: tuple[int, float | None]
    high: tuple[int, float | None]


_PCM = {
    ".wav": ("WAV", {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}),
    ".flac": ("FLAC", {16: "PCM_16", 24: "PCM_24"}),
}

# The bit rates are a little above what beats, speech and music need at these levels. Normal
# quality: Vorbis 5 of 10, Opus about 96 kbit/s, MP3 variable "V2", AAC 160 kbit/s. None
# of them lifts a true peak by more than the 0.3 dB that the ceilings leave; low quality may.
_CODECS = {
    ".ogg": _Codec("OGG", "VORBIS", (96_000, 0.8), (176_000, 0.5), (280_000, 0.2)),
    ".opus": _Codec("OGG", "OPUS", (72_000, 0.9), (110_000, 0.84), (260_000, 0.5)),
    ".mp3": _Codec("MP3", "MPEG_LAYER_III", (140_000, 0.5), (210_000, 0.2), (260_000, 0.0)),
    ".m4a": _Codec("M4A", "AAC", (100_000, None), (166_000, None), (262_000, None)),
}

# An index at the front, so that a player on the network can begin at once.
_IPOD = ("-f", "ipod", "-movflags", "+faststart")

# Else the stream has a number by chance, and no two files of the same sound are equal.
_OPUS = ("-f", "opus", "-fflags", "+bitexact")

_MP3 = ("-f", "mp3", "-id3v2_version", "0")

_LAME = {"low": "5", "normal": "2", "high": "0"}
"""LAME's variable bit rate, as libsndfile's efforts above."""

_KBITS = {
    ".m4a": {"low": 48, "normal": 80, "high": 128},
    ".opus": {"low": 32, "normal": 48, "high": 128},
}
"""Kilobits per second of a channel."""

_ENCODERS = {".mp3": "libmp3lame", ".m4a": "aac", ".opus": "libopus"}

# A decoder gives whole AAC packets whatever the file says of its end, so a track fills its last.
_UNITS = {".m4a": 1024}

# Opus takes more rates, but other decoders then read another length and a shift.
_RATES = {
    ".opus": (48000,),
    ".mp3": (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000),
    ".m4a": (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000),
}

ENDINGS = (*_PCM, *_CODECS)
"""The endings of file names that can be exported to."""

_NO_FFMPEG = (
    "needs the program ffmpeg, which is not installed; "
    "install it (Debian, Ubuntu: apt install ffmpeg; macOS: brew install ffmpeg), or take .mp3."
)


def encoding_for(target: Path, rate: int, wish: EncodingOptions = EncodingOptions()) -> Encoding:
    """Choose the encoding by the target's ending, for `rate` frames per second.

    MP3, Opus and M4A go through ffmpeg where it is installed, which is three times as fast; only
    M4A needs it. Raises UserError.
    """
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise UserError(
            "no known audio format",
            where=target,
            way_out=f"end the name in {_either(ENDINGS)}.",
        )
    if rate not in _RATES.get(ending, (rate,)):
        raise UserError(
            f"{ending} cannot hold {rate} Hz",
            where=target,
            way_out=f"use {_either(map(str, _RATES[ending]))} Hz, or .wav.",
        )
    if ending in _CODECS:
        return _codec(target, ending, wish)
    if wish.quality != "normal":
        raise UserError(
            f"{ending} leaves nothing out", where=target, way_out="ask it for no quality."
        )
    container, subtypes = _PCM[ending]
    bits = DEFAULT_BITS if wish.bits is None else wish.bits
    if bits not in subtypes:
        raise UserError(
            f"{ending} cannot hold {bits} bits",
            where=target,
            way_out=f"use {_either(map(str, subtypes))} bits.",
        )
    return Encoding(ending, container, subtypes[bits], bits, wish.channels)


def _codec(target: Path, ending: str, wish: EncodingOptions) -> Encoding:
    if wish.bits is not None:
        raise UserError(
            f"{ending} has no bits to choose, as {_either(_PCM)} has",
            where=target,
            way_out="leave them out.",
        )
    codec = _CODECS[ending]
    bit_rate, effort = getattr(codec, wish.quality)
    options: tuple[str, ...] = ()
    if ending in _ENCODERS and ffmpeg.encodes(_ENCODERS[ending]):
        options = ("-c:a", _ENCODERS[ending], *_told(ending, wish))
    elif ending == ".m4a":
        raise UserError(f"{ending} {_NO_FFMPEG}", where=target)
    return Encoding(
        ending,
        codec.container,
        codec.subtype,
        0,
        wish.channels,
        bit_rate * (wish.channels + 1) // 3,
        effort,
        options,
        _UNITS.get(ending, 1),
    )


def _told(ending: str, wish: EncodingOptions) -> tuple[str, ...]:
    """What ffmpeg is told of a wish."""
    if ending == ".mp3":
        return (*_MP3, "-q:a", _LAME[wish.quality])
    form = _IPOD if ending == ".m4a" else _OPUS
    return (*form, "-b:a", f"{_KBITS[ending][wish.quality] * wish.channels}k")


def _either(words: Iterable[str]) -> str:
    """ "a", "a or b", "a, b or c"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
