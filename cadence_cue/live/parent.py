"""The parent as a child process sees it: the order that it gave, and the channel to it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

LENGTH = struct.Struct("=q")
"""The bytes that the order has, which come first; with them come the descriptors."""

_MOST = 4  # descriptors


@contextmanager
def parent(arguments: Sequence[str]) -> Iterator[tuple[dict[str, Any], socket.socket]]:
    """Yield the order, and the channel that it comes through; end this process with the parent.

    The first argument is the channel's number.
    """
    for number in (signal.SIGINT, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    with socket.socket(fileno=int(arguments[0])) as channel:
        threading.Thread(target=_end_with_parent, args=(channel.fileno(),), daemon=True).start()
        yield _order(channel), channel


def _order(channel: socket.socket) -> dict[str, Any]:
    """Wait for the order."""
    head, descriptors, _, _ = socket.recv_fds(channel, LENGTH.size, _MOST)
    (length,) = LENGTH.unpack(head)
    order: dict[str, Any] = json.loads(channel.recv(length, socket.MSG_WAITALL))
    return order | dict(zip(order.pop("handed"), descriptors, strict=True))


def _end_with_parent(channel: int) -> None:
    """End this process when the parent dies, even while a sound server hangs."""
    watch = select.poll()
    watch.register(channel, 0)  # a hang-up is always reported
    watch.poll()
    os._exit(1)
