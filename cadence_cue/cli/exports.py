"""The command `exports`: lists the tracks that were written, and where they are."""

from __future__ import annotations

import click

from cadence_cue.app.tracks import exported
from cadence_cue.cli import shared
from cadence_cue.errors import printable


@click.command("exports")
@shared.plain_errors
def exports_command() -> None:
    """List the tracks that you exported, the latest first, and where they are."""
    tracks = exported.listed()
    for each in tracks:
        gone = "gone: " if each.is_gone else ""
        shared.say(f"{each.day}  {printable(each.title)}")
        shared.say(f"  {gone}{printable(str(each.target))}")
    if not tracks:
        shared.say("Nothing has been exported yet.")
