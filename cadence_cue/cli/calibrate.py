"""The command `calibrate`: measures the delays that the devices do not report."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from cadence_cue.app.choices import OFFSETS
from cadence_cue.app.invocation import command
from cadence_cue.cli import shared
from cadence_cue.cli.keys import Keys, keys
from cadence_cue.cli.options import device_options

if TYPE_CHECKING:
    from cadence_cue.app.device import DeviceOptions
    from cadence_cue.app.settings import Settings
    from cadence_cue.live.calibrating import Lag
    from cadence_cue.live.player import Player

_BEATS = 12  # flashes, then as many clicks: less than half a minute in all
_FIRST = 1.0  # seconds before the first flash
_POLL = 0.05  # seconds between two checks of the player
_LIT = 0.12  # seconds that a flash lasts
_ON, _OFF = "\r( ● )", "\r(   )"
_TAPS = 20  # from which it is told how late they usually are
_LED_IN = 4  # clicks before those count
_SPARE = 4  # clicks that nobody needs to meet


@click.command("calibrate")
@click.option("--set", "given", type=click.FloatRange(*OFFSETS), metavar="MS",
              help="Set the delay in milliseconds, without tapping.")  # fmt: skip
@click.option("--keys", "by_keys", is_flag=True,
              help="Measure how late your taps usually are (for --listen keys).")  # fmt: skip
@click.option("--microphone", is_flag=False, flag_value="", metavar="[NAME]",
              help="Measure how late a microphone hears the sound (for --listen mic).")  # fmt: skip
@device_options
@shared.plain_errors
def calibrate_command(
    given: float | None, *, by_keys: bool, microphone: str | None, device: DeviceOptions
) -> None:
    """Measure how much later you hear the sound than your device reports.

    Bluetooth adds 100 to 300 ms that no device reports. You tap along to a lamp, then to clicks;
    the difference is saved for this device. It delays the lamps and the position on the screen to
    match what you hear; the sound itself never moves.

    With --keys you tap to clicks only. With --microphone you are quiet, and the microphone listens
    to six clicks, through the loudspeaker or through headphones held to it.
    """
    if (given is not None) + by_keys + (microphone is not None) > 1:
        shared.refuse("choose one of --set, --keys and --microphone")
    if given is None and microphone is None and not Keys().listening:
        shared.refuse(
            "calibrate needs a terminal to tap in; where the offset is known: "
            + command("calibrate --set MILLISECONDS")
        )
    settings = shared.load_settings()
    if (device.backend or settings.backend) == "silent":
        shared.refuse("silence cannot be calibrated; choose another --backend")
    with device.player(replace(settings, offsets=())) as player:
        _ = player.rate  # waits until it is open
        _check(player)
        if microphone is not None:
            table, (name, delay, summary) = "round_trips", _round_trip(player, settings, microphone)
        elif by_keys:
            table, (name, delay, summary) = "taps", _usual_taps(player)
        else:
            table, name = "offsets", player.device
            delay = _measured(player) if given is None else given
            summary = (
                f'"{name}": {abs(delay):g} ms {"earlier" if delay < 0 else "later"} than it says'
            )
        _check(player)
    if given is None and not shared.confirm(f"{summary}. Keep that?", default=True):
        return
    shared.change_settings(lambda saved: saved.with_delay(table, name, delay))
    shared.say(summary)


def _round_trip(player: Player, settings: Settings, name: str) -> tuple[str, float, str]:
    """Measure a pair of devices: its name, the milliseconds, and both in words."""
    from cadence_cue.app.calibrating import measured
    from cadence_cue.app.hearing import microphone
    from cadence_cue.app.settings import pair

    shared.say("Be quiet for half a minute: the microphone listens to six clicks.")
    with microphone(player, settings, name) as ear:
        found = measured(player, ear, shared.get_library(quiet=True))
        both = pair(player.device, ear.opened.device if ear.opened else "")
    delay = round(1000 * found.seconds, 1)
    exact = f"±{1000 * found.spread:.1f}, {found.clicks} clicks"
    return both, delay, f'"{both}": heard {delay:g} ms after it is made ({exact})'


def _usual_taps(player: Player) -> tuple[str, float, str]:
    """Measure how late taps are: the device, the milliseconds, and both in words."""
    from cadence_cue.live.calibrating import PERIOD, lag

    with keys() as reader:
        shared.say("Tap any key with each click that you hear, evenly.")
        taps = list(_to_the_clicks(reader, player, _LED_IN + _TAPS + _SPARE))
        late = lag([tap for tap in taps if tap > (_LED_IN - 0.5) * PERIOD])
        _checked("clicks", late, _TAPS)
        _drain(reader)
    delay = round(1000 * late.seconds)
    what = f"your taps usually come {abs(delay)} ms {'before' if delay < 0 else 'after'} the clicks"
    return player.device, delay, f'"{player.device}": {what}'


def _check(player: Player) -> None:
    """Refuse to continue without sound."""
    if player.silent:
        shared.refuse(
            f"{player.notices[-1]} An offset belongs to a device; where you know both: "
            + command("settings offsets DEVICE=MILLISECONDS")
        )


def _measured(player: Player) -> float:
    """Measure the offset from taps, in whole milliseconds; refuse unusable taps."""
    from cadence_cue.live.calibrating import lag, offset

    with keys() as reader:
        shared.say("Tap any key with each flash of the lamp, evenly.")
        lamp = _checked("lamp", lag(list(_to_the_lamp(reader))))
        shared.say("Now with each click that you hear.")
        clicks = _checked("clicks", lag(list(_to_the_clicks(reader, player, _BEATS))))
        _drain(reader)
    return round(1000 * offset(lamp, clicks))


def _drain(reader: Keys) -> None:
    """Take in late taps, which would answer the question."""
    while reader.next(_POLL):
        pass


def _checked(name: str, lag: Lag, fewest: int = 0) -> Lag:
    """Print the result of the taps; refuse them if they are too few or too unsteady."""
    if not lag.steady or lag.taps < fewest:
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


def _to_the_clicks(reader: Keys, player: Player, count: int) -> Iterator[float]:
    """Play clicks, and yield the time of each tap in seconds after the first, by the device."""
    from cadence_cue.app.calibrating import play_clicks

    clicks = play_clicks(player, shared.get_library(quiet=True), count)
    while not clicks.over:
        if _tapped(reader, _POLL) and (tap := clicks.seconds(reader.read_at)) is not None:
            yield tap
