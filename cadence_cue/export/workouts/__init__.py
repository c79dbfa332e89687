"""Workouts for watches and training sites: one file per format, and `write`, which knows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cadence_cue.errors import UserError
from cadence_cue.export.target import new_file
from cadence_cue.export.workouts.steps import Workout


def write(workout: Workout, path: Path, *, force: bool) -> None:
    """Write a workout in the format that the ending of the name says.

    Raises UserError for another ending, for what a watch cannot hold, and if it cannot be written.
    """
    content = _format(path)(workout)
    with new_file(path, force=force) as part:
        part.write_bytes(content)


def _format(path: Path) -> Callable[[Workout], bytes]:
    match path.suffix.lower():
        case ".fit":
            from cadence_cue.export.workouts.fit import encoded as fit  # noqa: PLC0415 - one is used

            return fit
        case ".zwo":
            from cadence_cue.export.workouts.zwo import encoded as zwo  # noqa: PLC0415

            return zwo
        case ".txt":
            from cadence_cue.export.workouts.text import encoded as text  # noqa: PLC0415

            return text
    raise UserError(
        "the ending of the name sets the format",
        where=path,
        way_out="use .fit for a watch, .zwo for Zwift and others, or .txt for intervals.icu",
    )
