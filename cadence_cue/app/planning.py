"""The runner's plan: its file, what is due, and how it follows what was really run and felt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import tomli_w

from cadence_cue import storage
from cadence_cue.app.choices import CADENCES
from cadence_cue.app.history import EASY, Practice
from cadence_cue.app.plan_session import CLICKS, name_of
from cadence_cue.coaching.toml_text import data_in, text_in
from cadence_cue.coaching.values import wrong
from cadence_cue.errors import UserError, shown
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
_TWICE_WITHIN = 14
"""Days within which pain twice pauses the plan."""

PROFESSIONAL = (
    "Something hurt twice in two weeks, so the plan pauses. See a doctor or a physiotherapist "
    "before you go on."
)


@dataclass(frozen=True, slots=True)
class Due:
    """A plan as of a day: the run of today, and the runs of this week with how each stands."""

    today: PlannedRun | None
    week: tuple[tuple[PlannedRun, str], ...]
    """Each with "done", "missed", "today" or ""."""
    next: PlannedRun | None
    gentle: bool
    """Whether bouncing drills are left out, because something hurt."""


def plan_file(folder: Path) -> Path:
    """The file of the plan in the runner's folder."""
    return folder / "plan.toml"


def load(path: Path) -> Plan:
    """Read a plan. Raises UserError that says what is wrong and where."""
    data = data_in(text_in(path, str(path)), str(path))
    try:
        return _plan(data)
    except UserError as error:
        raise error.at(path) from error


def save(plan: Plan, path: Path) -> None:
    """Write a plan, whole or not at all. Raises OSError."""
    storage.write(path, "# Written by cadence-cue; change it as you like.\n" + _text(plan))


def due(plan: Plan, practices: Iterable[Practice], today: date) -> Due:
    """Return what a plan asks for on a day."""
    done = {each.session for each in practices}

    def state(run: PlannedRun) -> str:
        if name_of(run) in done:
            return "done"
        if run.day == today:
            return "today"
        return "missed" if run.day < today else ""

    coming = [run for run in plan.runs if run.day >= today and state(run) != "done"]
    return Due(
        plan.run_on(today),
        tuple((run, state(run)) for run in plan.week_of(today)),
        coming[0] if coming else None,
        is_gentle(plan, today),
    )


def is_gentle(plan: Plan, day: date) -> bool:
    """Whether bouncing drills are left out on a day, because something hurt in the week before."""
    return any(timedelta(0) <= day - each < timedelta(_GENTLE) for each in plan.sore)


