"""M4A: AAC, which only ffmpeg encodes; it also writes the chapters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.export.formats.base import EncodingOptions, Lossy

if TYPE_CHECKING:
    from cadence_cue.export.track import Track

_KBITS = {"low": 48, "normal": 80, "high": 128}
"""Kilobits per second of a channel."""

_TITLE = 255  # bytes of a chapter's: ffmpeg cuts a longer one, in the middle of a letter too


class M4a(Lossy):
    """M4A; normal quality is AAC of 160 kbit/s."""

    ending = ".m4a"
    mime = "audio/mp4"
    container = "M4A"
    subtype = "AAC"
    rates = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
    unit = 1024  # a decoder gives whole packets whatever the file says of its end: fill the last
    qualities = {"low": (100_000, None), "normal": (166_000, None), "high": (262_000, None)}  # noqa: RUF012
    encoder = "aac"
    needs_ffmpeg = True

    def options(self, wish: EncodingOptions) -> tuple[str, ...]:
        """A bit rate for each channel."""
        # An index at the front, so that a player on the network can begin at once.
        front = ("-f", "ipod", "-movflags", "+faststart")
        return (*front, "-b:a", f"{_KBITS[wish.quality] * wish.channels}k")

    def metadata(self, track: Track) -> str:
        """The chapters; the file's frames are the unit."""
        lines = [";FFMETADATA1"]
        for chapter in track.chapters:
            short = chapter.title.encode()[:_TITLE].decode(errors="ignore")
            title = "".join(f"\\{c}" if c in "=;#\\\n" else c for c in short)
            lines += ["[CHAPTER]", f"TIMEBASE=1/{track.rate}",
                      f"START={chapter.start}", f"END={chapter.end}", f"title={title}"]  # fmt: skip
        return "\n".join(lines) + "\n"

    def tag(self, path: Path, track: Track) -> None:
        """Add what iTunes calls its atoms."""
        from mutagen.mp4 import MP4, MP4Cover  # noqa: PLC0415

        from cadence_cue.export.track import lrc  # noqa: PLC0415 - numpy

        file = MP4(path)
        told: dict[str, object] = {
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
        for key, value in told.items():
            if value:
                file[key] = value
        file.save()

    def seconds_of(self, path: Path) -> float:
        """As its header says."""
        from mutagen.mp4 import MP4  # noqa: PLC0415

        return float(MP4(path).info.length)
