"""Reads the tags of any audio file, ours or not: title, length, chapters, cover.

The only reader that uses mutagen; `export.tags` and `export.formats` write with it.
"""

from __future__ import annotations

import base64
import io
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import mutagen
from mutagen.flac import FLAC, Picture
from mutagen.id3 import ID3
from mutagen.mp4 import MP4

from cadence_cue.errors import UserError

# What mutagen raises for damage, and what our reader raises for damaged chunks.
_DAMAGE = (mutagen.MutagenError, ValueError, LookupError, ArithmeticError, struct.error)
_LARGEST = 1 << 20  # bytes; larger chunks are skipped
_CHAPTER = re.compile(r"CHAPTER\d{3}")
_CLOCK = re.compile(r"(\d{1,3}):(\d\d):(\d\d(?:\.\d+)?)", flags=re.ASCII)

_Chapters = list[tuple[float, str]]


@dataclass(frozen=True, slots=True)
class FileTags:
    """The tags of a file; `seconds` is its length, `chapters` are (start in seconds, title)."""

    title: str
    seconds: float
    chapters: tuple[tuple[float, str], ...] = ()
    cover: bytes = b""
    """A picture, as PNG or JPEG."""


def read_tags(opened: io.FileIO) -> FileTags:
    """The tags of an open audio file, with its name as the title if it has none.

    Raises OSError, and UserError for a format that is unknown or damaged.
    """
    content = _Bounded(opened)
    try:
        file = mutagen.File(content)
        if file is None:
            raise UserError("its format is not known")
        title, chapters, cover = _tags(file)
        chapters = chapters or _cue_points(content)
        seconds = float(file.info.length)
    except _DAMAGE as error:
        raise UserError(str(error)) from None
    except MemoryError:  # compressed tags tell only as they are read how large they are
        raise UserError("its tags are larger than the memory") from None
    finally:
        content.detach()  # or it would close the file
    return FileTags(title or Path(str(opened.name)).stem, seconds, tuple(sorted(chapters)), cover)


class _Bounded(io.BufferedReader):
    """A file of which no more is asked for than there is, whatever size a tag states.

    Python makes room for all that is asked for before it reads.
    """

    def read(self, size: int | None = -1) -> bytes:
        """Read up to `size` bytes, or all that are left."""
        left = max(os.fstat(self.fileno()).st_size - self.tell(), 0)
        return super().read(left if size is None or size < 0 else min(size, left))


def _tags(file: Any) -> tuple[str, _Chapters, bytes]:  # noqa: ANN401 - any kind of file
    if isinstance(file.tags, ID3):
        frames = file.tags
        starts = [
            (each.start_time / 1000, str(each.sub_frames.get("TIT2", "")))
            for each in frames.getall("CHAP")
        ]
        return str(frames.get("TIT2", "")), starts, _first(p.data for p in frames.getall("APIC"))
    tags = file.tags or {}
    if isinstance(file, MP4):
        starts = [(float(each.start), each.title) for each in file.chapters or ()]
        return str(_first(tags.get("\xa9nam", ())) or ""), starts, _first(tags.get("covr", ()))
    comments = {str(key).upper(): str(values[0]) for key, values in dict(tags).items() if values}
    starts = [
        (_seconds(clock), comments.get(f"{key}NAME", ""))
        for key, clock in comments.items()
        if _CHAPTER.fullmatch(key) and _CLOCK.fullmatch(clock)
    ]
    pictures = file.pictures if isinstance(file, FLAC) else _pictures(comments)
    return comments.get("TITLE", ""), starts, _first(each.data for each in pictures)


def _first(values: Any) -> Any:  # noqa: ANN401 - of any kind
    return next(iter(values), b"")


def _pictures(comments: dict[str, str]) -> Iterator[Picture]:
    if block := comments.get("METADATA_BLOCK_PICTURE"):
        yield Picture(base64.b64decode(block))


def _seconds(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)


def _cue_points(file: BinaryIO) -> _Chapters:
    """The cue points of a WAV file with their labels; [] for any other file."""
    points: dict[int, int] = {}
    labels: dict[int, str] = {}
    rate = 1
    for name, content in _chunks(file):
        if name == b"fmt ":
            (rate,) = struct.unpack_from("<I", content, 4)
        elif name == b"cue ":
            points = dict(struct.iter_unpack("<I16xI", content[4:]))
        elif content[:4] == b"adtl":
            labels = dict(_labels(content))
    return [(frame / rate, labels.get(point, "")) for point, frame in points.items()]


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The names and contents of the chunks that are needed here."""
    file.seek(0)
    if file.read(4) not in (b"RIFF", b"RF64"):
        return
    file.seek(12)
    while header := _header(file):
        name, size = header
        if name in (b"fmt ", b"cue ", b"LIST") and size < _LARGEST:
            yield name, file.read(size + size % 2)[:size]
        else:
            file.seek(size + size % 2, 1)


def _header(file: BinaryIO) -> tuple[bytes, int] | None:
    read = file.read(8)
    return struct.unpack("<4sI", read) if len(read) == 8 else None


def _labels(content: bytes) -> Iterator[tuple[int, str]]:
    at = 4
    while at + 12 <= len(content):
        name, size, point = struct.unpack_from("<4sII", content, at)
        if name == b"labl":
            text = content[at + 12 : at + 8 + size].partition(b"\0")[0]
            yield point, text.decode(errors="replace")
        at += 8 + size + size % 2
