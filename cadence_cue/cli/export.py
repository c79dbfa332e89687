"""The command `export`: one track (cli.tracks), or several in parallel."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cadence_cue.app.invocation import command
from cadence_cue.app.options import MusicOptions, PerformanceOptions
from cadence_cue.app.sessions import session_store
from cadence_cue.app.tracks import exported
from cadence_cue.cli import asking, shared
from cadence_cue.cli.files import TrackOptions, track_options
from cadence_cue.cli.music import matching_options, music_options
from cadence_cue.cli.options import several_performance_options
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.cli.tracks import plan_track, print_reports, refuse_folder, requested, write_track
from cadence_cue.cli.ways_out import worded
from cadence_cue.coaching.phase_tempos import follows_cadence
from cadence_cue.errors import UserError, printable, same_name

if TYPE_CHECKING:
    from cadence_cue.app.batch import Outcome
    from cadence_cue.app.settings import Settings
    from cadence_cue.app.tracks.export_job import ExportJob, ExportRequest
    from cadence_cue.app.tracks.team import Member
    from cadence_cue.coaching.drill import Library


def _write_many(
    requests: list[ExportRequest], track: TrackOptions, library: Library, settings: Settings
) -> None:
    """Plan and write several tracks in parallel; a failure does not stop the others."""
    from cadence_cue.app.batch import Outcome, write_all

    _refuse_same([request.target for request in requests])
    sessions = {request.session.name: request for request in requests}
    left_out = {
        name: asking.left_out(
            request.session,
            library,
            settings,
            request.options,
            without_locked=track.without_locked,
        ).left_out
        for name, request in sessions.items()
    }
    force = _replaces_all([request.target for request in requests], force=track.files.force)
    made: dict[int, ExportJob] = {}

    def planned() -> Iterator[ExportJob | Outcome]:
        for place, request in enumerate(requests):
            options = replace(request.options, left_out=left_out[request.session.name])
            files = replace(request.files, force=force)
            whole = replace(request, options=options, files=files)
            same = requests[place - 1].number == request.number
            try:
                job = plan_track(whole, library, settings, made.get(place - 1) if same else None)
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
            first = next(jobs)  # may prepare music, with a progress bar of its own
            with shared.bar(f"{len(requests)} tracks") as progress:
                workers = os.cpu_count() or 1
                outcomes += write_all(chain([first], jobs), len(requests), workers, progress)
    except KeyboardInterrupt:
        shared.notice("Stopped; the tracks that were finished are kept.")
        raise SystemExit(INTERRUPTED) from None
    _report_many(requests, made, sorted(outcomes, key=lambda each: each.place), track)


def _refuse_same(targets: list[Path]) -> None:
    """Refuse two tracks of the same name: the second would replace the first."""
    names = Counter(same_name(str(each)) for each in targets)
    for each in targets:
        if names[same_name(str(each))] > 1:
            shared.refuse(
                f"several of these tracks would be called {printable(each.name)}; "
                "write them one by one, or give the runners other names"
            )


def _replaces_all(targets: list[Path], *, force: bool) -> bool:
    """Whether existing files may be replaced, after asking on a terminal."""
    existing = sum(each.is_file() for each in targets)
    if not existing or force or not shared.on_terminal():
        return force
    return shared.confirm(f"{existing} of {len(targets)} tracks exist already. Replace them?")


def _report_many(
    requests: list[ExportRequest],
    made: dict[int, ExportJob],
    outcomes: list[Outcome],
    track: TrackOptions,
) -> None:
    """Print what was written, then what was not and why."""
    good = [outcome for outcome in outcomes if not outcome.failed]
    jobs = [made[outcome.place] for outcome in good]
    exported.keep((job.target, job.track.title, job.made) for job in jobs)
    for outcome in good:
        shared.say(outcome.summary)
    print_reports(jobs, track)
    for outcome in outcomes:
        if outcome.failed:
            request = requests[outcome.place]
            shared.notice(f"{request.who or request.session.title}: {worded(outcome.failed)}")
    if len(good) < len(requests):
        count = len(requests) - len(good)
        shared.refuse(f"{count} of {len(requests)} tracks could not be written")


def _place(
    context: click.Context,
    parameter: click.Parameter,
    value: str | None,
) -> Path | None:
    """Refuse a missing folder that is named with a final slash, which a Path would drop."""
    path = shared.NEW_FILE.convert(value, parameter, context) if value else None
    if path and value and value.endswith(os.sep) and not path.is_dir():
        refuse_folder(path)
    return path


@click.command("export")
@click.argument("names", metavar="SESSION...", nargs=-1, type=shared.SessionName())
@click.option("--performed", is_flag=True,
              help="What you played last (of SESSION), with your tempo changes.")  # fmt: skip
@click.option("-o", "output", callback=_place, metavar="FILE|FOLDER",
              help='The file; by default "Title - own 165.mp3".')  # fmt: skip
@click.option("--runners", type=click.Path(path_type=Path), metavar="CSV",
              help="A track for each runner: columns name, cadence, voice, explain.")  # fmt: skip
@track_options
@music_options
@matching_options
@several_performance_options
@shared.plain_errors
def export_command(
    names: tuple[str, ...],
    *,
    performed: bool,
    runners: Path | None,
    track: TrackOptions,
    music: MusicOptions,
    options: list[PerformanceOptions],
) -> None:
    """Write sessions to audio files for a phone or a watch, one or many at once."""
    from cadence_cue.app.tracks.team import read_team
    from cadence_cue.voice.manifest import voice_names

    library = shared.get_library()
    settings = shared.load_settings()
    if performed:
        from cadence_cue.cli.performed import performed as as_performed

        if runners:
            shared.refuse("--runners makes new tracks; give it without --performed")
        session, kept = as_performed(names, library, options)
        write_track(track, session, library, settings, kept, music)
        return
    if not names:
        shared.refuse(
            f"name a session (see: {command('list')}), or --performed for what you played last"
        )
    sessions = [session_store.find(name, library) for name in names]
    team = read_team(runners, voice_names(), shared.notice) if runners else []
    if team and len(options) > 1:
        shared.refuse("--runners lists the cadences: give at most one --cadence with it")
    everybody = [_of(member, options[0]) for member in team] or [("", each) for each in options]
    tracks = [
        (session, who, each)
        for session in sessions
        # If no tempo follows the cadence, all tracks of a session would be the same.
        for who, each in everybody[: None if team or follows_cadence(session, library) else 1]
    ]
    if len(tracks) == 1 and not team:
        write_track(track, sessions[0], library, settings, options[0], music)
        return
    if track.share:
        shared.refuse(f"--share works for one track; share several one by one: {command('share')}")
    requests = [
        requested(one, session, library, settings, each, music, who=who, number=number)
        for number, (session, who, each) in enumerate(tracks, 1)
        for one in track.in_each_format
    ]
    _write_many(requests, track, library, settings)


def _of(member: Member, options: PerformanceOptions) -> tuple[str, PerformanceOptions]:
    """A member's name, and the options with those that the team's file gives."""
    return member.name, replace(
        options,
        cadence=member.cadence or options.cadence,
        voice=member.voice or options.voice,
        explain=options.explain if member.explain is None else member.explain,
    )
