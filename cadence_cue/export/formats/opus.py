"""Opus in an Ogg container."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.export.formats.base import EncodingOptions, Lossy

if TYPE_CHECKING:
    from cadence_cue.export.track import Track

_KBITS = {"low": 32, "normal": 48, "high": 128}
"""Kilobits per second for each channel."""


class Opus(Lossy):
    """Opus; normal quality is about 96 kbit/s."""

    ending = ".opus"
    mime = "audio/ogg"
    container = "OGG"
    subtype = "OPUS"
    rates = (48000,)  # with others, which it accepts, some decoders read another length and a shift
    efforts = {"low": 0.9, "normal": 0.84, "high": 0.5}  # noqa: RUF012
    encoder = "libopus"

    def options(self, wish: EncodingOptions) -> tuple[str, ...]:
        """A bit rate for each channel, and a reproducible file."""
        # Otherwise the stream's serial number is random, and no two files of one sound are equal.
        exact = ("-f", "opus", "-fflags", "+bitexact")
        return (*exact, "-b:a", f"{_KBITS[wish.quality] * wish.channels}k")

    def tag(self, path: Path, track: Track) -> None:
        """Add comments, with the cover among them. Raises OSError and TagError."""
        from mutagen.oggopus import OggOpus  # noqa: PLC0415

        from cadence_cue.export import tags  # noqa: PLC0415 - mutagen

        tags.write_comments(OggOpus(path), track)
