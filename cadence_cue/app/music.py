"""Checks the runner's own music, and prepares it for a performance in the cache folder."""

from __future__ import annotations

import atexit
import errno
import functools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cadence_cue import storage
from cadence_cue.app.options import PerformanceOptions, music_at
from cadence_cue.app.settings import Settings, cache_folder
from cadence_cue.coaching.model import Library, Music, Session
from cadence_cue.errors import UserError, printable
from cadence_cue.music.holding import between_words
from cadence_cue.music.pieces import Pieces, pieces_of
from cadence_cue.music.preparing import check_music, prepare_music
from cadence_cue.music.ready import PreparedMusic, Progress
from cadence_cue.sound.levels import headroom
from cadence_cue.studio import Performance
from cadence_cue.transport.following import HeldMusic
from cadence_cue.transport.holding import HeldTalk

if TYPE_CHECKING:
    from cadence_cue.app.songs import Song
    from cadence_cue.transport.following import Ready

BEDS = "beds"  # not renamed: that would orphan what is cached
_FULL = (errno.ENOSPC, errno.EDQUOT)


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
        from cadence_cue.app.matched_music import check_match  # noqa: PLC0415 - 2 MB, for few
        from cadence_cue.app.preparing import performance_spec  # noqa: PLC0415 - with it

        cadence_spm = performance_spec(settings, options, live=live).cadence_spm
        check_match(music, session, library, cadence_spm, hear)


def music_under(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> Ready:
    """Return music prepared for a performance, matched if it is to be. Raises UserError."""
    if not music.match:
        return _as_it_is(music, performance, progress)
    from cadence_cue.app.matched_music import matched_music  # noqa: PLC0415 - 2 MB, for few

    return matched_music(music, performance, progress)


def live_music(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> Ready:
    """Return music for a performance that plays: prepared, or if it is to be matched only laid.

    Raises UserError.
    """
    if not music.match:
        return _as_it_is(music, performance, progress)
    from cadence_cue.app.matched_music import laid_music  # noqa: PLC0415 - 2 MB, for few

    return laid_music(music, performance, progress)


def prepared_music(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> PreparedMusic:
    """Return music prepared for a performance; it starts at the timeline's first frame.

    `progress` is called with the share done, from 0 to 1; if it raises, preparing stops. Raises
    UserError.
    """
    timeline, held = performance.timeline, _is_held(music, performance)
    pieces = pieces_of(Path(music.file), performance.seed if music.shuffle else None)
    folder, note = cache(BEDS)
    with saving_in(folder):
        prepared = prepare_music(
            pieces,
            timeline.rate,
            between_words(timeline) if held else timeline.frames - timeline.start,
            folder,
            loop=music.loop,
            progress=progress,
        )
    bed = replace(prepared.bed, start=timeline.start, level_db=music.level)
    notes = (*note, *prepared.notes, *room_made(music))
    return replace(prepared, bed=bed, notes=notes)


def _as_it_is(
    music: Music, performance: Performance, progress: Progress
) -> PreparedMusic | HeldMusic:
    """Return music at its own tempo, a talk held for words if it is to be. Raises UserError."""
    prepared = prepared_music(music, performance, progress)
    if not _is_held(music, performance):
        return prepared
    talk = HeldTalk(prepared.bed)
    try:
        talk.under(performance)
    except OSError as error:
        raise UserError.of(error) from error
    told = prepared.extent, prepared.summary, prepared.notes, prepared.ends_early
    return HeldMusic(talk, *told)


def _is_held(music: Music, performance: Performance) -> bool:
    return music.hold and performance.spec.speaks


def room_made(music: Music) -> tuple[str, ...]:
    """Return a sentence if everything is turned down to make room for the music."""
    lower = headroom(music.level)
    return (f"Everything is {-lower:.1f} dB lower, to make room for the music.",) if lower else ()


def cache(kind: str) -> tuple[Path, tuple[str, ...]]:
    """Return the folder for what is kept of music, and a sentence if it is a temporary one.

    That is where a home cannot be written, as in some containers.
    """
    folder = cache_folder(kind)
    if folder is None:
        return _temporary(), (_told("There is no home folder"),)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        if error.errno in _FULL:
            raise _unsaved(folder, error) from error
        return _temporary(), (_told(f"{folder} cannot be written ({error.strerror})"),)
    return folder, ()


@contextmanager
def saving_in(folder: Path) -> Iterator[None]:
    """Raise UserError for what goes wrong while something is saved in a folder."""
    try:
        yield
    except BrokenPipeError:
        raise  # from a `progress`: nobody reads it any more
    except OSError as error:
        raise _unsaved(folder, error) from error


def _unsaved(folder: Path, error: OSError) -> UserError:
    return UserError(f"the music cannot be saved there: {error.strerror}.", where=folder)


def _told(reason: str) -> str:
    return f"{printable(reason)}, so the prepared music is in a temporary folder."


@functools.cache
def _temporary() -> Path:
    """Return a folder that lasts as long as this process."""
    held = ExitStack()
    atexit.register(held.close)
    return held.enter_context(storage.temporary_folder())
