"""A plan of weeks towards a quicker step: which run on which day, at which target.

Small steps, each for two weeks, with easier weeks between: protocols that changed a cadence raised
it by 5 to 10 % over some 8 guided runs and took the click away towards the end (Willy et al. 2016;
Huber & Verhoff 2024). The limits are this app's own choice, on the careful side.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cadence_cue.errors import UserError, WayOut

STEP = 2.5
"""Per cent of the first baseline: the most that a target rises at once."""
PAUSE = 5.0
"""Per cent over the baseline from where the plan only goes on if that felt easy."""
END = 7.5
"""Per cent over the baseline at which a plan ends."""
MOST = 10.0
"""Per cent over the baseline beyond which a wish is refused."""

YEARS = (2000, 2199)
"""The first and the last year of a run: no delay leads beyond what a date can be."""

_ROUNDING = 0.1  # per cent; targets have one digit

EASIER_EVERY = 4  # weeks
WEEKS_A_STEP = 2
_FADE = (100, 100, 75, 50, 50, 25)  # per cent of a run with a click, over the runs of one step
_LAST = (25, 10)  # and in weeks after the last step
_LATER = (1, 4)  # weeks after the end in which a run without a click shows what stayed

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_USUAL_DAYS = {
    1: ("wed",),
    2: ("tue", "sat"),
    3: ("mon", "wed", "sat"),
    4: ("mon", "wed", "fri", "sun"),
    5: ("mon", "tue", "thu", "fri", "sun"),
    6: ("mon", "tue", "wed", "thu", "sat", "sun"),
    7: WEEKDAYS,
}


def monday_of(day: date) -> date:
    """Return the Monday on or before a day."""
    return day - timedelta(day.weekday())


@dataclass(frozen=True, slots=True)
class Wish:
    """What a runner asks of a plan; cadences in steps a minute."""

    own: float
    goal: float
    weeks: int
    days: tuple[str, ...]
    minutes: int
    start: date
    drills: str = "before"


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run of a plan: `target` in steps a minute, `click` per cent of the time with a click.

    Without a target one runs as one likes. `week` counts from 1; runs after the last week, which
    show what stayed, have the number 0. A `gentle` one has no bouncing drills.
    """

    day: date
    week: int
    target: float | None
    click: int
    minutes: int
    gentle: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What changed in a plan on a day, and why, in a sentence."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A dated plan.

    `judged` is the number of weeks that have been judged, `sore` are the days on which something
    hurt, `asked` is the last day on which the runner was asked about that.
    """

    title: str
    own: float
    goal: float
    drills: str
    runs: tuple[PlannedRun, ...]
    changes: tuple[Change, ...] = ()
    judged: int = 0
    sore: tuple[date, ...] = ()
    paused: bool = False
    asked: date | None = None

    def week_of(self, day: date) -> list[PlannedRun]:
        """Return the runs from the Monday before a day to the Sunday after it."""
        monday = monday_of(day)
        return [run for run in self.runs if monday <= run.day < monday + timedelta(7)]

    def run_on(self, day: date) -> PlannedRun | None:
        """Return the run of a day; None if it is free."""
        return next((run for run in self.runs if run.day == day), None)


def usual_days(runs: int) -> tuple[str, ...]:
    """Return the days on which so many runs a week usually are."""
    return _USUAL_DAYS[runs]


def steps(own: float, goal: float) -> list[float]:
    """Return the targets from the baseline to a goal, each at most STEP above the one before."""
    end = min(goal, own * (1 + END / 100))
    count = math.ceil(round((end / own - 1) * 100 / STEP, 6))
    return [round(own + (end - own) * k / count, 1) for k in range(1, count + 1)]


def weeks_needed(own: float, goal: float) -> int:
    """Return the weeks that a plan takes: the baseline, two a step, and the easier ones."""
    working = 1 + WEEKS_A_STEP * len(steps(own, goal))
    weeks = working
    while weeks - weeks // EASIER_EVERY < working:
        weeks += 1
    return weeks


def build(wish: Wish) -> tuple[Plan, list[str]]:
    """Return a plan, and sentences about what it does not do as wished.

    Raises UserError for a wish that cannot be planned.
    """
    notes = _checked(wish)
    targets = steps(wish.own, wish.goal)
    needed = weeks_needed(wish.own, wish.goal)
    if wish.weeks < needed:
        raise UserError(
            f"{wish.own:g} to {targets[-1]:g} steps a minute takes {needed} weeks",
            way_out=WayOut.MORE_WEEKS,
            name=str(needed),
        )
    runs = list(_weeks(wish, targets))
    runs += [
        PlannedRun(runs[-1].day + timedelta(7 * weeks), 0, None, 0, wish.minutes)
        for weeks in _LATER
    ]
    last = runs[-1].day
    if last.year > YEARS[1]:
        raise UserError(f"the plan would last until {last}, beyond {YEARS[1]}; start it earlier")
    title = f"{wish.own:g} to {targets[-1]:g}"
    return Plan(title, wish.own, targets[-1], wish.drills, tuple(runs)), notes


def check_day(day: date) -> None:
    """Raise UserError for a day that no run can be on."""
    first, last = YEARS
    if not first <= day.year <= last:
        raise UserError(f"{day} is no day for a run; write one from {first} to {last}")


def _checked(wish: Wish) -> list[str]:
    check_day(wish.start)
    above = 100 * (wish.goal / wish.own - 1)
    if above <= 0:
        raise UserError(f"{wish.goal:g} is no quicker than your own {wish.own:g}")
    if above > MOST + 1e-9:
        raise UserError(
            f"{wish.goal:g} is {above:.1f} % above your own {wish.own:g}; more than {MOST:g} % is "
            "too much for one plan"
        )
    if above > END + 1e-9:
        end = wish.own * (1 + END / 100)
        return [f"The plan ends at {end:.1f}, {END:g} % above your own; go on from there later."]
    return []


def doubts(plan: Plan) -> Iterator[str]:
    """Yield a sentence for each run that asks for more than `build` would."""
    most = plan.own
    for run in plan.runs:
        if run.target is None or run.target <= most:
            continue
        rise, above = (100 * (run.target - lower) / plan.own for lower in (most, plan.own))
        most = run.target
        if rise > STEP + _ROUNDING:
            yield f"{run.day}: {run.target:g} is {rise:.1f} % more at once; {STEP:g} % is plenty."
        if above > END + _ROUNDING:
            yield f"{run.day}: {run.target:g} is {above:.1f} % above your own; {END:g} % is plenty."


def _weeks(wish: Wish, targets: Sequence[float]) -> Iterator[PlannedRun]:
    """Yield the runs of all weeks, with the click fading over the runs of each step."""
    weeks = [(week, *_aim(week, targets)) for week in range(1, wish.weeks + 1)]
    done: dict[int, int] = {}
    total = {
        step: sum(len(wish.days) for _, s, easier in weeks if s == step and not easier)
        for step in range(len(targets) + 2)
    }
    for week, step, easier in weeks:
        target = targets[min(step, len(targets)) - 1] if step else None
        days = wish.days[:-1] if easier and len(wish.days) > 1 else wish.days
        for day in sorted(_day(wish.start, week, name) for name in days):
            click = 0
            if step and not easier:
                fade = _FADE if step <= len(targets) else _LAST
                click = fade[done.get(step, 0) * len(fade) // total[step]]
                done[step] = done.get(step, 0) + 1
            yield PlannedRun(day, week, target, click, wish.minutes)


def _aim(week: int, targets: Sequence[float]) -> tuple[int, bool]:
    """Return the step of a week, 0 for the baseline, and whether the week is an easier one.

    One more than there are targets stands for weeks that keep the last of them.
    """
    easier = week % EASIER_EVERY == 0
    working = week - week // EASIER_EVERY  # the weeks so far that count
    step = (working - 1 + WEEKS_A_STEP - 1) // WEEKS_A_STEP
    return min(step, len(targets) + 1), easier


def _day(start: date, week: int, name: str) -> date:
    """Return the day of this name in a week that begins on the weekday of the start."""
    first = start + timedelta(7 * (week - 1))
    return first + timedelta((WEEKDAYS.index(name) - first.weekday()) % 7)


def repeated(plan: Plan, week: int, change: Change) -> Plan:
    """Return the plan with a week done again, and all that follows so much later.

    That is a week later; more, if the plan is the runner's own and calls more days one week.
    """
    of_week = [run for run in plan.runs if run.week == week]
    first, last = of_week[0].day, of_week[-1].day
    later = timedelta(7 * ((last - first).days // 7 + 1))
    before = (run for run in plan.runs if run.day <= last)
    again = (replace(run, day=run.day + later, week=week + 1) for run in of_week)
    after = (
        replace(run, day=run.day + later, week=run.week + 1 if run.week > week else run.week)
        for run in plan.runs
        if run.day > last
    )
    return replace(plan, runs=(*before, *again, *after), changes=(*plan.changes, change))


def postponed(plan: Plan, week: int, weeks: int, change: Change) -> Plan:
    """Return the plan with a week, and all that follows, so many weeks later."""
    first = min(run.day for run in plan.runs if run.week == week)
    return moved(plan, first, weeks, change)


def moved(plan: Plan, first: date, weeks: int, change: Change) -> Plan:
    """Return the plan with all runs from a day on so many weeks later."""
    runs = tuple(
        replace(run, day=run.day + timedelta(7 * weeks)) if run.day >= first else run
        for run in plan.runs
    )
    return replace(plan, runs=runs, changes=(*plan.changes, change))


def eased(plan: Plan, days: Collection[date]) -> Plan:
    """Return the plan with gentle runs, at the target before theirs, on these days."""
    targets = sorted({run.target for run in plan.runs if run.target})

    def easier(run: PlannedRun) -> PlannedRun:
        below = [target for target in targets if run.target and target < run.target]
        click = run.click if below else 0
        return replace(run, target=below[-1] if below else None, click=click, gentle=True)

    runs = tuple(easier(run) if run.day in days else run for run in plan.runs)
    return replace(plan, runs=runs)
