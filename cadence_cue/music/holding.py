"""Decides where a talk is held for the words of a session: in its pauses, so none of it is cut."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cadence_cue.sound.bed import Bed, BedFile
from cadence_cue.sound.held import Held, Stretch
from cadence_cue.sound.levels import FULL_SCALE
from cadence_cue.timing.decibels import gain_of
from cadence_cue.timing.ducking import FALL, RISE
from cadence_cue.timing.timeline import Bus, Timeline

_WITHIN = 2.0  # seconds before a word in which the talk is held
_FADE = 0.010
_LEAST = 3.0  # seconds of a talk between two words that are worth hearing
_MOMENT = 0.020
_STEP = 0.005  # seconds from one moment to the next
_PAUSE = 0.150  # seconds: the stops within words are half as long
_QUIET = gain_of(-45.0)  # RMS, 22 dB below what talks are levelled to


def held(bed: Bed, timeline: Timeline, since: int = 0, before: Held | None = None) -> Held:
    """Return a bed that is held while words of a timeline are heard. Raises OSError.

    It begins with the timeline, and is silent from where the bed would be ducked until it would no
    longer be. If words have moved while it played, `before` is what was heard up to frame `since`.
    """
    fade = round(_FADE * timeline.rate)
    heard = [each for each in before.stretches if each.start - fade < since] if before else []
    at, first, talks = since + fade if before else timeline.start, 0, None
    if heard:
        first = heard[-1].first + heard[-1].frames
        if heard[-1].start + heard[-1].frames > since:
            last = heard.pop()
            at, first, talks = last.start, last.first, since
    file = BedFile(bed)
    try:
        after = _stretches(file, bed.start, timeline, at, first, talks)
        return Held(bed, (*heard, *after), fade)
    finally:
        file.close()


def between_words(timeline: Timeline) -> int:
    """Return how many frames of a timeline are between its words: no more is heard of a talk."""
    whole = timeline.frames - timeline.start
    within = ((max(a, timeline.start), min(b, timeline.frames)) for a, b in _words(timeline))
    return whole - sum(b - a for a, b in within)


def _stretches(
    file: BedFile, zero: int, timeline: Timeline, at: int, first: int, talks: int | None
) -> Iterator[Stretch]:
    """Yield the stretches of a talk whose first frame is read as frame `zero`.

    At frame `at` it goes on with its frame `first`. If it `talks` at a frame, it is not held before
    that.
    """
    rate = timeline.rate
    for begin, end in _words(timeline):
        soonest = at if talks is None else max(at, talks)
        if end <= soonest:
            continue
        if talks is not None or begin - at >= _LEAST * rate:  # else it begins after these words
            window = np.empty((min(round(_WITHIN * rate), max(begin - soonest, 0)), 2), np.int16)
            last = first + max(begin, soonest) - at
            file.read(zero + last - len(window), window)
            cut = last - len(window) + _quiet(window, rate)
            yield Stretch(at, first, cut - first)
            first, talks = cut, None
        at = end
    if at < timeline.frames:
        yield Stretch(at, first, timeline.frames - at)


def _words(timeline: Timeline) -> list[tuple[int, int]]:
    """Return from and to which frames words are heard, those with little time between as one."""
    rate, found = timeline.rate, list[tuple[int, int]]()
    for row in timeline.events[timeline.events["bus"] == Bus.VOICE]:
        begin = int(row["frame"]) - round(FALL * rate)
        end = int(row["frame"] + row["frames"]) + round(RISE * rate)
        if found and begin - found[-1][1] < _LEAST * rate:
            before, last = found.pop()
            begin, end = before, max(last, end)
        found.append((begin, end))
    return found


def _quiet(window: npt.NDArray[np.int16], rate: int) -> int:
    """Return where in a window a talk is cut: in its last pause, else where it is quietest."""
    moment, step = round(_MOMENT * rate), round(_STEP * rate)
    if len(window) <= moment:
        return len(window)
    left, right = window.T.astype(np.int64)
    energy = np.cumsum(left * left + right * right) / (2 * FULL_SCALE**2)
    starts = np.arange(0, len(window) - moment, step)
    loud = np.sqrt(np.maximum(energy[starts + moment] - energy[starts], 0) / moment)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud < _QUIET, [0]))))
    for begin, end in edges.reshape(-1, 2)[::-1]:
        first, last = starts[begin], starts[end - 1] + moment
        if last - first >= _PAUSE * rate:
            return int(first + last) // 2
    return int(starts[np.argmin(loud)]) + moment // 2
