"""Playing what was prepared: the device, the levels and music to begin with, what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import partial

from cadence_cue import studio
from cadence_cue.app import history, settings
from cadence_cue.app.history import Practice
from cadence_cue.app.music import prepared_music
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.coaching.model import Kind, Library, Music
from cadence_cue.errors import UserError
from cadence_cue.live.output import BLOCK, Output
from cadence_cue.live.player import Player
from cadence_cue.sound.bed import Bed
from cadence_cue.studio import Performance
from cadence_cue.transport.levels import Levels
from cadence_cue.transport.transport import Transport

_LEAST = 10.0  # seconds: less was only a try


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """Where and how to play; None takes what the settings say.

    `latency` in milliseconds, `block` in frames.
    """

    device: str | None = None
    backend: str | None = None
    latency: float | None = None
    block: int | None = None

    def output(self, settings: Settings) -> Output:
        """The output that is asked for."""
        latency = self.latency or settings.latency
        return Output(
            device=self.device or settings.device or None,
            backend=self.backend or settings.backend or None,
            latency=latency / 1000 if latency else None,
            block=self.block or settings.block or BLOCK,
        )

    def player(self, settings: Settings) -> Player:
        """A player for it, not started yet."""
        offsets = {name: ms / 1000 for name, ms in settings.offsets}
        return Player(self.output(settings), offsets=offsets)


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of playing.

    `practice` is the line in the history, None if next to nothing was heard or it could not be
    kept; `ran_at` the cadence that was found by hand, if any; `explained` the ids of drills that
    were explained for the first time; `not_kept` says what could not be kept and why.
    """

    practice: Practice | None
    ran_at: Fraction | None
    explained: tuple[str, ...] = ()
    not_kept: tuple[str, ...] = ()


def levels(settings: Settings, *, beat: bool = True, voice: bool = True) -> Levels:
    """The levels to begin with."""
    return Levels(
        beat_db=settings.beat_level,
        voice_db=settings.voice_level,
        music_db=settings.music_level,
        volume_db=settings.volume,
        beat=beat,
        voice=voice,
    )


def begin(
    prepared: Prepared,
    player: Player,
    levels: Levels,
    music: Music | None = None,
    bed: Bed | None = None,
) -> Transport:
    """Play what was prepared, with music if given; with `bed` that is ready already."""
    transport = Transport(prepared.performance, player, levels, plain=prepared.plain)
    if music:
        transport.set_music(partial(prepared_music, music), bed)
    transport.play(*(prepared.start or ()))
    return transport


def finish(transport: Transport, prepared: Prepared, player: Player) -> Finished:
    """Stop following what played, and keep what is to be kept of it.

    What was explained counts only if the whole session was heard.
    """
    transport.close()
    not_kept = []
    practice = practised(transport)
    if practice:
        try:
            history.append(practice, user_folder())
        except OSError as error:
            practice = None
            not_kept.append(f"The history cannot be written: {error.strerror}")
    explained: tuple[str, ...] = ()
    if transport.ended and not player.silent and prepared.options.begin is None:
        known, _ = settings.load()
        explained = newly_explained(transport.performance, prepared.library, known)
        try:
            if explained:
                settings.save(known.with_explained(explained))
        except UserError as error:
            not_kept.append(str(error))
    return Finished(practice, transport.ran_at, explained, tuple(not_kept))


def practised(transport: Transport) -> Practice | None:
    """What was practised, for the history; None if it was next to nothing."""
    performance, heard = transport.performance, transport.practised
    if heard.seconds < _LEAST:
        return None
    drills = dict.fromkeys(
        part.drill for k, part in enumerate(performance.parts) if k in heard.phases and part.drill
    )
    return Practice(
        date=datetime.now().astimezone().isoformat(timespec="seconds"),
        session=performance.session.name,
        title=performance.session.title,
        share=round(heard.share(performance), 3),
        cadence=round(float(transport.ran_at or performance.spec.cadence_spm), 1),
        drills=tuple(drills),
    )


def newly_explained(
    performance: Performance, library: Library, settings: Settings
) -> tuple[str, ...]:
    """The ids of the drills that this performance explained to this runner for the first time."""
    heard = {part.drill for part in performance.parts if part.kind is Kind.EXPLAIN}
    new = studio.unexplained(performance.session, library, settings.explained)
    return tuple(drill.id for drill in new if drill.id in heard)
