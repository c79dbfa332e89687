"""The commands `workout` and `import`: sessions as workouts for a watch, and back."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from cadence_cue.app.invocation import command
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.sessions import session_store
from cadence_cue.cli import shared
from cadence_cue.errors import UserError


@click.command("workout")
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@click.option("--cadence", type=shared.Cadence(), help="Your own cadence in steps a minute.")
@click.option(
    "-o", "output", type=shared.NEW_FILE, metavar="FILE",
    help="By default SESSION.fit: .fit for a watch, .zwo for Zwift, .txt for intervals.icu.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace an existing file.")
@shared.plain_errors
def workout_command(name: str, cadence: float | None, output: Path | None, force: bool) -> None:
    """Write SESSION as a workout: its phases as steps, with cadence targets for the runs.

    A watch shows the steps and beeps outside of a target; it plays no clicks and says no words. Use
    it beside an exported track.
    """
    from cadence_cue.app.preparing import prepare
    from cadence_cue.app.tracks.workout import workout
    from cadence_cue.export.workouts import write

    library = shared.get_library()
    session = session_store.find(name, library)
    output = output or Path(f"{session.name}.fit")
    options = PerformanceOptions(cadence=cadence, speaks=False)
    prepared = prepare(
        session, library, shared.load_settings(), options, live=False, practices=shared.practices()
    )
    made = workout(prepared)
    write(made, output, force=shared.may_replace(output, force=force))
    shared.notice(f"Written: {output}, {len(made.steps)} steps")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "output", type=shared.NEW_FILE, metavar="FILE",
              help="The session file; by default named after FILE: FILE.toml.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace an existing file.")
@shared.plain_errors
def import_command(file: Path, output: Path | None, force: bool) -> None:
    """Make a session file from FILE, a ZWO or FIT workout, and say what it does not carry over."""
    from cadence_cue.coaching.session_file import parse
    from cadence_cue.coaching.workout_file import LARGEST
    from cadence_cue.coaching.workout_import import imported
    from cadence_cue.coaching.writing_out import written_out
    from cadence_cue.export.target import new_file

    library = shared.get_library()
    output = output or Path(f"{file.stem}.toml")
    with file.open("rb") as opened:
        data = opened.read(LARGEST + 1)
    try:
        made = imported(data, library)
        session = parse(tomllib.loads(made.text), name=output.stem, library=library)
    except UserError as error:
        raise error.at(file) from error
    with new_file(output, force=shared.may_replace(output, force=force)) as part:
        part.write_text(made.text, "utf-8")
    for line in made.lost:
        shared.notice(f"Not carried over: {line}")
    phases = len(written_out(session))
    check = command("check {}", str(output))
    shared.say(f"{made.title}: {phases} phases in {output}. Next: {check}")
