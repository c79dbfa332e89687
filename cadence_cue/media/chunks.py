"""Finds out how much of its sound a file of chunks still has: WAV, AIFF, CAF, AU, W64, RF64.

Decoders of these formats take what there is and do not tell that more was meant to be there.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_UNKNOWN = (0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)  # written by recorders that cannot seek, or died
_CHUNKS = 10_000  # a file of more is no sound


@dataclass(frozen=True, slots=True)
class _Layout:
    """How chunks are written: before the first, the head of each, and the chunk with the sound."""

    begin: int
    head: struct.Struct
    sound: bytes
    even: int
    """Chunks begin at multiples of this."""
    inclusive: bool = False
    """Whether a chunk's size counts its head too."""


_RIFF = _Layout(12, struct.Struct("<4sI"), b"data", 2)
_LAYOUTS = {
    b"RIFF": _RIFF,
    b"RF64": _RIFF,
    b"RIFX": _Layout(12, struct.Struct(">4sI"), b"data", 2),
    b"FORM": _Layout(12, struct.Struct(">4sI"), b"SSND", 2),
    b"caff": _Layout(8, struct.Struct(">4sQ"), b"data", 1),
    b"riff": _Layout(40, struct.Struct("<4s12xQ"), b"data", 8, inclusive=True),
}


def share_there(path: Path) -> float:
    """Return which share of its sound a file has, 0 to 1; 1 where it does not say. Raises OSError.

    It is less in a file that was cut off.
    """
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        stated, begin = _sound(file, size)
    if stated in _UNKNOWN:
        return 1.0
    return min(1.0, (size - begin) / stated)


def _sound(file: BinaryIO, size: int) -> tuple[int, int]:
    """Return the stated size of the sound in bytes, 0 if unknown, and where it begins."""
    kind = file.read(4)
    if kind == b".snd":
        begin, stated = struct.unpack(">II", file.read(8).ljust(8, b"\0"))
        return stated, begin
    layout = _LAYOUTS.get(kind)
    if layout is None:
        return 0, 0
    at, wide = layout.begin, 0
    for _ in range(_CHUNKS):
        file.seek(at)
        head = file.read(layout.head.size)
        if len(head) < layout.head.size or at > size:
            break
        name, stated = layout.head.unpack(head)
        begin = at + layout.head.size
        if layout.inclusive:
            stated -= layout.head.size
        if name == b"ds64":  # the true size, of 64 bits, is in a chunk of its own
            wide = int.from_bytes(file.read(16)[8:], "little")
        if name == layout.sound:
            return (wide if kind == b"RF64" else stated), begin
        at = begin + stated
        at += -at % layout.even
    return 0, 0
