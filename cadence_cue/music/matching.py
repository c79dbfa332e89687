"""Lays the beats of pieces on the beats of a session: which piece where, along which map.

The map goes from beat to beat, as no drummer keeps to one ratio; it is smoothed over some bars, so
that what the tracker strays by becomes no wow. A piece ends a bar before its map leaves the limit.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cadence_cue.music.beats import Beats, Passage, smoothed
from cadence_cue.music.grids import Grid

Array = npt.NDArray[np.float64]

FACTORS = (1.0, 2.0, 0.5)
"""Beats of the session to each beat of a piece, the plainest first."""
BAR = 4
"""Beats of the session; pieces begin and end on bars, and overlap by one."""

FREE = 20.0
"""Seconds of a piece that are worth playing at its own tempo."""

_LEAST = 32  # beats of the session that a piece is worth
_STRAY = 0.05  # seconds by which a smoothed beat may come before the beat that was found


@dataclass(frozen=True, slots=True)
class Song:
    """A piece by its place among all, with its beats."""

    place: int
    beats: Beats


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a piece on the frames of a session.

    The sound at second `source[k]` of the piece is heard at frame `frames[k]`; both rise strictly.
    One that is `matched` has a beat at each, and else plays at its own tempo, lower. `fades_in`
    says that it overlaps with the piece before it by a bar.
    """

    place: int
    source: tuple[float, ...]
    frames: tuple[int, ...]
    matched: bool = True
    fades_in: bool = False


def nearest(tempo: float, target: float) -> tuple[float, float]:
    """Return the factor by which a tempo comes nearest to a target, and the stretch in per cent.

    A positive stretch makes it quicker.
    """
    stretches = [(factor, 100 * (target / (tempo * factor) - 1)) for factor in FACTORS]
    return min(stretches, key=lambda each: abs(each[1]))


def fits(tempo: float, target: float, limit: float) -> bool:
    """Return whether a tempo, 0 for none, comes near enough to a target."""
    return tempo > 0 and abs(nearest(tempo, target)[1]) <= limit


def laid(
    grids: Sequence[Grid],
    songs: Sequence[Song],
    *,
    limit: float,
    goes_round: bool,
    heard: Sequence[Span] = (),
) -> list[Span]:
    """Return the spans of songs on the grids of a session, in order.

    A song that a grid cuts short goes on in the next one, and one that does not fit waits for a
    grid that it fits. Without `goes_round` each song is heard once at most. `heard` are spans that
    were heard before the grids begin: the song that was heard last goes on from there.
    """
    spans: list[Span] = []
    waiting = _waiting(songs, heard)
    for grid in grids:
        at, joins = 0, False
        while has_room(grid, at):
            found = _first_fit(waiting, grid, at, limit)
            if found is None and goes_round and (spans or heard):
                waiting = list(songs)
                found = _first_fit(waiting, grid, at, limit)
            if found is None:
                break
            song, span = found
            waiting.remove(song)
            if left := _after(song, span.source[-1]):
                waiting.insert(0, left)
            spans.append(replace(span, fades_in=joins))
            at += len(span.frames) - 1 - BAR  # the next one begins a bar before this one ends
            joins = True
    return spans


def has_room(grid: Grid, at: int = 0) -> bool:
    """Return whether a grid has room for a piece from one of its beats on."""
    return len(grid.instants) - at > _LEAST


def until(spans: Sequence[Span], frame: int) -> list[Span]:
    """Return what is heard of spans on the beat before a frame."""
    return [
        replace(each, source=each.source[:count], frames=each.frames[:count])
        for each in spans
        if (count := bisect_right(each.frames, frame))
    ]


def unmatched(
    stretches: Sequence[tuple[int, int]],
    spans: Sequence[Span],
    lengths: Sequence[tuple[int, float]],
    rate: int,
) -> list[Span]:
    """Return what plays in stretches without beats: the piece heard before goes on, then others.

    `lengths` are the seconds of each piece by its place, in order.
    """
    order = [place for place, _ in lengths]
    if not order:
        return []
    seconds = dict(lengths)
    found: list[Span] = []
    for begin, end in stretches:
        before = [span for span in spans if span.frames[-1] <= begin + rate]
        place, second = (before[-1].place, before[-1].source[-1]) if before else (order[-1], 0.0)
        at = begin
        while end - at >= rate:
            length = seconds.get(place, second)  # a short one plays on the beat only
            if length - second < min(FREE, length):
                place, second = next((each for each in order if each > place), order[0]), 0.0
            last = int(min(second + (end - at) / rate, seconds[place]) - second)
            if not last:
                break
            found.append(
                Span(place, (second, second + last), (at, at + last * rate), matched=False)
            )
            at, second = at + last * rate, second + last
    return found


def _waiting(songs: Sequence[Song], heard: Sequence[Span]) -> list[Song]:
    """Return the songs that may come next, after those that were heard, in order."""
    waiting = list(songs)
    for span in heard:
        if all(each.place != span.place for each in waiting):
            waiting = list(songs)  # they went round
        song = next(each for each in waiting if each.place == span.place)
        waiting.remove(song)
        if left := _after(song, span.source[-1]):
            waiting.insert(0, left)
    return waiting


def _after(song: Song, second: float) -> Song | None:
    """Return what is left of a song after a second of it, if that can be followed."""
    rest = (tuple(t for t in each.times if t >= second - _STRAY) for each in song.beats.passages)
    passages = tuple(Passage(times) for times in rest if len(times) * 2 > _LEAST)
    return Song(song.place, replace(song.beats, passages=passages)) if passages else None


def _first_fit(
    songs: Sequence[Song], grid: Grid, at: int, limit: float
) -> tuple[Song, Span] | None:
    for song in songs:
        for passage in song.beats.passages:
            if span := _span(song.place, passage, grid, at, limit):
                return song, span
    return None


def _span(place: int, passage: Passage, grid: Grid, at: int, limit: float) -> Span | None:
    """Return as much of a passage as fits on the beats from `at` on; None if that is too little."""
    most = 2 * len(passage.times)  # beats that it can fill
    steps = np.diff(np.array(grid.instants[at : at + most], np.float64))
    times = smoothed(np.array(passage.times))
    factor, _ = nearest(passage.tempo, 60 / float(np.median(steps[: 4 * BAR])))
    source = _multiplied(times, factor)
    count = min(len(source) - 1, len(steps))
    ratios = np.diff(source[: count + 1]) / steps[:count]
    outside = np.flatnonzero(np.abs(ratios - 1) > limit / 100)
    if len(outside):
        count = max(int(outside[0]) - BAR, 0)
    if count < len(grid.instants) - at - 1:  # it ends before the session's stretch: on a bar
        count -= count % (2 * BAR if factor == 2 else BAR)
    if count < _LEAST:
        return None
    frames = grid.frames(at, at + count)
    return Span(place, tuple(source[: count + 1].round(6).tolist()), frames)


def _multiplied(times: Array, factor: float) -> Array:
    """Return the seconds of a piece that fall on beats, so many of them to one of its own."""
    if factor == 2:
        return np.interp(np.arange(2 * len(times) - 1) / 2, np.arange(len(times)), times)
    return times[:: 2 if factor == 0.5 else 1]
