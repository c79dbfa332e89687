"""The click over matched music: it leads into each piece and each new tempo, and then fades.

Music alone is harder to step to than a click. So the runner finds the step by the click and keeps
it by the music: guidance that goes on throughout is leant on (Salmoni, Schmidt & Walter 1984).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from cadence_cue.music.grids import Grid
from cadence_cue.music.matching import BAR, Span

Flags = npt.NDArray[np.bool_]
Frames = npt.NDArray[np.integer[Any]]

_LEADS = 16  # beats after the begin of a piece, or a change of tempo
_FADES = 8  # beats over which the click then fades; it is back within a bar


def click_gains(
    clicks: Frames,
    grids: Sequence[Grid],
    spans: Sequence[Span],
    turned_down: Sequence[tuple[int, float]] = (),
) -> npt.NDArray[np.float64]:
    """Return the gain of each of these clicks, given as frames, over spans that lie on grids.

    Between the two frames of each of `turned_down` the spans are turned down, and off the beat.
    """
    gains = np.ones(len(clicks))
    for grid in grids:
        beats = np.array([grid.clock.frame(each) for each in grid.instants])
        on_it = np.flatnonzero(np.isin(clicks, beats))
        at = np.searchsorted(beats, clicks[on_it])
        found = _changes(grid) | _silent(at, beats) | _off_the_beat(beats, turned_down)
        gains[on_it] = _gains(_free_of_music(beats, spans) | _after(found))[at]
    return gains


def _free_of_music(beats: Frames, spans: Sequence[Span]) -> Flags:
    """Return at which beats no piece has been heard for long, or the last bar of one begins."""
    leads = np.ones(len(beats), np.bool_)
    for span in spans:
        if beats[0] <= span.frames[0] <= beats[-1]:
            first, last = np.searchsorted(beats, (span.frames[0], span.frames[-1] - 1))
            leads[first + _LEADS : last - BAR] = False
            leads[first : first + _LEADS] = True
    return leads


def _off_the_beat(beats: Frames, turned_down: Sequence[tuple[int, float]]) -> Flags:
    """Return at which beats the music is turned down."""
    within = [(beats >= begin) & (beats < end) for begin, end in turned_down]
    off: Flags = np.any([np.zeros(len(beats), np.bool_), *within], axis=0)
    return off


def _changes(grid: Grid) -> Flags:
    """Return after which beats the tempo is another one."""
    steps = [b - a for a, b in pairwise(grid.instants)]
    changed = [b != a for a, b in pairwise(steps)]
    return np.array([False, *changed, False])


def _silent(clicked: npt.NDArray[np.intp], beats: Frames) -> Flags:
    """Return which beats have no click, nor has the one before, which may be the other foot's."""
    heard = np.zeros(len(beats))
    heard[clicked] = 1
    silent: Flags = np.convolve(heard, np.ones(2))[: len(heard)] == 0
    return silent


def _after(flags: Flags) -> Flags:
    """Return which beats are marked, or follow within those that the click leads in."""
    marked: Flags = np.convolve(flags, np.ones(_LEADS + 1))[: len(flags)] > 0
    return marked


def _gains(leads: Flags) -> npt.NDArray[np.float64]:
    """Return the click's gain at each beat: 1 where it leads, and fades from and to there."""
    at, n = np.arange(len(leads)), len(leads)
    since = at - np.maximum.accumulate(np.where(leads, at, -n))
    until = np.minimum.accumulate(np.where(leads, at, 2 * n)[::-1])[::-1] - at
    return np.maximum(np.maximum(1 - since / _FADES, 1 - until / BAR), 0)
