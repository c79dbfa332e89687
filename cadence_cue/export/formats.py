"""What a file can be: the format that a file name's ending asks for, and what it can hold.

Kept apart from writing, so that a wish that cannot be met is refused before any work.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CHANNELS = 2

DEFAULT_BITS = 16

_RIFF_LIMIT = 2**32 - 2**16
"""Bytes of sound that a WAV header's 32-bit lengths can count, with room for header and tags."""


class ExportError(ValueError):
    """A file that cannot be written; its text is one sentence for the runner."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How samples are stored.

    `bits` is 16 or 24 for whole numbers, 32 for floating point, 0 where the encoder takes
    floating point and decides itself; these have a `bit_rate`, in bits per second.
    """

    container: str
    """libsndfile's name of the file format."""
    subtype: str
    """libsndfile's name of the sample format."""
    bits: int
    bit_rate: int = 0
    effort: float | None = None
    """libsndfile's compression level, 0 (best) to 1 (smallest); None where there is none."""

    def size(self, frames: int, rate: int) -> int:
        """Bytes of sound for `frames` at `rate`: exact for WAV, about enough for the others."""
        if self.bit_rate:
            return frames * self.bit_rate // (8 * rate)
        plain = frames * CHANNELS * self.bits // 8
        # Measured with beats, speech and the noise: FLAC packs 16 bits to 22 %.
        return plain // 2 if self.container == "FLAC" else plain

    def container_for(self, frames: int) -> str:
        """The container for so many frames: RF64 where WAV cannot count them."""
        if self.container == "WAV" and self.size(frames, 1) > _RIFF_LIMIT:
            return "RF64"
        return self.container


_PCM = {
    ".wav": ("WAV", {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}),
    ".flac": ("FLAC", {16: "PCM_16", 24: "PCM_24"}),
}

# The bit rates are a little above what beats and speech need at these levels. The levels:
# Vorbis 5 of 10, Opus as libsndfile chooses it, MP3 variable "V2": none of them lifts a true
# peak by more than the 0.3 dB that the ceilings leave.
_CODECS = {
    ".ogg": Encoding("OGG", "VORBIS", 0, bit_rate=128_000, effort=0.5),
    ".opus": Encoding("OGG", "OPUS", 0, bit_rate=136_000),
    ".mp3": Encoding("MP3", "MPEG_LAYER_III", 0, bit_rate=152_000, effort=0.2),
}

# Opus takes more rates, but other decoders then read another length and a shift.
_RATES = {
    ".opus": (48000,),
    ".mp3": (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000),
}

ENDINGS = (*_PCM, *_CODECS)
"""The endings of file names that can be exported to."""


def encoding_for(target: Path, rate: int, bits: int | None = None) -> Encoding:
    """Choose the encoding by the target's ending, for `rate` frames per second.

    `bits` (None: 16) is for WAV and FLAC only; 32 means floating point. Raises ExportError.
    """
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise ExportError(f"{target}: no known audio format; end the name in {_either(ENDINGS)}.")
    if rate not in _RATES.get(ending, (rate,)):
        raise ExportError(
            f"{target}: {ending} cannot hold {rate} Hz; "
            f"use --rate {_either(map(str, _RATES[ending]))}, or .wav."
        )
    if ending in _CODECS:
        if bits is not None:
            raise ExportError(
                f"{target}: --bits is for {_either(_PCM)}; leave it out for {ending}."
            )
        return _CODECS[ending]
    container, subtypes = _PCM[ending]
    bits = DEFAULT_BITS if bits is None else bits
    if bits not in subtypes:
        raise ExportError(
            f"{target}: {ending} cannot hold {bits} bits; use --bits {_either(map(str, subtypes))}."
        )
    return Encoding(container, subtypes[bits], bits)


def _either(words: Iterable[str]) -> str:
    """ "a", "a or b", "a, b or c"."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
