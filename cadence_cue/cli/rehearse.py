"""The commands `drill` and `beat`, which need no session file."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from cadence_cue.app.choices import MOST_SETS
from cadence_cue.app.invocation import command
from cadence_cue.app.options import MusicOptions, PerformanceOptions
from cadence_cue.cli import asking, shared
from cadence_cue.cli.files import TrackOptions, track_options
from cadence_cue.cli.live_scoring import refuse_listening
from cadence_cue.cli.manual import WithKeys
from cadence_cue.cli.music import matching_options, music_options
from cadence_cue.cli.options import (
    Decorator,
    ListenOptions,
    device_options,
    listen_options,
    performance_options,
)
from cadence_cue.cli.play import to_the_ears
from cadence_cue.cli.tracks import names_file, write_track
from cadence_cue.coaching import values
from cadence_cue.coaching.advice import Code, advice
from cadence_cue.coaching.drill import Drill, Library
from cadence_cue.coaching.phase_tempos import follows_cadence
from cadence_cue.coaching.rehearsal import plain_beat, rehearse
from cadence_cue.coaching.rules import FIRST_DRILL, condition
from cadence_cue.errors import nearest, shown

if TYPE_CHECKING:
    from cadence_cue.app.device import DeviceOptions
    from cadence_cue.coaching.session import Session

TEMPO = shared.Written("tempo", values.tempo)
LENGTH = shared.Written("time", values.length)


class DrillName(shared.Name):
    """A drill's id."""

    name = "drill"

    def names(self) -> Iterable[str]:
        """All of them."""
        return shared.get_library(quiet=True).drills


def find_drill(name: str, library: Library) -> Drill:
    """Return the drill of an id; an unknown one is refused, suggesting the nearest."""
    if name not in library.drills:
        near = nearest(name, library.drills)
        hint = f'did you mean "{near}"?' if near else f"see: {command('list drills')}"
        shared.refuse(f"there is no drill {shown(name)}; {hint}")
    return library.drills[name]


def _output(help_text: str) -> Decorator:
    return click.option("-o", "output", type=shared.NEW_FILE, metavar="FILE", help=help_text)


@click.command("drill", cls=WithKeys)
@click.argument("name", metavar="DRILL", type=DrillName())
@click.option("--side", help="left, right, both or alternating, where the drill has sides.")
@click.option("--sets", type=click.IntRange(1, MOST_SETS), default=1, show_default=True)
@click.option("--tempo", type=TEMPO, help='Beats a minute, or a ramp: "80 -> 96".')
@click.option("--time", type=shared.TIME, help="Length of a set (for each leg): 25s.")
@click.option("--own-rhythm", is_flag=True,
              help="End with a set without the click, to keep the rhythm yourself.")  # fmt: skip
@_output("Write a file instead of playing.")
@track_options
@music_options
@performance_options
@device_options
@listen_options
@shared.plain_errors
def drill_command(
    name: str,
    *,
    side: str | None,
    sets: int,
    tempo: str | None,
    time: str | None,
    own_rhythm: bool,
    options: PerformanceOptions,
    track: TrackOptions,
    music: MusicOptions,
    device: DeviceOptions,
    listen: ListenOptions,
) -> None:
    """Rehearse one drill: choose sets, side and tempo. It is explained the first time."""
    from cadence_cue.app.preparing import rehearsal_options, waits_for

    library = shared.get_library()
    settings = shared.load_settings()
    drill = find_drill(name, library)
    if before := waits_for(drill, library, settings):
        shared.refuse(
            f"{condition(drill, before)} Once you have: {command('mastered {}', before.id)}"
        )
    options = rehearsal_options(drill, settings, options)
    session = rehearse(
        drill, library, side=side, sets=sets, tempo=tempo, time=time, own_rhythm=own_rhythm
    )
    _advise(session, library, options.cadence or settings.cadence_spm(), Code.TEMPO)
    if drill.id != FIRST_DRILL:
        shared.notice(f"The article begins every practice with {library.drills[FIRST_DRILL].name}.")
    if names_file(track):
        refuse_listening(listen)
        write_track(track, session, library, settings, options, music)
        return
    settings = asking.safety_first(settings)
    to_the_ears(session, library, settings, options, device, music, listen)


@click.command("beat", cls=WithKeys, context_settings={"ignore_unknown_options": True})
@click.argument("tempo", metavar="TEMPO", type=TEMPO)
@click.option("--cues", help="Speak the cues of these elements or drills: heel-pull,relaxed.")
@click.option("--cue-every", type=LENGTH, default="60s", show_default=True,
              help='A time, or "64 beats".')  # fmt: skip
@click.option("--time", type=LENGTH, default="1h", show_default=True)
@click.option("--stride", type=click.Choice(["left", "right"]),
              help="Click only for the steps of this foot.")  # fmt: skip
@click.option("--accent", type=click.IntRange(2, 5), help="A higher click every 2 to 5 clicks.")
@_output("Write a file instead of playing.")
@track_options
@music_options
@matching_options
@performance_options
@device_options
@listen_options
@shared.plain_errors
def beat_command(
    tempo: str,
    *,
    cues: str | None,
    cue_every: str,
    time: str,
    stride: str | None,
    accent: int | None,
    options: PerformanceOptions,
    track: TrackOptions,
    music: MusicOptions,
    device: DeviceOptions,
    listen: ListenOptions,
) -> None:
    """Play a plain beat: steps a minute ("172"), your "own", or relative to it ("+5%")."""
    library = shared.get_library()
    settings = shared.load_settings()
    names = [name.strip() for name in cues.split(",")] if cues else []
    session = plain_beat(
        library,
        tempo=tempo,
        time=time,
        cues=names,
        cue_every=cue_every,
        stride=stride,
        accent=accent or 0,
    )
    own = options.cadence or settings.cadence
    if own or follows_cadence(session, library):
        _advise(session, library, own or settings.cadence_spm(), Code.FAST)
    if names_file(track):
        refuse_listening(listen)
        write_track(track, session, library, settings, options, music)
        return
    settings = asking.safety_first(settings)
    to_the_ears(session, library, settings, options, device, music, listen, plain=True)


def _advise(session: Session, library: Library, cadence: float, code: Code) -> None:
    """Print the advice of one topic; of which phase it is, is plain."""
    from cadence_cue.coaching.program import perform

    cadence_spm = Fraction(str(cadence))
    parts = perform(session, library, cadence_spm, 0, explain=False, speech={})
    found = [each.text for each in advice(parts, library, cadence_spm) if each.code is code]
    for told in dict.fromkeys(text.partition(": ")[2] for text in found):
        shared.notice(f"{told}.")
