"""The command `score`: tells how steps or taps met the beats of a track."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cadence_cue.app.invocation import command
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.sessions import session_store
from cadence_cue.cli import asking, shared
from cadence_cue.cli.options import performance_options, planned_track
from cadence_cue.cli.performed import DRILLS_AS_THEY_WERE, exported
from cadence_cue.cli.performed import performed as as_performed
from cadence_cue.coaching import values
from cadence_cue.errors import printable

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared


@click.command("score")
@click.argument("name", metavar="[TRACK|SESSION]", required=False, type=shared.SessionName())
@click.option("--taps", type=click.Path(path_type=Path), metavar="FILE",
              help="Taps: seconds from the track's first sample, one a line.")  # fmt: skip
@click.option("--audio", type=click.Path(path_type=Path), metavar="FILE",
              help="A recording of the room in which you did the session.")  # fmt: skip
@click.option("--start", type=shared.Written("time", values.seconds), metavar="TIME",
              help="Where the track begins in the recording, such as 12.4s.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for other programs.")
@click.option("--score-file", type=shared.NEW_FILE, metavar="FILE",
              help="Write the score and every step as JSON.")  # fmt: skip
@click.option("--force", is_flag=True, help="Overwrite an existing score file.")
@click.option("--performed", is_flag=True,
              help="The track is of what you played last, with your tempo changes.")  # fmt: skip
@click.option("--no-safety-line", is_flag=True, help="The track was made without it.")
@click.option("--without-locked", is_flag=True, help="The track was made without locked drills.")
@performance_options
@shared.plain_errors
def score_command(
    name: str | None,
    *,
    taps: Path | None,
    audio: Path | None,
    start: str | None,
    as_json: bool,
    score_file: Path | None,
    force: bool,
    performed: bool,
    no_safety_line: bool,
    without_locked: bool,
    options: PerformanceOptions,
) -> None:
    """Tell how your steps or taps met the beats of a track that was exported.

    Name the file that was written. Of one that another computer wrote, name the session, with the
    options that it was exported with, so that its beats are known.
    """
    from cadence_cue.app.score.data import score_data, write_score
    from cadence_cue.app.score.lines import score_lines
    from cadence_cue.app.score.recorded_steps import recorded_steps
    from cadence_cue.app.score.scoring import score
    from cadence_cue.app.score.taps import read_taps
    from cadence_cue.export.target import check_place

    if (taps is None) == (audio is None):
        shared.refuse("name either a file of taps with --taps, or a recording with --audio")
    if start is not None and audio is None:
        shared.refuse("--start is where the track begins in a recording: give it with --audio")
    if score_file:
        force = shared.may_replace(score_file, force=force)
        check_place(score_file, force=force)
    steps = read_taps(taps) if taps else None
    prepared = _planned(
        name,
        options,
        performed=performed,
        safety_line=not no_safety_line,
        without_locked=without_locked,
    )
    if steps is not None:
        found = score(prepared, steps)
    elif audio is not None:
        begins = None if start is None else float(values.seconds(start))
        with shared.bar(printable(audio.name)) as done:
            heard = recorded_steps(audio, prepared, begins, done)
        for note in heard.notes:
            shared.notice(note)
        found = score(prepared, heard.steps, heard.source, heard.unheard, heard.loudness)
    if score_file:
        write_score(found, score_file, force=force)
    if as_json:
        click.echo(json.dumps(score_data(found), indent=1, ensure_ascii=False))
    else:
        shared.say("\n".join(score_lines(found)))
    if kept := shared.keep_score(found, once=True):
        shared.notice(f"Saved in your log. To delete it: {command('log delete {}', kept.day)}")


def _planned(
    name: str | None,
    options: PerformanceOptions,
    *,
    performed: bool,
    safety_line: bool,
    without_locked: bool,
) -> Prepared:
    """Plan the track that is meant: a file, what was performed last, or a session."""
    from cadence_cue.export.formats import ENDINGS

    library = shared.get_library()
    settings = shared.load_settings()
    if name and name.lower().endswith(ENDINGS):
        given = options != PerformanceOptions() or performed or not safety_line or without_locked
        session, options = exported(Path(name), library, given=given)
        return planned_track(session, library, settings, options)
    if performed:
        if without_locked:
            shared.refuse(DRILLS_AS_THEY_WERE)
        session, options = as_performed([name] if name else [], library, [options])
    elif name:
        session = session_store.find(name, library)
        options = asking.left_out(
            session, library, settings, options, without_locked=without_locked
        )
    else:
        shared.refuse(
            f"name a track (see: {command('exports')}), a session (see: {command('list')}), or "
            "--performed for what you played last"
        )
    options = replace(options, safety_line=safety_line)
    return planned_track(session, library, settings, options)
