"""Tells how long an MP3 is by its own count, and whether tags follow its frames.

The first frame of a file may hold it, that of each file if several were joined. ffprobe knows only
that of the first, and guesses where it does not fit.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Iterator
from pathlib import Path

from cadence_cue.media.streams import places

BESIDE = frozenset(("Header missing", "Invalid data found when processing input"))
"""What ffmpeg says of tags and rests of downloads between and after the frames. It says so of
damaged frames too, but then some are missing."""

SHORTEST = 576
"""Samples of the shortest frame; decoders skip somewhat fewer at the start."""

_ID3 = 10  # bytes of the head of an ID3v2 tag
_NEAR = 4096  # bytes after the tags, within which the frame with the count begins
_LAST = 160  # bytes that hold the end of a tag, and an ID3v1 tag after it
_COUNT = struct.Struct(">4x3xBI")  # its name, which parts it has, and the frames
_PLACES = (36, 21, 13)  # bytes from the frame to its count, by channels and version of MPEG
_RATES = (44100, 48000, 32000)
_HALVED = {3: 0, 2: 1, 0: 2}  # how often the rate is halved, by the bits of the version
_ADDED = 141  # bytes from a count with all parts to what its encoder added
_ENCODERS = (b"LAME", b"Lavf", b"Lavc")


def counted_seconds(path: Path) -> float | None:
    """Return the length of an MP3 by its own count, or None if it has none. Raises OSError."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        counts = sorted(_counts(content))
        if not counts or counts[0][0] > after_tag(content) + _NEAR:
            return None
    return sum(seconds for _, seconds in counts)


def ends_in_tag(path: Path) -> bool:
    """Return whether there is a tag after the frames that ffmpeg takes for one. Raises OSError."""
    with path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST))
        end = file.read()
    return any(tag in end for tag in (b"APETAGEX", b"LYRICS200", b"LYRICSEND"))


def after_tag(content: mmap.mmap | bytes) -> int:
    """Return where the frames of an MP3 begin: after an ID3 tag, if it has one."""
    head = content[:_ID3]
    if head[:3] != b"ID3" or len(head) < _ID3:
        return 0
    return _ID3 + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(head[6:])))


def _counts(content: mmap.mmap) -> Iterator[tuple[int, float]]:
    """Yield the place of each count, and its seconds."""
    for at in places(content, b"Xing", b"Info"):
        if (seconds := _seconds(content, at)) is not None:
            yield at, seconds


def _seconds(content: mmap.mmap, at: int) -> float | None:
    """Return the seconds by the count at a place; None if there is none."""
    if at + _COUNT.size > len(content):
        return None
    parts, frames = _COUNT.unpack(content[at : at + _COUNT.size])
    for place in _PLACES:
        sync, kind, form = content[at - place : at - place + 3] if at >= place else b"\0\0\0"
        version, rate = kind >> 3 & 3, form >> 2 & 3
        layer_3 = sync == 0xFF and kind & 0xE6 == 0xE2
        if layer_3 and parts & 1 and version in _HALVED and rate < len(_RATES):
            samples = int(frames) * (SHORTEST if _HALVED[version] else 2 * SHORTEST)
            return (samples - _added(content, at, parts)) / (_RATES[rate] >> _HALVED[version])
    return None


def _added(content: mmap.mmap, at: int, parts: int) -> int:
    """Return how many samples the encoder added at both ends."""
    encoder, both = content[at + 120 : at + 124], content[at + _ADDED : at + _ADDED + 3]
    if parts & 0xF != 0xF or encoder not in _ENCODERS:
        return 0
    start, end = divmod(int.from_bytes(both, "big"), 1 << 12)
    return start + end
