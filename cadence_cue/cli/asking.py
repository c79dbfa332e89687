"""What a runner is told or asked before a session: care, cadence, locked drills, explanations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cadence_cue.app.choices import CADENCES
from cadence_cue.app.invocation import command
from cadence_cue.app.options import PerformanceOptions, music_of
from cadence_cue.cli import shared
from cadence_cue.cli.keys import Keys
from cadence_cue.cli.ways_out import worded
from cadence_cue.coaching.pages import HEALTH
from cadence_cue.coaching.program import explains
from cadence_cue.coaching.rules import locked
from cadence_cue.errors import UserError

if TYPE_CHECKING:
    from fractions import Fraction

    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.model import Library, Session


def safety_first(settings: Settings) -> Settings:
    """Show the safety lines before the very first playing."""
    if settings.safety_read:
        return settings
    for line in HEALTH:
        click.echo(line)
    click.echo("")
    settings = replace(settings, safety_read=True)
    shared.save_settings(settings)
    return settings


def unlocked(
    session: Session, library: Library, settings: Settings, chosen: PerformanceOptions
) -> PerformanceOptions:
    """The options without the drills that have to wait, asking what the article asks."""
    waiting = []
    for drill in locked(session, library, settings.mastered):
        before = library.drills[drill.after or ""]
        question = f"{drill.name}: the article says: only when {before.name} is perfected."
        if shared.on_terminal() and click.confirm(f"{question} Have you?", err=True):
            shared.save_settings(shared.load_settings().with_mastered(before.id))
            continue
        shared.notice(
            f"{question} Playing without {drill.name}. "
            f"Once you have: {command(f'mastered {before.id}')}"
        )
        waiting.append(drill.id)
    return replace(chosen, left_out=(*chosen.left_out, *waiting))


def left_out(
    session: Session, library: Library, settings: Settings, chosen: PerformanceOptions
) -> PerformanceOptions:
    """The options for a track: all drills are in it but those that the runner leaves out here."""
    waiting = []
    for drill in locked(session, library, settings.mastered):
        before = library.drills[drill.after or ""]
        told = f"{drill.name}: the article says: only when {before.name} is perfected."
        if not shared.on_terminal():
            shared.notice(told)
        elif click.confirm(f"{told} Leave it out?", default=False, err=True):
            waiting.append(drill.id)
    return replace(chosen, left_out=(*chosen.left_out, *waiting))


def unspoken(session: Session, library: Library, settings: Settings) -> Iterator[str]:
    """Say why a session cannot be heard as it is, if nobody can speak one of its texts."""
    from cadence_cue.app.preparing import ensemble
    from cadence_cue.voice.casting import trouble

    if error := trouble(session, library, ensemble(settings)):
        yield worded(error)


def unheard(session: Session) -> Iterator[str]:
    """Say why a session's music cannot be heard, if it is not there."""
    from cadence_cue.music.preparing import pieces_of

    if music := music_of(session):
        try:
            pieces_of(Path(music.file), None)
        except UserError as error:
            yield f"its music cannot be heard: {error}"


def offer_explaining(
    session: Session, library: Library, settings: Settings, explain: bool | None
) -> None:
    """Say which drills this runner has never had explained, unless that was refused."""
    from cadence_cue.studio import unexplained

    if explain is False or explains(session, explain):
        return
    new = unexplained(session, library, settings.explained)
    if new:
        names = ", ".join(drill.name for drill in new)
        shared.notice(f"Not explained to you yet: {names}. Hear it with: --explain")


def offer_cadence(ran_at: Fraction | None, cadence_spm: Fraction, *, ask: bool) -> None:
    """Ask whether a cadence found by hand shall be the own one; else say how to keep it."""
    if ran_at is None or not CADENCES[0] <= ran_at <= CADENCES[1]:
        return
    cadence = round(float(ran_at), 1)
    told = f"You ran at {cadence:g} (own cadence {float(cadence_spm):g})."
    if not ask or not Keys().listening:
        shared.notice(f"{told} To keep it: {command(f'cadence {cadence:g}')}")
        return
    question = f"{told} Keep {cadence:g}? [y/N]"
    # Whatever is typed ahead of the question is no yes, and nothing to argue about.
    answer = click.prompt(question, default="n", show_default=False, prompt_suffix=" ", err=True)
    if answer.strip().lower() in ("y", "yes"):
        shared.save_settings(replace(shared.load_settings(), cadence=cadence))
