"""Ends the program in order when a signal asks for it.

Separate because every command has something to clean up: a terminal, an engine, an incomplete file.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C, by the convention of shells."""


def end_in_order() -> None:
    """Make SIGTERM and SIGHUP unwind the stack as Ctrl-C does, unless they are ignored."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # a second signal would interrupt the clean-up
    raise SystemExit(128 + number)
