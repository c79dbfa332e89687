"""The command `review`: holds a run that a watch recorded against its session."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cadence_cue.app.invocation import command
from cadence_cue.app.moments import minute_of
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.sessions import session_store
from cadence_cue.app.settings import user_folder
from cadence_cue.cli import shared
from cadence_cue.cli.lines import columns, cut
from cadence_cue.errors import UserError, hint, shown

if TYPE_CHECKING:
    from cadence_cue.app.log.history import Practice
    from cadence_cue.app.preparing import Prepared
    from cadence_cue.app.review.review import Reviewed

_TITLE = 24  # columns


@click.command("review")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("name", metavar="[SESSION]", type=shared.SessionName(), required=False)
@click.option("--last", is_flag=True, help="Hold it against the session you played last.")
@click.option("--plan", "planned", is_flag=True, help="Hold it against that day's planned run.")
@click.option("--cadence", type=shared.Cadence(), help="Your own cadence on that day.")
@click.option(
    "--start",
    metavar="HH:MM:SS|SECONDSs",
    help="When the track began: the time of day, or seconds from the first record.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for other programs.")
@click.option("-o", "output", type=shared.NEW_FILE, metavar="FILE",
              help="Write a page to look at or to print.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace an existing page.")
@shared.plain_errors
def review_command(  # noqa: PLR0917 - the options of one command
    run: Path,
    name: str | None,
    last: bool,
    planned: bool,
    cadence: float | None,
    start: str | None,
    as_json: bool,
    output: Path | None,
    force: bool,
) -> None:
    """Compare RUN, a FIT, TCX or GPX file, with the session that you ran it to.

    Without SESSION it is the one you played last, with the tempos you changed on the way. The
    figures are kept, so that your own cadence can be told from several runs; nothing of where you
    ran is read.
    """
    from cadence_cue.app.log.kept_reviews import own_cadence
    from cadence_cue.app.plan import kept_plan
    from cadence_cue.app.review.review import data, keep, reviewed
    from cadence_cue.season.reading import read_run

    if bool(name) + last + planned > 1:
        shared.refuse("give one of SESSION, --last and --plan")
    if output is not None:
        from cadence_cue.export.target import check_place

        check_place(output, force=force)
    practices = shared.practices()
    recorded = read_run(run)
    day = recorded.started.date()
    if planned or (name is None and not last and _told_as_done(practices, day)):
        prepared, practice = _planned(day), None
    else:
        prepared, practice = _prepared(name, cadence, practices)
    plan = kept_plan.readable(user_folder())
    result = reviewed(
        recorded, run, prepared, start=start, logged=practice, practices=practices, plan=plan
    )
    kept = keep(result, user_folder())
    if output is not None:
        _write(output, result, force=force)
    if as_json:
        click.echo(json.dumps(data(result), indent=1, ensure_ascii=False))
        return
    shared.say("\n".join(_lines(result)))
    own = own_cadence(kept)
    if own is not None and (result.cadence is None or abs(own / result.cadence - 1) > 0.01):
        shared.say(
            f"Without a click your last runs had {own:.0f} steps a minute. "
            f"To make that your own cadence: {command(f'cadence {own:.0f}')}"
        )


def _prepared(
    name: str | None, cadence: float | None, practices: Sequence[Practice]
) -> tuple[Prepared, Practice | None]:
    """Plan the session that is meant; with the entry of the log, if it is one that was played."""
    from cadence_cue.app.preparing import prepare
    from cadence_cue.app.tracks.performed import last, restored

    library, settings = shared.get_library(), shared.load_settings()
    practice = None
    if name is None:
        practice = last([each for each in practices if each.performed], None)
        if practice is None:
            known = session_store.session_files()
            raise UserError(
                "nothing that you played is in your log, so the session has to be named",
                way_out=hint("", known),
            )
        session, options = restored(practice, library)
        if cadence is not None:
            raise UserError(f"{shown(practice.title)} was played at the cadence in the log",
                            way_out="leave --cadence out, or name the session")  # fmt: skip
    else:
        session = session_store.find(name, library)
        options = PerformanceOptions(cadence=cadence, speaks=False)
    prepared = prepare(session, library, settings, options, live=False, practices=practices)
    return prepared, practice


def _told_as_done(practices: Sequence[Practice], day: date) -> bool:
    """Whether the last of a day in the log is the plan's run, run to a track, not played."""
    from cadence_cue.app.log.history import day_of
    from cadence_cue.app.plan.plan_session import name_of_day

    of_day = [each for each in practices if day_of(each.date) == day]
    return (
        bool(of_day) and of_day[-1].performed is None and (of_day[-1].session == name_of_day(day))
    )


def _planned(day: date) -> Prepared:
    """Prepare the run that the plan has for a day."""
    from cadence_cue.app.plan import kept_plan
    from cadence_cue.app.plan.plan_session import options_of, session_of
    from cadence_cue.app.preparing import prepare

    plan, run = kept_plan.planned_run(user_folder(), day)
    library, settings = shared.get_library(), shared.load_settings()
    session = session_of(plan, run, library, settings.mastered)
    options = replace(options_of(plan, run), speaks=False)
    return prepare(session, library, settings, options, live=False)


def _write(output: Path, result: Reviewed, *, force: bool) -> None:
    from cadence_cue.app.review.review_page import page
    from cadence_cue.export.target import new_file

    with new_file(output, force=force) as part:
        part.write_text(page(result), "utf-8")
    shared.notice(f"Written: {output}")


def _lines(result: Reviewed) -> Iterator[str]:
    from cadence_cue.app.review import review_text

    yield f"{result.title}, {minute_of(result.run.started)}"
    yield review_text.started(result)
    yield ""
    yield from review_text.sentences(result)
    yield ""
    yield from _table([review_text.COLUMNS, *review_text.rows(result.review)])
    yield ""
    yield from review_text.chart_lines(result, columns())


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for time, title, target, mean, off, within, found in rows:
        yield (
            f"{time:>5}  {cut(title, _TITLE):{_TITLE}} {target:>7} {mean:>6} {off:>7} "
            f"{within:>10} {found:>11}"
        ).rstrip()
