"""Writes the metadata chunks of a WAV file: tags, and cue points with their names.

Our own because no library writes named cue points. The layout: Microsoft's "Multimedia Programming
Interface and Data Specifications 1.0" (RIFF), and EBU Tech 3306 for RF64.
"""

from __future__ import annotations

import struct
from pathlib import Path

from cadence_cue.export.track import Track

_DS64_SIZE_AT = 20  # in an RF64 file: the 64-bit length that RIFF has at 4


def append(path: Path, track: Track, id3: bytes) -> None:
    """Append a track's tags, its chapters and the given ID3 data to a complete WAV or RF64 file.

    The chapters are exact to the frame. Raises OSError.
    """
    with path.open("r+b") as file:
        rf64 = file.read(4) == b"RF64"
        end = file.seek(0, 2)
        file.write(b"\0" * (end % 2))
        file.write(_info(track) + _cues(track) + _labels(track) + _chunk(b"id3 ", id3))
        size = file.tell() - 8
        if rf64:
            file.seek(_DS64_SIZE_AT)
            file.write(struct.pack("<Q", size))
        else:
            file.seek(4)
            file.write(struct.pack("<I", size))


def _chunk(name: bytes, content: bytes) -> bytes:
    """A RIFF chunk, padded to an even length."""
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _text(name: bytes, text: str, before: bytes = b"") -> bytes:
    return _chunk(name, before + text.encode() + b"\0") if text else b""


def _info(track: Track) -> bytes:
    values = (
        (b"INAM", track.title),
        (b"IART", track.artist),
        (b"IPRD", track.album),
        (b"ICRD", track.date),
        (b"IGNR", track.genre),
        (b"ITRK", str(track.number or "")),
        (b"ICMT", track.comment),
    )
    return _chunk(b"LIST", b"INFO" + b"".join(_text(name, text) for name, text in values))


def _cues(track: Track) -> bytes:
    points = b"".join(
        struct.pack("<II4sIII", k, chapter.start, b"data", 0, 0, chapter.start)
        for k, chapter in enumerate(track.chapters, 1)
    )
    return _chunk(b"cue ", struct.pack("<I", len(track.chapters)) + points)


def _labels(track: Track) -> bytes:
    labels = (
        _text(b"labl", chapter.title or " ", struct.pack("<I", k))
        for k, chapter in enumerate(track.chapters, 1)
    )
    return _chunk(b"LIST", b"adtl" + b"".join(labels))
