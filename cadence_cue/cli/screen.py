"""Opens the screen for `cadence-cue` without a command, if the terminal can show one."""

from __future__ import annotations

import os
import sys

from cadence_cue.app.choices import FROM_MICROPHONE
from cadence_cue.cli import shared
from cadence_cue.cli.signals import end_in_order


def possible() -> bool:
    """Whether input and output are a terminal that can show a screen."""
    streams = (sys.stdin, sys.stdout)
    if not all(stream is not None and stream.isatty() for stream in streams):
        return False
    return os.environ.get("TERM", "dumb") != "dumb"


def show(*, listen: str | None, lane: str, speaks: bool) -> None:
    """Show the screen until the runner quits.

    `listen` says where steps come from, one of app.choices.SOURCES, and lets the screen listen for
    them from the start; without it they come from where the settings say. `lane` says where the
    lane is shown, `speaks` whether the voice tells how sets went.
    """
    from cadence_cue.app.device import DeviceOptions

    settings = shared.load_settings()
    with DeviceOptions().player(settings) as player:  # it starts while Textual is imported
        from cadence_cue.tui.app import CadenceApp
        from cadence_cue.tui.stepping import Stepping

        steps = Stepping(
            on=listen is not None,
            by_microphone=(listen or settings.listen) == FROM_MICROPHONE,
            lane=lane,
            speaks=speaks,
        )
        app = CadenceApp(player, settings, steps)
        try:
            app.run()
        finally:  # whatever ended it
            end_in_order()  # the app's loop took the signals with it
            app.remember()
    if app.return_code:
        raise SystemExit(app.return_code)
