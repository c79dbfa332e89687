"""Music on the beat: whether any piece fits a session, and what is told of those that do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from cadence_cue.app.music.as_is import room_made
from cadence_cue.app.music.following import FollowingMusic
from cadence_cue.app.music.songs import Song, best_cadence, songs_of
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.pages import clock
from cadence_cue.coaching.program import outlined, perform
from cadence_cue.coaching.session import Music, Session
from cadence_cue.errors import UserError, printable
from cadence_cue.music.grids import Grid, grids_of, running_tempos
from cadence_cue.music.matching import Span, fits, has_room
from cadence_cue.music.pieces import Pieces, pieces_of
from cadence_cue.music.ready import Progress
from cadence_cue.studio import Performance
from cadence_cue.transport.following import MatchedMusic

_NAMED = 10  # pieces that are left out; `music` lists them all
_MISSED = 20.0  # seconds of runs without music that are told


def check_match(
    music: Music,
    session: Session,
    library: Library,
    cadence_spm: Fraction,
    hear: Callable[[Pieces], list[Song]] | None = None,
) -> None:
    """Raise UserError if no piece of music can be matched to any run of the session.

    To be called before anything is spoken. `hear` is called instead of `songs_of`.
    """
    outline = outlined(session, library, 0)

    def runs_at(cadence: Fraction) -> list[float]:
        parts = perform(session, library, cadence, 0, explain=False, speech={}, outline=outline)
        return [float(each) for ends in running_tempos(parts) for each in ends]

    def runs_if_allowed(cadence: int) -> list[float]:
        try:
            return runs_at(Fraction(cadence))
        except UserError:  # a tempo or a length outside the limits
            return []

    tempos = runs_at(cadence_spm)
    if not tempos:
        raise UserError(
            "music is matched to runs of a minute or more at 120 steps a minute or more, and "
            f"{session.title} has none",
            way_out="play the music as it is.",
        )
    songs = (hear or songs_of)(pieces_of(Path(music.file), None))
    if any(fits(song.beats.tempo, each, music.match_limit) for song in songs for each in tempos):
        return
    if cadence := best_cadence(songs, float(cadence_spm), music.match_limit, runs_if_allowed):
        most = f"at a cadence of {cadence[0]} most, {cadence[1]} of {len(songs)}, would fit a run"
    elif tempo := best_cadence(songs, tempos[0], music.match_limit):
        most = (
            f"most, {tempo[1]} of {len(songs)}, would fit {tempo[0]}, and no cadence changes that"
        )
    elif found := [song.beats.tempo for song in songs if song.beats.tempo]:
        most = f"those that can be followed have {_between(found)}, which fits no cadence to run at"
    else:
        most = "none of them keeps a beat that can be followed"
    raise UserError(
        f"no piece of it comes within {music.match_limit:g} % of {_between(tempos)} beats a "
        f"minute; {most}",
        where=music.file,
    )


def _between(tempos: Sequence[float]) -> str:
    low, high = f"{min(tempos):.0f}", f"{max(tempos):.0f}"
    return low if low == high else f"{low} to {high}"


def laid_music(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> MatchedMusic:
    """Return music that is laid on the long runs of a performance, which may play.

    What is heard of it is prepared as it is needed. Raises UserError.
    """
    following = FollowingMusic(music, performance)
    following.lay(performance, progress)
    return _told_of(music, performance, following)


def matched_music(
    music: Music, performance: Performance, progress: Progress = lambda _: None
) -> MatchedMusic:
    """Return music that is matched to the long runs of a performance.

    `progress` is called with the share done, from 0 to 1; if it raises, preparing stops. Raises
    UserError.
    """
    following = FollowingMusic(music, performance)
    following.lay(performance, progress)
    following.prepare(performance, progress=progress)
    return _told_of(music, performance, following)


def _told_of(music: Music, performance: Performance, following: FollowingMusic) -> MatchedMusic:
    """Return music that follows a performance, with what is told of it. Raises UserError."""
    songs, spans, pieces = following.songs, following.on_beats, following.pieces
    if not spans:
        spec, session = performance.spec, performance.session
        check_match(music, session, performance.library, spec.cadence_spm, lambda _: songs)
        raise UserError("no piece of it fits a run long enough", where=music.file)
    grids = grids_of(performance.plan, off_beat=music.off_beat)
    count = len({each.place for each in spans})
    extent = "on the beat" if pieces.alone else f"{count} of {len(songs)} pieces on the beat"
    notes = (
        *following.notes,
        *pieces.left_out,
        *_left_out(music, songs, grids),
        *_unfilled(grids, spans),
        *room_made(music),
    )
    ends_early = pieces.alone and not music.loop and _is_left(songs[0], music, grids, spans)
    end = "; it ends before the runs do" if ends_early else ""
    summary = f"Music: {printable(pieces.place.name)}, {extent}{end}."
    bed = following.under(performance)
    return MatchedMusic(bed, extent, summary, notes, ends_early, following=following)


def _is_left(song: Song, music: Music, grids: Sequence[Grid], spans: Sequence[Span]) -> bool:
    """Return whether beats that a song fits are left after the last span."""
    rest = (each.since(spans[-1].frames[-1]) for each in grids)
    return any(
        has_room(each) and fits(song.beats.tempo, each.tempos[0], music.match_limit)
        for each in rest
    )


def _left_out(music: Music, songs: Sequence[Song], grids: Sequence[Grid]) -> list[str]:
    """Return sentences about the pieces that are left out, by reason, and damaged ones."""
    tempos = {round(each, 1) for grid in grids for each in grid.tempos}
    free = [printable(song.name) for song in songs if not (song.beats.tempo or song.unreadable)]
    unfit = [
        f"{printable(song.name)} ({song.beats.tempo:.1f})"
        for song in songs
        if song.beats.tempo
        and not any(fits(song.beats.tempo, each, music.match_limit) for each in tempos)
    ]
    unreadable = [
        f"{printable(song.name)} is left out: {song.unreadable}."
        for song in songs
        if song.unreadable
    ]
    damaged = [
        f"{printable(song.name)} {printable(song.beats.damage)}."
        for song in songs
        if song.beats.damage
    ]
    why = (
        ("their beats a minute do not fit", unfit),
        ("they keep no beat that can be followed", free),
    )
    told = [f"Left out, as {reason}: {_listed(names)}." for reason, names in why if names]
    return [*told, *unreadable, *damaged]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _unfilled(grids: Sequence[Grid], spans: Sequence[Span]) -> list[str]:
    """Return a sentence about the beats without music, if there are many."""
    rate = grids[0].clock.rate
    covered = 0
    for span, after in zip(spans, [*spans[1:], None], strict=True):
        end = min(span.frames[-1], after.frames[0]) if after else span.frames[-1]
        covered += end - span.frames[0]
    missing = float(sum(each.instants[-1] - each.instants[0] for each in grids)) - covered / rate
    if missing < _MISSED:
        return []
    return [f"For {clock(missing)} of the runs there is no music, only the click unless it is off."]
