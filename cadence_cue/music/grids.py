"""Where music is laid in a session: on the beats of its runs, and between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import lcm

from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Kind
from cadence_cue.timing.layout import Clock, Placed
from cadence_cue.timing.planner import Plan
from cadence_cue.timing.tempo import TempoMap
from cadence_cue.timing.timeline import EventKind

SLOWEST = 120
"""Beats a minute, below which nobody runs to music."""
SHORTEST = 60
"""Seconds of running that are worth a piece."""
LEAD = 0.05
"""Seconds before a beat, at which blocks of a stretched piece join."""

_RUNS = (Kind.RUN, Kind.GLIDE)
_DRILLS = (Kind.DRILL, Kind.EXPLAIN, Kind.SWITCH)
_LEAST = 15  # seconds between beats and drills in which music is heard


@dataclass(frozen=True, slots=True)
class Grid:
    """Beats of a session in a row, at exact instants in seconds."""

    instants: tuple[Fraction, ...]
    clock: Clock

    @property
    def tempos(self) -> list[float]:
        """The beats a minute from each beat to the next."""
        return [60 / float(b - a) for a, b in pairwise(self.instants)]

    def since(self, frame: int) -> Grid:
        """Return what is left of it from a frame on."""
        at = bisect_left(self.instants, frame, key=self.clock.frame)
        return replace(self, instants=self.instants[at:])

    def frames(self, first: int, last: int) -> tuple[int, ...]:
        """Return the frames of the beats from `first` to `last`.

        Only the first is rounded on its own and the others from there, so that the same beats have
        the same distances wherever they begin.
        """
        begin = self.instants[first]
        zero, rate = self.clock.frame(begin), self.clock.rate
        return tuple(
            zero + round(rate * (each - begin)) for each in self.instants[first : last + 1]
        )


def running_tempos(parts: Sequence[Part]) -> list[tuple[Fraction, Fraction]]:
    """Return the tempos, at the start and the end, of the parts that music is matched to."""
    return [part.tempo for run in _runs(parts) for part in run if part.tempo]


def grids_of(plan: Plan, *, off_beat: bool) -> list[Grid]:
    """Return the beats that music is matched to: those that sound in long runs.

    Where a run's click is silent, so that the runner keeps the rhythm alone, there are some only
    if music is to be heard `off_beat`.
    """
    return [
        Grid(tuple(_instants(placed[0].grid, beats)), plan.clock)
        for placed in _placed_runs(plan.layout)
        for beats in _in_a_row(placed, off_beat=off_beat)
        if placed[0].grid is not None and len(beats) > 1
    ]


def free_stretches(plan: Plan, *, in_drills: bool) -> list[tuple[int, int]]:
    """Return the stretches, as frames, in which music plays at its own tempo.

    They are what is left of a session by long runs, their count-ins, and unless `in_drills` drills.
    """
    timeline, clock = plan.timeline, plan.clock
    counted = timeline.events[timeline.events["kind"] == EventKind.COUNT_IN]
    taken = []
    for placed in _placed_runs(plan.layout):
        begin = clock.frame(placed[0].start)
        count_in = counted["frame"][counted["phase"] == placed[0].index]
        taken.append((int(min([begin, *count_in])), clock.frame(placed[-1].end)))
    if not in_drills:
        taken += [
            (mark.entry, mark.start + mark.frames)
            for mark in timeline.marks
            if mark.kind in _DRILLS
        ]
    ends = [(timeline.start, timeline.start), *sorted(taken), (timeline.frames, timeline.frames)]
    least = _LEAST * timeline.rate
    return [(a, b) for (_, a), (b, _) in pairwise(ends) if b - a >= least]


def _instants(grid: TempoMap, beats: Sequence[int]) -> Iterator[Fraction]:
    """Yield the instants of a grid's beats, given in ascending order."""
    for segment, run in grid.runs(beats):
        if segment.tempo != segment.end_tempo:
            yield from (segment.instant(Fraction(beat)) for beat in run)
            continue
        first, apart = segment.instant(Fraction(run[0])), 60 / segment.tempo
        # One common denominator: adding a Fraction for each beat takes twice as long.
        common = lcm(first.denominator, apart.denominator)
        begin, step = int(first * common), int(apart * common)
        yield from (Fraction(begin + (beat - run[0]) * step, common) for beat in run)


def _runs(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Yield the parts of each run that is long and quick enough, on one grid."""
    run: list[Part] = []
    for part in (*parts, None):
        if part and _runs_on(part) and not (run and part.grid_delay):
            run.append(part)
            continue
        if sum(each.seconds for each in run) >= SHORTEST:
            yield run
        run = [part] if part and _runs_on(part) else []


def _runs_on(part: Part) -> bool:
    return part.kind in _RUNS and part.tempo is not None and min(part.tempo) >= SLOWEST


def _placed_runs(layout: Sequence[Placed]) -> list[list[Placed]]:
    at = {id(placed.part): placed for placed in layout}
    return [[at[id(part)] for part in run] for run in _runs([each.part for each in layout])]


def _in_a_row(run: Sequence[Placed], *, off_beat: bool) -> Iterator[list[int]]:
    """Yield the beats that sound in a run, or all `off_beat`, those without a pause together."""
    row: list[int] = []
    for beat in (beat for each in run for beat in (each.beats() if off_beat else each.led())):
        if row and beat != row[-1] + 1:
            yield row
            row = []
        row.append(beat)
    yield row
