"""Ogg Vorbis, encoded by libsndfile."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.export.formats.base import Lossy

if TYPE_CHECKING:
    from cadence_cue.export.track import Track


class Ogg(Lossy):
    """Ogg Vorbis; normal quality is Vorbis quality 5 of 10."""

    ending = ".ogg"
    mime = "audio/ogg"
    container = "OGG"
    subtype = "VORBIS"
    efforts = {"low": 0.8, "normal": 0.5, "high": 0.2}  # noqa: RUF012

    def tag(self, path: Path, track: Track) -> None:
        """Add comments, with the cover among them. Raises OSError and TagError."""
        from mutagen.oggvorbis import OggVorbis  # noqa: PLC0415

        from cadence_cue.export import tags  # noqa: PLC0415 - mutagen

        tags.write_comments(OggVorbis(path), track)
