"""The screen, which `cadence-cue` opens where somebody can see it."""

from __future__ import annotations

import os
import sys

from cadence_cue.cli import options, shared
from cadence_cue.cli.ending import end_in_order


def possible() -> bool:
    """Whether there is a terminal on both sides, in front of us, that can show a screen."""
    streams = (sys.stdin, sys.stdout)
    if not all(stream is not None and stream.isatty() for stream in streams):
        return False
    return os.environ.get("TERM", "dumb") != "dumb"


def show() -> None:
    """Open the screen, until the runner quits."""
    settings = shared.load_settings()
    with options.Sound().player(settings) as player:  # it gets ready while Textual is imported
        from cadence_cue.tui.app import CadenceApp

        app = CadenceApp(player, settings)
        try:
            app.run()
        finally:  # whatever ended it
            end_in_order()  # the app's loop took the signals with it
            app.remember()
    if app.return_code:
        raise SystemExit(app.return_code)
