"""The options that everything audible shares, and what is said before it is heard."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cadence_cue.app.choices import BACKENDS, BLOCKS, LATENCIES
from cadence_cue.app.invocation import command, install_voice
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.cli import shared
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.errors import shown

if TYPE_CHECKING:
    from cadence_cue.app.preparing import Prepared
    from cadence_cue.voice.casting import Progress

Command = Callable[..., None]
Decorator = Callable[[Command], Command]


SPEAKERS = (
    click.option("--voice", metavar="NAME", help="Who speaks (see: list voices)."),
    click.option("--sounds", type=click.Path(path_type=Path), metavar="DIR",
                 help="A folder of your own recordings, which go before the voice."),
)  # fmt: skip
"""Who is to be heard."""

_OPTIONS = (
    click.option("--seed", type=click.IntRange(0, (1 << 63) - 1), help="Fixes the cues' rotation."),
    click.option("--explain/--no-explain", default=None, help="Explain each drill before it."),
    *SPEAKERS,
    click.option("--no-voice", is_flag=True, help="Only the beat."),
    click.option("--no-beat", is_flag=True, help="Only the voice."),
    click.option("--from", "begin", metavar="PHASE|TITLE|M:SS", help="Begin there, counted in."),
)


def performance_options(command: Command) -> Command:
    """Give a command the options of a performance, as one parameter `options`."""
    help_text = "Your own steps a minute, for once."
    return click.option("--cadence", type=shared.Cadence(), help=help_text)(_gathered(command))


def several_performance_options(command: Command) -> Command:
    """Give a command the options of several performances, as a list `options`: one a cadence."""

    @functools.wraps(command)
    def several(
        *args: Any,  # noqa: ANN401 - whatever the command has of its own
        options: PerformanceOptions,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        cadences: Any = options.cadence
        each = [replace(options, cadence=cadence) for cadence in cadences or [None]]
        command(*args, options=each, **kwargs)

    help_text = "Your own steps a minute, for once; several make a track each: 158,164,171."
    return click.option("--cadence", type=shared.Cadences(), help=help_text)(_gathered(several))


def _gathered(command: Command) -> Command:
    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - whatever the command has of its own
        cadence: float | None,
        seed: int | None,
        explain: bool | None,
        no_voice: bool,
        no_beat: bool,
        begin: str | None,
        voice: str | None,
        sounds: Path | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        options = PerformanceOptions(
            cadence, seed, explain, not no_voice, not no_beat, begin, voice, sounds
        )
        command(*args, options=options, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


_OUTPUT = (
    click.option("--device", help="A sound device, by number or name (see: devices)."),
    click.option("--backend", type=click.Choice(BACKENDS), help="A way to the devices."),
    click.option("--latency", type=click.FloatRange(*LATENCIES), metavar="MS",
                 help="Milliseconds from making to hearing; else it grows when it must."),
    click.option("--block", type=click.IntRange(*BLOCKS), metavar="FRAMES",
                 help="Frames that are made at a time (with portaudio)."),
)  # fmt: skip


def device_options(command: Command) -> Command:
    """Give a command the options of the output, as one parameter `device`."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - whatever the command has of its own
        device: str | None,
        backend: str | None,
        latency: float | None,
        block: int | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        from cadence_cue.app.playing import DeviceOptions

        chosen = DeviceOptions(device, backend, latency, block)
        command(*args, device=chosen, **kwargs)

    for option in reversed(_OUTPUT):
        gathered = option(gathered)
    return gathered


def show_notes(prepared: Prepared) -> None:
    """Say what the runner should know about a performance before it is heard or written."""
    if prepared.cadence_assumed:
        cadence = float(prepared.performance.spec.cadence_spm)
        shared.notice(
            f"Your own cadence is not set: {cadence:g} steps a minute is used. "
            f"Find yours with: {command('play find-your-cadence')}, "
            f"then: {command('cadence NUMBER')}"
        )
    for note in prepared.notes:
        shared.notice(note)
    if prepared.unspoken:
        texts = "; ".join(map(shown, prepared.unspoken))
        shared.notice(f"The voice has no recording of: {texts}. To have it: {install_voice()}")
    if prepared.options.begin is not None:
        shared.notice(
            "Begun in the middle: warm up first, and do Perception before any other drill."
        )


@contextmanager
def speaking() -> Iterator[Progress]:
    """Tell of texts that are spoken before anything plays: on a terminal each, else that it is."""
    terminal = sys.stderr is not None and sys.stderr.isatty()
    told = 0

    def tell(done: int, total: int, text: str) -> None:
        nonlocal told
        told = total
        if terminal:
            click.echo(f"\r\033[KSpeaking {done + 1} of {total}: {text[:50]}", nl=False, err=True)
        elif not done:
            texts = "text" if total == 1 else "texts"
            shared.notice(f"Speaking {total} {texts} that no clip was shipped for; once only ...")

    clear = "\r\033[K" if terminal else ""
    try:
        yield tell
    except KeyboardInterrupt:
        shared.notice(f"{clear}Stopped; the texts that were spoken so far are kept.")
        raise SystemExit(INTERRUPTED) from None
    finally:
        if told:
            click.echo(clear, nl=False, err=True)
