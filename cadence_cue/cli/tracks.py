"""The writing of one track, which `export`, `drill`, `beat` and `plan` share."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cadence_cue.app.options import MusicOptions, PerformanceOptions
from cadence_cue.app.tracks import exported
from cadence_cue.cli import asking, shared
from cadence_cue.cli.files import TrackOptions
from cadence_cue.cli.music import chosen_music, heard_songs, prepare_music
from cadence_cue.cli.options import show_notes, speaking
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.errors import printable

if TYPE_CHECKING:
    from cadence_cue.app.settings import Settings
    from cadence_cue.app.tracks.export_job import ExportJob, ExportRequest
    from cadence_cue.coaching.drill import Library
    from cadence_cue.coaching.session import Music, Session
    from cadence_cue.studio import Performance
    from cadence_cue.transport.following import Ready


def names_file(track: TrackOptions) -> bool:
    """Whether a file was named with -o; without one the options of a file are refused."""
    if track.output is None and track.any_given:
        names = "--format, --quality, --mono, --rate, --bits, --force, --no-safety-line"
        shared.refuse(
            f"{names}, --sidecars, --card, --share and --report need a file: name one with -o"
        )
    return track.output is not None


def write_track(
    track: TrackOptions,
    session: Session,
    library: Library,
    settings: Settings,
    options: PerformanceOptions,
    music: MusicOptions,
) -> None:
    """Write one track, in each of its formats."""
    if track.share and len(track.formats) > 1:
        shared.refuse("--share works for one file: give one format with it")
    if not options.performed:
        options = asking.left_out(
            session, library, settings, options, without_locked=track.without_locked
        )
    elif track.without_locked:
        from cadence_cue.cli.performed import DRILLS_AS_THEY_WERE

        shared.refuse(DRILLS_AS_THEY_WERE)
    requests = [
        requested(one, session, library, settings, options, music) for one in track.in_each_format
    ]
    with shared.each_notice_once():
        job: ExportJob | None = None
        for request in requests:
            job = _write_one(request, track, library, settings, job)


def requested(
    track: TrackOptions,
    session: Session,
    library: Library,
    settings: Settings,
    options: PerformanceOptions,
    music: MusicOptions,
    *,
    who: str = "",
    number: int = 0,
) -> ExportRequest:
    """The request for one track; `number` counts several from 1."""
    from cadence_cue.app.tracks.export_job import ExportRequest, track_name

    cadence = Fraction(str(options.cadence or settings.cadence_spm()))
    name = track_name(session, library, cadence, who, performed=options.performed is not None)
    path = _path(track, name, several=number > 0)
    options = replace(options, safety_line=track.safety_line)
    played = chosen_music(music, session)
    return ExportRequest(session, path, options, track.files, played, who, number)


def _path(track: TrackOptions, name: str, *, several: bool) -> Path:
    """The file that was named, else "Daily ten - own 165.mp3" in the named or current folder."""
    from cadence_cue.export.formats import ENDINGS

    ending = "".join(f".{each}" for each in track.formats)
    named = track.output
    if named and not (several or named.is_dir()):
        known = named.suffix.lower()
        if ending and known in ENDINGS and known != ending:
            shared.refuse(
                f"{printable(str(named))}: this name does not fit --format {track.formats[0]}"
            )
        return named if not ending or known == ending else Path(f"{named}{ending}")
    if named and not named.is_dir():
        if named.suffix.lower() in ENDINGS:
            shared.refuse(
                f"{printable(str(named))}: several tracks do not fit into one file; name a folder"
            )
        refuse_folder(named)
    return (named or Path()) / f"{name}{ending or '.mp3'}"


def plan_track(
    request: ExportRequest, library: Library, settings: Settings, other: ExportJob | None
) -> ExportJob:
    """Plan a track, and print what the runner should know about it.

    If there is the same track in an `other` format, nothing is planned anew.
    """
    from cadence_cue.app.tracks.export_job import plan_export

    if other:
        return other.into(request.target, force=request.files.force)

    def prepared(music: Music, performance: Performance) -> Ready:
        from cadence_cue.app.music.under import music_under  # decoders

        return prepare_music(music, performance, music_under, quiet=request.number > 1)

    with speaking() as progress:
        return plan_export(
            request,
            library,
            settings,
            practices=() if request.who else shared.practices(),  # others have logs of their own
            speaking=progress,
            planned=show_notes,
            hear=heard_songs,
            prepare_music=prepared,
        )


def _write_one(
    request: ExportRequest,
    track: TrackOptions,
    library: Library,
    settings: Settings,
    other: ExportJob | None,
) -> ExportJob:
    """Plan a track and write it, with progress on a terminal; `other` is it in another format."""
    force = shared.may_replace(request.target, force=request.files.force)
    request = replace(request, files=replace(request.files, force=force))
    job = plan_track(request, library, settings, other)
    try:
        with shared.bar(printable(job.target.name)) as progress:
            summary = job.write(progress)
    except KeyboardInterrupt:
        shared.notice(f"Stopped; {printable(str(job.target))} was not written.")
        raise SystemExit(INTERRUPTED) from None
    exported.keep([(job.target, job.track.title, job.made)])
    shared.say(summary)
    if request.options.speaks:
        asking.offer_explaining(request.session, library, settings, request.options.explain)
    print_reports([job], track)
    if track.share:
        from cadence_cue.cli.share import share

        share(job.target, yes=track.yes, local=track.local)
    return job


def print_reports(jobs: list[ExportJob], track: TrackOptions) -> None:
    """Print what is in each written track, if that was asked for."""
    if track.report:
        from cadence_cue.app.tracks.export_job import report

        for job in jobs:
            shared.say(report(job))


def refuse_folder(folder: Path) -> NoReturn:
    """End with the error that a folder does not exist."""
    shared.refuse(f"there is no folder {printable(str(folder))}; create it first")
