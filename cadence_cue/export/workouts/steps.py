"""A session as the steps of a workout, and how steps that come again are folded into repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

TOLERANCE = 3
"""Per cent around a target; a watch beeps outside of it."""

_LONGEST_ROUND = 8  # steps that come again together


class Effort(Enum):
    """What a step is for a watch."""

    WARM_UP = auto()
    ACTIVE = auto()
    REST = auto()
    COOL_DOWN = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """A phase; `target` is in steps a minute, from and to, `note` is how to do it."""

    title: str
    seconds: float
    effort: Effort
    target: tuple[float, float] | None = None
    note: str = ""
    words: tuple[tuple[float, str], ...] = ()
    """What is said in it: seconds from its start, and the text."""


@dataclass(frozen=True, slots=True)
class Round:
    """Steps that are done several times in a row, `times` of them in all."""

    steps: tuple[Step, ...]
    times: int


@dataclass(frozen=True, slots=True)
class Workout:
    """A session as a workout."""

    title: str
    summary: str
    steps: tuple[Step, ...]


def folded(steps: Sequence[Step]) -> list[Step | Round]:
    """Return the steps with what comes again folded, where that saves most.

    What is said may differ from round to round; it is the first round's.
    """
    found: list[Step | Round] = []
    at = 0
    while at < len(steps):
        size, times = max(
            ((size, _times(steps, at, size)) for size in range(1, _LONGEST_ROUND + 1)),
            key=lambda each: each[0] * (each[1] - 1) - (each[1] > 1),  # the repeat is a step too
        )
        if size * (times - 1) > 1:
            found.append(Round(tuple(steps[at : at + size]), times))
            at += size * times
        else:
            found.append(steps[at])
            at += 1
    return found


def _times(steps: Sequence[Step], at: int, size: int) -> int:
    """Return how often the next so many steps are done in a row."""

    def done(step: Step) -> tuple[object, ...]:
        return step.title, step.seconds, step.effort, step.target

    first = [done(step) for step in steps[at : at + size]]
    times = 1
    while [done(step) for step in steps[at + times * size : at + (times + 1) * size]] == first:
        times += 1
    return times


def strides(target: tuple[float, float]) -> tuple[int, int]:
    """Return the bounds of a target in strides a minute, which watches count: two steps each."""
    low, high = min(target), max(target)
    return int(low / 2 * (1 - TOLERANCE / 100)), -int(-high / 2 * (1 + TOLERANCE / 100) // 1)
