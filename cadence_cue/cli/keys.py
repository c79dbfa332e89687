"""Reads single keys and Ctrl-Z from the terminal while something plays."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_NAMES = {
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1b[1;2A": "shift+up",
    "\x1b[1;2B": "shift+down",
    "\x1b[a": "shift+up",  # rxvt
    "\x1b[b": "shift+down",
    "\x1b": "escape",
    "\r": "enter",
    "\n": "enter",
    "\b": "backspace",
    "\x7f": "backspace",
    "\t": "tab",
    " ": "space",
}
_KEY = re.compile(r"\x1bO.|\x1b\[[0-;]*[ -/]*[@-~]|[^\x1b]|\x1b", flags=re.DOTALL)
_UNFINISHED = re.compile(r"\x1b(O|\[[0-;]*)?\Z")


def named(text: str) -> list[str]:
    """Split what a terminal sent into names of keys, leaving out keys without a name here."""
    # Terminals send some keys in one of two ways.
    sent = (key.replace("\x1bO", "\x1b[") for key in _KEY.findall(text))
    keys = (_NAMES.get(key, key) for key in sent)
    return [key for key in keys if not key.startswith("\x1b")]


class Keys:
    """Reads keys while the program is in the foreground of a terminal; otherwise it only waits."""

    def __init__(self) -> None:
        self.suspended = False
        """Whether Ctrl-Z was pressed; the caller then calls `suspend`."""
        self.read_at = 0.0
        """The instant of the last read, in seconds of time.monotonic()."""
        self._terminal: int | None = None
        if sys.stdin is not None and sys.stdin.isatty():
            self._terminal = sys.stdin.fileno()
        self._before: Any = None  # the terminal's own mode while ours is set
        self._unread = ""  # the start of a key's sequence whose end has not arrived

    @property
    def listening(self) -> bool:
        """Whether keys reach us; using a terminal from its background would stop the program."""
        if self._terminal is None:
            return False
        try:
            return os.tcgetpgrp(self._terminal) == os.getpgrp()
        except OSError:  # it is gone
            return False

    def next(self, seconds: float) -> list[str]:
        """The keys pressed within so many seconds: a character, or a name such as "up"."""
        if not self.take() or self._terminal is None:
            time.sleep(seconds)
            return []
        if not select.select([self._terminal], [], [], seconds)[0]:
            waited, self._unread = self._unread, ""  # nothing followed: it was the Escape key
            return named(waited)
        try:
            pressed = os.read(self._terminal, 64)
        except OSError:
            pressed = b""
        self.read_at = time.monotonic()
        if not pressed:  # the terminal is gone
            self._terminal = None
        text = self._unread + pressed.decode(errors="replace")
        unfinished = _UNFINISHED.search(text)
        cut = unfinished.start() if unfinished else len(text)
        self._unread = text[cut:]
        return named(text[:cut])

    def take(self) -> bool:
        """Have keys delivered one by one without echo; return whether they reach us at all."""
        if self.listening and self._terminal is not None and self._before is None:
            self._before = termios.tcgetattr(self._terminal)
            tty.setcbreak(self._terminal, termios.TCSADRAIN)  # keys typed ahead are kept
        return self.listening

    def release(self) -> None:
        """Restore the terminal's own mode."""
        before, self._before = self._before, None
        if before is not None and self._terminal is not None and self.listening:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._terminal, termios.TCSADRAIN, before)

    def suspend(self) -> None:
        """Stop the program until it is continued, as Ctrl-Z does."""
        self.release()
        ours = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, ours)
        self.suspended = False


@contextmanager
def keys() -> Iterator[Keys]:
    """Read keys one by one without echo, and note Ctrl-Z; restores the terminal at the end."""
    reader = Keys()

    def suspend(_number: int, _frame: FrameType | None) -> None:
        reader.suspended = True

    usual = signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL
    if usual:
        signal.signal(signal.SIGTSTP, suspend)
    try:
        reader.take()
        yield reader
    finally:
        reader.release()
        if usual:
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
