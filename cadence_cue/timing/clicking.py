"""All sounds of the beat bus except count-ins: beats, soft ticks and signals.

Count-ins are placed together with announcements, in `leading`.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.session import BeatMode
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
    layout: Iterable[Placed], clock: Clock, lengths: Mapping[str, int], names: Names, since: int
) -> Rows:
    """Return the audible beats of these parts from frame `since` on, as rows of EVENT in order.

    `lengths` holds the frames of each sound; sounds are numbered by `names`.
    """
    beat, frame, sound = array("q"), array("q"), array("q")  # a list takes five times the memory
    counts: list[int] = []
    phases: list[tuple[int, float]] = []
    table: list[tuple[int, int, Foot, bool]] = []
    for placed in layout:
        if placed.grid is None:
            continue
        heard = list(placed.heard())
        if clock.frame(placed.start) < since:
            # Round down: a beat shortly before this instant may have been rounded up to this frame.
            first = math.floor(placed.grid.position(clock.instant(since)))
            heard = [each for each in heard if each >= first]
        accents, begin = placed.accents(), len(table)
        of_table = [begin + 2 * (each in accents) + each % 2 for each in heard]
        for kind in range(4):
            name, foot, accented = _sound(placed, kind % 2, accented=kind >= 2)
            number = names[name] if begin + kind in of_table else -1
            table.append((number, lengths[name], foot, accented))
        beat.extend(heard)
        frame.extend(clock.beat_frames(placed.grid, heard))
        sound.extend(of_table)
        counts.append(len(heard))
        phases.append((placed.index, gain_of(placed.part.beat_level)))
    rows = np.zeros(len(beat), EVENT)
    rows["frame"], rows["beat"] = frame, beat
    rows["kind"], rows["bus"] = EventKind.BEAT, Bus.BEAT
    phase, gain = np.array(phases, np.float64).reshape(-1, 2).T
    rows["phase"], rows["gain"] = np.repeat(phase, counts), np.repeat(gain, counts)
    told = np.array(table, np.int64).reshape(-1, 4)
    for name, column in zip(("sound", "frames", "foot", "accent"), told.T, strict=True):
        rows[name] = column[sound]
    coming = rows["frame"] >= since
    return rows if coming.all() else rows[coming]


def _sound(placed: Placed, parity: int, *, accented: bool) -> tuple[str, Foot, bool]:
    """Return the sound of an even or odd beat, its foot and whether it is accented."""
    foot = foot_of(placed, parity)
    plain = sounds.ACCENT if accented else sounds.CLICK
    name = _FEET.get((foot, accented), plain) if placed.part.distinct_feet else plain
    return name, foot, accented


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
