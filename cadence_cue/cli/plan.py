"""The command `plan`: weeks towards a quicker step, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cadence_cue.app import planning
from cadence_cue.app.history import Practice
from cadence_cue.app.invocation import command
from cadence_cue.app.options import MusicOptions, PerformanceOptions
from cadence_cue.app.plan_session import name_of, session_of, title_of
from cadence_cue.app.settings import user_folder
from cadence_cue.cli import asking, shared
from cadence_cue.cli.files import TrackOptions, track_options
from cadence_cue.cli.options import ListenOptions, device_options
from cadence_cue.errors import UserError
from cadence_cue.season.plan import (
    WEEKDAYS,
    Plan,
    PlannedRun,
    Wish,
    build,
    daily_drills,
    usual_days,
    weeks_needed,
)

if TYPE_CHECKING:
    from cadence_cue.app.device import DeviceOptions

_SORE = "Anything sore: calf, Achilles, shin, foot?"


class _Day(click.ParamType[date]):
    """A day such as 2026-12-07."""

    name = "day"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read the day."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2026-12-07", param, ctx)


class _Days(click.ParamType[tuple[str, ...]]):
    """Days of the week, separated by commas."""

    name = "days"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Read the days, in the order of the week."""
        if isinstance(value, tuple):
            return value
        days = [part.strip().lower() for part in str(value).split(",")]
        for day in days:
            if day not in WEEKDAYS:
                self.fail(f"{day!r} is no day; write {', '.join(WEEKDAYS)}", param, ctx)
        return tuple(day for day in WEEKDAYS if day in days)


@click.group("plan", invoke_without_command=True)
@click.pass_context
@shared.plain_errors
def plan_command(context: click.Context) -> None:
    """Show today and this week of your plan, or make one: weeks towards a quicker step.

    A plan raises your cadence by small steps, two weeks each, takes the click away as you go, and
    comes back to what did not go well. It is practice advice; it promises neither cure nor speed.
    """
    if context.invoked_subcommand is None:
        _show(shared.practices())


@plan_command.command("new")
@click.option("--from", "own", type=shared.Cadence(), help="Your cadence now.")
@click.option("--to", "goal", type=shared.Cadence(), help="The goal; by default 5 % above it.")
@click.option("--weeks", type=click.IntRange(1, 52), help="By default as many as it takes.")
@click.option("--runs", type=click.IntRange(1, 7), help="Runs a week; by default 3.")
@click.option("--minutes", type=click.IntRange(10, 120), default=20, show_default=True)
@click.option("--days", type=_Days(), help="On these days: mon,wed,sat.")
@click.option("--start", type=_Day(), metavar="DAY", help="By default the coming Monday.")
@click.option("--drills", type=click.Choice(["before", "daily"]), default="before",
              show_default=True, help="Before each run, or on the other days.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace the plan you have.")
@shared.plain_errors
def new_command(  # noqa: PLR0917 - the options of one command
    own: float | None,
    goal: float | None,
    weeks: int | None,
    runs: int | None,
    minutes: int,
    days: tuple[str, ...] | None,
    start: date | None,
    drills: str,
    force: bool,
) -> None:
    """Make a plan: a baseline week, then steps of at most 2.5 % for two weeks each.

    Its runs replace easy runs; they add none. Every fourth week is easier.
    """
    if days and runs and runs != len(days):
        shared.refuse(f"--runs {runs} and {len(days)} --days do not fit: leave one out")
    path = planning.plan_file(user_folder())
    if path.exists() and not shared.may_replace(path, force=force):
        shared.refuse("you have a plan already; --force replaces it")
    own = own or shared.load_settings().cadence_spm()
    goal = goal or round(own * 1.05, 1)
    today = _today()
    wish = Wish(
        own=own,
        goal=goal,
        weeks=weeks or (weeks_needed(own, goal) if goal > own else 1),
        days=days or usual_days(runs or 3),
        minutes=minutes,
        start=start or date.fromordinal(today.toordinal() + (7 - today.weekday()) % 7),
        drills=drills,
    )
    plan, notes = build(wish)
    planning.save(plan, path)
    for note in notes:
        shared.notice(note)
    shared.say("\n".join(_overview(plan)))
    shared.say(f"\nSaved in {path}. Today and this week: {command('plan')}")


