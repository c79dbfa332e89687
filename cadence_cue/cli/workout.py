"""The command `workout`: writes a session as a workout for a watch."""

from __future__ import annotations

from pathlib import Path

import click

from cadence_cue.app import session_store
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.cli import shared


@click.command("workout")
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@click.option("--cadence", type=shared.Cadence(), help="Your own cadence in steps a minute.")
@click.option(
    "-o", "output", required=True, type=shared.NEW_FILE, metavar="FILE",
    help="The file: .fit for a watch, .zwo for Zwift, .txt for intervals.icu.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace an existing file.")
@shared.plain_errors
def workout_command(name: str, cadence: float | None, output: Path, force: bool) -> None:
    """Write SESSION as a workout: its phases as steps, with cadence targets for the runs.

    A watch shows the steps and beeps outside of a target; it plays no clicks and says no words. Use
    it beside an exported track.
    """
    from cadence_cue.app.preparing import prepare
    from cadence_cue.app.workout import workout
    from cadence_cue.export.workouts import write

    library = shared.get_library()
    session = session_store.find(name, library)
    options = PerformanceOptions(cadence=cadence, speaks=False)
    prepared = prepare(
        session, library, shared.load_settings(), options, live=False, practices=shared.practices()
    )
    made = workout(prepared)
    write(made, output, force=shared.may_replace(output, force=force))
    shared.notice(f"Written: {output}, {len(made.steps)} steps")
