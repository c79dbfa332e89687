"""The command `calibrate`: how much later than it says a device is heard."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from cadence_cue.app.choices import OFFSETS
from cadence_cue.app.invocation import command
from cadence_cue.cli import shared
from cadence_cue.cli.keys import Keys, keys
from cadence_cue.cli.options import device_options

if TYPE_CHECKING:
    from cadence_cue.app.playing import DeviceOptions
    from cadence_cue.live.calibrating import Lag
    from cadence_cue.live.player import Player

_BEATS = 12  # flashes, and clicks: less than half a minute in all
_FIRST = 1.0  # seconds before the first flash
_LOOK = 0.05  # seconds between two looks at the player
_LIT = 0.12  # seconds of a flash
_ON, _OFF = "\r( ● )", "\r(   )"


@click.command("calibrate")
@click.option("--set", "given", type=click.FloatRange(*OFFSETS), metavar="MS",
              help="Set it to so many milliseconds, without tapping.")  # fmt: skip
@device_options
@shared.plain_errors
def calibrate_command(given: float | None, device: DeviceOptions) -> None:
    """Measure how much later than your device says its sound is heard.

    Bluetooth adds 100 to 300 ms that no device tells of. You tap along to a lamp, then to clicks;
    the difference is kept for this device. It moves the lights and the position on the screen onto
    what you hear, never the sound.
    """
    if given is None and not Keys().listening:
        shared.refuse(
            "calibrate needs a terminal to tap in; where the offset is known: "
            + command("calibrate --set MILLISECONDS")
        )
    settings = shared.load_settings()
    if (device.backend or settings.backend) == "silent":
        shared.refuse("silence cannot be calibrated; choose another --backend")
    with device.player(replace(settings, offsets=())) as player:
        rate = player.rate
        _check(player)
        name = player.device
        offset = _measured(player, rate) if given is None else given
        _check(player)
    told = f'"{name}": {abs(offset):g} ms {"earlier" if offset < 0 else "later"} than it says'
    if given is None and not click.confirm(f"{told}. Keep that?", default=True, err=True):
        return
    shared.save_settings(shared.load_settings().with_offset(name, offset))
    click.echo(told)


def _check(player: Player) -> None:
    """Refuse to go on without sound."""
    if player.silent:
        shared.refuse(
            f"{player.notices[-1]} An offset belongs to a device; where you know both: "
            + command("settings offsets DEVICE=MILLISECONDS")
        )


def _measured(player: Player, rate: int) -> float:
    """The offset in whole milliseconds that the taps tell; refused where they tell nothing."""
    from cadence_cue.live.calibrating import lag, offset

    with keys() as reader:
        click.echo("Tap any key with each flash of the lamp, evenly.")
        lamp = _checked("lamp", lag(list(_to_the_lamp(reader))))
        click.echo("Now with each click that you hear.")
        clicks = _checked("clicks", lag(list(_to_the_clicks(reader, player, rate))))
        while reader.next(_LOOK):
            pass  # taps after the last click are no answer
    return round(1000 * offset(lamp, clicks))


def _checked(name: str, lag: Lag) -> Lag:
    """Tell what the taps say; refused where they are too few or too unsteady."""
    if not lag.steady:
        shared.refuse(
            f"{name}: {lag.taps} taps, half of them more than {1000 * lag.spread:.0f} ms off: too "
            "few or too unsteady. Run it again, and tap one key with every beat, from the first on"
        )
    click.echo(f"{name}: {1000 * lag.seconds:+.0f} ms ±{1000 * lag.spread:.0f} ({lag.taps} taps)")
    return lag


def _tapped(reader: Keys, seconds: float) -> bool:
    """Whether a key was pressed within so many seconds; "q" ends it all."""
    pressed = reader.next(seconds)
    if "q" in pressed or reader.suspended:
        raise click.Abort
    return bool(pressed)


def _to_the_lamp(reader: Keys) -> Iterator[float]:
    """Flash, and give the seconds of each tap after the first flash."""
    from cadence_cue.live.calibrating import PERIOD

    first = time.monotonic() + _FIRST
    shown = ""
    while (now := time.monotonic() - first) < _BEATS * PERIOD:
        into = now % PERIOD
        lit = now >= 0 and into < _LIT
        lamp = _ON if lit else _OFF
        if lamp != shown:
            click.echo(lamp, nl=False)
            shown = lamp
        until = -now if now < 0 else (_LIT if lit else PERIOD) - into
        if _tapped(reader, until):
            yield time.monotonic() - first
    click.echo("\r     \r", nl=False)


def _to_the_clicks(reader: Keys, player: Player, rate: int) -> Iterator[float]:
    """Click, and give the seconds of each tap after the first click as the device tells them."""
    from cadence_cue import studio
    from cadence_cue.coaching.rehearsal import plain_beat
    from cadence_cue.live.calibrating import PER_MINUTE
    from cadence_cue.live.control import State

    library = shared.get_library(quiet=True)
    session = plain_beat(
        library, tempo=str(PER_MINUTE), time=f"{_BEATS} beats", cues=(), cue_every="60s"
    )
    spec = studio.PerformanceSpec(
        cadence_spm=Fraction(PER_MINUTE),
        get_ready=Fraction(1),
        rate=rate,
        safety=False,
        speaks=False,
    )
    performance = studio.perform(session, library, spec)
    player.load(performance.beats, {})
    generation = player.play(performance.timeline)
    first = performance.timeline.marks[0].start
    while (position := player.position).state is not State.FINISHED:
        if _tapped(reader, _LOOK) and position.generation == generation:
            yield (player.position.frame - first) / rate
