"""Commands that tell what there is: list, show, check, timeline."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from cadence_cue.cli import shared
from cadence_cue.coaching import pages
from cadence_cue.coaching.advice import advice
from cadence_cue.coaching.errors import SessionError
from cadence_cue.coaching.program import perform
from cadence_cue.coaching.session_file import load
from cadence_cue.coaching.values import seconds

if TYPE_CHECKING:
    from cadence_cue.coaching.model import Library, Session
    from cadence_cue.coaching.part import Part

_KINDS = ("sessions", "drills", "elements", "voices")


def _parts(session: Session, library: Library) -> tuple[Part, ...]:
    """The phases of a session as this runner would perform them, without explanations."""
    settings = shared.load_settings()
    own = Fraction(str(settings.own_cadence()))
    return perform(session, library, own, 0, explain=False, speech={})


@click.command("list")
@click.argument("kind", type=click.Choice(_KINDS), default="sessions")
@click.option("--place", help="Only sessions for this place: home, wall, track, road, treadmill.")
@click.option("--max", "longest", metavar="TIME", help="Only sessions up to this long: 10min.")
@click.option("--texts", is_flag=True, help="With voices: every text that they can speak.")
@shared.plain_errors
def list_command(kind: str, place: str | None, longest: str | None, texts: bool) -> None:
    """List sessions, drills, elements or voices."""
    library = shared.get_library()
    if kind == "drills":
        for drill in library.drills.values():
            click.echo(f"{drill.id:20} {drill.purpose[0].text}")
    elif kind == "elements":
        for element in library.elements.values():
            click.echo(f"{element.id:14} {element.name}")
    elif kind == "voices":
        _list_voices(texts=texts)
    else:
        _list_sessions(library, place, longest)


def _list_sessions(library: Library, place: str | None, longest: str | None) -> None:
    most = seconds(longest) if longest else None
    for name, path in shared.session_files().items():
        try:
            session = load(path, library)
            time = sum((part.seconds for part in _parts(session, library)), Fraction(0))
        except SessionError as error:
            click.echo(f"{name:20} cannot be used: {error}")
            continue
        if (place and place not in session.place) or (most is not None and time > most):
            continue
        click.echo(f"{name:20} {shared.clock(float(time)):>6}  {session.level:9} {session.summary}")


def _list_voices(*, texts: bool) -> None:
    from cadence_cue.sound.voice import Voice, voice_names

    for name in voice_names():
        voice = Voice.load(name)
        click.echo(f"{name:14} {len(voice.texts)} texts")
        if texts:
            for text in sorted(voice.texts):
                click.echo(f"  {text}")


@click.command("show")
@click.argument("name", type=shared.SessionName())
@shared.plain_errors
def show_command(name: str) -> None:
    """Tell everything about a session, a drill, an element, or why to practise at all ("why")."""
    library = shared.get_library()
    if name == "why":
        lines = pages.why(library)
    elif name in library.drills:
        lines = pages.drill(library.drills[name], library)
    elif name in library.elements:
        lines = pages.element(library.elements[name], library)
    else:
        session = shared.find_session(name, library)
        lines = pages.session(session, _parts(session, library))
    click.echo("\n".join(lines))


@click.command("check")
@click.argument("files", nargs=-1, required=True, type=shared.SessionName())
@shared.plain_errors
def check_command(files: tuple[str, ...]) -> None:
    """Check session files: mistakes (exit code 2), and advice that may be ignored."""
    library = shared.get_library()
    broken = False
    for name in files:
        try:
            session = shared.find_session(name, library)
            parts = _parts(session, library)
        except SessionError as error:
            click.echo(f"Error: {error}", err=True)
            broken = True
            continue
        warnings = list(advice(parts))
        for warning in warnings:
            click.echo(f"{name}: warning: {warning}")
        time = shared.clock(float(sum(part.seconds for part in parts)))
        click.echo(f"{name}: {'usable' if warnings else 'good'}, {time}, {len(parts)} phases")
    if broken:
        raise SystemExit(2)


@click.command("timeline")
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.option("--cadence", type=shared.Cadence(), help="Your own steps a minute, for this once.")
@click.option("--seed", type=click.IntRange(0), help="Fixes the rotation of the cues.")
@click.option("--rate", type=click.IntRange(8000, 192000), default=48000, show_default=True)
@click.option("--explain/--no-explain", default=None, help="Explain each drill before it is done.")
@click.option("--no-safety-line", is_flag=True, help="Without the spoken safety line.")
@shared.plain_errors
def timeline_command(
    name: str,
    as_json: bool,
    cadence: float | None,
    seed: int | None,
    rate: int,
    explain: bool | None,
    no_safety_line: bool,
) -> None:
    """Print every sound of a session with its time, as an export would play it."""
    from cadence_cue import studio
    from cadence_cue.cli.telling import as_data, as_lines

    library = shared.get_library()
    session = shared.find_session(name, library)
    wishes = studio.Wishes(
        own=shared.own_cadence(cadence, shared.load_settings()),
        get_ready=studio.GET_READY_EXPORT,
        rate=rate,
        seed=seed,
        explain=explain,
        safety=not no_safety_line,
    )
    timeline = studio.Performance(session, library, wishes).timeline
    if as_json:
        click.echo(json.dumps(as_data(timeline), indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(as_lines(timeline)))
