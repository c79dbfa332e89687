"""The command `play`: a session to the ears; and how every command plays one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cadence_cue.cli import asking, options, shared

if TYPE_CHECKING:
    from cadence_cue.coaching.model import Library, Session
    from cadence_cue.settings import Settings


def to_the_ears(
    session: Session,
    library: Library,
    settings: Settings,
    wishes: options.Chosen,
    device: str | None,
) -> None:
    """Plan a session, play it, and remember what it explained."""
    from cadence_cue.cli.listening import listen

    performance = options.prepare(session, library, settings, wishes, live=True)
    asking.offer_explaining(performance, library, settings)
    start = options.begun(performance, wishes)
    click.echo(f"{session.title} (seed {performance.seed})")
    if listen(performance, settings, wishes, device, start) and wishes.begin is None:
        asking.remember_explained(performance, library)


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
    to_the_ears(session, library, settings, wishes, device)
