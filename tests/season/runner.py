"""A runner who does what a session asks, more or less, with a watch on the wrist."""

from __future__ import annotations

import random
from dataclasses import dataclass

from cadence_cue.season.planned import PlannedPhase
from tests.season.files import Point


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody runs: the share of the phases that is followed, and the own cadence."""

    follows: float = 1.0
    own: float = 162.0
    spread: float = 1.2  # steps a minute, SD
    faster: float = 0.0  # m/s more on a quicker click


def recorded(
    phases: list[PlannedPhase],
    seed: int,
    *,
    before: int = 60,
    after: int = 60,
    habit: Habit = Habit(),
    stops: int = 0,
) -> list[Point]:
    """The records of a session, one a second; with a negative `before` the watch began late."""
    dice = random.Random(seed)
    steady = [phase for phase in phases if phase.runs and phase.target]
    followed = {id(phase) for phase in steady if dice.random() < habit.follows}
    end = int(phases[-1].end)
    points, drift, phase = [], 0.0, None
    halts = [(at := dice.randrange(end), at + dice.randrange(8, 20)) for _ in range(stops)]
    for second in range(-max(before, 0), end + after):
        drift = 0.8 * drift + dice.gauss(0, 0.6 * habit.spread)
        reached = next((p for p in phases if p.start <= second < p.end), None)
        phase = reached if dice.random() < 0.7 or reached is None else phase or reached
        steps, speed = _pace(phase if 0 <= second < end else None, second, followed, habit, drift)
        if any(a <= second < b for a, b in halts):
            steps, speed = 0.0, 0.0
        points.append(Point(second + max(before, 0), steps, speed))
    late = max(-before, 0)
    return [Point(p.at - late, p.steps, p.speed) for p in points if p.at >= late]


def _pace(
    phase: PlannedPhase | None, second: int, followed: set[int], habit: Habit, drift: float
) -> tuple[float, float]:
    if phase is None or phase.stands:
        return (112 + 2 * drift, 1.4) if phase is None or phase.seconds > 25 else (0.0, 0.0)
    if not phase.runs:
        return 70.0, 0.2
    if phase.target is None or id(phase) not in followed:
        return habit.own + drift, 2.8
    low, high = phase.target
    aim = low + (high - low) * min(max(second - phase.start, 0) / phase.seconds, 1)
    return aim + drift, 2.8 + (habit.faster if low > habit.own * 1.02 else 0)
