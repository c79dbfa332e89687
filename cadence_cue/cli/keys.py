"""Single keys from the terminal, while something plays."""

from __future__ import annotations

import os
import select
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager

_ARROWS = {b"\x1b[C": "right", b"\x1b[D": "left", b"\x1bOC": "right", b"\x1bOD": "left"}


class Keys:
    """Reads keys where standard input is a terminal; elsewhere it only waits."""

    def __init__(self) -> None:
        self.listening = sys.stdin.isatty()

    def next(self, seconds: float) -> str:
        """The key pressed within so many seconds, "" for none."""
        if not self.listening:
            time.sleep(seconds)
            return ""
        handle = sys.stdin.fileno()
        if not select.select([handle], [], [], seconds)[0]:
            return ""
        pressed = os.read(handle, 16)
        if not pressed:  # the terminal is gone
            self.listening = False
        return _ARROWS.get(pressed, pressed[:1].decode(errors="replace"))


@contextmanager
def keys() -> Iterator[Keys]:
    """Keys come one by one and unseen; afterwards the terminal is as it was."""
    reader = Keys()
    if not reader.listening:
        yield reader
        return
    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    try:
        tty.setcbreak(handle)
        yield reader
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
