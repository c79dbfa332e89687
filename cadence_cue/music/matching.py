"""Lays the beats of pieces on the beats of a session: which piece where, along which map.

The map goes from beat to beat, as no drummer keeps to one ratio; it is smoothed over some bars, so
that what the tracker strays by becomes no wow. A piece ends a bar before its map leaves the limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.music.beats import Beats, Passage, smoothed

Array = npt.NDArray[np.float64]

LIMIT = 8.0
"""Per cent by which music is stretched at most: beyond, it begins to sound it."""
FACTORS = (1.0, 2.0, 0.5)
"""Beats of the session to each beat of a piece, the plainest first."""
BAR = 4
"""Beats of the session; pieces begin and end on bars, and overlap by one."""

_LEAST = 32  # beats of the session that a piece is worth


@dataclass(frozen=True, slots=True)
class Grid:
    """The beats of a session over a stretch of running, as frames of its timeline."""

    frames: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Song:
    """A piece by its place among all, with its beats."""

    place: int
    beats: Beats


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a piece on the beats of a session.

    The sound at second `source[k]` of the piece is heard at frame `frames[k]`; both rise strictly.
    `fades_in` and `fades_out` say that it overlaps with another piece by a bar.
    """

    place: int
    source: tuple[float, ...]
    frames: tuple[int, ...]
    fades_in: bool = False
    fades_out: bool = False


def fit(tempo: float, target: float, limit: float = LIMIT) -> tuple[float, float] | None:
    """Return the factor by which a tempo comes near a target, and the stretch in per cent.

    A positive stretch makes it quicker. None if no factor brings it within the limit.
    """
    if tempo <= 0:
        return None
    stretches = [(factor, 100 * (target / (tempo * factor) - 1)) for factor in FACTORS]
    best = min(stretches, key=lambda each: abs(each[1]))
    return best if abs(best[1]) <= limit else None


def laid(
    grids: Sequence[Grid], songs: Sequence[Song], rate: int, *, limit: float, goes_round: bool
) -> list[Span]:
    """Return the spans of songs on the grids of a session, in order.

    A song that does not fit now waits for a grid that it fits. Without `goes_round` each song is
    heard once at most.
    """
    spans: list[Span] = []
    waiting = list(songs)
    for grid in grids:
        at = 0
        while len(grid.frames) - at > _LEAST:
            found = _first_fit(waiting, grid, at, rate, limit)
            if found is None and goes_round and len(waiting) < len(songs):
                waiting = list(songs)
                found = _first_fit(waiting, grid, at, rate, limit)
            if found is None:
                break
            song, span = found
            waiting.remove(song)
            spans.append(span)
            end = at + len(span.frames) - 1
            if end + BAR >= len(grid.frames):
                break
            at = end - BAR  # the next one begins a bar before this one ends
    return _overlapped(spans)


def _first_fit(
    songs: Sequence[Song], grid: Grid, at: int, rate: int, limit: float
) -> tuple[Song, Span] | None:
    for song in songs:
        for passage in song.beats.passages:
            if span := _span(song.place, passage, grid.frames[at:], rate, limit):
                return song, span
    return None


def _span(
    place: int, passage: Passage, frames: Sequence[int], rate: int, limit: float
) -> Span | None:
    """Return as much of a passage as fits on these beats; None if that is too little."""
    steps = np.diff(frames) / rate
    tempo = 60 / float(np.median(steps[: 4 * BAR]))
    times = smoothed(np.array(passage.times))
    own = 60 * (len(times) - 1) / (times[-1] - times[0])
    found = fit(own, tempo, limit)
    if found is None:
        return None
    source = _multiplied(times, found[0])
    count = min(len(source), len(frames)) - 1
    ratios = np.diff(source[: count + 1]) / steps[:count]
    outside = np.flatnonzero(np.abs(ratios - 1) > limit / 100)
    if len(outside):
        count = max(int(outside[0]) - BAR, 0)
    if count + 1 < len(frames):  # it ends before the session's stretch: on a bar
        count -= count % BAR
    if count < _LEAST:
        return None
    return Span(place, tuple(source[: count + 1].tolist()), tuple(frames[: count + 1]))


def _multiplied(times: Array, factor: float) -> Array:
    """Return the seconds of a piece that fall on beats, so many of them to one of its own."""
    if factor == 2:
        return np.interp(np.arange(2 * len(times) - 1) / 2, np.arange(len(times)), times)
    return times[:: 2 if factor == 0.5 else 1]


def _overlapped(spans: list[Span]) -> list[Span]:
    """Return the spans with where they overlap with the one before and the one after."""
    def meets(before: Span, after: Span) -> bool:
        return after.frames[0] < before.frames[-1]

    return [
        Span(
            span.place,
            span.source,
            span.frames,
            fades_in=k > 0 and meets(spans[k - 1], span),
            fades_out=k + 1 < len(spans) and meets(span, spans[k + 1]),
        )
        for k, span in enumerate(spans)
    ]
