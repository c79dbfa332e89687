"""The figures of a review, against sums by hand in exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from statistics import fmean

import pytest

from cadence_cue.season.planned import PlannedPhase
from cadence_cue.season.recording import Raw, recorded_run
from cadence_cue.season.reviewing import PhaseFigures, Review, review
from tests.season.conftest import Phases
from tests.season.files import Point
from tests.season.runner import Habit, recorded


def reviewed(
    points: Sequence[Point],
    phases: Sequence[PlannedPhase],
    start: float = 0,
    pauses: Sequence[tuple[float, float]] = (),
) -> Review:
    run = recorded_run((Raw(p.at, p.steps, p.speed) for p in points), pauses)
    return review(run, phases, start)


def phase(
    start: float, seconds: float, *target: float, clicks: bool = True, index: int = 0
) -> PlannedPhase:
    ends = (target[0], target[-1]) if target else None
    return PlannedPhase(
        index, "Run", start, seconds, runs=True, stands=False, target=ends, clicks=clicks
    )


def one(points: Sequence[Point], *target: float) -> PhaseFigures:
    return reviewed(points, [phase(0, len(points), *target)]).phases[0]


def by_hand(points: list[Point], plan: PlannedPhase, start: int) -> dict[str, float] | None:
    """Mean, median, bias and shares of a phase, from records one second apart."""
    skip = 20 if plan.target and plan.target[0] == plan.target[1] else 0
    rows = [
        (Fraction(p.steps), Fraction(p.at - start) - Fraction(plan.start))
        for p in points
        if plan.start + skip <= p.at - start < plan.end and 120 <= p.steps <= 230 and p.speed > 1.6
    ]
    if not rows:
        return None
    steps = sorted(float(step) for step, _ in rows)
    figures = {"moving": len(rows), "mean": fmean(steps), "median": steps[(len(steps) - 1) // 2]}
    if plan.target:
        low, high = map(Fraction, plan.target)
        aims = [low + (high - low) * at / Fraction(plan.seconds) for _, at in rows]
        off = [float((step / aim - 1) * 100) for (step, _), aim in zip(rows, aims, strict=True)]
        figures["bias"] = fmean(off)
        for band in (2, 3, 5):
            figures[f"within {band}"] = 100 * sum(abs(each) <= band for each in off) / len(off)
    return figures


@pytest.mark.parametrize("follows", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("name", ["cadence-plus5", "treadmill-ramp", "cadence-pyramid"])
def test_every_figure_is_the_one_by_hand(phases: Phases, name: str, follows: float) -> None:
    plan = phases(name)
    points = recorded(plan, 7, before=33, habit=Habit(follows, spread=2.5), stops=2)
    for each in reviewed(points, plan, 33).phases:
        truth = by_hand(points, each.phase, 33)
        figures = each.figures
        if truth is None or not each.phase.runs:
            continue
        told = {"moving": figures.moving_s, "mean": figures.mean_spm, "median": figures.median_spm}
        if each.phase.target:
            told["bias"] = figures.bias_percent
            told |= {f"within {b}": s for b, s in zip((2, 3, 5), figures.within, strict=True)}
        assert told == pytest.approx(truth, rel=1e-3, abs=1e-9)


def test_samples_weigh_as_long_as_they_last() -> None:
    points = [*(Point(at, 160) for at in range(20, 40)), Point(40, 170), Point(44, 170)]
    figures = reviewed(points, [phase(0, 100, 165)], -20).phases[0].figures
    assert figures.moving_s == pytest.approx(20 + 4 + 1)
    assert figures.mean_spm == pytest.approx((20 * 160 + 5 * 170) / 25)


def test_the_whole_is_of_steady_phases_with_a_click() -> None:
    plan = [
        phase(0, 60, 160),
        phase(60, 60, 160, 170),
        phase(120, 60, 170, clicks=False),
        phase(180, 60, 170),
        phase(240, 60, clicks=False),
    ]
    steps = [160, 150, 166, 171, 162]
    points = [Point(at, steps[at // 60]) for at in range(300)]
    result = reviewed(points, plan)
    assert result.whole.moving_s == 80
    assert result.whole.mean_spm == pytest.approx((160 + 171) / 2)
    assert result.whole.bias_percent == pytest.approx(100 * (171 / 170 - 1) / 2)
    assert result.carry_over == pytest.approx(166 - 171)
    # at a target also what is kept without a click is not one's own, or each would be the next base
    assert result.own.mean_spm == pytest.approx(162)
    assert result.alone.mean_spm == pytest.approx((40 * 166 + 60 * 162) / 100)


def test_walking_and_standing_do_not_count() -> None:
    points = [Point(at, 170 if at < 40 else 118 if at < 60 else 165, 3.0) for at in range(80)]
    points += [Point(at, 165, 1.2) for at in range(80, 100)]
    assert one(points, 170).figures.moving_s == 20 + 20


def test_a_step_is_found_where_it_stays() -> None:
    def settled(*steps: float) -> float | None:
        return one([Point(at, each) for at, each in enumerate(steps)], 170).settle_s

    assert settled(*[170.0] * 60) == 0
    assert settled(*[160.0] * 30, *[170.0] * 60) == pytest.approx(27, abs=1)
    assert settled(*[170.0] * 12, *[160.0] * 30, *[170.0] * 60) == pytest.approx(39, abs=1)
    assert settled(*[160.0] * 60) is None


def test_drift_is_less_at_one_speed() -> None:
    points = [Point(at, 165 + at / 60, 2.8 + at / 360) for at in range(600)]
    result = reviewed(points, [phase(0, 600, 170)])
    assert result.drift == pytest.approx(580 * 2 / 3 / 60, abs=0.1)
    assert result.drift_at_speed == pytest.approx(0, abs=0.1)


def test_a_change_of_targets_is_no_drift() -> None:
    plan = [phase(0, 200, 160), phase(200, 300, 170), phase(500, 300, 170)]
    steady = [Point(at, 162) for at in range(800)]
    assert reviewed(steady, plan).drift == pytest.approx(0)
    followed = [Point(at, 160 if at < 200 else 170) for at in range(800)]
    assert reviewed(followed, plan).drift == pytest.approx(0)


def test_nothing_is_told_of_nothing() -> None:
    result = reviewed([Point(at, 170) for at in range(60)], [phase(100, 60, 170)])
    assert result.whole.mean_spm is None
    assert (result.carry_over, result.drift, result.phases[0].settle_s) == (None, None, None)
