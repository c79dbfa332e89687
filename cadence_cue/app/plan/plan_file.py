"""The file of a runner's plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import tomli_w

from cadence_cue import storage
from cadence_cue.app.choices import CADENCES
from cadence_cue.app.plan.plan_session import CLICKS
from cadence_cue.coaching.toml_text import data_in, text_in
from cadence_cue.coaching.values import number, one_of, text, whole, wrong, yes_no
from cadence_cue.errors import UserError, shown
from cadence_cue.season.plan import Change, Plan, PlannedRun, check_day

T = TypeVar("T")


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
    """Write a plan, whole or not at all.

    Raises OSError, and UserError for one that `load` would refuse.
    """
    content = "# Written by cadence-cue; change it as you like.\n" + _text(plan)
    _plan(data_in(content, str(path)))
    storage.write(path, content)


def _text(plan: Plan) -> str:
    data: dict[str, Any] = {
        "title": plan.title,
        "own": plan.own,
        "goal": plan.goal,
        "drills": plan.drills,
        "judged": plan.judged,
        "paused": plan.paused,
        **({"asked": plan.asked} if plan.asked else {}),
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


_KEYS = {
    "title", "own", "goal", "drills", "judged", "paused", "asked", "sore", "run", "change",
}  # fmt: skip


def _plan(data: Mapping[str, Any]) -> Plan:
    for key in data:
        if key not in _KEYS:
            raise UserError(
                f"key {shown(key)} is not known here; there are: {', '.join(sorted(_KEYS))}"
            )
    runs = data.get("run")
    if not isinstance(runs, list) or not runs:
        raise UserError("a plan has at least one run")
    own = _value(data, "own", number(*CADENCES))
    read = tuple(_run(k, each, own) for k, each in enumerate(runs, 1))
    days = [run.day for run in read]
    if len(set(days)) < len(days):
        twice = next(day for day in days if days.count(day) > 1)
        raise UserError(f"two runs are on {twice}; give each a day of its own")
    return Plan(
        title=_value(data, "title", text, "Plan"),
        own=own,
        goal=_value(data, "goal", number(*CADENCES), own),
        drills=_value(data, "drills", one_of(("before", "daily")), "before"),
        runs=tuple(sorted(read, key=lambda run: run.day)),
        changes=tuple(
            Change(_date(each, f"change {k}"), str(each.get("why", "")))
            for k, each in enumerate(_list(data, "change"), 1)
        ),
        judged=_value(data, "judged", whole(0, 999), 0),
        sore=tuple(day for day in _list(data, "sore") if type(day) is date),
        paused=_value(data, "paused", yes_no, default=False),
        asked=asked if type(asked := data.get("asked")) is date else None,
    )


def _run(k: int, data: object, own: float) -> PlannedRun:
    where = f"run {k}: "
    if not isinstance(data, dict):
        raise UserError(f"run {k} is no table; write it as {{ date = 2026-12-07, week = 1 }}")
    for key in data:
        if key not in ("date", "week", "target", "click", "minutes"):
            raise UserError(f"{where}key {shown(key)} is not known here")
    target = _value(data, "target", number(*CADENCES), where=where) if "target" in data else None
    if target and not own / 2 <= target <= 2 * own:  # as far as a tempo of a session may be from it
        raise UserError(
            f"{where}target must be from half to twice your own {own:g}, not {target:g}"
        )
    click = _value(data, "click", whole(0, 100), 100 if target else 0, where=where)
    if click and click not in CLICKS:
        known = ", ".join(map(str, (0, *sorted(CLICKS)[:-1])))
        raise UserError(f"{where}click must be {known} or {max(CLICKS)}, not {click}")
    day = _date(data, f"run {k}")
    check_day(day)
    return PlannedRun(
        day,
        _value(data, "week", whole(0, 999), 0, where=where),
        target,
        click,
        _value(data, "minutes", whole(5, 180), 20, where=where),
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


def _value(
    data: Mapping[str, Any],
    key: str,
    read: Callable[[object], T],
    default: object = None,
    where: str = "",
) -> T:
    """Return a value as `read` reads it; its mistakes name the key."""
    if key not in data and default is None:
        raise UserError(f"{where}{key} is missing")
    try:
        return read(data.get(key, default))
    except UserError as error:
        raise UserError(f"{where}{key} {error}") from error
