"""The command `play`: a session to the ears."""

from __future__ import annotations

import click

from cadence_cue.cli import asking, options, shared


@click.command("play")
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@options.performance
@options.device
@shared.plain_errors
def play_command(name: str, wishes: options.Chosen, device: str | None) -> None:
    """Play a session, with a line for each phase and cue as it is heard."""
    library = shared.get_library()
    session = shared.find_session(name, library)
    settings = shared.load_settings()
    settings = asking.safety_first(settings)
    session, settings = asking.unlocked(session, library, settings)
    performance = options.prepare(session, library, settings, wishes, live=True)
    options.play(performance, library, settings, wishes, device)
