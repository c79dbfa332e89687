"""The command `export`: sessions to audio files; and how every command writes one."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cadence_cue.app import session_store
from cadence_cue.app.invocation import command
from cadence_cue.cli import asking, music, options, shared
from cadence_cue.cli.files import FileOptions, target
from cadence_cue.cli.music import MusicOptions, made_ready
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.cli.ways_out import worded
from cadence_cue.coaching.program import follows_cadence
from cadence_cue.errors import UserError, printable

if TYPE_CHECKING:
    from cadence_cue.app.batch import Outcome
    from cadence_cue.app.export_job import ExportJob
    from cadence_cue.app.settings import Settings
    from cadence_cue.app.team import Member
    from cadence_cue.coaching.model import Library, Music, Session
    from cadence_cue.studio import Performance


def write_instead(
    asked: FileOptions,
    session: Session,
    library: Library,
    settings: Settings,
    chosen: options.PerformanceOptions,
    under: MusicOptions,
) -> bool:
    """Write a file where one was named; False where it is to be played."""
    if asked.output is None:
        if asked.anything:
            names = "--format, --quality, --mono, --rate, --bits, --force, --no-safety-line"
            shared.refuse(
                f"{names}, --sidecars, --card, --share and --report are for a file: name it with -o"
            )
        return False
    _write_one(_Job(session, chosen, under.music(session)), asked, library, settings)
    return True


@dataclass(frozen=True, slots=True)
class _Job:
    """One track: a session for a runner; `number` counts several from 1."""

    session: Session
    chosen: options.PerformanceOptions
    music: Music | None = None
    who: str = ""
    number: int = 0


def _target(job: _Job, asked: FileOptions, library: Library, settings: Settings) -> Path:
    """The file: the one that is named, else "Daily ten - own 165.mp3" here or in a folder."""
    from cadence_cue.app.export_job import track_name
    from cadence_cue.export.formats import ENDINGS

    ending = f".{asked.format}" if asked.format else ""
    named = asked.output
    if named and not (job.number or named.is_dir()):
        known = named.suffix.lower()
        if ending and known in ENDINGS and known != ending:
            shared.refuse(f"{printable(str(named))}: this is no name for --format {asked.format}")
        return named if not ending or known == ending else Path(f"{named}{ending}")
    if named and not named.is_dir():
        _refuse_folder(named)
    cadence_spm = Fraction(str(job.chosen.cadence or settings.cadence_spm()))
    name = track_name(job.session, library, cadence_spm, job.who)
    return (named or Path()) / f"{name}{ending or '.mp3'}"


def _order(job: _Job, asked: FileOptions, library: Library, settings: Settings) -> ExportJob:
    """Plan a track. Raises what people are told."""
    from cadence_cue.app.export_job import export_job
    from cadence_cue.cli.telling import as_data
    from cadence_cue.export.sidecars import sidecars
    from cadence_cue.export.writer import check_target
    from cadence_cue.studio import RATE

    rate, output = asked.rate or RATE, _target(job, asked, library, settings)
    force = asked.force
    check_target(output, rate, wish=asked.wish, force=force or _replaces(output, job))
    force = force or output.exists()
    performance = options.prepare(
        job.session,
        library,
        settings,
        job.chosen,
        live=False,
        rate=rate,
        safety=not asked.no_safety_line,
    )
    timeline = options.begun(performance, job.chosen).timeline
    made = export_job(
        performance,
        timeline,
        output,
        wish=asked.wish,
        force=force,
        beat=job.chosen.beat,
        voice=job.chosen.speaks,
        number=job.number,
        who=job.who,
        music=Path(job.music.file).name if job.music else "",
        bed=made_ready(job.music, performance, quiet=job.number > 1) if job.music else None,
    )
    if asked.card:
        made = replace(made, beside=((".html", _card(performance, made, library)),))
    if asked.sidecars:
        data = json.dumps(as_data(timeline, timeline), ensure_ascii=False, indent=1)
        beside = (*sidecars(output, made.track), (".timeline.json", f"{data}\n"))
        made = replace(made, beside=(*made.beside, *beside))
    return made


def _card(performance: Performance, made: ExportJob, library: Library) -> str:
    from cadence_cue.share.html import card
    from cadence_cue.studio import unexplained

    drills = unexplained(performance.session, library, ())
    return card(made.track, f"{made.length}, {made.told}", drills)


def _replaces(output: Path, job: _Job) -> bool:
    """Whether somebody says that an existing file may be replaced."""
    if job.number or not output.is_file() or not shared.on_terminal():
        return False
    return click.confirm(f"{printable(str(output))} exists already. Replace it?", err=True)


def _write_one(job: _Job, asked: FileOptions, library: Library, settings: Settings) -> None:
    """Plan a track and write it, with progress on a terminal."""
    asking.tell_locked(job.session, library, settings)
    made = _order(job, asked, library, settings)
    name = printable(made.target.name)
    try:
        with shared.bar(name) as progress:
            told = made.write(progress)
    except KeyboardInterrupt:
        shared.notice(f"Stopped; {printable(str(made.target))} was not written.")
        raise SystemExit(INTERRUPTED) from None
    click.echo(told)
    if job.chosen.speaks:
        asking.offer_explaining(job.session, library, settings, job.chosen.explain)
    _report([made], asked)
    if asked.share:
        from cadence_cue.cli.share import share

        share(made.target, yes=asked.yes, local=asked.local)


def _write_many(jobs: list[_Job], asked: FileOptions, library: Library, settings: Settings) -> None:
    """Plan and write several tracks at once; one that fails stops no other."""
    from cadence_cue.app.batch import Outcome, write_all

    for session in {job.session.name: job.session for job in jobs}.values():
        asking.tell_locked(session, library, settings)
    targets = [_target(job, asked, library, settings) for job in jobs]
    _refuse_same(targets)
    asked = _replaces_all(targets, asked)
    made: dict[int, ExportJob] = {}

    def planned() -> Iterator[ExportJob | Outcome]:
        for place, job in enumerate(jobs):
            try:
                made[place] = _order(job, asked, library, settings)
                yield made[place]
            except UserError as error:
                yield Outcome(place, failed=error)
            except OSError as error:
                yield Outcome(place, failed=UserError.of(error))

    outcomes: list[Outcome] = []
    try:
        with shared.each_notice_once():
            orders = planned()
            first = next(orders)  # it may prepare music, with a bar of its own
            with shared.bar(f"{len(jobs)} tracks") as progress:
                workers = os.cpu_count() or 1
                outcomes += write_all(chain([first], orders), len(jobs), workers, progress)
    except KeyboardInterrupt:
        shared.notice("Stopped; the tracks that were finished are kept.")
        raise SystemExit(INTERRUPTED) from None
    _tell_many(jobs, made, sorted(outcomes, key=lambda each: each.place), asked)


def _refuse_same(targets: list[Path]) -> None:
    """Two tracks of one name: the last would replace the first."""
    names = Counter(str(each).casefold() for each in targets)
    for each in targets:
        if names[str(each).casefold()] > 1:
            shared.refuse(
                f"{printable(each.name)} would be the name of several of these tracks; "
                "write them one by one, or give the runners other names"
            )


def _replaces_all(targets: list[Path], asked: FileOptions) -> FileOptions:
    """What is asked; with force where somebody says that existing files may be replaced."""
    there = sum(each.is_file() for each in targets)
    if not there or asked.force or not shared.on_terminal():
        return asked
    question = f"{there} of {len(targets)} tracks exist already. Replace them?"
    return replace(asked, force=click.confirm(question, err=True))


def _tell_many(
    jobs: list[_Job], made: dict[int, ExportJob], outcomes: list[Outcome], asked: FileOptions
) -> None:
    """Tell what was written, then what was not and why."""
    good = [outcome for outcome in outcomes if not outcome.failed]
    for outcome in good:
        click.echo(outcome.told)
    _report([made[outcome.place] for outcome in good], asked)
    for outcome in outcomes:
        if outcome.failed:
            job = jobs[outcome.place]
            shared.notice(f"{job.who or job.session.title}: {worded(outcome.failed)}")
    if len(good) < len(jobs):
        shared.refuse(f"{len(jobs) - len(good)} of {len(jobs)} tracks could not be written")


def _report(orders: list[ExportJob], asked: FileOptions) -> None:
    if not asked.report:
        return
    from cadence_cue.export.report import measure
    from cadence_cue.timing.talking import share

    for made in orders:
        lufs, peak = measure(made.target)
        click.echo(
            f"{printable(made.target.name)}: {lufs:.1f} LUFS, true peak {peak:.1f} dBTP, "
            f"{100 * share(made.timeline):.0f} % of the time spoken"
        )


def _refuse_folder(folder: Path) -> NoReturn:
    shared.refuse(f"there is no folder {printable(str(folder))}; create it first")


def _place(
    context: click.Context,  # noqa: ARG001 - click's signature
    parameter: click.Parameter,  # noqa: ARG001
    value: str | None,
) -> Path | None:
    """A file, or a folder that is there: a slash at its end says so, which a Path forgets."""
    path = Path(value) if value else None
    if path and value and value.endswith(os.sep) and not path.is_dir():
        _refuse_folder(path)
    return path


@click.command("export")
@click.argument("names", metavar="SESSION...", nargs=-1, required=True, type=shared.SessionName())
@click.option("-o", "output", callback=_place, metavar="FILE|FOLDER",
              help='The file; "Title - own 165.mp3" if not given.')  # fmt: skip
@click.option("--runners", type=click.Path(path_type=Path), metavar="CSV",
              help="A track for each: columns name, cadence, voice, explain.")  # fmt: skip
@target
@music.under
@options.performances
@shared.plain_errors
def export_command(
    names: tuple[str, ...],
    runners: Path | None,
    asked: FileOptions,
    under: MusicOptions,
    wishes: list[options.PerformanceOptions],
) -> None:
    """Write sessions to audio files for a phone or a watch, one or many at once."""
    from cadence_cue.app.team import read_team
    from cadence_cue.voice.voice import voice_names

    library = shared.get_library()
    settings = shared.load_settings()
    sessions = [session_store.find(name, library) for name in names]
    team = read_team(runners, voice_names()) if runners else []
    if team and len(wishes) > 1:
        shared.refuse("--runners has the cadences: give one --cadence, or none, beside it")
    everybody = [_of(member, wishes[0]) for member in team] or [("", each) for each in wishes]
    jobs = [
        (session, who, each)
        for session in sessions
        # Where nothing follows the cadence, all tracks of a session would be one.
        for who, each in everybody[: None if team or follows_cadence(session, library) else 1]
    ]
    if len(jobs) == 1 and not team:
        _write_one(_Job(sessions[0], wishes[0], under.music(sessions[0])), asked, library, settings)
        return
    if asked.share:
        shared.refuse(f"--share is for one track; share the others one by one: {command('share')}")
    numbered = [
        _Job(session, each, under.music(session), who, k)
        for k, (session, who, each) in enumerate(jobs, 1)
    ]
    _write_many(numbered, asked, library, settings)


def _of(
    member: Member, chosen: options.PerformanceOptions
) -> tuple[str, options.PerformanceOptions]:
    """A member's name, and what the member asks for."""
    return member.name, replace(
        chosen,
        cadence=member.cadence or chosen.cadence,
        voice=member.voice or chosen.voice,
        explain=chosen.explain if member.explain is None else member.explain,
    )
