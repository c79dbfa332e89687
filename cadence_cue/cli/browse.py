"""The commands that show sessions and drills without playing them: list, show, check, timeline."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from cadence_cue.app import session_store
from cadence_cue.app.choices import RATES
from cadence_cue.app.invocation import VOICE_SIZE, command, install_voice
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.cli import asking, shared
from cadence_cue.cli.lines import page
from cadence_cue.cli.options import performance_options, show_notes, speaking
from cadence_cue.cli.ways_out import worded
from cadence_cue.coaching import pages
from cadence_cue.coaching.advice import Advice, Code
from cadence_cue.coaching.program import explains, perform
from cadence_cue.coaching.session_file import PLACES, load
from cadence_cue.coaching.values import seconds
from cadence_cue.errors import UserError, printable
from cadence_cue.timing import RATE
from cadence_cue.voice.manifest import ClipSeconds

if TYPE_CHECKING:
    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.model import Library, Session, Statement
    from cadence_cue.coaching.part import Part
    from cadence_cue.studio import Performance

_KINDS = ("sessions", "drills", "elements", "voices")


class _Page(shared.SessionName):
    """The name of a page: a session, a drill, an element, or "why"."""

    name = "name"

    def names(self) -> Iterable[str]:
        """The names of all pages."""
        library = shared.get_library(quiet=True)
        return [*super().names(), *library.drills, *library.elements, "why"]


def _performance(session: Session, library: Library, settings: Settings) -> Performance:
    """Plan a session for this runner, without synthesizing its own texts first."""
    from cadence_cue.app.preparing import prepare

    options = PerformanceOptions(speaks=False)
    practices = shared.practices()
    return prepare(session, library, settings, options, live=False, practices=practices).performance


def _parts(session: Session, library: Library, settings: Settings) -> tuple[Part, ...]:
    """The phases of a session as this runner would hear them."""
    explained = explains(session, None)
    speech: Mapping[str, Fraction] = {}
    if explained:  # how long explanations take depends on who speaks them
        if settings.sounds or any(phase.takes for phase in session.written()):
            return _performance(session, library, settings).parts
        speech = ClipSeconds(settings.voice)
    cadence_spm = Fraction(str(settings.cadence_spm()))
    return perform(session, library, cadence_spm, 0, explain=explained, speech=speech)


def _length(parts: Iterable[Part]) -> Fraction:
    return sum((part.seconds for part in parts), Fraction(0))


@click.command("list")
@click.argument("kind", metavar="[WHAT]", type=click.Choice(_KINDS), default="sessions")
@click.option("--place", type=click.Choice(PLACES), help="Only what you can do in this place.")
@click.option("--max", "longest", type=shared.TIME, help="Only sessions up to this long: 10min.")
@click.option("--texts", is_flag=True, help="With voices: list every text they can speak.")
@shared.plain_errors
def list_command(kind: str, place: str | None, longest: str | None, texts: bool) -> None:
    """List the sessions, or WHAT: sessions, drills, elements or voices."""
    library = shared.get_library()
    if kind == "drills":
        for drill in library.drills.values():
            if not place or place in drill.place:
                shared.say(f"{drill.id:20} {_first(drill.purpose) or drill.name}")
    elif kind == "elements":
        for element in library.elements.values():
            shared.say(f"{element.id:14} {element.name}")
    elif kind == "voices":
        _list_voices(texts=texts)
    else:
        _list_sessions(library, place, longest)


def _first(statements: Sequence[Statement]) -> str:
    return next((statement.text for statement in statements), "")


def _list_sessions(library: Library, place: str | None, longest: str | None) -> None:
    settings = shared.load_settings()
    most = seconds(longest) if longest else None
    for name, path in session_store.session_files().items():
        try:
            session = load(path, library)
            time = _length(_parts(session, library, settings))
        except UserError as error:
            shared.say(f"{printable(name):20} cannot be used: {worded(error)}")
            continue
        if (place and place not in session.place) or (most is not None and time > most):
            continue
        length = pages.clock(float(time))
        shared.say(f"{printable(name):20} {length:>6}  {session.level:9} {session.summary}")


def _list_voices(*, texts: bool) -> None:
    from cadence_cue.voice import kokoro
    from cadence_cue.voice.manifest import voice_names
    from cadence_cue.voice.voice import Voice

    for name in voice_names():
        voice = Voice.load(name)
        shared.say(f"{name:14} {voice.about['who']}; {len(voice.texts)} texts, "
                   f"{voice.bytes() / 1e6:.1f} MB")  # fmt: skip
        shared.say(f"{'':14} {voice.about['licence']}")
        example = command('say "Pull the heel straight up"')
        shared.say(f"{'':14} {example} --voice {name}")
        if texts:
            for text in sorted(voice.texts):
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
        lines = pages.session(session, _parts(session, library, shared.load_settings()))
    shared.say(page("\n".join(lines)))


def _see(advice: Advice, name: str) -> str:
    """A hint at the command that shows the details, for advice that has any."""
    if advice.code is not Code.DROPS:
        return ""
    return f"; see: {command(f'show {shlex.quote(name)} --script')}"


def _show_script(session: Session, library: Library, options: PerformanceOptions) -> None:
    from cadence_cue.app.preparing import prepare
    from cadence_cue.cli.telling import as_script

    settings = shared.load_settings()
    with speaking() as progress:
        prepared = prepare(
            session,
            library,
            settings,
            options,
            live=False,
            practices=shared.practices(),
            progress=progress,
        )
    show_notes(prepared)
    shared.say("\n".join(as_script(prepared.timeline, prepared.first_phase)))


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
            doubts = list(asking.unspoken(session, library, settings))
            asking.check_music(session)
        except UserError as error:
            shared.say(f"Error: {worded(error)}", err=True)
            broken = True
            continue
        shown = printable(name)
        parts = performance.parts
        advice = [each for each in performance.advice() if each.code not in allow]
        warnings = [f"{each.code}: {each.text}{_see(each, name)}" for each in advice]
        warnings += doubts
        for warning in warnings:
            shared.say(f"{shown}: warning: {warning}")
        time = pages.clock(float(_length(parts)))
        count = "1 phase" if len(parts) == 1 else f"{len(parts)} phases"
        shared.say(f"{shown}: {'usable' if warnings else 'good'}, {time}, {count}")
    if broken:
        raise SystemExit(2)


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
    from cadence_cue.app.preparing import prepare
    from cadence_cue.app.timeline_data import timeline_data
    from cadence_cue.cli.telling import as_lines
    from cadence_cue.timing.timeline import Bus

    library = shared.get_library()
    session = session_store.find(name, library)
    options = replace(options, safety_line=not no_safety_line)
    settings = shared.load_settings()
    with speaking() as progress:
        prepared = prepare(
            session,
            library,
            settings,
            options,
            live=False,
            rate=rate,
            practices=shared.practices(),
            progress=progress,
        )
    show_notes(prepared)
    timeline = prepared.timeline
    audible = {Bus.BEAT: options.beat, Bus.VOICE: options.speaks}
    events = [event for event in timeline if audible[event.bus]]
    if as_json:
        click.echo(json.dumps(timeline_data(timeline, events), indent=1, ensure_ascii=False))
    else:
        shared.say("\n".join(as_lines(timeline, events, prepared.first_phase)))
