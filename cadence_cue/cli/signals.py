"""Ends the program in order when a signal asks for it.

Separate because every command has something to clean up: a terminal, an engine, an incomplete file.
"""

from __future__ import annotations

import os
import select
import signal
from types import FrameType
from typing import NoReturn

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
    _leave_closed_outputs()
    raise Ended(128 + number)


def _leave_closed_outputs() -> None:
    """Print nothing more where nobody reads any more: each line would be an error."""
    for stream in (1, 2):
        output = select.poll()
        output.register(stream, 0)  # that it is gone is told whatever is asked for
        if any(told & (select.POLLHUP | select.POLLERR) for _, told in output.poll(0)):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream)
            os.close(nowhere)
