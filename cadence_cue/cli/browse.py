"""The commands that show sessions and drills without playing them: list, show, timeline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cadence_cue.app.choices import RATES
from cadence_cue.app.invocation import VOICE_SIZE, command, install_voice
from cadence_cue.app.sessions import session_store
from cadence_cue.app.sessions.filtering import ORDERS, Filter, arranged, done
from cadence_cue.app.sessions.listing import Entry, Listing, parts
from cadence_cue.cli import shared
from cadence_cue.cli.lines import page
from cadence_cue.cli.options import performance_options, planned_track
from cadence_cue.cli.ways_out import worded
from cadence_cue.coaching import pages
from cadence_cue.coaching.session_file import PLACES
from cadence_cue.coaching.values import seconds
from cadence_cue.errors import printable
from cadence_cue.timing import RATE

if TYPE_CHECKING:
    from cadence_cue.app.options import PerformanceOptions
    from cadence_cue.coaching.drill import Library, Statement
    from cadence_cue.coaching.session import Session

_KINDS = ("sessions", "drills", "elements", "voices")


class _Page(shared.SessionName):
    """The name of a page: a session, a drill, an element, or "why"."""

    name = "page"

    def names(self) -> Iterable[str]:
        """The names of all pages."""
        library = shared.get_library(quiet=True)
        return [*super().names(), *library.drills, *library.elements, "why"]


@click.command("list")
@click.argument("kind", metavar="[WHAT]", type=click.Choice(_KINDS), default="sessions")
@click.option("--place", type=click.Choice(PLACES), help="Only what you can do in this place.")
@click.option("--max", "longest", type=shared.TIME, help="Only sessions up to this long: 10min.")
@click.option("--needs-nothing", is_flag=True, help="Only what needs no wall and no room.")
@click.option("--sort", type=click.Choice([*ORDERS]),
              help="Shortest, easiest, latest or best first.")  # fmt: skip
@click.option("--texts", is_flag=True, help="With voices: list every text they can speak.")
@shared.plain_errors
def list_command(
    kind: str,
    place: str | None,
    longest: str | None,
    sort: str | None,
    *,
    needs_nothing: bool,
    texts: bool,
) -> None:
    """List the sessions, or WHAT: sessions, drills, elements or voices."""
    library = shared.get_library()
    most = seconds(longest) if longest else None
    chosen = Filter(place=place or "", longest=most, needs_nothing=needs_nothing)
    if kind == "drills":
        for entry in _listed(library, chosen, sort):
            if drill := entry.drill:
                shared.say(f"{drill.id:20} {_first(drill.purpose) or drill.name}")
    elif kind == "elements":
        drills = library.drills.values()
        trained = {name for drill in drills for name in (*drill.trains, *drill.also_trains)}
        for element in library.elements.values():
            only_cues = "" if element.id in trained else ": cues, no element of the stride"
            shared.say(f"{element.id:14} {element.name}{only_cues}")
    elif kind == "voices":
        _list_voices(texts=texts)
    else:
        _list_sessions(_listed(library, chosen, sort))


def _first(statements: Sequence[Statement]) -> str:
    return next((statement.text for statement in statements), "")


def _listed(library: Library, chosen: Filter, sort: str | None) -> list[Entry]:
    entries = Listing().entries(library, shared.load_settings())
    return arranged(filter(chosen.lets, entries), sort, done(entries, shared.practices()))


def _list_sessions(entries: Iterable[Entry]) -> None:
    for entry in entries:
        if entry.drill:
            continue
        if entry.error:
            shared.say(f"{printable(entry.name):20} cannot be used: {worded(entry.error)}")
            continue
        time = pages.clock(entry.seconds or 0)
        shared.say(f"{printable(entry.name):20} {time:>6}  {entry.level:9} {entry.summary}")


def _list_voices(*, texts: bool) -> None:
    from cadence_cue.app.voice.voices import SAMPLE, voices
    from cadence_cue.voice import kokoro

    for voice in voices():
        shared.say(f"{voice.name:14} {voice.who}; {len(voice.texts)} texts, "
                   f"{voice.megabytes:.1f} MB")  # fmt: skip
        shared.say(f"{'':14} {voice.licence}")
        example = command(f'say "{SAMPLE}"')
        shared.say(f"{'':14} {example} --voice {voice.name}")
        if texts:
            for text in voice.texts:
                shared.say(f"  {text}")
    if kokoro.installed():
        shared.say("They speak your own texts too.")
    else:
        shared.say(f"To have them speak texts of your own ({VOICE_SIZE}): {install_voice()}")


@click.command("show")
@click.argument("name", type=_Page())
@click.option(
    "--script", is_flag=True, help="Every word of the session as it will be spoken, with its time."
)
@performance_options
@shared.plain_errors
def show_command(name: str, script: bool, options: PerformanceOptions) -> None:
    """Show everything about a session, a drill or an element, or why to practise at all ("why").

    The options after --script apply only with it.
    """
    library = shared.get_library()
    if script:
        _show_script(session_store.find(name, library), library, options)
        return
    if name == "why":
        lines = pages.why(library)
    elif name in library.drills:
        lines = pages.drill(library.drills[name], library)
    elif name in library.elements:
        lines = pages.element(library.elements[name], library)
    else:
        session = session_store.find(name, library, [*library.drills, *library.elements, "why"])
        lines = pages.session(session, parts(session, library, shared.load_settings()))
    shared.say(page("\n".join(lines)))


def _show_script(session: Session, library: Library, options: PerformanceOptions) -> None:
    from cadence_cue.cli.telling import as_script

    prepared = planned_track(session, library, shared.load_settings(), options)
    shared.say("\n".join(as_script(prepared.timeline, prepared.first_phase)))


@click.command("timeline")
@click.argument("name", metavar="SESSION", type=shared.SessionName())
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for other programs.")
@click.option("--rate", type=click.IntRange(*RATES), default=RATE, show_default=True)
@click.option("--no-safety-line", is_flag=True, help="Leave out the spoken safety line.")
@performance_options
@shared.plain_errors
def timeline_command(
    name: str, as_json: bool, rate: int, no_safety_line: bool, options: PerformanceOptions
) -> None:
    """Print every sound of a session with its time, as an export would play it.

    In JSON, times are frames; "sample_rate" is frames per second. The "text" of an event is what
    is spoken; the "text" of a signal is its name.
    """
    from cadence_cue.app.tracks.timeline_data import timeline_data
    from cadence_cue.cli.telling import as_lines
    from cadence_cue.timing.timeline import Bus

    library = shared.get_library()
    session = session_store.find(name, library)
    options = replace(options, safety_line=not no_safety_line)
    prepared = planned_track(session, library, shared.load_settings(), options, rate)
    timeline = prepared.timeline
    audible = {Bus.BEAT: options.beat, Bus.VOICE: options.speaks}
    events = [event for event in timeline if audible[event.bus]]
    if as_json:
        click.echo(json.dumps(timeline_data(timeline, events), indent=1, ensure_ascii=False))
    else:
        shared.say("\n".join(as_lines(timeline, events, prepared.first_phase)))
