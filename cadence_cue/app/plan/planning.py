"""What a plan asks for on a day, and how it follows what was really run and felt."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from cadence_cue.app.log.history import EASY, Practice, day_of
from cadence_cue.app.plan.plan_session import name_of
from cadence_cue.errors import UserError
from cadence_cue.season.plan import (
    PAUSE,
    Change,
    Plan,
    PlannedRun,
    eased,
    moved,
    postponed,
    repeated,
)

_HARD = 2
"""The highest mark, of 1 to 5, at which a week was hard."""
_FOLLOWED = 50.0
"""Per cent of the time near the click below which a step is repeated."""
_GENTLE = 7
"""Days without bouncing after something hurt."""
_FIRST_DRILLS = 7
"""Days at the start of a plan whose daily drills are the first ones alone."""
_TWICE_WITHIN = 14
"""Days within which pain twice pauses the plan."""

_DONE = 0.5
"""The share of a run from which it was done."""

DONE, MISSED, TODAY = "done", "missed", "today"
"""How a run stands; "" before its day."""

PROFESSIONAL = (
    "Something hurt twice in two weeks, so the plan pauses. See a doctor or a physiotherapist "
    "before you go on."
)
_GENTLER = "Something hurt, so for a week there is no bouncing and the target is a step lower."


@dataclass(frozen=True, slots=True)
class Due:
    """A plan as of a day: the run of today, and the runs of this week with how each stands."""

    today: PlannedRun | None
    week: tuple[tuple[PlannedRun, str], ...]
    """Each with DONE, MISSED, TODAY or ""."""
    next: PlannedRun | None
    drills: str
    """The session of drills for today, "" if none is planned."""
    drilled: bool
    """Whether it was done today."""


@dataclass(frozen=True, slots=True)
class Later:
    """A run after a plan, which shows what stayed of it.

    `own` is the cadence before the plan and `goal` its last target, in steps a minute; `weeks` have
    passed since the plan's last week.
    """

    own: float
    goal: float
    weeks: int


def later_of(plan: Plan, name: str) -> Later | None:
    """Return which of the runs after a plan a session of this name is; None for any other."""
    run = next((run for run in plan.runs if not run.week and name_of(run) == name), None)
    last = max((run.day for run in plan.runs if run.week), default=None)
    if run is None or last is None:
        return None
    return Later(plan.own, plan.goal, round((run.day - last).days / 7))


def names_done(practices: Iterable[Practice], reviews: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the names of the sessions that were practised, or of which a review found a run."""
    practised = {each.session for each in practices if is_done(each)}
    ran = (each for each in reviews if each.get("mean_spm") or each.get("alone_spm"))
    return practised | {str(each.get("session")) for each in ran}


def is_done(practice: Practice) -> bool:
    """Whether so much of a session was heard that it was done, not only begun."""
    return practice.share >= _DONE


def due(plan: Plan, done: Collection[str], practices: Iterable[Practice], today: date) -> Due:
    """Return what a plan asks for on a day.

    `done` are the names of what was done on any day, `practices` tell what was done today.
    """
    coming = (run for run in plan.runs if run.day >= today and state_of(run, done, today) != DONE)
    drills = daily_drills(plan, today)
    return Due(
        plan.run_on(today),
        tuple((run, state_of(run, done, today)) for run in plan.week_of(today)),
        next(coming, None),
        drills,
        any(
            each.session == drills and day_of(each.date) == today and is_done(each)
            for each in practices
        ),
    )


def daily_drills(plan: Plan, day: date) -> str:
    """Return the session of drills for a day without a run, "" if none is planned."""
    days = [run.day for run in plan.runs if run.week]
    if plan.drills != "daily" or not days or not days[0] <= day <= days[-1] or plan.run_on(day):
        return ""
    first = (day - days[0]).days < _FIRST_DRILLS
    return "first-perception" if first or is_gentle(plan, day) else "daily-ten"


def state_of(run: PlannedRun, done: Collection[str], today: date) -> str:
    """Return how a run stands on a day; `done` are the names of what was done."""
    if name_of(run) in done:
        return DONE
    if run.day == today:
        return TODAY
    return MISSED if run.day < today else ""


def is_gentle(plan: Plan, day: date) -> bool:
    """Whether a day is within a week after something hurt."""
    return any(timedelta(0) <= day - each < timedelta(_GENTLE) for each in plan.sore)


def gentler(plan: Plan, done: Collection[str]) -> Plan:
    """Return the plan as it is run: gentle for a week after something hurt.

    What was done before on the same day stays as it was; `done` are the names of what was done.
    """
    after = (run for run in plan.runs if run.day not in plan.sore or name_of(run) not in done)
    return eased(plan, {run.day for run in after if is_gentle(plan, run.day)})


def runs_on(plan: Plan, day: date) -> bool:
    """Whether a plan runs on a day: it has begun, is not over, and does not pause."""
    return not plan.paused and plan.runs[0].day <= day <= plan.runs[-1].day