@plan_command.command("next")
@click.option("-o", "output", type=shared.NEW_FILE, metavar="FILE", help="Write this file.")
@device_options
@track_options
@shared.plain_errors
def next_command(device: DeviceOptions, track: TrackOptions) -> None:
    """Play the next run of the plan; -o writes it to a file instead."""
    from cadence_cue.cli.export import names_file, write_track
    from cadence_cue.cli.play import to_the_ears

    practices = shared.practices()
    plan = _current(practices)
    due = planning.due(plan, practices, _today())
    if plan.paused:
        shared.refuse(f"{planning.PROFESSIONAL} To go on then: {command('plan resume')}")
    if due.next is None:
        shared.refuse("your plan is over; make another: " + command("plan new"))
    library, settings = shared.get_library(), shared.load_settings()
    session = session_of(plan, due.next, library, gentle=due.gentle)
    options = PerformanceOptions(cadence=plan.own)
    if names_file(track):
        write_track(track, session, library, settings, options, MusicOptions())
        return
    settings = asking.safety_first(settings)
    to_the_ears(session, library, settings, options, device, MusicOptions(), ListenOptions())
    if shared.on_terminal() and shared.confirm(_SORE):
        _hurt(plan)


@plan_command.command("export")
@click.option("--week", type=click.IntRange(1), help="By default this week, or the next with runs.")
@click.option("-o", "output", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
              help="The folder; by default this one.")  # fmt: skip
@track_options
@shared.plain_errors
def export_command(week: int | None, track: TrackOptions) -> None:
    """Write a track for each run of a week; -o names the folder."""
    from cadence_cue.cli.export import write_track

    practices, today = shared.practices(), _today()
    plan = _current(practices)
    due = planning.due(plan, practices, today)
    if week is not None:
        runs = [run for run in plan.runs if run.week == week]
    else:
        begin = due.next.day if due.next else today
        runs = [run for run in plan.week_of(begin) if run.day >= today]
    if not runs:
        shared.refuse("there is no run in that week")
    folder = track.output or Path()
    if not folder.is_dir():
        shared.refuse(f"there is no folder {folder}; create it first")
    library, settings = shared.get_library(), shared.load_settings()
    for run in runs:
        session = session_of(plan, run, library, gentle=due.gentle)
        for ending in track.formats or ("mp3",):
            name = f"{run.day} {session.title.replace(':', ' -')}.{ending}"
            one = replace(track, output=folder / name, formats=(ending,))
            options = PerformanceOptions(cadence=plan.own)
            write_track(one, session, library, settings, options, MusicOptions())


@plan_command.command("calendar")
@click.option("-o", "output", required=True, type=shared.NEW_FILE, metavar="FILE",
              help="The file, such as plan.ics.")  # fmt: skip
@click.option("--at", "at", default="07:00", show_default=True, help="The time of each run.")
@click.option("--force", is_flag=True, help="Replace an existing file.")
@shared.plain_errors
def calendar_command(output: Path, at: str, force: bool) -> None:
    """Write the plan as a calendar that phones and mail programs import."""
    from cadence_cue.app.calendar_file import calendar
    from cadence_cue.export.target import new_file

    try:
        clock = time.fromisoformat(at)
    except ValueError:
        shared.refuse(f"{at!r} is no time of day; write it as 07:00")
    plan = _current(shared.practices())
    with new_file(output, force=shared.may_replace(output, force=force)) as part:
        part.write_bytes(calendar(plan, clock))
    shared.notice(f"Written: {output}, {len(plan.runs)} runs")


@plan_command.command("done")
@click.argument("day", type=_Day(), required=False)
@click.option("--mark", type=click.IntRange(1, 5), help="How it felt, 1 hard … 5 easy.")
@shared.plain_errors
def done_command(day: date | None, mark: int | None) -> None:
    """Record that you ran the run of DAY, by default today, to an exported track."""
    from cadence_cue.app import history

    plan, day = _current(shared.practices()), day or _today()
    run = plan.run_on(day)
    if run is None:
        raise UserError(f"there is no run on {day} in your plan")
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    entry = Practice(now, name_of(run), title_of(run), 1.0, run.target or plan.own, mark)
    history.append(entry, user_folder())
    _show(shared.practices())


