"""The command `check`, and what is wrong with the sound of a session."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cadence_cue.app.invocation import command
from cadence_cue.app.options import PerformanceOptions, music_of
from cadence_cue.app.sessions import session_store
from cadence_cue.cli import shared
from cadence_cue.cli.ways_out import worded
from cadence_cue.coaching import pages
from cadence_cue.coaching.advice import Advice, Code
from cadence_cue.errors import UserError, printable

if TYPE_CHECKING:
    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.drill import Library
    from cadence_cue.coaching.session import Session
    from cadence_cue.studio import Performance


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=shared.SessionName())
@click.option("--allow", multiple=True, type=click.Choice([code.value for code in Code]),
              help="Hide this advice.")  # fmt: skip
@shared.plain_errors
def check_command(files: tuple[str, ...], allow: tuple[str, ...]) -> None:
    """Check session files for mistakes (exit code 2), and give advice that you may ignore.

    Each piece of advice begins with a word; --allow WORD hides it.
    """
    library = shared.get_library()
    settings = shared.load_settings()
    broken = False
    for name in files:
        try:
            session = session_store.find(name, library)
            performance = _performance(session, library, settings)
            doubts = list(unspoken(session, library, settings))
            check_music(session)
        except UserError as error:
            shared.say(f"Error: {worded(error)}", err=True)
            broken = True
            continue
        shown = printable(name)
        advice = [each for each in performance.advice() if each.code not in allow]
        warnings = [f"{each.code}: {each.text}{_see(each, name)}" for each in advice]
        warnings += doubts
        for warning in warnings:
            shared.say(f"{shown}: warning: {warning}")
        time = pages.clock(float(performance.plan.layout[-1].end))
        phases = max(mark.place for mark in performance.timeline.marks)
        count = "1 phase" if phases == 1 else f"{phases} phases"
        shared.say(f"{shown}: {'usable' if warnings else 'good'}, {time}, {count}")
    if broken:
        raise SystemExit(2)


def _performance(session: Session, library: Library, settings: Settings) -> Performance:
    """Plan a session for this runner, without synthesizing its own texts first."""
    from cadence_cue.app.preparing import prepare

    options = PerformanceOptions(speaks=False)
    practices = shared.practices()
    return prepare(session, library, settings, options, live=False, practices=practices).performance


def _see(advice: Advice, name: str) -> str:
    """A hint at the command that shows the details, for advice that has any."""
    if advice.code is not Code.DROPS:
        return ""
    return f"; see: {command('show {} --script', name)}"


def unspoken(session: Session, library: Library, settings: Settings) -> Iterator[str]:
    """Yield why a session is not heard as it should be: doubtful recordings, no voice for a text.

    Raises RecordingsError if recordings cannot be used at all.
    """
    from cadence_cue.app.preparing import ensemble
    from cadence_cue.voice.casting import RecordingsError, checked

    try:
        yield from checked(session, library, ensemble(settings)).doubts
    except RecordingsError:
        raise
    except UserError as error:
        yield worded(error).removeprefix(f"{session.source}, ")


def check_music(session: Session) -> None:
    """Raise UserError if a session's music cannot be heard."""
    if music := music_of(session):
        from cadence_cue.app.music.under import check

        try:
            check(music)
        except UserError as error:
            what = f"its music cannot be heard: {error}"
            raise UserError(what, where=session.source or "") from error
