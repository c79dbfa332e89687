"""Messages to the engine: what comes, and the memory that holds it (see live.packing)."""

from __future__ import annotations

import os
import socket
import struct
from enum import IntEnum


class MessageKind(IntEnum):
    """What a message contains."""

    CLIPS = 0
    TIMELINE = 1
    MUSIC = 2
    STEP = 3


# MessageKind, and the timeline's id (of music that comes with none, 0), or the frames to step.
_MESSAGE = struct.Struct("=qq")


def send(channel: socket.socket, part: MessageKind, number: int, descriptor: int | None) -> None:
    """Send a message to the engine; `descriptor` is handed over, and closed here."""
    message = _MESSAGE.pack(part, number)
    if descriptor is None:
        channel.sendall(message)
        return
    try:
        socket.send_fds(channel, [message], [descriptor])
    finally:
        os.close(descriptor)


def receive(channel: socket.socket) -> tuple[MessageKind, int, int | None] | None:
    """The next message's kind, number and descriptor; None when the other side has closed.

    The caller has to close the descriptor.
    """
    message, descriptors, _, _ = socket.recv_fds(channel, _MESSAGE.size, 1)
    if not message:
        return None
    part, number = _MESSAGE.unpack(message)
    return MessageKind(part), number, descriptors[0] if descriptors else None
