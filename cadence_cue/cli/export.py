"""The command `export`: sessions to audio files; and how every command writes one."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cadence_cue.app import session_store
from cadence_cue.app.invocation import command
from cadence_cue.app.options import MusicOptions, PerformanceOptions
from cadence_cue.cli import asking, shared
from cadence_cue.cli.files import Asked, target
from cadence_cue.cli.music import chosen_music, music_options, prepare_music
from cadence_cue.cli.options import several_performance_options, show_notes, speaking
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.cli.ways_out import worded
from cadence_cue.coaching.program import follows_cadence
from cadence_cue.errors import UserError, printable

if TYPE_CHECKING:
    from cadence_cue.app.batch import Outcome
    from cadence_cue.app.export_job import ExportJob, ExportRequest
    from cadence_cue.app.settings import Settings
    from cadence_cue.app.team import Member
    from cadence_cue.coaching.model import Library, Session


def write_instead(
    asked: Asked,
    session: Session,
    library: Library,
    settings: Settings,
    chosen: PerformanceOptions,
    music: MusicOptions,
) -> bool:
    """Write a file where one was named; False where it is to be played."""
    if asked.output is None:
        if asked.anything:
            names = "--format, --quality, --mono, --rate, --bits, --force, --no-safety-line"
            shared.refuse(
                f"{names}, --sidecars, --card, --share and --report are for a file: name it with -o"
            )
        return False
    request = _request(asked, session, library, settings, chosen, music)
    _write_one(request, asked, library, settings)
    return True


def _request(
    asked: Asked,
    session: Session,
    library: Library,
    settings: Settings,
    chosen: PerformanceOptions,
    music: MusicOptions,
    *,
    who: str = "",
    number: int = 0,
) -> ExportRequest:
    """A track as the command line asks for it; `number` counts several from 1."""
    from cadence_cue.app.export_job import ExportRequest, track_name

    cadence = Fraction(str(chosen.cadence or settings.cadence_spm()))
    name = track_name(session, library, cadence, who)
    path = _path(asked, name, several=number > 0)
    under = chosen_music(music, session)
    chosen = replace(chosen, safety_line=asked.safety_line)
    return ExportRequest(session, path, chosen, asked.files, under, who, number)


def _path(asked: Asked, name: str, *, several: bool) -> Path:
    """The file: the one that is named, else "Daily ten - own 165.mp3" here or in a folder."""
    from cadence_cue.export.formats import ENDINGS

    ending = f".{asked.format}" if asked.format else ""
    named = asked.output
    if named and not (several or named.is_dir()):
        known = named.suffix.lower()
        if ending and known in ENDINGS and known != ending:
            shared.refuse(f"{printable(str(named))}: this is no name for --format {asked.format}")
        return named if not ending or known == ending else Path(f"{named}{ending}")
    if named and not named.is_dir():
        _refuse_folder(named)
    return (named or Path()) / f"{name}{ending or '.mp3'}"


def _planned(request: ExportRequest, library: Library, settings: Settings) -> ExportJob:
    """Plan a track, and say what should be known about it."""
    from cadence_cue.app.export_job import plan_export

    with speaking() as progress:
        return plan_export(
            request,
            library,
            settings,
            speaking=progress,
            planned=show_notes,
            prepare_music=lambda music, performance: prepare_music(
                music, performance, quiet=request.number > 1
            ),
        )


def _write_one(request: ExportRequest, asked: Asked, library: Library, settings: Settings) -> None:
    """Plan a track and write it, with progress on a terminal."""
    request = replace(request, options=asking.left_out(request.session, library, settings,
                                                       request.options))  # fmt: skip
    if request.target.is_file() and not request.files.force and shared.on_terminal():
        question = f"{printable(str(request.target))} exists already. Replace it?"
        force = click.confirm(question, err=True)
        request = replace(request, files=replace(request.files, force=force))
    job = _planned(request, library, settings)
    try:
        with shared.bar(printable(job.target.name)) as progress:
            told = job.write(progress)
    except KeyboardInterrupt:
        shared.notice(f"Stopped; {printable(str(job.target))} was not written.")
        raise SystemExit(INTERRUPTED) from None
    click.echo(told)
    if request.options.speaks:
        asking.offer_explaining(request.session, library, settings, request.options.explain)
    _report([job], asked)
    if asked.share:
        from cadence_cue.cli.share import share

        share(job.target, yes=asked.yes, local=asked.local)


def _write_many(
    requests: list[ExportRequest], asked: Asked, library: Library, settings: Settings
) -> None:
    """Plan and write several tracks at once; one that fails stops no other."""
    from cadence_cue.app.batch import Outcome, write_all

    _refuse_same([request.target for request in requests])
    sessions = {request.session.name: request for request in requests}
    left_out = {
        name: asking.left_out(request.session, library, settings, request.options).left_out
        for name, request in sessions.items()
    }
    force = _replaces_all([request.target for request in requests], force=asked.files.force)
    made: dict[int, ExportJob] = {}

    def planned() -> Iterator[ExportJob | Outcome]:
        for place, request in enumerate(requests):
            chosen = replace(request.options, left_out=left_out[request.session.name])
            files = replace(request.files, force=force)
            try:
                job = _planned(replace(request, options=chosen, files=files), library, settings)
            except UserError as error:
                yield Outcome(place, failed=error)
            except OSError as error:
                yield Outcome(place, failed=UserError.of(error))
            else:
                made[place] = job
                yield job

    outcomes: list[Outcome] = []
    try:
        with shared.each_notice_once():
            jobs = planned()
            first = next(jobs)  # it may prepare music, with a bar of its own
            with shared.bar(f"{len(requests)} tracks") as progress:
                workers = os.cpu_count() or 1
                outcomes += write_all(chain([first], jobs), len(requests), workers, progress)
    except KeyboardInterrupt:
        shared.notice("Stopped; the tracks that were finished are kept.")
        raise SystemExit(INTERRUPTED) from None
    _tell_many(requests, made, sorted(outcomes, key=lambda each: each.place), asked)


def _refuse_same(targets: list[Path]) -> None:
    """Two tracks of one name: the last would replace the first."""
    names = Counter(str(each).casefold() for each in targets)
    for each in targets:
        if names[str(each).casefold()] > 1:
            shared.refuse(
                f"{printable(each.name)} would be the name of several of these tracks; "
                "write them one by one, or give the runners other names"
            )


def _replaces_all(targets: list[Path], *, force: bool) -> bool:
    """Whether existing files may be replaced; where somebody can be asked, that is asked."""
    there = sum(each.is_file() for each in targets)
    if not there or force or not shared.on_terminal():
        return force
    return click.confirm(f"{there} of {len(targets)} tracks exist already. Replace them?", err=True)


def _tell_many(
    requests: list[ExportRequest],
    made: dict[int, ExportJob],
    outcomes: list[Outcome],
    asked: Asked,
) -> None:
    """Tell what was written, then what was not and why."""
    good = [outcome for outcome in outcomes if not outcome.failed]
    for outcome in good:
        click.echo(outcome.told)
    _report([made[outcome.place] for outcome in good], asked)
    for outcome in outcomes:
        if outcome.failed:
            request = requests[outcome.place]
            shared.notice(f"{request.who or request.session.title}: {worded(outcome.failed)}")
    if len(good) < len(requests):
        count = len(requests) - len(good)
        shared.refuse(f"{count} of {len(requests)} tracks could not be written")


def _report(jobs: list[ExportJob], asked: Asked) -> None:
    if asked.report:
        from cadence_cue.app.export_job import report

        for job in jobs:
            click.echo(report(job))


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
@music_options
@several_performance_options
@shared.plain_errors
def export_command(
    names: tuple[str, ...],
    runners: Path | None,
    asked: Asked,
    music: MusicOptions,
    options: list[PerformanceOptions],
) -> None:
    """Write sessions to audio files for a phone or a watch, one or many at once."""
    from cadence_cue.app.team import read_team
    from cadence_cue.voice.voice import voice_names

    library = shared.get_library()
    settings = shared.load_settings()
    sessions = [session_store.find(name, library) for name in names]
    team = read_team(runners, voice_names()) if runners else []
    if team and len(options) > 1:
        shared.refuse("--runners has the cadences: give one --cadence, or none, beside it")
    everybody = [_of(member, options[0]) for member in team] or [("", each) for each in options]
    tracks = [
        (session, who, each)
        for session in sessions
        # Where nothing follows the cadence, all tracks of a session would be one.
        for who, each in everybody[: None if team or follows_cadence(session, library) else 1]
    ]
    if len(tracks) == 1 and not team:
        request = _request(asked, sessions[0], library, settings, options[0], music)
        _write_one(request, asked, library, settings)
        return
    if asked.share:
        shared.refuse(f"--share is for one track; share the others one by one: {command('share')}")
    requests = [
        _request(asked, session, library, settings, each, music, who=who, number=number)
        for number, (session, who, each) in enumerate(tracks, 1)
    ]
    _write_many(requests, asked, library, settings)


def _of(member: Member, chosen: PerformanceOptions) -> tuple[str, PerformanceOptions]:
    """A member's name, and what the member asks for."""
    return member.name, replace(
        chosen,
        cadence=member.cadence or chosen.cadence,
        voice=member.voice or chosen.voice,
        explain=chosen.explain if member.explain is None else member.explain,
    )
