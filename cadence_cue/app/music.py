"""Checks the runner's own music, and prepares it for a performance in the cache folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cadence_cue.app.options import music_at
from cadence_cue.app.settings import cache_folder
from cadence_cue.coaching.model import Music, Session
from cadence_cue.errors import UserError
from cadence_cue.music.preparing import Progress, pieces_of, prepare_music
from cadence_cue.sound.bed import Bed
from cadence_cue.studio import Performance


def usable_music(place: str, session: Session) -> Music:
    """The music at a place that the runner chose for a session. Raises UserError if unusable."""
    music = music_at(place, session)
    pieces_of(Path(music.file), None)
    return music


def prepared_music(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> Bed:
    """Return music prepared for a performance; it starts at the timeline's first frame.

    `progress` is called with the share done, from 0 to 1; if it raises, preparing stops. Raises
    UserError.
    """
    folder = cache_folder("beds")  # not renamed: that would orphan what is cached
    if folder is None:
        raise UserError("Preparing the music needs a cache folder: set HOME.")
    timeline = performance.timeline
    try:
        prepared = prepare_music(
            Path(music.file),
            timeline.rate,
            timeline.frames - timeline.start,
            folder,
            seed=performance.seed if music.shuffle else None,
            progress=progress,
        )
    except BrokenPipeError:
        raise  # from `progress`: nobody reads it any more
    except OSError as error:
        raise UserError(
            f"the music cannot be saved there: {error.strerror}.", where=folder
        ) from error
    return replace(prepared, start=timeline.start, level_db=music.level)
