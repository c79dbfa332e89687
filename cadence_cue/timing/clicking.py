"""All sounds of the beat bus except count-ins: beats, soft ticks and signals.

Count-ins are placed together with announcements, in `leading`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from cadence_cue.coaching.model import BeatMode, Side
from cadence_cue.timing import sounds
from cadence_cue.timing.decibels import gain_of
from cadence_cue.timing.drafting import Draft, Names, Rows
from cadence_cue.timing.layout import Clock, Placed
from cadence_cue.timing.timeline import EVENT, Bus, EventKind, Foot

# The click for a foot and an accent, where left and right differ by timbre.
_FEET = {
    (Foot.LEFT, False): sounds.LEFT,
    (Foot.RIGHT, False): sounds.RIGHT,
    (Foot.LEFT, True): sounds.LEFT_ACCENT,
    (Foot.RIGHT, True): sounds.RIGHT_ACCENT,
}


def foot_of(placed: Placed, beat: int) -> Foot:
    """Return the foot of a beat; where feet alternate, even beats are left."""
    match placed.part.foot:
        case Side.ALTERNATING:
            return Foot.RIGHT if beat % 2 else Foot.LEFT
        case Side.LEFT:
            return Foot.LEFT
        case Side.RIGHT:
            return Foot.RIGHT
        case _:
            return Foot.NONE


def beats(
    placed: Placed, clock: Clock, lengths: Mapping[str, int], names: Names, since: int
) -> Rows:
    """Return the audible beats of a part from frame `since` on, as rows of EVENT in order.

    `lengths` holds the frames of each sound; sounds are numbered by `names`.
    """
    if placed.grid is None:
        return np.empty(0, EVENT)
    heard = list(placed.heard())
    if clock.frame(placed.start) < since:
        # Round down: a beat shortly before this instant may have been rounded up to this frame.
        first = math.floor(placed.grid.position(clock.instant(since)))
        heard = [beat for beat in heard if beat >= first]
    rows = np.zeros(len(heard), EVENT)
    rows["frame"] = clock.beat_frames(placed.grid, heard)
    rows["kind"], rows["bus"] = EventKind.BEAT, Bus.BEAT
    rows["gain"] = gain_of(placed.part.beat_level)
    rows["phase"] = placed.index
    rows["beat"] = heard
    accents = placed.accents()
    alike = [(beat in accents, beat % 2) for beat in heard]
    kinds = sorted(set(alike))

    def heard_as(accent: bool, parity: int) -> tuple[int, int, Foot]:
        foot = foot_of(placed, parity)
        plain = sounds.ACCENT if accent else sounds.CLICK
        sound = _FEET.get((foot, accent), plain) if placed.part.distinct_feet else plain
        return names[sound], lengths[sound], foot

    table = np.array([heard_as(*kind) for kind in kinds], np.int64).reshape(-1, 3)
    rows["accent"] = [accent for accent, _ in alike]
    rows["sound"], rows["frames"], rows["foot"] = table[[kinds.index(each) for each in alike]].T
    return rows[rows["frame"] >= since]


def ticks(placed: Placed, clock: Clock, lengths: Mapping[str, int]) -> Iterator[Draft]:
    """Yield the soft ticks that count down to a fall."""
    part, sound = placed.part, sounds.TICK
    for tick in part.ticks:
        frame = clock.frame(placed.start + tick)
        kind, level = EventKind.COUNT_IN, part.beat_level
        yield Draft(frame, lengths[sound], kind, Bus.BEAT, sound, placed.index, level)


def signals(layout: Sequence[Placed], clock: Clock, lengths: Mapping[str, int]) -> Iterator[Draft]:
    """Yield a signal where an audible beat ends, and one for the end of the session.

    Without them a click would simply break off and leave the runner wondering. A click that stops
    within a run is announced instead: the signal would say that something is over.
    """

    def signal(frame: int, sound: str, phase: int) -> Draft:
        return Draft(frame, lengths[sound], EventKind.SIGNAL, Bus.BEAT, sound, phase)

    for placed, after in pairwise(layout):
        if placed.grid is None or not placed.beats_to_end:
            continue
        goes_on = after.grid is placed.grid and after.part.announcement.full
        if after.grid is not placed.grid or (after.part.beat.mode is BeatMode.OFF and not goes_on):
            yield signal(clock.frame(placed.end), sounds.PHASE_END, placed.index)
    if layout:
        yield signal(clock.frame(layout[-1].end), sounds.FINISHED, layout[-1].index)