def asks_at_start(plan: Plan, practices: Iterable[Practice], today: date) -> bool:
    """Whether to ask at a start if anything is sore: once, on a later day than the last practice.

    Not if the runner has said so on that day already.
    """
    days = (day_of(each.date) for each in practices)
    last = max((day for day in days if day is not None and day < today), default=date.min)
    asked = plan.asked is not None and plan.asked > last
    begun = plan.runs[0].day <= last
    return runs_on(plan, today) and begun and not asked and last not in plan.sore


def followed(
    plan: Plan,
    practices: Sequence[Practice],
    reviews: Sequence[Mapping[str, Any]],
    today: date,
) -> Plan:
    """Return the plan as it follows from what was run: weeks that did not go well come again.

    Each week is judged once, when it is over; nothing is judged while the plan is paused.
    """
    within = {str(each.get("session")): each.get("within_3_percent") for each in reviews}
    while not plan.paused:
        week = plan.judged + 1
        runs = [run for run in plan.runs if run.week == week]
        if not runs or (last := max(run.day for run in runs)) >= today:
            break
        names = {name_of(run) for run in runs}
        if not names & names_done(practices, reviews):
            weeks = -((last - today).days // 7)
            missed = Change(today, f"Week {week} was missed, so it comes now.")
            plan = postponed(plan, week, weeks, missed)
            break
        why = _why_again(plan, week, runs, practices, within)
        if why is not None:
            plan = repeated(plan, week, Change(today, why))
        plan = replace(plan, judged=week)
    return plan


def sore(plan: Plan, today: date) -> Plan:
    """Return the plan after something hurt: a week gentler, or paused if it hurt twice.

    What is said again on the same day changes nothing.
    """
    if today in plan.sore:
        return plan
    recent = [day for day in plan.sore if timedelta(0) < today - day < timedelta(_TWICE_WITHIN)]
    plan = replace(plan, sore=(*plan.sore, today))
    if plan.paused:
        return plan
    if recent:
        return replace(plan, paused=True, changes=(*plan.changes, Change(today, PROFESSIONAL)))
    return replace(plan, changes=(*plan.changes, Change(today, _GENTLER)))


def not_sore(plan: Plan, today: date) -> Plan:
    """Return the plan as it was before something hurt today.

    Raises UserError if nothing was said to hurt today.
    """
    if today not in plan.sore:
        raise UserError("you have not said today that something is sore")
    followed = (Change(today, _GENTLER), Change(today, PROFESSIONAL))
    return replace(
        plan,
        sore=tuple(day for day in plan.sore if day != today),
        paused=plan.paused and followed[1] not in plan.changes,
        changes=tuple(each for each in plan.changes if each not in followed),
    )


def replacing(before: Plan, plan: Plan, today: date) -> tuple[Plan, list[str]]:
    """Return a new plan that knows what hurt lately under the one before, and sentences about it.

    It pauses if that one does.
    """
    recent = tuple(day for day in before.sore if today - day < timedelta(_TWICE_WITHIN))
    told = (_GENTLER, PROFESSIONAL)
    changes = tuple(each for each in before.changes if each.day in recent and each.why in told)
    plan = replace(plan, sore=recent, paused=before.paused, asked=before.asked, changes=changes)
    if plan.paused:
        return plan, [PROFESSIONAL]
    said = (f"You said on {day} that something is sore; the new plan keeps that." for day in recent)
    return plan, [*said]


def resumed(plan: Plan, today: date) -> Plan:
    """Return a paused plan that goes on: the runs since something hurt move to later weeks."""
    since = max(plan.sore, default=today)
    first = min((run.day for run in plan.runs if run.day > since), default=today)
    weeks = max(-((first - today).days // 7), 0)
    change = Change(today, "The plan goes on where it paused.")
    return replace(moved(plan, first, weeks, change), paused=False)


def _why_again(
    plan: Plan,
    week: int,
    runs: Sequence[PlannedRun],
    practices: Sequence[Practice],
    within: Mapping[str, Any],
) -> str | None:
    """Return why a week comes again, None if the plan goes on."""
    names = {name_of(run) for run in runs}
    done = [each for each in practices if each.session in names]
    marks = [each.mark for each in done if each.mark is not None]
    again = f"comes again as week {week + 1}"
    if any(mark <= _HARD for mark in marks):
        return f"Week {week} felt hard, so it {again}."
    shares = [share for name in names if isinstance(share := within.get(name), int | float)]
    if shares and max(shares) < _FOLLOWED:
        return f"In week {week} the click was followed less than half of the time: it {again}."
    target = max((run.target or 0 for run in runs), default=0)
    coming = max((run.target or 0 for run in plan.runs if run.week == week + 1), default=0)
    above = target >= plan.own * (1 + PAUSE / 100) * 0.999
    if above and coming > target and not any(mark >= EASY for mark in marks):
        return f"Above {PAUSE:g} % the plan goes on once that feels easy: week {week} {again}."
    return None
