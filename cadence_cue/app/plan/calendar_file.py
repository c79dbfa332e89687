"""A plan as a calendar: an event for each run, with its target in the summary."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from icalendar import Calendar, Event

from cadence_cue.app.plan.plan_session import title_of
from cadence_cue.app.plan.planning import daily_drills
from cadence_cue.export.target import new_file
from cadence_cue.season.plan import Plan

_AROUND = 10
"""Minutes beside the run itself: drills, walking."""
_TICK = 10
"""Seconds after which a calendar counts as a later one: a SEQUENCE has 32 bits."""


def write_calendar(plan: Plan, path: Path, at: time, *, force: bool) -> None:
    """Write the plan as a calendar; with `force` it may replace a file.

    Raises OSError, and UserError for a file that cannot be created.
    """
    with new_file(path, force=force) as part:
        part.write_bytes(calendar(plan, at))


def calendar(plan: Plan, at: time) -> bytes:
    """Return the plan as an iCalendar file, each run at this time of the runner's own zone.

    Runs and days of drills are identified by their number, so that a calendar moves those that come
    on another day since, instead of keeping both. Calendars ignore a SEQUENCE below the one they
    have (RFC 5546, 2.1.5), so it tells when this was written: whatever has changed, or was taken
    back, what is written later counts. The times name no zone: a calendar takes them as those of
    where it is, on both sides of a clock change.
    """
    made = Calendar()
    made.add("prodid", "-//cadence-cue//plan//EN")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"Running: {plan.title}")
    now = datetime.now(UTC)

    def add(name: str, day: date, minutes: int, summary: str) -> Event:
        event = Event()
        event.add("uid", f"{plan.own:g}-{plan.goal:g}-{name}@cadence-cue")
        event.add("sequence", int(now.timestamp() / _TICK))
        event.add("dtstamp", now)
        event.add("dtstart", datetime.combine(day, at))
        event.add("duration", timedelta(minutes=minutes))
        event.add("summary", summary)
        made.add_component(event)
        return event

    for number, run in enumerate(plan.runs, 1):
        event = add(f"{number}", run.day, run.minutes + _AROUND, title_of(run))
        click = f"click for {run.click} % of it" if run.click else "no click"
        event.add("description", f"{run.minutes} minutes, {click}. Stop if anything hurts.")
    first, last = plan.runs[0].day, plan.runs[-1].day
    days = (first + timedelta(k) for k in range((last - first).days))
    drilled = ((day, drills) for day in days if (drills := daily_drills(plan, day)))
    for number, (day, drills) in enumerate(drilled, 1):
        add(f"drills-{number}", day, _AROUND, f"Drills: {drills}")
    content: bytes = made.to_ical()
    return content
