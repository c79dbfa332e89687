"""The runner's own music, made ready for a performance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cadence_cue.app.settings import cache_folder
from cadence_cue.coaching.model import Music
from cadence_cue.errors import UserError
from cadence_cue.music.preparing import Progress, prepare_music
from cadence_cue.sound.bed import Bed
from cadence_cue.studio import Performance


def prepared_music(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> Bed:
    """Music made ready for a performance; it begins with it, wherever that is entered.

    `progress` hears the share that is
    done; whatever it raises ends it. Raises UserError.
    """
    folder = cache_folder("beds")  # the name it has had: another would orphan what is cached
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
        raise  # nobody hears of the progress any more
    except OSError as error:
        raise UserError(
            f"the music cannot be saved there: {error.strerror}.", where=folder
        ) from error
    return replace(prepared, start=timeline.start, level_db=music.level)
