"""A plan in words, for commands and screens alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby, islice

from cadence_cue.app.plan import planning
from cadence_cue.app.plan.kept_plan import Today
from cadence_cue.app.plan.planning import DONE, state_of
from cadence_cue.season.plan import Plan, PlannedRun

_LATELY = 7  # days
_DAY, _BEGIN = "%a %d %b", "%d %b"


def today_lines(today: Today) -> Iterator[str]:
    """Yield the plan as of today: what is due, the week, and why it changed lately."""
    plan, due = today.plan, today.due
    if plan.paused:
        yield planning.PROFESSIONAL
        return
    yield due_line(today)
    if due.week:
        yield ""
    for run, state in due.week:
        yield f"{_date(run.day, today.day)}  {run_line(run)}{f'  {state}' if state else ''}"
    for change in plan.changes:
        if change.day > today.day - timedelta(_LATELY):
            yield f"Changed on {_date(change.day, today.day)}: {change.why}"


def due_line(today: Today) -> str:
    """Return what is to be done today, and what comes next."""
    due = today.due
    if due.today and state_of(due.today, today.done, today.day) != DONE:
        return f"Today: {run_line(due.today)}"
    if due.next is None:
        return "Your plan is over."
    then = f"{_date(due.next.day, today.day)}, {run_line(due.next)}"
    if due.today or due.drilled:
        return f"Today is done. Next: {then}"
    if due.drills:
        return f"Today: drills, {due.drills}. Next: {then}"
    return f"Today: a free day; next {then}"


def week_lines(plan: Plan, today: date) -> Iterator[str]:
    """Yield a line for each week of a plan, with the year where that is not today's any more."""
    yield _about(plan)
    dates = _dates((run.day for run in plan.runs), today)
    for week, runs in _weeks(plan):
        days = ", ".join(islice(dates, len(runs)))
        if week:
            yield f"Week {week:2}: {_aim(runs)}: {days}"
        else:
            yield f"{days}: is the new step still there? Without a click"


def weeks_as_run(today: Today) -> Iterator[str]:
    """Yield each week of a plan with how its runs stand, and what changed."""
    plan = today.plan
    yield _about(plan)
    near, weeks = _nearest(today), [*_weeks(plan)]
    begins = _dates((runs[0].day for _, runs in weeks), today.day, _BEGIN)
    for (week, runs), begin in zip(weeks, begins, strict=True):
        mark = ">" if near in runs else " "
        days = ", ".join(
            f"{run.day:%a} {state_of(run, today.done, today.day)}".rstrip() for run in runs
        )
        if week:
            yield f"{mark} Week {week:2}, {begin}: {_aim(runs)}: {days}"
        else:
            yield f"{mark} Later,   {begin}: is the new step still there? Without a click: {days}"
    if plan.changes:
        yield ""
        yield "What changed"
        yield from (f"{_date(change.day, today.day)}  {change.why}" for change in plan.changes)


def runs_of(plan: Plan) -> str:
    """Return how many runs a plan has."""
    count = len(plan.runs)
    return "1 run" if count == 1 else f"{count} runs"


def run_line(run: PlannedRun) -> str:
    """Return what a run is: its week, its minutes, its target and its click."""
    if not run.week:
        return f"is the new step still there? {run.minutes} minutes without a click"
    if run.target is None:
        return f"week {run.week}, {run.minutes} minutes in your own rhythm"
    click_share = f"click for {run.click} %" if run.click else "no click"
    return f"week {run.week}, {run.minutes} minutes at {run.target:g}, {click_share}"


def _nearest(today: Today) -> PlannedRun | None:
    """Return the next run of this week, or the last one if all are over; None in a free week."""
    week = [run for run, _ in today.due.week]
    return today.due.next if today.due.next in week else week[-1] if week else None


def _dates(days: Iterable[date], today: date, form: str = _DAY) -> Iterator[str]:
    """Yield days, each with its year if that is not the year of the one before, or of today."""
    before = today
    for day in days:
        yield _date(day, before, form)
        before = day


def _date(day: date, before: date, form: str = _DAY) -> str:
    """Return a day, with its year if that is not the year of the day that was told before."""
    return f"{day:{form}}" if day.year == before.year else f"{day:{form} %Y}"


def _about(plan: Plan) -> str:
    return f"{plan.title}: {runs_of(plan)}, drills {plan.drills}"


def _weeks(plan: Plan) -> Iterator[tuple[int, list[PlannedRun]]]:
    """Yield the weeks of a plan with their runs, then each later run by itself."""
    for week, runs in groupby(plan.runs, lambda run: run.week):
        if week:
            yield week, list(runs)
        else:
            yield from ((0, [run]) for run in runs)


def _aim(runs: Sequence[PlannedRun]) -> str:
    """Return the targets and the clicks of a week."""
    targets = dict.fromkeys(f"{run.target:g}" if run.target else "own" for run in runs)
    clicks = [run.click for run in runs]
    click = f"click {'/'.join(map(str, clicks))} %" if any(clicks) else "no click"
    easier = "easier, " if runs[0].target and not any(clicks) else ""
    return f"{'/'.join(targets):>5}, {easier}{click}"
