"""How many frames an MP3 holds: numbers in its first frame, by which a player leaves out the rest.

ffmpeg tells at most one packet of padding, and LAME sometimes makes more than that. The layout of
the tag: https://wiki.hydrogenaud.io/index.php?title=MP3#VBRI,_XING,_and_LAME_headers
"""

from __future__ import annotations

import struct
from pathlib import Path

_FIRST = 8192  # bytes in which the first frame begins
_FRAMES_AT, _AFTER_XING, _DELAY_AT = 8, 120, 21  # in the tag that begins with "Xing" or "Info"
_MPEG_1 = 32000  # frames per second from which a packet has 1152 of them, else 576


def set_length(path: Path, frames: int, rate: int) -> None:
    """Let an MP3 that ffmpeg has written be decoded to so many frames. Raises OSError."""
    with path.open("r+b") as file:
        head = file.read(_FIRST)
        tag = max(head.find(b"Xing"), head.find(b"Info"))
        place = tag + _AFTER_XING + _DELAY_AT
        if tag < 0 or len(head) < place + 3:
            return
        (packets,) = struct.unpack_from(">I", head, tag + _FRAMES_AT)
        both = int.from_bytes(head[place : place + 3])
        delay = both >> 12
        padding = packets * (1152 if rate >= _MPEG_1 else 576) - delay - frames
        file.seek(place)
        file.write((delay << 12 | max(padding, 0)).to_bytes(3))
