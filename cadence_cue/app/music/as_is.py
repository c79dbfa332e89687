"""Music as it is, or a talk that is held for words, prepared in the cache folder."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from cadence_cue.app.music.folder import music_folder
from cadence_cue.coaching.session import Music
from cadence_cue.errors import UserError
from cadence_cue.music.holding import between_words
from cadence_cue.music.kept import saving_in
from cadence_cue.music.pieces import pieces_of
from cadence_cue.music.preparing import prepare_music
from cadence_cue.music.ready import PreparedMusic, Progress
from cadence_cue.sound.levels import headroom
from cadence_cue.studio import Performance
from cadence_cue.transport.following import HeldMusic
from cadence_cue.transport.holding import HeldTalk

_BEDS = "beds"  # not renamed: that would orphan what is cached


def as_it_is(
    music: Music, performance: Performance, progress: Progress = lambda _: None
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


def prepared_music(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> PreparedMusic:
    """Return music prepared for a performance; it starts at the timeline's first frame.

    It is the same whatever edits the performance has, as it is heard on through them. `progress` is
    called with the share done, from 0 to 1; if it raises, preparing stops. Raises UserError.
    """
    first = next(performance.stages_from(0))
    timeline, clock = first.timeline, first.plan.clock
    whole = timeline.frames - timeline.start
    needed = between_words(timeline) if _is_held(music, performance) else whole
    counted = sum((part.seconds for part in first.parts if part.beats is not None), Fraction(0))
    most = whole + clock.frames(counted)  # what is counted in beats lasts as long again at half
    pieces = pieces_of(Path(music.file), performance.seed if music.shuffle else None)
    folder, note = music_folder(_BEDS)
    with saving_in(folder):
        prepared = prepare_music(
            pieces,
            timeline.rate,
            needed,
            folder,
            most=most,
            loop=music.loop,
            progress=progress,
        )
    bed = replace(prepared.bed, start=timeline.start, level_db=music.level)
    notes = (*note, *prepared.notes, *room_made(music))
    return replace(prepared, bed=bed, notes=notes)


def room_made(music: Music) -> tuple[str, ...]:
    """Return a sentence if everything is turned down to make room for the music."""
    lower = headroom(music.level)
    return (f"Everything is {-lower:.1f} dB lower, to make room for the music.",) if lower else ()


def _is_held(music: Music, performance: Performance) -> bool:
    return music.hold and performance.spec.speaks
