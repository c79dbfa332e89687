"""The command `play`: a session to the ears; and how every command plays one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from cadence_cue.app import session_store
from cadence_cue.cli import asking, options, shared
from cadence_cue.cli.manual import EPILOG
from cadence_cue.cli.music import MusicOptions, made_ready, music_options
from cadence_cue.cli.signals import INTERRUPTED

if TYPE_CHECKING:
    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.model import Library, Session


def to_the_ears(
    session: Session,
    library: Library,
    settings: Settings,
    wishes: options.PerformanceOptions,
    sound: options.DeviceOptions,
    music: MusicOptions,
    *,
    plain: bool = False,
) -> None:
    """Plan a session at the rate of the device, play it, and keep what is to be kept of it."""
    from cadence_cue.app import runner
    from cadence_cue.app.music import prepared_music
    from cadence_cue.cli.listening import listen
    from cadence_cue.transport.transport import Transport

    chosen = music.chosen_for(session)
    with sound.player(settings) as player:  # it gets ready meanwhile
        performance = options.prepare(
            session, library, settings, wishes, live=True, rate=player.rate
        )
        asking.offer_explaining(session, library, settings, wishes.explain)
        start = options.begin(performance, wishes)
        levels = runner.levels(settings, beat=wishes.beat, voice=wishes.speaks)
        transport = Transport(performance, player, levels, plain=plain)
        if chosen:
            transport.set_music(partial(prepared_music, chosen), made_ready(chosen, performance))
        click.echo(f"{session.title} (seed {performance.seed})")
        outcome = listen(transport, player, start)
    if outcome.heard and start is None:
        kept = shared.load_settings()
        if (known := runner.explained(performance, library, kept)) != kept:
            shared.save_settings(known)
    if outcome.practice:
        asking.remember(outcome.practice)
    asking.offer_cadence(outcome.ran_at, performance.spec.cadence_spm, ask=not outcome.interrupted)
    if outcome.interrupted:
        raise SystemExit(INTERRUPTED)


@click.command("play", epilog=EPILOG)
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@music_options
@options.performance
@options.sound
@shared.plain_errors
def play_command(
    name: str, music: MusicOptions, wishes: options.PerformanceOptions, sound: options.DeviceOptions
) -> None:
    """Play a session, with a line for each phase and cue as it is heard."""
    library = shared.get_library()
    session = session_store.find(name, library)
    settings = shared.load_settings()
    settings = asking.safety_first(settings)
    session, settings = asking.unlocked(session, library, settings)
    to_the_ears(session, library, settings, wishes, sound, music)
