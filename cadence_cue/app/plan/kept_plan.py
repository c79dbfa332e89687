"""The plan that a runner follows: what commands and screens show of it and do to it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from cadence_cue import storage
from cadence_cue.app.choices import CADENCES
from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.log.kept_reviews import kept_reviews
from cadence_cue.app.plan import plan_file, planning
from cadence_cue.app.plan.plan_session import drills_of, name_of, title_of
from cadence_cue.app.plan.planning import Due
from cadence_cue.errors import UserError, WayOut
from cadence_cue.season.plan import Plan, PlannedRun, Wish, build, usual_days, weeks_needed

_SESSION = 20  # minutes of running, if nothing else is asked for

AT = time(7)
"""When a run is, where nothing tells the time of day."""

SORE = "Anything sore: calf, Achilles, shin, foot?"
"""What is asked after a session, and at the next start."""


@dataclass(frozen=True, slots=True)
class Today:
    """The plan as of a day.

    `done` are the names of the sessions that were done, `news` sentences about what has changed in
    the plan just now.
    """

    plan: Plan
    day: date
    due: Due
    done: frozenset[str]
    news: tuple[str, ...]

    @property
    def drills_due(self) -> bool:
        """Whether drills are planned for the day and were not done yet."""
        return bool(self.due.drills) and not self.due.drilled and not self.plan.paused


def now() -> date:
    """Return today's date in the runner's zone."""
    return datetime.now().astimezone().date()


def exists(folder: Path) -> bool:
    """Whether the runner has a plan."""
    return plan_file.plan_file(folder).exists()


def today(folder: Path) -> Today:
    """Return the plan as it follows from what was run so far, and keep what changed.

    Raises UserError if there is none, or it cannot be read.
    """
    day, practices, reviews = now(), history.remembered(folder), kept_reviews(folder)
    before, plan = _change(folder, lambda plan: planning.followed(plan, practices, reviews, day))
    news = tuple(change.why for change in plan.changes[len(before.changes) :])
    done = frozenset(planning.names_done(practices, reviews))
    plan = planning.gentler(plan, done)
    return Today(plan, day, planning.due(plan, done, practices, day), done, news)


def wish(own: float, goal: float | None = None) -> Wish:
    """Return the usual wish for a plan from one's own cadence, by default to some 5 % above it."""
    goal = goal or min(round(own * 1.05), CADENCES[1])
    weeks = weeks_needed(own, goal) if goal > own else 1
    day = now()
    monday = date.fromordinal(day.toordinal() + (7 - day.weekday()) % 7)
    return Wish(own, goal, weeks, usual_days(3), _SESSION, monday)


def make(wish: Wish, folder: Path) -> tuple[Plan, list[str]]:
    """Make a plan in place of any other; return it with what it does not do as wished.

    What was said to be sore while the other one ran counts for this one too. Raises UserError for
    a wish that cannot be planned.
    """
    plan, notes = build(wish)
    with storage.locked(folder):
        if before := readable(folder):
            plan, sore = planning.replacing(before, plan, now())
            notes = [*notes, *sore]
        plan_file.save(plan, plan_file.plan_file(folder))
    return plan, notes


def done(folder: Path, day: date, mastered: Collection[str], mark: int | None = None) -> None:
    """Keep in the log that the run of a day was run to an exported track, and how it felt.

    A mark for a run that is in the log already is added to it. Raises UserError if there is no run
    on that day, or it is still to come.
    """
    if day > now():
        raise UserError(f"{day} is still to come")
    if day == now():
        today(folder)  # the plan of an earlier day was not yet what follows from it
    plan, run = planned_run(folder, day)
    practices = history.remembered(folder)
    of_run = (each for each in practices if each.session == name_of(run))
    known = next(filter(planning.is_done, of_run), None)
    if known is not None:
        if mark:
            history.mark_this(replace(known, mark=None), mark, folder)
        return
    at = datetime.now().astimezone() if day == now() else datetime.combine(day, AT).astimezone()
    moment = at.isoformat(timespec="seconds")
    cadence = run.target or plan.own
    name, title, seconds = name_of(run), title_of(run), 60.0 * run.minutes
    drills = tuple(drills_of(plan, run, mastered))
    entry = Practice(moment, name, title, 1.0, cadence, mark, drills, seconds=seconds)
    history.insert(entry, folder)


def hurt(folder: Path) -> tuple[str, ...]:
    """Keep that something hurts today; return what changes in the plan. Raises UserError."""
    news, day = today(folder).news, now()
    before, plan = _change(folder, lambda plan: planning.sore(plan, day))
    follows = tuple(change.why for change in plan.changes[len(before.changes) :])
    if not follows:
        follows = ("You said so today already." if day in before.sore else planning.PROFESSIONAL,)
    return (*news, *follows)


def not_hurt(folder: Path) -> None:
    """Take back that something hurts today. Raises UserError if that was not said."""
    _change(folder, lambda plan: planning.not_sore(plan, now()))


def answered(folder: Path, *, sore: bool) -> tuple[str, ...]:
    """Keep the answer to SORE; return what changes in the plan. Raises UserError."""
    _change(folder, lambda plan: replace(plan, asked=now()))
    return hurt(folder) if sore else ()


def resume(folder: Path) -> None:
    """Go on with a plan that paused. Raises UserError if it does not pause."""

    def resumed(plan: Plan) -> Plan:
        if not plan.paused:
            raise UserError("your plan is not paused")
        return planning.resumed(plan, now())

    _change(folder, resumed)


def asks_after_session(folder: Path) -> bool:
    """Whether to ask SORE after a session: a plan runs, and that was not said today already."""
    plan, day = readable(folder), now()
    return plan is not None and planning.runs_on(plan, day) and day not in plan.sore


def asks_at_start(folder: Path) -> bool:
    """Whether to ask SORE at a start, once after each day with a session."""
    plan = readable(folder)
    return plan is not None and planning.asks_at_start(plan, history.remembered(folder), now())


def planned_run(folder: Path, day: date) -> tuple[Plan, PlannedRun]:
    """Return the plan with the run of a day as it was to be run. Raises UserError without one."""
    plan = load(folder)
    done = planning.names_done(history.remembered(folder), kept_reviews(folder))
    return plan, _run_on(planning.gentler(plan, done), day)


def load(folder: Path) -> Plan:
    """Return the plan as it is kept. Raises UserError if there is none, or it cannot be read."""
    _need_plan(folder)
    return plan_file.load(plan_file.plan_file(folder))


def readable(folder: Path) -> Plan | None:
    """Return the plan; None if there is none that can be read."""
    try:
        return plan_file.load(plan_file.plan_file(folder)) if exists(folder) else None
    except (OSError, UserError):
        return None


def _change(folder: Path, update: Callable[[Plan], Plan]) -> tuple[Plan, Plan]:
    """Change the plan that is kept; return what it was and what it is."""
    _need_plan(folder)
    path = plan_file.plan_file(folder)
    with storage.locked(folder):
        before = plan_file.load(path)
        after = update(before)
        if after != before:
            plan_file.save(after, path)
    return before, after


def _run_on(plan: Plan, day: date) -> PlannedRun:
    run = plan.run_on(day)
    if run is None:
        when = "today" if day == now() else f"on {day}"
        raise UserError(f"there is no run {when} in your plan")
    return run


def _need_plan(folder: Path) -> None:
    if not exists(folder):
        raise UserError("you have no plan yet", way_out=WayOut.MAKE_PLAN)
