"""Makes the session of a planned run: drills, an easy start, and as much click as is planned."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from cadence_cue.app.options import PerformanceOptions
from cadence_cue.coaching.drill import Library, Side
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import parse
from cadence_cue.season.plan import Plan, PlannedRun

_WALK, _EASY, _RAMP, _COOL_DOWN = 70, 180, 60, 120  # seconds
_ROUND = 240  # seconds with and without a click
_LEAST = 30  # seconds of a phase
_FIRST = ("perception", "change-of-support")
_DRILLS = ("cycle-standing", "toe-taps", "butt-kicks", "high-knees")
"""What may come before a run besides the first two, in the article's order."""
_ONCE_MASTERED = {"cycle-standing": ["cycle-running"], "toe-taps": ["toe-taps-dynamic"]}
"""What follows a drill that is mastered."""
_BOUNCING = ("toe-taps-dynamic", "butt-kicks", "high-knees")
_PER_WEEK = 2  # weeks until one more of them is added
_FOCUS = (
    ("Heel pull", "heel-pull"),
    ("Light feet", "ground-time"),
    ("Loose shoulders", "relaxed"),
    ("Forward lean", "lean"),
    ("Forefoot", "bodyweight"),
)
CLICKS = {100: 60, 75: 90, 50: 120, 25: 180, 10: 300}
"""Seconds between cues, by how much of a run has a click, in per cent: both fade."""


def name_of(run: PlannedRun) -> str:
    """The name under which the log keeps a planned run."""
    return name_of_day(run.day)


def name_of_day(day: date) -> str:
    """The name under which the log keeps the planned run of a day."""
    return f"plan-{day.isoformat()}"


def title_of(run: PlannedRun) -> str:
    """What a run is called: "Week 3, Wednesday: 168"."""
    day = f"{run.day:%A}"
    if not run.week:
        return f"Is it still there? {day}"
    aim = f"{run.target:g}" if run.target else "your own rhythm"
    click = "" if run.click or not run.target else ", no click"
    return f"Week {run.week}, {day}: {aim}{click}"


def options_of(plan: Plan, run: PlannedRun) -> PerformanceOptions:
    """Return how a planned run is performed: played or exported on any day, it is the same."""
    return PerformanceOptions(cadence=plan.own, seed=int(f"{run.day:%Y%m%d}"))


def drills_of(plan: Plan, run: PlannedRun, mastered: Collection[str]) -> list[str]:
    """Return the ids of the drills before a planned run; `mastered` are those of the runner."""
    more = _DRILLS[: max(run.week - 1, 0) // _PER_WEEK] if plan.drills == "before" else ()
    chosen = [*_FIRST]
    for name in more:
        chosen += [name, *(_ONCE_MASTERED.get(name, []) if name in mastered else [])]
    return [name for name in chosen if not (run.gentle and name in _BOUNCING)]


def session_of(
    plan: Plan, run: PlannedRun, library: Library, mastered: Collection[str] = ()
) -> Session:
    """Return the session of a planned run for a runner who has mastered some drills."""
    phases = [*_drills(drills_of(plan, run, mastered), library), *_running(plan, run)]
    data: dict[str, Any] = {
        "title": title_of(run),
        "summary": f"A run of the plan {plan.title}.",
        "level": "easy",
        "place": ["road", "track", "treadmill"],
        "countdown": False,
        "phase": phases,
    }
    return parse(data, name=name_of(run), library=library)


def _drills(names: Sequence[str], library: Library) -> Iterator[dict[str, Any]]:
    perception, support, *more = names
    yield {"drill": perception, "time": "45s"}
    yield {"rest": "", "time": "20s"}
    yield {"drill": support, "time": "45s"}
    for name in more:
        yield {"rest": "", "time": "25s"}
        both = Side.BOTH in library.drills[name].sides
        yield {"drill": name, "time": "50s" if both else "20s"} | ({"side": "both"} if both else {})
    yield {"walk": "Walk briskly", "time": f"{_WALK}s"}


def _running(plan: Plan, run: PlannedRun) -> Iterator[dict[str, Any]]:
    left = run.minutes * 60
    if run.target is None:
        yield {"run": "Easy run", "time": f"{left}s"}
    else:
        aim = f"{100 * (run.target / plan.own - 1):+.2f}%"
        yield {"run": "Easy run", "time": f"{_EASY}s", "tempo": "own"}
        yield {"run": "Ramp up", "time": f"{_RAMP}s", "tempo": f"own -> {aim}",
               "say": [{"at": "6s", "text": "Same speed, shorter steps"}]}  # fmt: skip
        yield from _rounds(run, aim, left - _EASY - _RAMP)
    yield {"walk": "Walk", "time": f"{_COOL_DOWN}s"}


def _rounds(run: PlannedRun, aim: str, left: int) -> Iterator[dict[str, Any]]:
    """Yield the phases at the target, with the click for its share of each round."""
    clicked = round(_ROUND * run.click / 100)
    number = 0
    while left:
        title, element = _FOCUS[(run.day.toordinal() + number) % len(_FOCUS)]
        length = _ROUND if left >= _ROUND + 2 * _LEAST else left
        on = length if length - clicked < _LEAST else min(clicked, length)
        if on:
            yield {"run": title, "time": f"{on}s", "tempo": aim, "cues": [element],
                   "cue_every": f"{CLICKS[run.click]}s"}  # fmt: skip
        if length > on:
            yield {"run": "No click", "time": f"{length - on}s", "tempo": aim, "beat": "off"}
        left -= length
        number += 1
