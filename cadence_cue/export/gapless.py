"""Corrects the length in an MP3's first packet, and compares its size with the one stated there.

By that length a player skips delay and padding.

Needed because ffmpeg states at most one packet of padding, and LAME sometimes makes more. The
tag's layout: https://wiki.hydrogenaud.io/index.php?title=MP3#VBRI,_XING,_and_LAME_headers
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

_FIRST = 8192  # bytes in which the first packet ends
# In the tag, "Xing" or "Info":
_FRAMES_AT, _BYTES_AT, _AFTER_XING = 8, 12, 120
_DELAY_AT, _CRC_AT = 21, 34  # after it
_MPEG_1 = 32000  # frames per second from which a packet has 1152 frames, below 576
_POLYNOMIAL = 0xA001  # of CRC-16, bit-reversed


def set_length(path: Path, frames: int, rate: int) -> None:
    """Make an MP3 that ffmpeg has written, without ID3, decode to exactly `frames` frames.

    Raises OSError.
    """
    with path.open("r+b") as file:
        head = bytearray(file.read(_FIRST))
        xing = max(head.find(b"Xing"), head.find(b"Info"))
        tag = xing + _AFTER_XING
        if xing < 0 or len(head) < tag + _CRC_AT + 2:
            return
        (packets,) = struct.unpack_from(">I", head, xing + _FRAMES_AT)
        place = tag + _DELAY_AT
        delay = int.from_bytes(head[place : place + 3]) >> 12
        padding = packets * (1152 if rate >= _MPEG_1 else 576) - delay - frames
        head[place : place + 3] = (delay << 12 | max(padding, 0)).to_bytes(3)
        place = tag + _CRC_AT
        head[place : place + 2] = _crc(bytes(head[:place])).to_bytes(2)
        file.seek(0)
        file.write(head)


def is_whole(path: Path) -> bool:
    """Return whether an MP3 has all the bytes that its first packet states. Raises OSError."""
    from cadence_cue.media.mp3 import after_tag  # noqa: PLC0415 - plans need no reader

    with path.open("rb") as file:
        begin = after_tag(file.read(_FIRST))
        file.seek(begin)
        head = file.read(_FIRST)
        size = file.seek(0, os.SEEK_END) - begin
    xing = max(head.find(b"Xing"), head.find(b"Info"))
    place = xing + _BYTES_AT
    return xing >= 0 and size >= int.from_bytes(head[place : place + 4])


def _crc(content: bytes) -> int:
    value = 0
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (_POLYNOMIAL if value & 1 else 0)
    return value
