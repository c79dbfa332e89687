"""A plan in words, for commands and screens alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from cadence_cue.app import planning
from cadence_cue.app.kept_plan import Today
from cadence_cue.app.planning import DONE, state_of
from cadence_cue.season.plan import Plan, PlannedRun, daily_drills


def today_lines(today: Today) -> Iterator[str]:
    """Yield the plan as of today: what is due, the week, and why it changed last."""
    plan, due = today.plan, today.due
    if plan.paused:
        yield planning.PROFESSIONAL
        yield ""
    if due.today and state_of(due.today, today.done, today.day) != DONE:
        yield f"Today: {run_line(due.today)}"
    elif due.today and due.next:
        yield f"Today is done. Next: {due.next.day:%a %d %b}, {run_line(due.next)}"
    elif due.next:
        drills = daily_drills(plan, today.day)
        free = f"{drills}, then" if drills else "a free day;"
        yield f"Today: {free} next {due.next.day:%a %d %b}, {run_line(due.next)}"
    else:
        yield "Your plan is over."
    if due.week:
        yield ""
    for run, state in due.week:
        yield f"{run.day:%a %d %b}  {run_line(run)}{f'  {state}' if state else ''}"
    if due.gentle and not plan.paused:
        yield "Something hurt: this week has no bouncing drills."
    if plan.changes:
        yield f"Last change, {plan.changes[-1].day:%d %b}: {plan.changes[-1].why}"


def week_lines(plan: Plan) -> Iterator[str]:
    """Yield a line for each week of a plan."""
    yield _about(plan)
    for week, runs in _weeks(plan):
        days = ", ".join(f"{run.day:%a %d %b}" for run in runs)
        if week:
            yield f"Week {week:2}: {_aim(runs)}: {days}"
        else:
            yield f"{days}: is it still there? Without a click"


def weeks_as_run(today: Today) -> Iterator[str]:
    """Yield each week of a plan with how its runs stand, and what changed."""
    plan = today.plan
    yield _about(plan)
    for week, runs in _weeks(plan):
        mark = ">" if any(run in plan.week_of(today.day) for run in runs) else " "
        days = ", ".join(
            f"{run.day:%a} {state_of(run, today.done, today.day)}".rstrip() for run in runs
        )
        if week:
            yield f"{mark} Week {week:2}, {runs[0].day:%d %b}: {_aim(runs)}: {days}"
        else:
            yield f"{mark} Later,   {runs[0].day:%d %b}: is it still there? Without a click: {days}"
    if plan.changes:
        yield ""
        yield "What changed"
        yield from (f"{change.day:%a %d %b}  {change.why}" for change in plan.changes)


def run_line(run: PlannedRun) -> str:
    """Return what a run is: its week, its minutes, its target and its click."""
    if not run.week:
        return f"is it still there? {run.minutes} minutes without a click"
    if run.target is None:
        return f"week {run.week}, {run.minutes} minutes in your own rhythm"
    click_share = f"click for {run.click} %" if run.click else "no click"
    return f"week {run.week}, {run.minutes} minutes at {run.target:g}, {click_share}"


def _about(plan: Plan) -> str:
    return f"{plan.title}: {len(plan.runs)} runs, drills {plan.drills}"


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
