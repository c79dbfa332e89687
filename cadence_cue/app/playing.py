"""Starts and finishes the playing of a prepared session, with levels, music and history."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Thread

from cadence_cue.app import settings
from cadence_cue.app.choices import CADENCES
from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.explaining import unexplained
from cadence_cue.coaching.session import Kind, Music
from cadence_cue.errors import UserError
from cadence_cue.live.player import Player
from cadence_cue.studio import Performance
from cadence_cue.transport.deck import in_turn
from cadence_cue.transport.following import Ready
from cadence_cue.transport.levels import Levels
from cadence_cue.transport.transport import Transport

_LEAST = 10.0  # seconds heard; less is not worth logging


@dataclass(frozen=True, slots=True)
class Finished:
    """The result of playing a session.

    `practice` is the entry in the history; None if next to nothing was heard or it could not be
    saved. `found_cadence` is the cadence that the runner set by hand, in steps a minute; None if
    there is none or it cannot be a cadence. `performed` is the session with the tempo changes made
    by hand, ready to be exported. `explained` are the ids of the drills that were explained for the
    first time. `not_saved` are sentences about what could not be saved and why.
    """

    practice: Practice | None
    found_cadence: float | None
    performed: Prepared
    explained: tuple[str, ...] = ()
    not_saved: tuple[str, ...] = ()


def levels(settings: Settings, *, beat: bool = True, voice: bool = True) -> Levels:
    """The levels at the start, from the settings."""
    return Levels(
        beat_db=settings.beat_level,
        voice_db=settings.voice_level,
        music_db=settings.music_level,
        volume_db=settings.volume,
        beat=beat,
        voice=voice,
    )


def decode_first(prepared: Prepared) -> None:
    """Make the clicks, and meanwhile decode what is spoken first, so that `begin` need not.

    What cannot be read is told by the player, when all else plays.
    """
    performance, timeline = prepared.performance, prepared.timeline
    clicks = Thread(target=lambda: performance.beats)
    clicks.start()
    soon, _ = in_turn(performance, timeline, timeline.start)
    with suppress(UserError):
        performance.cast.voice.clips(soon, timeline.rate)
    clicks.join()


def begin(
    prepared: Prepared,
    player: Player,
    levels: Levels,
    music: Music | None = None,
    ready_music: Ready | None = None,
) -> Transport:
    """Play a prepared session and return its transport.

    `music` is played with it: at once if it is given as `ready_music` too, else once it has been
    prepared in the background.
    """
    transport = Transport(prepared.performance, player, levels, plain=prepared.plain)
    if music:
        from cadence_cue.app.music.under import live_music  # noqa: PLC0415 - decoders

        transport.set_music(partial(live_music, music), ready_music)
    transport.play(*(prepared.start or ()))
    return transport


def finish(transport: Transport, prepared: Prepared, player: Player) -> Finished:
    """Close the transport, let the device go, and save the practice and the drills explained.

    Explanations count only if the whole session was heard.
    """
    from cadence_cue.app.tracks.performed import as_performed  # noqa: PLC0415 - nothing of it plays

    transport.close()
    player.rest()
    not_saved = []
    performed = as_performed(prepared, transport.performance)
    practice = practised(transport, performed)
    if practice:
        try:
            history.append(practice, user_folder())
        except OSError as error:
            practice = None
            not_saved.append(history.not_written(error))
    explained: tuple[str, ...] = ()
    if transport.ended and not player.silent and prepared.options.begin is None:
        known, _ = settings.load()
        explained = newly_explained(transport.performance, prepared.library, known)
        try:
            settings.change(lambda known: known.with_explained(explained))
        except UserError as error:
            not_saved.append(str(error))
    return Finished(practice, _found_cadence(transport), performed, explained, tuple(not_saved))


def _found_cadence(transport: Transport) -> float | None:
    ran_at = transport.ran_at
    if ran_at is None or not CADENCES[0] <= ran_at <= CADENCES[1]:
        return None
    return round(float(ran_at), 1)


def practised(transport: Transport, performed: Prepared) -> Practice | None:
    """The entry for the history, with what was performed; None if next to nothing was heard."""
    from cadence_cue.app.tracks.performed import kept  # noqa: PLC0415 - as in `finish`

    performance, heard = transport.performance, transport.practised
    if heard.seconds < _LEAST:
        return None
    drills = dict.fromkeys(
        part.drill for k, part in enumerate(performance.parts) if k in heard.phases and part.drill
    )
    return Practice(
        date=datetime.now().astimezone().isoformat(timespec="seconds"),
        session=performance.session.name,
        title=transport.title,
        share=round(heard.share(performance), 3),
        cadence=round(float(transport.cadence), 1),
        drills=tuple(drills),
        performed=kept(performed),
        seconds=round(heard.seconds, 1),
    )


def newly_explained(
    performance: Performance, library: Library, settings: Settings
) -> tuple[str, ...]:
    """The ids of the drills that this performance explains and this runner did not know."""
    heard = {part.drill for part in performance.parts if part.kind is Kind.EXPLAIN}
    new = unexplained(performance.session, library, settings.explained)
    return tuple(drill.id for drill in new if drill.id in heard)
