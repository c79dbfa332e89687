"""Ends the program in order when a signal asks for it.

Separate because every command has something to clean up: a terminal, an engine, an incomplete file.
"""

from __future__ import annotations

import signal
from types import FrameType
from typing import NoReturn

from cadence_cue.app.terminal import leave_closed_outputs

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C, by the convention of shells."""


class Ended(SystemExit):
    """A signal ended the program."""

    code: int
    """The exit code, by the same convention."""


def end_in_order() -> None:
    """Make SIGTERM and SIGHUP unwind the stack as Ctrl-C does, unless they are ignored."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    for each in (signal.SIGTERM, signal.SIGHUP):  # a second signal would interrupt the clean-up
        signal.signal(each, signal.SIG_IGN)
    leave_closed_outputs()
    raise Ended(128 + number)
