"""Ends the app in order when a signal asks for it, or when its terminal is gone."""

from __future__ import annotations

import asyncio
import signal
import sys

from cadence_cue.app.terminal import is_gone
from cadence_cue.tui.host import Host

_LOOKS = 0.25  # seconds between two looks at the terminal


def end_in_order(app: Host) -> None:
    """Let signals end the app from now on, and the terminal once it is closed."""

    def hurry(*_: object) -> None:
        app.leaving = True

    # Between two messages: raised in the middle of one, it leaves Textual waiting for ever.
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, app.exit, None, 128 + number)
            # The loop hears of it all the same, but only when it comes round again.
            signal.signal(number, hurry)

    # SIGHUP reaches nobody but the leader of our session, which may live on; and Textual would
    # read from the closed terminal for ever.
    if app.is_headless or sys.__stdin__ is None:
        return
    terminal = sys.__stdin__.fileno()

    def look() -> None:
        if is_gone(terminal):
            app.exit(None, 128 + signal.SIGHUP)

    app.set_interval(_LOOKS, look)
