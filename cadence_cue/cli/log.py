"""The command `log`: shows what was practised, charts it, writes it to a file and deletes it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import click

from cadence_cue.app.invocation import command
from cadence_cue.app.log import entries, history
from cadence_cue.app.log.entries import Entry
from cadence_cue.app.log.history import Practice
from cadence_cue.app.log.log_text import HEADINGS, counted, entry_line
from cadence_cue.app.settings import user_folder
from cadence_cue.cli import shared
from cadence_cue.cli.lines import columns


@click.group("log", invoke_without_command=True)
@click.option("-n", "--last", type=click.IntRange(1), help="Show only the latest N.")
@click.option(
    "--mark", type=click.IntRange(1, 5), help="Record how the last session felt, 1 hard … 5 easy."
)
@click.option("--chart", is_flag=True, help="Show charts of weeks and months instead.")
@click.pass_context
@shared.plain_errors
def log_command(context: click.Context, last: int | None, mark: int | None, chart: bool) -> None:
    """Show what you practised, latest last, and which drills you seem to have mastered."""
    if context.invoked_subcommand is not None:
        return
    folder = user_folder()
    if mark:
        history.mark_last(mark, folder)
    if chart:
        _charts(folder)
        return
    log = entries.entries(folder)
    if not log:
        shared.say(f"Nothing yet. Begin with: {command('play first-perception')}")
        return
    shared.say(HEADINGS)
    for entry in log[-last:] if last else log:
        shared.say(entry_line(entry))
    for line in _ripe(history.load(folder)):
        shared.say(line)


@log_command.command("export")
@click.option("-o", "output", type=shared.NEW_FILE, metavar="FILE", default="log.csv",
              show_default=True, help="The file: .csv or .json.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace an existing file.")
@shared.plain_errors
def export_command(output: Path, force: bool) -> None:
    """Write the whole log, with your reviews, as CSV or JSON."""
    from cadence_cue.app.log import log_file

    force = shared.may_replace(output, force=force)
    count = log_file.write(output, user_folder(), force=force)
    shared.notice(f"Written: {output}, {counted(count)}")


@log_command.command("delete")
@click.argument("when", metavar="[DAY|'DAY TIME']", required=False)
@click.option("--all", "everything", is_flag=True,
              help="Delete the whole log.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask.")
@shared.plain_errors
def delete_command(when: str | None, everything: bool, yes: bool) -> None:
    """Delete the entries of a day or a minute: '2026-11-23 07:00'."""
    if everything == (when is not None):
        shared.refuse("say which: a day such as 2026-11-23, a day with its time, or --all")
    folder = user_folder()
    chosen = [each for each in entries.entries(folder) if when is None or _is_of(each, when)]
    if not chosen:
        shared.refuse("your log is empty" if when is None else f"there is no entry of {when}")
    if not yes:
        _ask(chosen)
    if everything:
        entries.delete_all(folder)
    else:
        entries.delete(chosen, folder)
    shared.notice(f"Deleted: {counted(len(chosen))}")


def _is_of(entry: Entry, when: str) -> bool:
    """Whether an entry is of a day, or of a minute."""
    minute = entries.minute(entry)
    return when.replace("T", " ") in (minute, minute[:10])


def _ask(chosen: Collection[Entry]) -> None:
    """Ask whether to delete, or refuse where nobody answers."""
    if not shared.on_terminal():
        shared.refuse("nothing was deleted; --yes deletes without asking")
    for entry in chosen:
        shared.say(entry_line(entry), err=True)
    if not shared.confirm(f"Delete {counted(len(chosen))}?"):
        shared.refuse("nothing was deleted")


def _charts(folder: Path) -> None:
    from cadence_cue.app.charts.charts import charts
    from cadence_cue.app.charts.trends import trends

    found = trends(folder, shared.get_library(quiet=True), shared.load_settings().cadence)
    shared.say("\n".join(charts(found, columns())))


def _ripe(practices: list[Practice]) -> Iterator[str]:
    """Lines about the drills that felt easy often enough, and what comes next after each."""
    library = shared.get_library(quiet=True)
    for name in history.ripe(practices, shared.load_settings().mastered):
        if name in library.drills:
            drill = library.drills[name]
            yield ""
            yield history.felt_easy(drill)
            yield f"If so: {command('mastered {}', name)}"
            yield from (f"Next: {step}" for step in drill.tempo.progression)
