"""The formats that can be exported to: one file each, found by the ending of a file's name.

Quick to import, and apart from writing, so that an impossible request is refused before any work.
"""

from __future__ import annotations

from pathlib import Path

from cadence_cue.errors import UserError
from cadence_cue.export.formats.base import (
    DEFAULT_BITS,
    QUALITIES,
    Encoding,
    EncodingOptions,
    Format,
    either,
)
from cadence_cue.export.formats.flac import Flac
from cadence_cue.export.formats.m4a import M4a
from cadence_cue.export.formats.mp3 import Mp3
from cadence_cue.export.formats.ogg import Ogg
from cadence_cue.export.formats.opus import Opus
from cadence_cue.export.formats.wav import Wav

__all__ = [
    "DEFAULT_BITS",
    "ENDINGS",
    "FORMATS",
    "QUALITIES",
    "Encoding",
    "EncodingOptions",
    "Format",
    "encoding_for",
]

FORMATS: dict[str, Format] = {
    each.ending: each for each in (Wav(), Flac(), Ogg(), Opus(), Mp3(), M4a())
}
"""The formats by the ending of their files' names, with the dot."""

ENDINGS = tuple(FORMATS)
"""The endings of file names that can be exported to."""


def encoding_for(
    target: Path,
    rate: int,
    wish: EncodingOptions = EncodingOptions(),  # noqa: B008 - frozen
) -> Encoding:
    """The encoding for the target's ending, at `rate` frames per second.

    MP3, Opus and M4A use ffmpeg if it is installed, which is three times as fast; only M4A
    requires it. Raises UserError if the format is unknown or cannot do what `wish` asks for.
    """
    found = FORMATS.get(target.suffix.lower())
    if found is None:
        raise UserError(
            "no known audio format",
            where=target,
            way_out=f"end the name in {either(ENDINGS)}.",
        )
    if found.rates and rate not in found.rates:
        raise UserError(
            f"{found.ending} cannot hold {rate} Hz",
            where=target,
            way_out=f"use {either(map(str, found.rates))} Hz, or .wav.",
        )
    return found.encoding(target, wish)
