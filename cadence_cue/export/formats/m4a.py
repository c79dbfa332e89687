"""M4A: AAC, encoded by ffmpeg only, which also writes the chapters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.export.formats.base import EncodingOptions, Lossy

if TYPE_CHECKING:
    from cadence_cue.export.track import Track

_KBITS = {"low": 48, "normal": 80, "high": 128}
"""Kilobits per second for each channel."""

_TITLE = 255  # bytes of a chapter title: ffmpeg cuts a longer one, even within a character


class M4a(Lossy):
    """M4A; normal quality is AAC of 160 kbit/s."""

    ending = ".m4a"
    mime = "audio/mp4"
    container = "M4A"
    subtype = "AAC"
    rates = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
    unit = 1024  # decoders return whole packets whatever the header says, so fill the last one
    efforts = {}  # noqa: RUF012 - libsndfile has no encoder for it
    encoder = "aac"
    needs_ffmpeg = True

    def options(self, wish: EncodingOptions) -> tuple[str, ...]:
        """A constant bit rate for each channel, and the index at the front."""
        # With the index at the front a player on the network can start at once.
        front = ("-f", "ipod", "-movflags", "+faststart")
        return (*front, "-b:a", f"{_KBITS[wish.quality] * wish.channels}k")

    def metadata(self, track: Track) -> str:
        """The chapters, in the file's frames."""
        lines = [";FFMETADATA1"]
        for chapter in track.chapters:
            short = chapter.title.encode()[:_TITLE].decode(errors="ignore")
            title = "".join(f"\\{c}" if c in "=;#\\\n" else c for c in short)
            lines += ["[CHAPTER]", f"TIMEBASE=1/{track.rate}",
                      f"START={chapter.start}", f"END={chapter.end}", f"title={title}"]  # fmt: skip
        return "\n".join(lines) + "\n"

    def tag(self, path: Path, track: Track) -> None:
        """Add iTunes-style metadata. Raises OSError and TagError."""
        from mutagen.mp4 import MP4, MP4Cover  # noqa: PLC0415

        from cadence_cue.export.track import lrc  # noqa: PLC0415 - numpy

        file = MP4(path)
        atoms: dict[str, object] = {
            "\xa9nam": track.title,
            "\xa9ART": track.artist,
            "\xa9alb": track.album,
            "\xa9day": track.date,
            "\xa9gen": track.genre,
            "\xa9cmt": track.comment,
            "\xa9lyr": lrc(track),
            "tmpo": [track.bpm] if track.bpm else "",
            "trkn": [(track.number, 0)] if track.number else "",
            "covr": [MP4Cover(track.cover, MP4Cover.FORMAT_PNG)] if track.cover else "",
        }
        for key, value in atoms.items():
            if value:
                file[key] = value
        file.save()

    def seconds_of(self, path: Path) -> float:
        """The length in its header, in seconds; 0 for a file that was cut.

        The header, at the front, tells nothing of that. Raises OSError and TagError.
        """
        from mutagen.mp4 import MP4  # noqa: PLC0415

        return float(MP4(path).info.length) if _whole(path) else 0.0


def _whole(path: Path) -> bool:
    """Whether the atoms, each of which states its size, end where the file ends."""
    end, at = path.stat().st_size, 0
    with path.open("rb") as file:
        while at < end:
            file.seek(at)
            size = int.from_bytes(file.read(4))
            if size == 1:  # it is in the 64 bits after the name
                file.seek(at + 8)
                size = int.from_bytes(file.read(8))
            at += max(size, 8)
    return at == end