def followed(
    plan: Plan,
    practices: Sequence[Practice],
    reviews: Iterable[Mapping[str, Any]],
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
        if not names & (within.keys() | {each.session for each in practices}):
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
    """Return the plan after something hurt: a week gentler, or paused if it hurt twice."""
    recent = [day for day in plan.sore if timedelta(0) < today - day < timedelta(_TWICE_WITHIN)]
    plan = replace(plan, sore=tuple(dict.fromkeys((*plan.sore, today))))
    if recent:
        return replace(plan, paused=True, changes=(*plan.changes, Change(today, PROFESSIONAL)))
    why = "Something hurt, so for a week there is no bouncing and the step before."
    return eased(plan, today, Change(today, why))


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
    if any(mark <= _HARD for mark in marks):
        return f"Week {week} felt hard, so it comes again."
    shares = [share for name in names if isinstance(share := within.get(name), int | float)]
    if shares and max(shares) < _FOLLOWED:
        return f"In week {week} the click was followed less than half of the time: it comes again."
    target = max((run.target or 0 for run in runs), default=0)
    coming = max((run.target or 0 for run in plan.runs if run.week == week + 1), default=0)
    above = target >= plan.own * (1 + PAUSE / 100) * 0.999
    if above and coming > target and not any(mark >= EASY for mark in marks):
        return f"Above {PAUSE:g} % the plan goes on once that feels easy: week {week} comes again."
    return None


def _text(plan: Plan) -> str:
    data: dict[str, Any] = {
        "title": plan.title,
        "own": plan.own,
        "goal": plan.goal,
        "drills": plan.drills,
        "judged": plan.judged,
        "paused": plan.paused,
        "sore": list(plan.sore),
        "run": [
            {"date": run.day, "week": run.week}
            | ({"target": run.target} if run.target else {})
            | {"click": run.click, "minutes": run.minutes}
            for run in plan.runs
        ],
        "change": [{"date": each.day, "why": each.why} for each in plan.changes],
    }
    return tomli_w.dumps(data)


_KEYS = {"title", "own", "goal", "drills", "judged", "paused", "sore", "run", "change"}


def _plan(data: Mapping[str, Any]) -> Plan:
    for key in data:
        if key not in _KEYS:
            raise UserError(
                f"key {shown(key)} is not known here; there are: {', '.join(sorted(_KEYS))}"
            )
    runs = data.get("run")
    if not isinstance(runs, list) or not runs:
        raise UserError("a plan has at least one run")
    read = tuple(_run(number, each) for number, each in enumerate(runs, 1))
    days = [run.day for run in read]
    if len(set(days)) < len(days):
        twice = next(day for day in days if days.count(day) > 1)
        raise UserError(f"two runs are on {twice}; give each a day of its own")
    own = _number(data, "own", *CADENCES)
    return Plan(
        title=str(data.get("title", "Plan")),
        own=own,
        goal=_number(data, "goal", *CADENCES, default=own),
        drills=_one_of(data.get("drills", "before"), "drills", ("before", "daily")),
        runs=tuple(sorted(read, key=lambda run: run.day)),
        changes=tuple(
            Change(_date(each, f"change {k}"), str(each.get("why", "")))
            for k, each in enumerate(_list(data, "change"), 1)
        ),
        judged=int(_number(data, "judged", 0, 999, default=0)),
        sore=tuple(day for day in _list(data, "sore") if type(day) is date),
        paused=data.get("paused") is True,
    )


def _run(number: int, data: object) -> PlannedRun:
    where = f"run {number}"
    if not isinstance(data, dict):
        raise UserError(f"{where} is no table; write it as {{ date = 2026-12-07, week = 1 }}")
    for key in data:
        if key not in ("date", "week", "target", "click", "minutes"):
            raise UserError(f"{where}: key {shown(key)} is not known here")
    target = _number(data, "target", *CADENCES, where=where) if "target" in data else None
    click = int(_number(data, "click", 0, 100, default=100 if target else 0, where=where))
    if click and click not in CLICKS:
        known = ", ".join(map(str, (0, *sorted(CLICKS)[:-1])))
        raise UserError(f"{where}: click must be {known} or {max(CLICKS)}, not {click}")
    return PlannedRun(
        _date(data, where),
        int(_number(data, "week", 0, 999, default=0, where=where)),
        target,
        click,
        int(_number(data, "minutes", 5, 180, default=20, where=where)),
    )


def _date(data: Mapping[str, Any], where: str) -> date:
    day = data.get("date") if isinstance(data, Mapping) else None
    if type(day) is not date:
        raise UserError(f"{where}: date must be a day such as 2026-12-07")
    return day


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise UserError(f"{key} {wrong('a list', value)}")
    return value


def _number(
    data: Mapping[str, Any],
    key: str,
    low: float,
    high: float,
    *,
    default: float | None = None,
    where: str = "",
) -> float:
    value = data.get(key, default)
    place = f"{where}: " if where else ""
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UserError(f"{place}{key} {wrong(f'a number from {low:g} to {high:g}', value)}")
    return float(value)


def _one_of(value: object, key: str, known: Sequence[str]) -> str:
    if value not in known:
        raise UserError(f"{key} {wrong(' or '.join(known), value)}")
    return str(value)
