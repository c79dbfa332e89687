"""A plan never asks for more than its limits, and its days are those that were asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.errors import UserError, WayOut
from cadence_cue.season.plan import (
    WEEKDAYS,
    Change,
    Plan,
    Wish,
    build,
    doubts,
    eased,
    postponed,
    repeated,
    weeks_needed,
)

MONDAY = date(2026, 12, 7)


def wish(own: float = 160, goal: float = 172, weeks: int = 9, **more: object) -> Wish:
    kept = {"days": ("mon", "wed", "sat"), "minutes": 20, "start": MONDAY} | more
    return Wish(own=own, goal=goal, weeks=weeks, **kept)  # type: ignore[arg-type]


def planned(*args: float, **more: object) -> Plan:
    return build(wish(*args, **more))[0]  # type: ignore[arg-type]


@st.composite
def wishes(draw: st.DrawFn) -> Wish:
    own = draw(st.integers(140, 190))
    goal = own * (1 + draw(st.integers(1, 100)) / 1000)
    days = draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1))
    weeks = weeks_needed(own, goal) + draw(st.integers(0, 6))
    start = draw(st.dates(date(2026, 1, 1), date(2029, 12, 31)))
    return Wish(own, goal, weeks, tuple(d for d in WEEKDAYS if d in days), 20, start)


@given(wishes())
def test_no_step_is_larger_than_two_and_a_half_per_cent_of_the_baseline(asked: Wish) -> None:
    plan, notes = build(asked)
    assert [*doubts(plan)] == []
    targets = [run.target or asked.own for run in plan.runs if run.week]
    own = Fraction(asked.own)
    rounded = Fraction(1, 10)  # a target is told with one digit
    for before, after in pairwise(targets):
        assert 0 <= Fraction(after) - Fraction(before) <= own * Fraction(25, 1000) + rounded
    assert Fraction(max(targets)) <= own * Fraction(1075, 1000) + rounded
    assert bool(notes) == (asked.goal > asked.own * 1.075 + 1e-6)
    for target in {run.target for run in plan.runs if run.target}:
        weeks = {run.week for run in plan.runs if run.target == target and run.week % 4}
        assert len(weeks) >= 2


@given(wishes())
def test_weeks_have_the_days_that_were_asked_for_and_easier_ones_a_run_less(asked: Wish) -> None:
    plan, _ = build(asked)
    assert [run.day for run in plan.runs] == sorted({run.day for run in plan.runs})
    for week in range(1, asked.weeks + 1):
        runs = [run for run in plan.runs if run.week == week]
        begin = asked.start + timedelta(7 * (week - 1))
        assert all(begin <= run.day < begin + timedelta(7) for run in runs)
        names = {WEEKDAYS[run.day.weekday()] for run in runs}
        assert names <= set(asked.days)
        easier = week % 4 == 0
        assert len(runs) == max(len(asked.days) - easier, 1)
        if easier or week == 1:
            assert all(run.click == 0 for run in runs)
    after = [run for run in plan.runs if not run.week]
    last = max(run.day for run in plan.runs if run.week)
    assert all((run.target, run.click) == (None, 0) for run in after)
    assert [(run.day - last).days for run in after] == [7, 28]


def test_the_click_fades_within_each_step() -> None:
    for target in (164, 168, 172):
        clicks = [run.click for run in planned().runs if run.target == target and run.week % 4]
        assert clicks == sorted(clicks, reverse=True) == [100, 100, 75, 50, 50, 25]
    clicks = [run.click for run in planned(weeks=11).runs if run.week >= 10]
    assert clicks == [25, 25, 25, 10, 10, 10]


def test_the_weeks_that_it_takes_are_told() -> None:
    # one of baseline, two a step, and every fourth
    assert [weeks_needed(160, 160 * (1 + k / 1000)) for k in (25, 50, 75)] == [3, 6, 9]
    with pytest.raises(UserError, match="160 to 172 steps a minute takes 9 weeks") as caught:
        build(wish(weeks=8))
    assert (caught.value.way_out, caught.value.name) == (WayOut.MORE_WEEKS, "9")


@pytest.mark.parametrize(
    ("goal", "sentence"),
    [(160, "160 is no quicker than your own 160"), (177, "177 is 10.6 % above your own 160")],
)
def test_what_cannot_be_planned_is_refused(goal: float, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        build(wish(goal=goal, weeks=20))


def test_a_goal_beyond_the_end_is_planned_to_the_end_and_told() -> None:
    plan, notes = build(wish(goal=176))
    assert max(run.target or 0 for run in plan.runs) == 172
    assert notes == ["The plan ends at 172.0, 7.5 % above your own; go on from there later."]


def test_a_week_that_comes_again_moves_all_that_follows() -> None:
    plan = planned()
    again = repeated(plan, 5, Change(MONDAY, "why"))
    assert len(again.runs) == len(plan.runs) + 3
    days = [run.day for run in again.runs]
    assert days == sorted(set(days))
    week_6 = [run for run in again.runs if run.week == 6]
    assert [(run.target, run.click) for run in week_6] == [(168, 100), (168, 100), (168, 75)]
    assert [run.day for run in again.runs][-2:] == [
        run.day + timedelta(7) for run in plan.runs[-2:]
    ]


def test_a_week_of_ones_own_may_last_longer_and_no_day_has_two_runs() -> None:
    plan = planned()
    days = [0, 7, 9, 15, 16, 23]
    weeks = [1, 1, 2, 1, 2, 0]
    runs = [
        replace(plan.runs[0], day=MONDAY + timedelta(day), week=week)
        for day, week in zip(days, weeks, strict=True)
    ]
    again = repeated(replace(plan, runs=tuple(runs)), 1, Change(MONDAY, "why"))
    assert [((run.day - MONDAY).days, run.week) for run in again.runs] == [
        (0, 1), (7, 1), (9, 2), (15, 1), (21, 2), (28, 2), (36, 2), (37, 3), (44, 0),
    ]  # fmt: skip


def test_a_week_that_is_put_off_takes_along_all_that_follows_and_nothing_before() -> None:
    plan = planned()
    later = postponed(plan, 5, 2, Change(MONDAY, "why"))
    assert [
        (after.day - before.day).days for before, after in zip(plan.runs, later.runs, strict=True)
    ] == [14 * (run.week >= 5 or not run.week) for run in plan.runs]
    assert [replace(run, day=MONDAY) for run in later.runs] == [
        replace(run, day=MONDAY) for run in plan.runs
    ]


def test_a_plan_of_ones_own_may_be_steep_but_that_is_told() -> None:
    days = [replace(planned().runs[0], day=MONDAY + timedelta(k), target=target)
            for k, target in enumerate((164, 170, 164, 170, 173))]  # fmt: skip
    assert [*doubts(replace(planned(), runs=tuple(days)))] == [
        "2026-12-08: 170 is 3.8 % more at once; 2.5 % is plenty.",
        "2026-12-11: 173 is 8.1 % above your own; 7.5 % is plenty.",
    ]


def test_easing_takes_the_step_before_on_some_days() -> None:
    plan = planned()
    days = [run.day for run in plan.runs if run.week in (2, 5)][1:]
    after = eased(plan, days)
    assert [run.target for run in after.runs if run.week == 2] == [164, None, None]
    assert [run.click for run in after.runs if run.week == 2] == [100, 0, 0]
    assert {run.target for run in after.runs if run.week == 5} == {164}
    assert {run.target for run in after.runs if run.week == 6} == {168}
    assert {run.day for run in after.runs if run.gentle} == set(days)
