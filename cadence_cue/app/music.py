"""The runner's own music under a session: which it is, and made ready for a performance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cadence_cue.app.settings import cache_folder
from cadence_cue.coaching.model import Music, Session
from cadence_cue.errors import UserError
from cadence_cue.music.preparing import Progress, prepare
from cadence_cue.sound.bed import Bed
from cadence_cue.studio import Performance


def music_of(session: Session) -> Music | None:
    """What the session's file lays under it, found from where that file is."""
    if session.bed is None:
        return None
    folder = session.source.parent if session.source else Path()
    return replace(session.bed, file=str(folder / Path(session.bed.file).expanduser()))


def prepared_music(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> Bed:
    """Music made ready for a performance; it begins with it, wherever that is entered.

    `progress` hears the share that is
    done; whatever it raises ends it. Raises UserError.
    """
    folder = cache_folder("beds")
    if folder is None:
        raise UserError("The music needs a folder to be prepared in: set HOME.")
    timeline = performance.timeline
    try:
        bed = prepare(
            Path(music.file),
            timeline.rate,
            timeline.frames - timeline.start,
            folder,
            seed=performance.seed if music.shuffle else None,
            progress=progress,
        )
    except BrokenPipeError:
        raise  # nobody hears of the progress any more
    except OSError as error:
        raise UserError(
            f"the music cannot be kept there: {error.strerror}.", where=folder
        ) from error
    return replace(bed, start=timeline.start, level_db=music.level)
