"""How the program ends when it is told to from outside: in order, whatever it is doing.

Separate because every command has something to put right: a terminal, an engine, a half file.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C, as shells count."""


def end_in_order() -> None:
    """Let the signals that end a program unwind it, as Ctrl-C does; ignored ones stay ignored."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # once is enough: the second would disturb the order
    raise SystemExit(128 + number)
