"""Single keys from the terminal, while something plays, and Ctrl-Z."""

from __future__ import annotations

import contextlib
import os
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

_ARROWS = {"\x1b[C": "n", "\x1b[D": "p", "\x1bOC": "n", "\x1bOD": "p"}


class Keys:
    """Reads keys while we are in the foreground of a terminal; elsewhere it only waits."""

    def __init__(self) -> None:
        self.suspended = False
        """Whether Ctrl-Z was pressed; `suspend` answers it."""
        self._terminal: int | None = None
        if sys.stdin is not None and sys.stdin.isatty():
            self._terminal = sys.stdin.fileno()
        self._before: Any = None  # the terminal's own mode, while ours is set

    @property
    def listening(self) -> bool:
        """Whether keys reach us: to touch a terminal from its background would stop us."""
        if self._terminal is None:
            return False
        try:
            return os.tcgetpgrp(self._terminal) == os.getpgrp()
        except OSError:  # it is gone
            return False

    def next(self, seconds: float) -> list[str]:
        """The keys pressed within so many seconds, the arrows as "n" and "p"."""
        if not self.take() or self._terminal is None:
            time.sleep(seconds)
            return []
        if not select.select([self._terminal], [], [], seconds)[0]:
            return []
        try:
            pressed = os.read(self._terminal, 64)
        except OSError:
            pressed = b""
        if not pressed:  # the terminal is gone
            self._terminal = None
        text = pressed.decode(errors="replace")
        for arrow, key in _ARROWS.items():
            text = text.replace(arrow, key)
        return list(text)

    def take(self) -> bool:
        """Let keys come one by one and unseen, if they reach us at all."""
        if self.listening and self._terminal is not None and self._before is None:
            self._before = termios.tcgetattr(self._terminal)
            tty.setcbreak(self._terminal, termios.TCSADRAIN)  # keys typed ahead are kept
        return self.listening

    def release(self) -> None:
        """Give the terminal back as it was."""
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
    """Keys come one by one and unseen, and Ctrl-Z is told; afterwards all is as it was."""
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
