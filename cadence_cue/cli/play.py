"""The command `play`, and the playing of sessions that `drill` and `beat` share with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from cadence_cue.app.options import MusicOptions, PerformanceOptions
from cadence_cue.app.sessions import session_store
from cadence_cue.cli import asking, shared
from cadence_cue.cli.live_scoring import check_listening, end_scoring, scored
from cadence_cue.cli.manual import WithKeys
from cadence_cue.cli.music import (
    chosen_music,
    heard_songs,
    matching_options,
    music_options,
    prepare_music,
)
from cadence_cue.cli.options import (
    ListenOptions,
    device_options,
    listen_options,
    performance_options,
    show_notes,
    speaking,
)
from cadence_cue.timing import RATE

if TYPE_CHECKING:
    from cadence_cue.app.device import DeviceOptions
    from cadence_cue.app.preparing import Prepared
    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.drill import Library
    from cadence_cue.coaching.session import Music, Session
    from cadence_cue.live.child import StartedProcess
    from cadence_cue.music.ready import Progress
    from cadence_cue.studio import Performance
    from cadence_cue.transport.following import Ready


def early_engine() -> StartedProcess | None:
    """Start an engine's process, which imports while we do; it ends with the command."""
    from cadence_cue.live.child import engine_ahead

    return click.get_current_context().with_resource(engine_ahead())


def to_the_ears(
    session: Session,
    library: Library,
    settings: Settings,
    options: PerformanceOptions,
    device: DeviceOptions,
    music: MusicOptions,
    listening: ListenOptions,
    *,
    plain: bool = False,
    engine: StartedProcess | None = None,
) -> None:
    """Plan a session at the rate of the device, play it, and save the practice in the log.

    `engine` is the process of `early_engine`, if it has been started before.
    """
    engine = engine or early_engine()
    force = check_listening(listening)
    asking.sore_at_start()
    played = chosen_music(music, session)
    if played:
        from cadence_cue.app.music.under import check_for

        check_for(played, session, library, settings, options, live=True, hear=heard_songs)
    with device.player(settings, engine) as player:
        # The device is opened while we import, plan and decode, for the rate that most have.
        from cadence_cue.app import playing
        from cadence_cue.app.preparing import prepare
        from cadence_cue.cli.listening import listen

        def planned(rate: int) -> Prepared:
            with speaking() as progress:
                return prepare(
                    session,
                    library,
                    settings,
                    options,
                    live=True,
                    rate=rate,
                    plain=plain,
                    practices=shared.practices(),
                    progress=progress,
                )

        prepared = planned(RATE)
        playing.decode_first(prepared)
        if player.rate != RATE:
            prepared = planned(player.rate)
        show_notes(prepared)
        asking.offer_explaining(prepared.performance.session, library, settings, options.explain)
        levels = playing.levels(settings, beat=options.beat, voice=options.speaks)
        ready_music = _music(played, prepared) if played else None
        shared.say(f"{session.title} (seed {prepared.performance.seed})")
        transport = playing.begin(prepared, player, levels, played, ready_music)
        try:
            with scored(listening, transport, player, settings) as steps:
                code = listen(transport, steps)
        finally:  # also if nobody reads our output any more
            finished = playing.finish(transport, prepared, player)
    for trouble in finished.not_saved:
        shared.notice(trouble)
    if steps:
        end_scoring(steps.score, listening, force=force)
    if finished.practice:
        asking.offer_mark(finished.practice, ask=not code)
    if finished.found_cadence:
        asking.offer_cadence(finished.found_cadence, settings, ask=not code)
    if finished.practice:
        asking.sore_after_session(ask=not code)
    if code:
        raise SystemExit(code)


def _music(played: Music, prepared: Prepared) -> Ready:
    """Prepare what is heard first, with a progress bar."""
    from cadence_cue.app.music.under import live_music
    from cadence_cue.transport.music import first_of

    def prepare(music: Music, performance: Performance, progress: Progress) -> Ready:
        return first_of(partial(live_music, music), performance, prepared.timeline.start, progress)

    return prepare_music(played, prepared.performance, prepare)


@click.command("play", cls=WithKeys)
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@music_options
@matching_options
@performance_options
@device_options
@listen_options
@shared.plain_errors
def play_command(
    name: str,
    music: MusicOptions,
    options: PerformanceOptions,
    device: DeviceOptions,
    listen: ListenOptions,
) -> None:
    """Play a session, with a line for each phase and cue as it is heard."""
    engine = early_engine()
    library = shared.get_library()
    session = session_store.find(name, library)
    settings = asking.safety_first(shared.load_settings())
    options = asking.unlocked(session, library, settings, options)
    to_the_ears(session, library, settings, options, device, music, listen, engine=engine)
