"""The command `calibrate`: measures how much later a device is heard than it reports."""

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
    from cadence_cue.app.device import DeviceOptions
    from cadence_cue.live.calibrating import Lag
    from cadence_cue.live.player import Player

_BEATS = 12  # flashes, then as many clicks: less than half a minute in all
_FIRST = 1.0  # seconds before the first flash
_POLL = 0.05  # seconds between two checks of the player
_LIT = 0.12  # seconds that a flash lasts
_ON, _OFF = "\r( ● )", "\r(   )"


@click.command("calibrate")
@click.option("--set", "given", type=click.FloatRange(*OFFSETS), metavar="MS",
              help="Set the delay in milliseconds, without tapping.")  # fmt: skip
@device_options
@shared.plain_errors
def calibrate_command(given: float | None, device: DeviceOptions) -> None:
    """Measure how much later you hear the sound than your device reports.

    Bluetooth adds 100 to 300 ms that no device reports. You tap along to a lamp, then to clicks;
    the difference is saved for this device. It delays the lamps and the position on the screen to
    match what you hear; the sound itself never moves.
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
    summary = f'"{name}": {abs(offset):g} ms {"earlier" if offset < 0 else "later"} than it says'
    if given is None and not shared.confirm(f"{summary}. Keep that?", default=True):
        return
    shared.change_settings(lambda saved: saved.with_offset(name, offset))
    shared.say(summary)


def _check(player: Player) -> None:
    """Refuse to continue without sound."""
    if player.silent:
        shared.refuse(
            f"{player.notices[-1]} An offset belongs to a device; where you know both: "
            + command("settings offsets DEVICE=MILLISECONDS")
        )


def _measured(player: Player, rate: int) -> float:
    """Measure the offset from taps, in whole milliseconds; refuse unusable taps."""
    from cadence_cue.live.calibrating import lag, offset

    with keys() as reader:
        shared.say("Tap any key with each flash of the lamp, evenly.")
        lamp = _checked("lamp", lag(list(_to_the_lamp(reader))))
        shared.say("Now with each click that you hear.")
        clicks = _checked("clicks", lag(list(_to_the_clicks(reader, player, rate))))
        while reader.next(_POLL):
            pass  # so that late taps do not answer the question
    return round(1000 * offset(lamp, clicks))


def _checked(name: str, lag: Lag) -> Lag:
    """Print the result of the taps; refuse them if they are too few or too unsteady."""
    if not lag.steady:
        shared.refuse(
            f"{name}: {lag.taps} taps, half of them more than {1000 * lag.spread:.0f} ms off: too "
            "few or too unsteady. Run it again, and tap one key with every beat, from the first on"
        )
    shared.say(f"{name}: {1000 * lag.seconds:+.0f} ms ±{1000 * lag.spread:.0f} ({lag.taps} taps)")
    return lag


def _tapped(reader: Keys, seconds: float) -> bool:
    """Whether a key was pressed within so many seconds; "q" aborts."""
    pressed = reader.next(seconds)
    if "q" in pressed or reader.suspended:
        raise click.Abort
    return bool(pressed)


def _to_the_lamp(reader: Keys) -> Iterator[float]:
    """Flash the lamp, and yield the time of each tap in seconds after the first flash."""
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
    """Play clicks, and yield the time of each tap in seconds after the first, by the device."""
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
        if _tapped(reader, _POLL) and position.generation == generation:
            yield (player.position.frame - first) / rate
