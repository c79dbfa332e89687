"""The options that everything audible shares, and what they make of a session."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cadence_cue.app.choices import BACKENDS, BLOCKS, LATENCIES
from cadence_cue.app.invocation import install_voice
from cadence_cue.cli import shared
from cadence_cue.cli.signals import INTERRUPTED
from cadence_cue.errors import shown

if TYPE_CHECKING:
    from fractions import Fraction

    from cadence_cue.app.settings import Settings
    from cadence_cue.coaching.model import Library, Session
    from cadence_cue.live.output import Output
    from cadence_cue.live.player import Player
    from cadence_cue.studio import Performance
    from cadence_cue.timing.timeline import Timeline
    from cadence_cue.voice.casting import Progress

Command = Callable[..., None]
Decorator = Callable[[Command], Command]


@dataclass(frozen=True, slots=True)
class PerformanceOptions:
    """What was asked for on the command line."""

    cadence: float | None
    seed: int | None
    explain: bool | None
    speaks: bool
    beat: bool
    begin: str | None
    voice: str | None = None
    sounds: Path | None = None


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


def performance(command: Command) -> Command:
    """Give a command the options of a performance, as one parameter `wishes`."""
    help_text = "Your own steps a minute, for once."
    return click.option("--cadence", type=shared.Cadence(), help=help_text)(_gathered(command))


def performances(command: Command) -> Command:
    """Give a command the options of several performances, as a list `wishes`: one a cadence."""

    @functools.wraps(command)
    def several(
        *args: Any,  # noqa: ANN401 - whatever the command has of its own
        wishes: PerformanceOptions,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        cadences: Any = wishes.cadence
        each = [replace(wishes, cadence=cadence) for cadence in cadences or [None]]
        command(*args, wishes=each, **kwargs)

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
        wishes = PerformanceOptions(
            cadence, seed, explain, not no_voice, not no_beat, begin, voice, sounds
        )
        command(*args, wishes=wishes, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


@dataclass(frozen=True, slots=True)
class DeviceOptions:
    """What was asked of the sound on the command line; what is None is as the settings say."""

    device: str | None = None
    backend: str | None = None
    latency: float | None = None
    block: int | None = None

    def output(self, settings: Settings) -> Output:
        """What is wished of the sound."""
        from cadence_cue.live.output import BLOCK, Output

        latency = self.latency or settings.latency
        return Output(
            device=self.device or settings.device or None,
            backend=self.backend or settings.backend or None,
            latency=latency / 1000 if latency else None,
            block=self.block or settings.block or BLOCK,
        )

    def player(self, settings: Settings) -> Player:
        """The player for it, not started yet."""
        from cadence_cue.live.player import Player

        offsets = {name: ms / 1000 for name, ms in settings.offsets}
        return Player(self.output(settings), offsets=offsets)


_SOUND = (
    click.option("--device", help="A sound device, by number or name (see: devices)."),
    click.option("--backend", type=click.Choice(BACKENDS), help="A way to the devices."),
    click.option("--latency", type=click.FloatRange(*LATENCIES), metavar="MS",
                 help="Milliseconds from making to hearing; else it grows when it must."),
    click.option("--block", type=click.IntRange(*BLOCKS), metavar="FRAMES",
                 help="Frames that are made at a time (with portaudio)."),
)  # fmt: skip


def sound(command: Command) -> Command:
    """Give a command the options of the sound, as one parameter `sound`."""

    @functools.wraps(command)
    def gathered(
        *args: Any,  # noqa: ANN401 - whatever the command has of its own
        device: str | None,
        backend: str | None,
        latency: float | None,
        block: int | None,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        command(*args, sound=DeviceOptions(device, backend, latency, block), **kwargs)

    for option in reversed(_SOUND):
        gathered = option(gathered)
    return gathered


def prepare(
    session: Session,
    library: Library,
    settings: Settings,
    chosen: PerformanceOptions,
    *,
    live: bool,
    rate: int | None = None,
    safety: bool = True,
) -> Performance:
    """Plan a session for this runner and say what the runner should know about it."""
    from cadence_cue import studio
    from cadence_cue.app import runner
    from cadence_cue.timing.reasons import Reason

    settings = runner.with_speakers(settings, chosen.voice, chosen.sounds)
    cadence_spm = shared.cadence_or_default(chosen.cadence, settings, session, library)
    wishes = runner.performance_spec(settings, cadence_spm, live=live, rate=rate or studio.RATE)
    wishes = replace(
        wishes,
        speaks=chosen.speaks,
        explain=chosen.explain,
        safety=safety and wishes.safety,
        seed=chosen.seed,
    )
    with speaking() as progress:
        performance = studio.Performance(session, library, wishes, progress=progress)
    for doubt in performance.cast.doubts:
        shared.notice(doubt)
    if mix := runner.mix(performance):
        shared.notice(mix)
    dropped = performance.timeline.dropped if chosen.speaks else ()
    unspoken = dict.fromkeys(each.text for each in dropped if each.reason is Reason.NO_RECORDING)
    if unspoken:
        texts = "; ".join(map(shown, unspoken))
        shared.notice(f"The voice has no recording of: {texts}. To have it: {install_voice()}")
    return performance


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


def begin(performance: Performance, chosen: PerformanceOptions) -> tuple[int, Fraction] | None:
    """The frame to begin at and the seconds to get ready; None for the whole performance."""
    if chosen.begin is None:
        return None
    frame = performance.find(chosen.begin)
    shared.notice("Begun in the middle: warm up first, and do Perception before any other drill.")
    ready = performance.session.get_ready
    return frame, performance.spec.get_ready if ready is None else ready


@dataclass(frozen=True, slots=True)
class Begun:
    """What is to be heard: a timeline, and the index of the phase that it leads into."""

    timeline: Timeline
    phase: int


def begun(performance: Performance, chosen: PerformanceOptions) -> Begun:
    """The whole performance, or from the place that was asked for."""
    from cadence_cue.transport.places import phase_at

    start = begin(performance, chosen)
    if start is None:
        return Begun(performance.timeline, -1)
    timeline = performance.entered(*start)
    return Begun(timeline, phase_at(timeline, start[0]))
