"""Finds the streams of a file that libsndfile would stop after the first of: Ogg and FLAC.

Files are chained by recorders of radio, and by people who join files. Each stream is a range of
bytes that can be decoded alone.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from pathlib import Path
from typing import BinaryIO

_FLAC = b"fLaC\x00\x00\x00\x22"  # the marker, and the block that describes the stream
_FLAC_LAST = b"fLaC\x80\x00\x00\x22"  # the same where no other block follows
_PAGE = struct.Struct("<4sBB8s4s4sIB")  # of Ogg, without its table of segments
_FIRST = 2  # flag of the first page of a stream
_LOOKED_AT = 1 << 24  # bytes, after which what was looked at is let go: files may be of any size
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Streams:
    """The ranges of bytes of a file's streams; whether it breaks off, and whether it is damaged."""

    ranges: tuple[tuple[int, int], ...]
    breaks_off: bool = False
    damaged: bool = False


def streams_of(path: Path) -> Streams:
    """Return the streams of a file; of a format that cannot be chained, one. Raises OSError."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(4)
        if head not in (b"OggS", b"fLaC"):
            return Streams(((0, size),))
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _ogg(content) if head == b"OggS" else _flac(content)


def _flac(content: mmap.mmap) -> Streams:
    starts = [0, *sorted(each for each in places(content, _FLAC, _FLAC_LAST) if each)]
    return Streams(tuple(zip(starts, [*starts[1:], len(content)], strict=True)))


def _ogg(content: mmap.mmap) -> Streams:
    """Walk through the pages: a first page after others begins another stream."""
    starts = [0]
    breaks_off = damaged = False
    among_first = True
    for at, page in _pages(content):
        breaks_off = len(page) < _length(page)
        if breaks_off:
            break
        damaged |= not _intact(page)
        first = bool(page[5] & _FIRST)
        if first and not among_first:
            starts.append(at)
        among_first = first
    ranges = tuple(zip(starts, [*starts[1:], len(content)], strict=True))
    return Streams(ranges, breaks_off, damaged and not breaks_off)


def _pages(content: mmap.mmap) -> Iterator[tuple[int, bytes]]:
    """Yield the place and the bytes of each page; the last one may be incomplete."""
    at, gone = content.find(b"OggS"), 0
    while at >= 0:
        if at - gone > _LOOKED_AT:
            _let_go(content)
            gone = at
        head = content[at : at + _PAGE.size + 255]
        if len(head) < _PAGE.size or len(head) < _PAGE.size + head[_PAGE.size - 1]:
            yield at, head
            return
        page = content[at : at + _length(head)]
        yield at, page
        at = content.find(b"OggS", at + len(page))


def places(content: mmap.mmap, *markers: bytes) -> Iterator[int]:
    """Yield where any of these markers is, in no order."""
    for begin in range(0, len(content), _LOOKED_AT):
        for marker in markers:
            end = begin + _LOOKED_AT + len(marker) - 1
            at = content.find(marker, begin, end)
            while at >= 0:
                yield at
                at = content.find(marker, at + len(marker), end)
        _let_go(content)


def _let_go(content: mmap.mmap) -> None:
    """Let the system use the memory into which a file was read."""
    if hasattr(mmap, "MADV_DONTNEED"):
        content.madvise(mmap.MADV_DONTNEED)


def _length(page: bytes) -> int:
    """Return the length of a page by its head; more than there is if that is incomplete."""
    if len(page) < _PAGE.size:
        return len(page) + 1
    table = page[_PAGE.size : _PAGE.size + page[_PAGE.size - 1]]
    if len(table) < page[_PAGE.size - 1]:
        return len(page) + 1
    return _PAGE.size + len(table) + sum(table)


def _intact(page: bytes) -> bool:
    """Return whether the checksum of a page is right.

    Ogg's is that of zlib with the bits of each byte, and of the result, the other way round.
    """
    blank = page[:22] + bytes(4) + page[26:]
    mirrored = zlib.crc32(blank.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2) == int.from_bytes(page[22:26], "little")


class Window(RawIOBase):
    """A range of bytes of a file, as a file that can be read and sought in."""

    def __init__(self, file: BinaryIO, begin: int, end: int) -> None:
        super().__init__()
        self._file, self._begin, self._size = file, begin, end - begin
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes come after the place."""
        return self._size - self._at

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the place in the range."""
        return self._at

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place in the range, and return it."""
        base = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer as far as the range goes; return the number of bytes."""
        self._file.seek(self._begin + self._at)
        content = self._file.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)
