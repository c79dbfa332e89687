"""The parent as a child process sees it: the order that it gave, and the channel to it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


@contextmanager
def parent(arguments: Sequence[str]) -> Iterator[tuple[dict[str, Any], socket.socket]]:
    """Yield the order in the first argument, and the channel; end this process with the parent."""
    for number in (signal.SIGINT, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    order = json.loads(arguments[0])
    with socket.socket(fileno=order["channel"]) as channel:
        threading.Thread(target=_end_with_parent, args=(order["channel"],), daemon=True).start()
        yield order, channel


def _end_with_parent(channel: int) -> None:
    """End this process when the parent dies, even while a sound server hangs."""
    watch = select.poll()
    watch.register(channel, 0)  # a hang-up is always reported
    watch.poll()
    os._exit(1)
