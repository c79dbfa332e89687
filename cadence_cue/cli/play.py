"""The command `play`: a session to the ears; and how every command plays one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cadence_cue.app import session_store
from cadence_cue.app.invocation import command
from cadence_cue.app.options import MusicOptions, PerformanceOptions
from cadence_cue.cli import asking, shared
from cadence_cue.cli.manual import EPILOG
from cadence_cue.cli.music import chosen_music, music_options, prepare_music
from cadence_cue.cli.options import device_options, performance_options, show_notes, speaking
from cadence_cue.cli.signals import INTERRUPTED

if TYPE_CHECKING:
    from cadence_cue.app.playing import DeviceOptions
    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.model import Library, Session


def to_the_ears(
    session: Session,
    library: Library,
    settings: Settings,
    chosen: PerformanceOptions,
    device: DeviceOptions,
    asked_music: MusicOptions,
    *,
    plain: bool = False,
) -> None:
    """Plan a session at the rate of the device, play it, and keep what is to be kept of it."""
    from cadence_cue.app import playing
    from cadence_cue.app.preparing import prepare
    from cadence_cue.cli.listening import listen

    music = chosen_music(asked_music, session)
    with device.player(settings) as player:  # it gets ready meanwhile
        with speaking() as progress:
            prepared = prepare(
                session,
                library,
                settings,
                chosen,
                live=True,
                rate=player.rate,
                plain=plain,
                progress=progress,
            )
        show_notes(prepared)
        asking.offer_explaining(prepared.performance.session, library, settings, chosen.explain)
        levels = playing.levels(settings, beat=chosen.beat, voice=chosen.speaks)
        bed = prepare_music(music, prepared.performance) if music else None
        click.echo(f"{session.title} (seed {prepared.performance.seed})")
        transport = playing.begin(prepared, player, levels, music, bed)
        interrupted = listen(transport)
        finished = playing.finish(transport, prepared, player)
    for trouble in finished.not_kept:
        shared.notice(trouble)
    if finished.practice:
        mark = command("log --mark NUMBER")
        shared.notice(f"Kept in your log. How did it feel, 1 to 5? {mark}")
    cadence_spm = prepared.performance.spec.cadence_spm
    asking.offer_cadence(finished.ran_at, cadence_spm, ask=not interrupted)
    if interrupted:
        raise SystemExit(INTERRUPTED)


@click.command("play", epilog=EPILOG)
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@music_options
@performance_options
@device_options
@shared.plain_errors
def play_command(
    name: str, music: MusicOptions, options: PerformanceOptions, device: DeviceOptions
) -> None:
    """Play a session, with a line for each phase and cue as it is heard."""
    library = shared.get_library()
    session = session_store.find(name, library)
    settings = asking.safety_first(shared.load_settings())
    options = asking.unlocked(session, library, settings, options)
    to_the_ears(session, library, settings, options, device, music)
