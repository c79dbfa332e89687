"""WAV: plain samples, and chapters as cue points, exact to the frame."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.export.formats.base import Encoding, EncodingOptions, Lossless

if TYPE_CHECKING:
    from cadence_cue.export.track import Track

_RIFF_LIMIT = 2**32 - 2**22
"""Bytes of sound that a WAV header's 32-bit lengths allow, less room for header and tags."""


class Wav(Lossless):
    """WAV, or RF64 for files that are too long for WAV."""

    ending = ".wav"
    mime = "audio/wav"
    container = "WAV"
    compressed = False
    subtypes = {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}  # noqa: RUF012 - nobody changes it

    def encoding(self, target: Path, wish: EncodingOptions) -> Encoding:
        """As for every lossless format, with another container for long files."""
        return replace(super().encoding(target, wish), most=_RIFF_LIMIT, beyond="RF64")

    def tag(self, path: Path, track: Track) -> None:
        """Add named cue points, a LIST of tags, and ID3. Raises OSError and TagError."""
        from cadence_cue.export import tags, wave_chunks  # noqa: PLC0415 - mutagen

        content, frames = BytesIO(), tags.id3_tags(track)
        frames.update_to_v23()
        frames.save(content, v1=0, v2_version=3)
        wave_chunks.append(path, track, content.getvalue())
