"""Where in a recording a session began: found where it was followed, else refused."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from cadence_cue.season.aligning import align
from cadence_cue.season.recording import Raw, RecordedRun, recorded_run
from tests.season.conftest import Phases
from tests.season.files import Point
from tests.season.runner import Habit, recorded

SESSIONS = ["cadence-plus5", "treadmill-ramp", "faded-run", "pre-race", "fall-to-run"]


def run(points: Sequence[Point]) -> RecordedRun:
    return recorded_run(Raw(point.at, point.steps, point.speed) for point in points)


@pytest.mark.parametrize("follows", [1.0, 0.75, 0.5])
@pytest.mark.parametrize("name", SESSIONS)
def test_the_start_is_found_where_half_was_followed(
    phases: Phases, name: str, follows: float
) -> None:
    for seed, before in enumerate((200, 45, -30)):
        plan = phases(name)
        points = recorded(plan, seed, before=before, habit=Habit(follows), stops=seed)
        found = align(run(points), plan)
        assert found is not None
        assert abs(found.start - before) <= 2
        assert found.believable


def test_a_recording_that_was_ended_early_still_fits(phases: Phases) -> None:
    plan = phases("cadence-plus5")
    points = recorded(plan, 4, before=90)
    found = align(run(points[: int(len(points) * 0.8)]), plan)
    assert found is not None
    assert (abs(found.start - 90) <= 2, found.believable) == (True, True)


def test_other_runs_are_not_believed(phases: Phases) -> None:
    believed = [
        (name, seed)
        for name in SESSIONS
        for seed in range(8)
        if (found := align(run(_other(seed)), phases(name))) and found.believable
    ]
    assert believed == []


def test_an_estimate_narrows_the_search(phases: Phases) -> None:
    plan = phases("relax-run")
    found = align(run(recorded(plan, 2, before=300)), plan, near=330, within=60)
    assert found is not None
    assert abs(found.start - 300) <= 2
    far = align(run(recorded(plan, 2, before=300)), plan, near=700, within=60)
    assert far is None or abs(far.start - 700) <= 60


def test_too_short_a_recording_is_no_start(phases: Phases) -> None:
    points = [Point(at, 170) for at in range(120)]
    assert align(run(points), phases("cadence-plus5")) is None


def _other(seed: int) -> list[Point]:
    """A run of another day: steady, by intervals, ever quicker, or here and there."""
    dice = random.Random(seed)
    own = dice.uniform(158, 178)
    blocks: list[tuple[int, float]] = {
        0: [(dice.randrange(1200, 3000), own)],
        1: [(600, own)] + [(dice.randrange(60, 120), s) for _ in range(8) for s in (own + 14, 115)],
        2: [(90, 112.0)] + [(240, own + k) for k in range(8)] + [(200, 112.0)],
        3: [(dice.randrange(30, 240), dice.uniform(158, 182)) for _ in range(14)],
    }[seed % 4]
    steps = [aim + dice.gauss(0, 1.5) for seconds, aim in blocks for _ in range(seconds)]
    return [Point(at, each, 2.9 if each > 140 else 1.3) for at, each in enumerate(steps)]
