"""Where music lies in a session: on the beats of long runs, and lower where nobody steps to it."""

from __future__ import annotations

from typing import Any

import numpy as np

from cadence_cue.music.grids import Grid, free_stretches, grids_of, running_tempos
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import EventKind
from tests.transporting import perform

WALK = {"walk": "", "time": "40s"}
REST = {"rest": "", "time": "30s"}
DRILL = {"drill": "butt-kicks", "time": "30s"}


def run(time: str = "70s", tempo: object = 172, **more: Any) -> dict[str, Any]:
    return {"run": "", "time": time, "tempo": tempo, **more}


def frames(grid: Grid) -> list[int]:
    return list(grid.frames(0, len(grid.instants) - 1))


def clicks(of: Performance, *phases: int) -> list[int]:
    return [e.frame for e in of.timeline if e.kind is EventKind.BEAT and e.phase in phases]


def stretches(of: Performance, *, in_drills: bool = False) -> list[tuple[float, float]]:
    rate, zero = of.timeline.rate, of.plan.clock.zero
    found = free_stretches(of.plan, in_drills=in_drills)
    return [((a - zero) / rate, (b - zero) / rate) for a, b in found]


def test_music_lies_on_the_clicks_of_long_runs() -> None:
    of = perform(WALK, run(tempo="160 -> 176"), run("40s", 176), WALK, run("50s"), run(tempo=110))
    (grid,) = grids_of(of.plan, off_beat=False)
    off = np.subtract(frames(grid), clicks(of, 1, 2))
    assert np.abs(off).max() <= 1
    assert [list(map(float, each)) for each in running_tempos(of.parts)] == [[160, 176], [176, 176]]


def test_between_clicks_of_one_foot_there_are_beats_too() -> None:
    of = perform(run(stride="left"))
    (grid,) = grids_of(of.plan, off_beat=False)
    assert len(grid.instants) >= 2 * len(clicks(of, 0)) - 1
    assert set(np.diff(frames(grid)).tolist()) <= {16744, 16745}


def test_where_the_click_is_silent_so_is_the_music() -> None:
    of = perform(run("2min", beat="60 on, 40 off"), run(beat="off"), WALK)
    grids = grids_of(of.plan, off_beat=False)
    assert [len(grid.instants) for grid in grids[:2]] == [60, 60]
    assert sum(len(grid.instants) for grid in grids) == len(clicks(of, 0))
    begin, _ = stretches(of)[0]
    assert begin >= 190
    (whole,) = grids_of(of.plan, off_beat=True)
    assert len(whole.instants) == 545  # 190 s
    assert set(clicks(of, 0)) <= {of.plan.clock.frame(each) for each in whole.instants}


def test_drills_have_none_unless_it_is_asked_for() -> None:
    of = perform(REST, DRILL, REST, run(), WALK)
    without, everywhere = stretches(of), stretches(of, in_drills=True)
    drill = next(mark for mark in of.timeline.marks if mark.kind == "drill")
    middle = (drill.start + drill.frames / 2 - of.plan.clock.zero) / of.timeline.rate
    assert not any(a <= middle <= b for a, b in without)
    assert any(a <= middle <= b for a, b in everywhere)
    (grid,) = grids_of(of.plan, off_beat=False)
    first, last = (float(each) for each in (grid.instants[0], grid.instants[-1]))
    counted = min(e.frame for e in of.timeline if e.kind is EventKind.COUNT_IN and e.phase == 3)
    begins = (counted - of.plan.clock.zero) / of.timeline.rate
    assert begins < first - 1
    for a, b in (*without, *everywhere):
        assert b <= begins + 1e-3 or a >= last
