"""MP3: chapters in ID3, and an exact length when decoded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.export import gapless
from cadence_cue.export.formats.base import EncodingOptions, Lossy

if TYPE_CHECKING:
    from cadence_cue.export.track import Track

_LAME = {"low": "5", "normal": "2", "high": "0"}
"""LAME's variable bit rates, equivalent to libsndfile's efforts."""


class Mp3(Lossy):
    """MP3; normal quality is variable "V2"."""

    ending = ".mp3"
    mime = "audio/mpeg"
    container = "MP3"
    subtype = "MPEG_LAYER_III"
    rates = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
    efforts = {"low": 0.5, "normal": 0.2, "high": 0.0}  # noqa: RUF012
    encoder = "libmp3lame"
    cue_sheet = "MP3"

    def options(self, wish: EncodingOptions) -> tuple[str, ...]:
        """A variable bit rate, and no tags: `tag` adds them."""
        return ("-f", "mp3", "-id3v2_version", "0", "-q:a", _LAME[wish.quality])

    def set_length(self, path: Path, frames: int, rate: int) -> None:
        """Make the file decode to exactly `frames` frames. Raises OSError."""
        gapless.set_length(path, frames, rate)

    def tag(self, path: Path, track: Track) -> None:
        """Add ID3 with the chapters. Raises OSError and TagError."""
        from cadence_cue.export import tags  # noqa: PLC0415 - mutagen

        frames = tags.id3_tags(track)
        if track.chapters:
            tags.add_chapters(frames, track)
        frames.update_to_v23()
        frames.save(path, v1=0, v2_version=3)

    def seconds_of(self, path: Path) -> float:
        """The length by its own count, in seconds; 0 for a file that was cut.

        libsndfile is not asked: of such a file libmpg123 writes to the terminal. Raises OSError.
        """
        from cadence_cue.media.mp3 import counted_seconds  # noqa: PLC0415 - plans need no reader

        return (counted_seconds(path) or 0.0) if gapless.is_whole(path) else 0.0
