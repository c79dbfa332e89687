"""A plan as a calendar: an event for each run, with its target in the summary."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from cadence_cue.app.plan_session import title_of
from cadence_cue.app.planning import daily_drills
from cadence_cue.export.target import new_file
from cadence_cue.season.plan import Plan

_AROUND = 10
"""Minutes beside the run itself: drills, walking."""


def write_calendar(plan: Plan, path: Path, at: time, *, force: bool) -> None:
    """Write the plan as a calendar; with `force` it may replace a file.

    Raises OSError, and UserError for a file that cannot be created.
    """
    with new_file(path, force=force) as part:
        part.write_bytes(calendar(plan, at))


def calendar(plan: Plan, at: time) -> bytes:
    """Return the plan as an iCalendar file, each run at this time of the runner's own zone.

    Runs are identified by their number, so that a calendar moves those that come on another day
    since, instead of keeping both. The times name no zone: a calendar takes them as those of where
    it is, on both sides of a clock change.
    """
    made = Calendar()
    made.add("prodid", "-//cadence-cue//plan//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"Running: {plan.title}")
    changed = max((change.day for change in plan.changes), default=plan.runs[0].day)
    stamp = datetime.combine(changed, time(), UTC)

    def add(name: object, day: date, minutes: int, summary: str) -> Event:
        event = Event()
        event.add("uid", f"{plan.own:g}-{plan.goal:g}-{name}@cadence-cue")
        event.add("sequence", len(plan.changes))
        event.add("dtstamp", stamp)
        event.add("dtstart", datetime.combine(day, at))
        event.add("duration", timedelta(minutes=minutes))
        event.add("summary", summary)
        made.add_component(event)
        return event

    for number, run in enumerate(plan.runs, 1):
        event = add(number, run.day, run.minutes + _AROUND, title_of(run))
        click = f"click for {run.click} % of it" if run.click else "no click"
        event.add("description", f"{run.minutes} minutes, {click}. Stop if anything hurts.")
    days = (plan.runs[-1].day - plan.runs[0].day).days
    for day in (plan.runs[0].day + timedelta(k) for k in range(days)):
        if drills := daily_drills(plan, day):
            add(f"drills-{day.isoformat()}", day, _AROUND, f"Drills: {drills}")
    content: bytes = made.to_ical()
    return content
