"""The command `plan`: weeks towards a quicker step, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cadence_cue.app.invocation import command
from cadence_cue.app.options import MusicOptions
from cadence_cue.app.plan import kept_plan, plan_file, plan_text, planning
from cadence_cue.app.plan.kept_plan import Today
from cadence_cue.app.plan.plan_session import options_of, session_of
from cadence_cue.app.settings import user_folder
from cadence_cue.cli import asking, shared
from cadence_cue.cli.files import TrackOptions, track_options
from cadence_cue.cli.options import ListenOptions, device_options, tell_assumed
from cadence_cue.season.plan import WEEKDAYS, doubts, usual_days

if TYPE_CHECKING:
    from cadence_cue.app.device import DeviceOptions


_PLACES = ("left", "right", "calf", "calves", "achilles", "tendon", "shin", "shins",
           "foot", "feet")  # fmt: skip
"""What hurts may be called; the plan does the same for all of them."""


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
        asking.sore_at_start()
        _show()


@plan_command.command("weeks")
@shared.plain_errors
def weeks_command() -> None:
    """Show all weeks: what was done and missed, which are easier."""
    shared.say("\n".join(plan_text.weeks_as_run(kept_plan.today(user_folder()))))


@plan_command.command("new")
@click.option("--from", "own", type=shared.Cadence(), help="Your cadence now.")
@click.option("--to", "goal", type=shared.Cadence(), help="The goal; by default 5 % above it.")
@click.option("--weeks", type=click.IntRange(1, 52), help="By default as many as it takes.")
@click.option("--runs", type=click.IntRange(1, 7), help="Runs a week; by default 3.")
@click.option("--minutes", type=click.IntRange(10, 120), default=20, show_default=True)
@click.option("--days", type=_Days(), help="On these days: mon,wed,sat.")
@click.option("--start", type=_Day(), metavar="DAY", help="By default Monday: today or the next.")
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
    """Make a plan: a week of your own, then small steps.

    The first week has no target. Then come steps of at most 2.5 %, for two weeks each.

    Its runs replace easy runs; they add none. Every fourth week is easier.
    """
    if days and runs and runs != len(days):
        shared.refuse(f"--runs {runs} and {len(days)} --days do not fit: leave one out")
    folder = user_folder()
    path = plan_file.plan_file(folder)
    if path.exists() and not shared.may_replace(path, force=force):
        shared.refuse("you have a plan already; --force replaces it")
    settings = shared.load_settings()
    if own is None and settings.cadence is None:
        tell_assumed(settings.cadence_spm())
    if own and settings.cadence and own != settings.cadence:
        shared.notice(f"The plan begins at {own:g}; your saved cadence is {settings.cadence:g}.")
    usual = kept_plan.wish(own or settings.cadence_spm(), goal)
    wish = replace(
        usual,
        weeks=weeks or usual.weeks,
        days=days or usual_days(runs or 3),
        minutes=minutes,
        start=start or usual.start,
        drills=drills,
    )
    plan, notes = kept_plan.make(wish, folder)
    for note in notes:
        shared.notice(note)
    shared.say("\n".join(plan_text.week_lines(plan, kept_plan.now())))
    shared.say(f"\nSaved in {path}. Today and this week: {command('plan')}")


@plan_command.command("next")
@click.option("-o", "output", type=shared.NEW_FILE, metavar="FILE", help="Write this file.")
@device_options
@track_options
@shared.plain_errors
def next_command(device: DeviceOptions, track: TrackOptions) -> None:
    """Play the next run of the plan; -o writes it to a file instead."""
    from cadence_cue.cli.play import to_the_ears
    from cadence_cue.cli.tracks import names_file, write_track

    to_file = names_file(track)
    if not to_file:
        asking.sore_at_start()
    today = _running()
    plan, due = today.plan, today.due
    if due.next is None:
        shared.refuse("your plan is over; make another: " + command("plan new"))
    if due.next.day != today.day:
        shared.notice(plan_text.due_line(today))
    library, settings = shared.get_library(), shared.load_settings()
    session = session_of(plan, due.next, library, settings.mastered)
    options = options_of(plan, due.next)
    if to_file:
        write_track(track, session, library, settings, options, MusicOptions())
        return
    settings = asking.safety_first(settings)
    to_the_ears(session, library, settings, options, device, MusicOptions(), ListenOptions())


@plan_command.command("export")
@click.option("--week", type=click.IntRange(1), help="By default this week, or the next with runs.")
@click.option("-o", "output", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
              help="The folder; by default this one.")  # fmt: skip
@track_options
@shared.plain_errors
def export_command(week: int | None, track: TrackOptions) -> None:
    """Write a track for each run of a week; -o names the folder."""
    from cadence_cue.cli.tracks import write_track

    today = _running()
    plan, due = today.plan, today.due
    if week is not None:
        runs = [run for run in plan.runs if run.week == week]
    else:
        begin = due.next.day if due.next else today.day
        runs = [run for run in plan.week_of(begin) if run.day >= today.day]
    if not runs:
        shared.refuse("there is no run in that week")
    folder = track.output or Path()
    if not folder.is_dir():
        shared.refuse(f"there is no folder {folder}; create it first")
    library, settings = shared.get_library(), shared.load_settings()
    with shared.each_notice_once():
        for run in runs:
            session = session_of(plan, run, library, settings.mastered)
            for ending in track.formats or ("mp3",):
                name = f"{run.day} {session.title.replace(':', ' -')}.{ending}"
                one = replace(track, output=folder / name, formats=(ending,))
                options = options_of(plan, run)
                write_track(one, session, library, settings, options, MusicOptions())


@plan_command.command("calendar")
@click.option("-o", "output", type=shared.NEW_FILE, metavar="FILE", default="plan.ics",
              show_default=True, help="The file.")  # fmt: skip
@click.option(
    "--at", "at", default=f"{kept_plan.AT:%H:%M}", show_default=True, help="The time of each run."
)
@click.option("--force", is_flag=True, help="Replace an existing file.")
@shared.plain_errors
def calendar_command(output: Path, at: str, force: bool) -> None:
    """Write the plan as a calendar for a phone or a mail program."""
    from cadence_cue.app.plan.calendar_file import write_calendar

    try:
        clock = time.fromisoformat(at)
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo:
        shared.refuse(f"{at!r} is no time of day; write it as 07:00")
    plan = _today().plan
    write_calendar(plan, output, clock, force=shared.may_replace(output, force=force))
    shared.notice(f"Written: {output}, {plan_text.runs_of(plan)}")


@plan_command.command("done")
@click.argument("day", type=_Day(), required=False)
@click.option("--mark", type=click.IntRange(1, 5), help="How it felt, 1 hard … 5 easy.")
@shared.plain_errors
def done_command(day: date | None, mark: int | None) -> None:
    """Record that you ran to a track, today or on DAY.

    What you record by mistake, `log delete` takes back.
    """
    mastered = shared.load_settings().mastered
    kept_plan.done(user_folder(), day or kept_plan.now(), mastered, mark)
    _show()
    if day is None:
        asking.sore_after_session(ask=True)


@plan_command.command("sore")
@click.argument(
    "where", metavar="[WHERE]", nargs=-1, type=click.Choice(_PLACES, case_sensitive=False)
)
@click.option("--undo", is_flag=True, help="Take back what you said today.")
@shared.plain_errors
def sore_command(where: tuple[str, ...], undo: bool) -> None:  # noqa: ARG001 (see its help)
    """Say that something hurts: calf, Achilles, shin or foot. The plan gets gentler for a week.

    WHERE can be left out: the plan does the same for all of them.
    """
    if undo:
        kept_plan.not_hurt(user_folder())
        _show()
        return
    for sentence in kept_plan.hurt(user_folder()):
        shared.say(sentence)


@plan_command.command("resume")
@shared.plain_errors
def resume_command() -> None:
    """Go on with a plan that paused because something hurt twice."""
    kept_plan.resume(user_folder())
    _show()


@plan_command.command("check")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@shared.plain_errors
def check_command(file: Path | None) -> None:
    """Check a plan file and print what is in it.

    By default it is your own. What is steep is told too.
    """
    plan = plan_file.load(file) if file else kept_plan.load(user_folder())
    library = shared.get_library()
    for run in plan.runs:
        session_of(plan, run, library)
    for doubt in doubts(plan):
        shared.notice(doubt)
    shared.say("\n".join(plan_text.week_lines(plan, kept_plan.now())))


def _today() -> Today:
    """Return the plan as of today, and tell what has changed in it just now."""
    today = kept_plan.today(user_folder())
    for why in today.news:
        shared.notice(why)
    return today


def _running() -> Today:
    """Return the plan as of today as `_today` does, or refuse while it pauses."""
    today = _today()
    if today.plan.paused:
        shared.refuse(f"{planning.PROFESSIONAL} To go on then: {command('plan resume')}")
    return today


def _show() -> None:
    """Print what the plan asks for today and this week, with what has changed."""
    today = kept_plan.today(user_folder())
    shared.say("\n".join(plan_text.today_lines(today)))
    due = today.due
    if today.plan.paused:
        shared.say(f"To go on: {command('plan resume')}")
    elif today.drills_due:
        shared.say(f"The drills: {command('play {}', due.drills)}")
    elif due.next is None:
        shared.say(f"Make another: {command('plan new')}")
