"""The options that playing and exporting share, and the notices before either."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cadence_cue.app.choices import BACKENDS, BLOCKS, LATENCIES, SOURCES
from cadence_cue.app.invocation import command, install_voice
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.settings import assumed
from cadence_cue.cli import shared
from cadence_cue.cli.lines import columns, cut
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.errors import shown
from cadence_cue.timing import RATE

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared
    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.drill import Library
    from cadence_cue.coaching.session import Session
    from cadence_cue.voice.casting import Progress

Command = Callable[..., None]
Decorator = Callable[[Command], Command]


SPEAKERS = (
    click.option("--voice", metavar="NAME", help="The voice (see: list voices)."),
    click.option("--sounds", type=click.Path(path_type=Path), metavar="DIR",
                 help="A folder of your own recordings, used instead of the voice."),
)  # fmt: skip
"""The options about who speaks."""

_OPTIONS = (
    click.option(
        "--seed", type=click.IntRange(0, (1 << 63) - 1), help="The same seed chooses the same cues."
    ),
    click.option("--explain/--no-explain", default=None, help="Explain each drill first."),
    *SPEAKERS,
    click.option("--fixed", is_flag=True, help="Keep drills at the tempos written in the session."),
    click.option("--no-voice", is_flag=True, help="Play only the beat."),
    click.option("--no-beat", is_flag=True, help="Play only the voice."),
    click.option(
        "--from", "begin", metavar="PHASE|TITLE|M:SS", help="Begin there, with a count-in."
    ),
)


def performance_options(command: Command) -> Command:
    """Add the options of a performance to a command, as one parameter `options`."""
    help_text = "Your own cadence in steps a minute, for this session only."
    return click.option("--cadence", type=shared.Cadence(), help=help_text)(_gathered(command))


def several_performance_options(command: Command) -> Command:
    """Add the options of several performances to a command, as a list `options`: one a cadence."""

    @functools.wraps(command)
    def several(
        *args: Any,  # noqa: ANN401 - the command's own parameters
        options: PerformanceOptions,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        cadences: Any = options.cadence
        each = [replace(options, cadence=cadence) for cadence in cadences or [None]]
        command(*args, options=each, **kwargs)

    help_text = "Your own cadence in steps a minute; several make a track each: 158,164,171."
    return click.option("--cadence", type=shared.Cadences(), help=help_text)(_gathered(several))


def _gathered(command: Command) -> Command:
    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - the command's own parameters
        cadence: float | None,
        seed: int | None,
        explain: bool | None,
        fixed: bool,
        no_voice: bool,
        no_beat: bool,
        begin: str | None,
        voice: str | None,
        sounds: Path | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        options = PerformanceOptions(
            cadence, seed, explain, not no_voice, not no_beat, begin, voice, sounds, fixed=fixed
        )
        command(*args, options=options, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


_OUTPUT = (
    click.option("--device", help="A sound device, by number or name (see: devices)."),
    click.option("--backend", type=click.Choice(BACKENDS), help="How to reach the devices."),
    click.option("--latency", type=click.FloatRange(*LATENCIES), metavar="MS",
                 help="Output latency in milliseconds; by default it grows when needed."),
    click.option("--block", type=click.IntRange(*BLOCKS), metavar="FRAMES",
                 help="Frames per block (portaudio only)."),
)  # fmt: skip


def device_options(command: Command) -> Command:
    """Add the options of the output to a command, as one parameter `device`."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - the command's own parameters
        device: str | None,
        backend: str | None,
        latency: float | None,
        block: int | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        from cadence_cue.app.device import DeviceOptions

        options = DeviceOptions(device, backend, latency, block)
        command(*args, device=options, **kwargs)

    for option in reversed(_OUTPUT):
        gathered = option(gathered)
    return gathered


@dataclass(frozen=True, slots=True)
class ListenOptions:
    """What is listened to for steps while something plays, and what becomes of it.

    `microphone` is a name; None means as the settings say.
    """

    by: str | None = None
    score_file: Path | None = None
    speaks: bool = False
    microphone: str | None = None
    record: Path | None = None

    @property
    def given(self) -> bool:
        """Whether any of it was asked for."""
        return self != ListenOptions()


_LISTEN = (
    click.option("--listen", "by", type=click.Choice(SOURCES),
                 help="Score your steps, which you tap on keys, or which the microphone hears."),
    click.option("--microphone", metavar="NAME", help="The microphone (see: devices)."),
    click.option("--record", type=shared.NEW_FILE, metavar="FILE",
                 help="Keep what the microphone hears, as WAV."),
    click.option("--score-file", type=shared.NEW_FILE, metavar="FILE",
                 help="Write the score and every step as JSON."),
    click.option("--speak-score", is_flag=True,
                 help="Say in the rest what stands out of a set."),
)  # fmt: skip


def listen_options(command: Command) -> Command:
    """Add the options of listening for steps to a command, as one parameter `listen`."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - the command's own parameters
        by: str | None,
        score_file: Path | None,
        speak_score: bool,
        microphone: str | None,
        record: Path | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        options = ListenOptions(by, score_file, speak_score, microphone, record)
        command(*args, listen=options, **kwargs)

    for option in reversed(_LISTEN):
        gathered = option(gathered)
    return gathered


def planned_track(
    session: Session,
    library: Library,
    settings: Settings,
    options: PerformanceOptions,
    rate: int = RATE,
) -> Prepared:
    """Plan a session as an export would, and print what the runner should know about it."""
    from cadence_cue.app.preparing import prepare

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
    return prepared


def tell_assumed(cadence: float) -> None:
    """Print that a cadence is used because the runner's own is not known."""
    shared.notice(
        f"{assumed(cadence)} Find yours with: {command('play find-your-cadence')}, "
        f"then: {command('cadence --count NUMBER')}"
    )


def show_notes(prepared: Prepared) -> None:
    """Print what the runner should know about a performance before it is played or written."""
    if prepared.cadence_assumed:
        tell_assumed(float(prepared.performance.spec.cadence_spm))
    for note in prepared.notes:
        shared.notice(note)
    if prepared.unspoken:
        texts = "; ".join(map(shown, prepared.unspoken))
        shared.notice(f"The voice has no recording of: {texts}. To add it: {install_voice()}")
    if prepared.options.begin is not None and not prepared.plain:
        shared.notice(
            "You are starting partway through: warm up first, and do Perception before any other "
            "drill."
        )


@contextmanager
def speaking() -> Iterator[Progress]:
    """Show the progress of speech synthesis: each text on a terminal, else a single notice."""
    terminal = sys.stderr is not None and sys.stderr.isatty()
    started = False

    def show(done: int, total: int, text: str) -> None:
        nonlocal started
        started = True
        if terminal:
            line = cut(f"Speaking {done + 1} of {total}: {text}", columns() - 1)
            click.echo(f"\r\033[K{line}", nl=False, err=True)
        elif not done:
            texts = "text" if total == 1 else "texts"
            shared.notice(f"Speaking {total} {texts} without a shipped clip, once …")

    clear = "\r\033[K" if terminal else ""
    try:
        yield show
    except KeyboardInterrupt:
        shared.notice(f"{clear}Stopped; the texts spoken so far are saved.")
        raise SystemExit(INTERRUPTED) from None
    finally:
        if started:
            click.echo(clear, nl=False, err=True)
