"""The command `log`: shows what was practised, and records how it felt."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cadence_cue.app import history
from cadence_cue.app.history import Practice, Scored
from cadence_cue.app.invocation import command
from cadence_cue.app.settings import user_folder
from cadence_cue.cli import shared
from cadence_cue.errors import printable


@click.command("log")
@click.option("-n", "--last", type=click.IntRange(1), help="Show only the latest N.")
@click.option(
    "--mark", type=click.IntRange(1, 5), help="Record how the last session felt, 1 hard … 5 easy."
)
@shared.plain_errors
def log_command(last: int | None, mark: int | None) -> None:
    """Show what you practised, latest last, and which drills you seem to have mastered."""
    folder = user_folder()
    if mark:
        history.mark_last(mark, folder)
    entries = history.entries(folder)
    if not entries:
        shared.say(f"Nothing yet. Begin with: {command('play first-perception')}")
        return
    for entry in entries[-last:] if last else entries:
        shared.say(_line(entry) if isinstance(entry, Practice) else _scored(entry))
    for line in _ripe([entry for entry in entries if isinstance(entry, Practice)]):
        shared.say(line)


def _line(practice: Practice) -> str:
    felt = f"felt {practice.mark} (1 hard … 5 easy)" if practice.mark else ""
    line = f"{practice.day}  {practice.share:4.0%}  {practice.cadence:5g}  {practice.title}  {felt}"
    return printable(line.rstrip())


def _scored(scored: Scored) -> str:
    told = (
        f"{each.title} {each.matched} of {each.beats}{', ' * bool(each.label)}{each.label}"
        for each in scored.results
    )
    return printable(f"{scored.day}  scored       {scored.title}  {'; '.join(told)}")


def _ripe(practices: list[Practice]) -> Iterator[str]:
    """Lines about the drills that felt easy often enough, and what comes next after each."""
    library = shared.get_library(quiet=True)
    for name in history.ripe(practices, shared.load_settings().mastered):
        if name in library.drills:
            drill = library.drills[name]
            yield ""
            yield history.felt_easy(drill)
            yield f"If so: {command(f'mastered {name}')}"
            yield from (f"Next: {step}" for step in drill.tempo.progression)
