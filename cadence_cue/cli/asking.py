"""Notices and questions around a session: safety, locked drills, explanations, cadence."""

from __future__ import annotations

import sys
import termios
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cadence_cue.app import settings as settings_file
from cadence_cue.app.invocation import command
from cadence_cue.app.log import history
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.cli import shared
from cadence_cue.cli.keys import Keys
from cadence_cue.cli.lines import fit
from cadence_cue.coaching.explaining import explains, unexplained
from cadence_cue.coaching.pages import HEALTH
from cadence_cue.coaching.rules import condition, locked

if TYPE_CHECKING:
    from cadence_cue.app.log.history import Practice
    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.drill import Library
    from cadence_cue.coaching.session import Session


def safety_first(settings: Settings) -> Settings:
    """Print the safety lines before the very first session; return the settings that say so."""
    if settings.safety_read:
        return settings
    for line in HEALTH:
        shared.say(line)
    shared.say("")
    shared.change_settings(lambda saved: replace(saved, safety_read=True))
    return replace(settings, safety_read=True)


def unlocked(
    session: Session, library: Library, settings: Settings, options: PerformanceOptions
) -> PerformanceOptions:
    """Ask whether locked drills may be played; return options that leave out those that may not."""
    waiting = []
    for drill in locked(session, library, settings.mastered):
        before = library.drills[drill.after or ""]
        question = condition(drill, before)
        if shared.on_terminal() and shared.confirm(f"{question} Have you?"):
            mastered = before.id
            shared.change_settings(lambda saved: saved.with_mastered(mastered))  # noqa: B023
            continue
        shared.notice(
            f"{question} Playing without {drill.name}. "
            f"Once you have: {command('mastered {}', before.id)}"
        )
        waiting.append(drill.id)
    return replace(options, left_out=(*options.left_out, *waiting))


def left_out(
    session: Session,
    library: Library,
    settings: Settings,
    options: PerformanceOptions,
    *,
    without_locked: bool,
) -> PerformanceOptions:
    """Return options that leave locked drills out of a track: `without_locked`, or if asked so.

    Where nobody can be asked they stay in.
    """
    waiting = []
    for drill in locked(session, library, settings.mastered):
        question = condition(drill, library.drills[drill.after or ""])
        if without_locked:
            waiting.append(drill.id)
        elif not shared.on_terminal():
            stays = f"{drill.name} is in the track; --without-locked leaves it out."
            shared.notice(f"{question} {stays}")
        elif shared.confirm(f"{question} Leave it out?"):
            waiting.append(drill.id)
    return replace(options, left_out=(*options.left_out, *waiting))


def offer_explaining(
    session: Session, library: Library, settings: Settings, explain: bool | None
) -> None:
    """Print which drills were never explained to this runner, unless --no-explain was given."""
    if explain is False or explains(session, explain):
        return
    new = unexplained(session, library, settings.explained)
    if new:
        names = ", ".join(drill.name for drill in new)
        options = {each.name for each in click.get_current_context().command.params}
        how = "--explain" if "explain" in options else command("drill {}", new[0].id)
        shared.notice(f"Not explained to you yet: {names}. Hear it with: {how}")


def offer_cadence(cadence: float, settings: Settings, *, ask: bool) -> None:
    """Offer to save a cadence that the runner found by hand: a question, or else a hint."""
    found = f"You ran at {cadence:g} ({settings.own_cadence()})."
    if not ask or not Keys().listening:
        shared.notice(f"{found} To keep it: {command(f'cadence {cadence:g}')}")
        return
    question = fit(f"{found} Keep {cadence:g}? [y/N]", sys.stderr)
    # Keys typed ahead of the question do not count as yes, and are not asked about again.
    answer = click.prompt(question, default="n", show_default=False, prompt_suffix=" ", err=True)
    if answer.strip().lower() in ("y", "yes"):
        shared.change_settings(lambda saved: replace(saved, cadence=cadence))


def offer_mark(practice: Practice, *, ask: bool) -> None:
    """Ask how the session felt, which one key answers, or else print how to tell it."""
    later = f"Saved in your log. {history.SCALE}: {command('log --mark NUMBER')}"
    if not ask or not Keys().listening:
        shared.notice(later)
        return
    key = _key(f"Saved in your log. {history.SCALE} (another key: no answer)", mistyped="06789")
    mark = int(key) if key in ("1", "2", "3", "4", "5") else None
    click.echo(key if mark else "", err=True)
    if mark:
        history.mark_this(practice, mark, settings_file.user_folder())


def sore_at_start() -> None:
    """Ask whether anything is sore since the last session, where a plan runs."""
    if not Keys().listening:
        return
    from cadence_cue.app.plan import kept_plan

    if kept_plan.asks_at_start(settings_file.user_folder()):
        _ask_sore()


def sore_after_session(*, ask: bool) -> None:
    """Ask whether anything is sore, where a plan runs, or else print how to tell it."""
    from cadence_cue.app.plan import kept_plan

    if not kept_plan.asks_after_session(settings_file.user_folder()):
        return
    if ask and Keys().listening:
        _ask_sore()
    else:
        shared.notice(f"{kept_plan.SORE} If so: {command('plan sore')}")


def _ask_sore() -> None:
    from cadence_cue.app.plan import kept_plan

    key = _key(f"{kept_plan.SORE} y yes, another key: no")
    sore = key in ("y", "Y")
    click.echo("yes" if sore else "no", err=True)
    for sentence in kept_plan.answered(settings_file.user_folder(), sore=sore):
        shared.say(sentence)


def _key(question: str, *, mistyped: str = "") -> str:
    """Return the key that answers a question; after one that was mistyped it still stands."""
    termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)  # keys typed ahead are no answer
    click.echo(f"{fit(question, sys.stderr)} ", nl=False, err=True)
    while (key := click.getchar()[-1:]) and key in mistyped:
        pass
    return key
