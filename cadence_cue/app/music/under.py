"""Checks the runner's own music, and prepares it for a performance as it is or on the beat."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue.app.music.as_is import as_it_is
from cadence_cue.app.options import PerformanceOptions, music_at
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.session import Music, Session
from cadence_cue.music.pieces import Pieces, pieces_of
from cadence_cue.music.preparing import check_music
from cadence_cue.music.ready import Progress
from cadence_cue.studio import Performance

if TYPE_CHECKING:
    from cadence_cue.app.music.songs import Song
    from cadence_cue.transport.following import Ready


def usable_music(place: str, session: Session) -> Music:
    """The music at a place that the runner chose for a session. Raises UserError if unusable."""
    music = music_at(place, session)
    check(music)
    return music


def check(music: Music) -> None:
    """Raise UserError unless there is a piece that can be played.

    Quick: to be called before anything that takes long.
    """
    check_music(pieces_of(Path(music.file), None))


def check_for(
    music: Music,
    session: Session,
    library: Library,
    settings: Settings,
    options: PerformanceOptions,
    *,
    live: bool,
    hear: Callable[[Pieces], list[Song]] | None = None,
) -> None:
    """Raise UserError unless music can be played, and matched to a session if it is to be.

    To be called before anything that takes long. `hear` is called instead of `songs_of`.
    """
    check(music)
    if music.match:
        from cadence_cue.app.music.matched import check_match  # noqa: PLC0415 - 2 MB, for few
        from cadence_cue.app.preparing import performance_spec  # noqa: PLC0415 - with it

        cadence_spm = performance_spec(settings, options, live=live).cadence_spm
        check_match(music, session, library, cadence_spm, hear)


def music_under(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> Ready:
    """Return music prepared for a performance, matched if it is to be. Raises UserError."""
    if not music.match:
        return as_it_is(music, performance, progress)
    from cadence_cue.app.music.matched import matched_music  # noqa: PLC0415 - 2 MB, for few

    return matched_music(music, performance, progress)


def live_music(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> Ready:
    """Return music for a performance that plays: prepared, or if it is to be matched only laid.

    Raises UserError.
    """
    if not music.match:
        return as_it_is(music, performance, progress)
    from cadence_cue.app.music.matched import laid_music  # noqa: PLC0415 - 2 MB, for few

    return laid_music(music, performance, progress)