@plan_command.command("sore")
@shared.plain_errors
def sore_command() -> None:
    """Say that something hurts: calf, Achilles, shin or foot. The plan gets gentler for a week."""
    _hurt(_current(shared.practices()))


@plan_command.command("resume")
@shared.plain_errors
def resume_command() -> None:
    """Go on with a plan that paused because something hurt twice."""
    practices = shared.practices()
    plan = _current(practices)
    if not plan.paused:
        shared.refuse("your plan is not paused")
    plan = planning.resumed(plan, _today())
    planning.save(plan, planning.plan_file(user_folder()))
    shared.say("\n".join(_shown(plan, practices, _today())))


@plan_command.command("check")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@shared.plain_errors
def check_command(file: Path | None) -> None:
    """Check a plan file, by default your own, and print what is in it."""
    plan = planning.load(file or planning.plan_file(user_folder()))
    library = shared.get_library()
    for run in plan.runs:
        session_of(plan, run, library, gentle=False)
    shared.say("\n".join(_overview(plan)))


def _today() -> date:
    return datetime.now().astimezone().date()


def _current(practices: Sequence[Practice]) -> Plan:
    """Return the plan as it follows from what was run so far, and keep what changed."""
    from cadence_cue.app.review import kept_reviews

    path = planning.plan_file(user_folder())
    if not path.exists():
        raise UserError("you have no plan yet", way_out=f"make one: {command('plan new')}")
    plan = planning.load(path)
    reviews = kept_reviews(user_folder())
    now = planning.followed(plan, practices, reviews, _today())
    if now != plan:
        planning.save(now, path)
        for change in now.changes[len(plan.changes) :]:
            shared.notice(change.why)
    return now


def _hurt(plan: Plan) -> None:
    """Keep that something hurt, and say what follows."""
    plan = planning.sore(plan, _today())
    planning.save(plan, planning.plan_file(user_folder()))
    shared.say(plan.changes[-1].why)


def _show(practices: Sequence[Practice]) -> None:
    """Print the plan as it follows from what was run so far."""
    shared.say("\n".join(_shown(_current(practices), practices, _today())))


def _shown(plan: Plan, practices: Sequence[Practice], today: date) -> Iterator[str]:
    """Yield the plan as of today: what is due, the week, and why it changed last."""
    due = planning.due(plan, practices, today)
    if plan.paused:
        yield planning.PROFESSIONAL
        yield f"To go on then: {command('plan resume')}"
        yield ""
    if due.today:
        yield f"Today: {_line(due.today)}"
    elif due.next:
        drills = daily_drills(plan, today)
        free = f"{drills}, then" if drills else "a free day;"
        yield f"Today: {free} next {due.next.day:%a %d %b}, {_line(due.next)}"
    else:
        yield f"Your plan is over. Make another: {command('plan new')}"
    yield ""
    for run, state in due.week:
        yield f"{run.day:%a %d %b}  {_line(run)}{f'  {state}' if state else ''}"
    if due.gentle and not plan.paused:
        yield "Something hurt: this week has no bouncing drills."
    if plan.changes:
        yield f"Last change, {plan.changes[-1].day:%d %b}: {plan.changes[-1].why}"


def _overview(plan: Plan) -> Iterator[str]:
    """Yield a line for each week of a plan."""
    yield f"{plan.title}: {len(plan.runs)} runs, drills {plan.drills}"
    weeks = dict.fromkeys(run.week for run in plan.runs)
    for week in weeks:
        runs = [run for run in plan.runs if run.week == week]
        if not week:
            for run in runs:
                yield f"{run.day:%a %d %b %Y}: is it still there? Without a click"
            continue
        aim = f"{runs[0].target:g}" if runs[0].target else "your own"
        clicks = "/".join(f"{run.click}" for run in runs)
        days = ", ".join(f"{run.day:%a %d %b}" for run in runs)
        yield f"Week {week:2}: {aim:>8}, click {clicks} %: {days}"


def _line(run: PlannedRun) -> str:
    if not run.week:
        return f"is it still there? {run.minutes} minutes without a click"
    if run.target is None:
        return f"week {run.week}, {run.minutes} minutes in your own rhythm"
    click_share = f"click for {run.click} %" if run.click else "no click"
    return f"week {run.week}, {run.minutes} minutes at {run.target:g}, {click_share}"
