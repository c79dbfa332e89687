"""What the log, the reviews and the plan say over weeks and months, as plain data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice, Scored, day_of
from cadence_cue.app.log.kept_reviews import kept_reviews
from cadence_cue.app.plan import kept_plan
from cadence_cue.app.plan.planning import DONE, names_done, state_of
from cadence_cue.coaching.drill import Library
from cadence_cue.season.plan import Plan, monday_of

WEEKS = 12
"""Weeks whose minutes are shown, at most."""
LATEST = 10
"""Marks or scores of a drill that are shown, at most."""


@dataclass(frozen=True, slots=True)
class WeekMinutes:
    """The minutes that were practised in the week from a Monday on."""

    monday: date
    minutes: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A cadence that a watch recorded, in steps a minute, with or without a click."""

    day: date
    steps: float
    click: bool


@dataclass(frozen=True, slots=True)
class OfDrill:
    """The latest values of a drill, oldest first."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Adherence:
    """How many runs of a plan's week were done, of those that were due; `week` 0 is afterwards."""

    week: int
    done: int
    due: int


@dataclass(frozen=True, slots=True)
class Trends:
    """What can be charted.

    `untimed` counts the practices of earlier versions, which do not tell how long they were.
    `baseline` is the cadence that the runner began with, in steps a minute. `alone` and `led` are
    tempo errors in per cent: in what was done without a click, and with one.
    """

    weeks: tuple[WeekMinutes, ...]
    untimed: int
    measured: tuple[Measured, ...]
    baseline: float | None
    marks: tuple[OfDrill, ...]
    alone: tuple[OfDrill, ...]
    led: tuple[OfDrill, ...]
    plan: tuple[Adherence, ...]


def trends(folder: Path, library: Library, own: float | None) -> Trends:
    """Return what the runner's folder says as of today; `own` is the cadence in the settings.

    Raises OSError.
    """
    names = {drill.id: drill.name for drill in library.drills.values()}
    return trends_of(
        history.entries(folder),
        kept_reviews(folder),
        kept_plan.readable(folder),
        own=own,
        names=names,
        today=kept_plan.now(),
    )


def trends_of(
    entries: Sequence[Practice | Scored],
    reviews: Sequence[Mapping[str, Any]],
    plan: Plan | None,
    *,
    own: float | None,
    names: Mapping[str, str],
    today: date,
) -> Trends:
    """Return what the history says as of a day.

    `own` is the baseline without a plan; `names` are those of the drills, by their ids.
    """
    practices = [entry for entry in entries if isinstance(entry, Practice)]
    scored = [entry for entry in entries if isinstance(entry, Scored)]
    return Trends(
        tuple(_weeks(practices, today)),
        sum(practice.seconds is None for practice in practices),
        tuple(sorted(_measured(reviews), key=lambda each: each.day)),
        plan.own if plan else own,
        _of_drills(
            (names.get(drill, drill), practice.mark)
            for practice in practices
            for drill in practice.drills
        ),
        _of_drills((of.title, of.alone_error_percent) for each in scored for of in each.results),
        _of_drills((of.title, of.tempo_error_percent) for each in scored for of in each.results),
        tuple(_adherence(plan, names_done(practices, reviews), today)) if plan else (),
    )


def _weeks(practices: Iterable[Practice], today: date) -> Iterator[WeekMinutes]:
    """Yield the weeks from the first that was practised in to this one, empty ones too."""
    minutes: dict[date, float] = {}
    for practice in practices:
        day = day_of(practice.date)
        if day is not None and day <= today and practice.seconds is not None:
            monday = monday_of(day)
            minutes[monday] = minutes.get(monday, 0) + practice.seconds / 60
    last = monday_of(today)
    first = max(min(minutes, default=last), last - timedelta(7 * (WEEKS - 1)))
    for k in range((last - first).days // 7 + 1 if minutes else 0):
        monday = first + timedelta(7 * k)
        yield WeekMinutes(monday, minutes.get(monday, 0))


def _measured(reviews: Iterable[Mapping[str, Any]]) -> Iterator[Measured]:
    for review in reviews:
        day = day_of(str(review.get("date")))
        for key, click in (("alone_spm", False), ("mean_spm", True)):
            steps = review.get(key)
            if day is not None and isinstance(steps, int | float):
                yield Measured(day, float(steps), click)


def _of_drills(values: Iterable[tuple[str, float | None]]) -> tuple[OfDrill, ...]:
    """Return the latest values of each drill, those that were practised last first."""
    found: dict[str, list[float]] = {}
    for name, value in values:
        if value is not None:
            found[name] = [*found.pop(name, []), value]
    return tuple(OfDrill(name, tuple(of[-LATEST:])) for name, of in reversed(found.items()))


def _adherence(plan: Plan, done: Collection[str], today: date) -> Iterator[Adherence]:
    states: dict[int, list[str]] = {}
    for run in plan.runs:
        state = state_of(run, done, today)
        if run.day < today or state == DONE:
            states.setdefault(run.week, []).append(state)
    for week, of in states.items():
        yield Adherence(week, of.count(DONE), len(of))
