"""The command `calibrate`: measures the delays that the devices do not report."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from cadence_cue.app.choices import OFFSETS
from cadence_cue.app.invocation import command
from cadence_cue.cli import shared
from cadence_cue.cli.keys import Keys, keys
from cadence_cue.cli.options import device_options

if TYPE_CHECKING:
    from cadence_cue.app.calibration import Calibration, Found
    from cadence_cue.app.device import DeviceOptions
    from cadence_cue.live.player import Player

_POLL = 0.05  # seconds between two looks
_ON, _OFF, _CLEAR = "\r( ● )", "\r(   )", "\r     \r"


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
    to six clicks and three rising tones, through the loudspeaker or through headphones held to it.
    So it also learns what a loudspeaker adds to your steps, which is then taken out of them.
    """
    if (given is not None) + by_keys + (microphone is not None) > 1:
        shared.refuse("choose one of --set, --keys and --microphone")
    if given is None and microphone is None and not Keys().listening:
        known = "settings taps DEVICE=MILLISECONDS" if by_keys else "calibrate --set MILLISECONDS"
        shared.refuse(
            f"calibrate needs a terminal to tap in; where the delay is known: {command(known)}"
        )
    from cadence_cue.app.calibration import Calibration, Delay, Found, check_backend

    settings = shared.load_settings()
    check_backend(device.backend or settings.backend)
    delay = Delay.TAPS if by_keys else Delay.HEADPHONES
    if microphone is not None:
        delay = Delay.MICROPHONE
    with device.player(settings) as player:
        _ = player.rate  # waits until it is open
        _check(player)
        if given is not None:
            found = Found(delay, player.device, given)
        else:
            library = shared.get_library(quiet=True)
            each = Calibration(delay, player, library, settings, name=microphone or "")
            with closing(each):
                found = _followed(each)
    asks = given is None and shared.on_terminal()  # a microphone needs nobody to tap
    if asks and not shared.confirm(f"{found.words}. Keep that?", default=True):
        return
    shared.change_settings(found.kept)
    found.keep_room()
    shared.say(found.words)


def _followed(calibration: Calibration) -> Found:
    """Print what to do, draw the lamp, and take the taps, until all is found."""
    with keys() as reader:
        doing, drawn, told = "", "", 0
        way_out = " q gives up." if reader.listening else ""
        try:
            while (found := calibration.poll()) is None:
                now = calibration.shown
                if now.doing != doing:
                    click.echo(_CLEAR if drawn else "", nl=False)
                    doing, drawn = now.doing, ""
                    shared.say("\n".join([*calibration.results[told:], f"{doing}{way_out}"]))
                    told = len(calibration.results)
                lamp = _ON if now.lit else _OFF
                shows = lamp if now.change is not None else f"\r{now.share:5.0%}"
                if reader.listening and shows != drawn:
                    click.echo(shows, nl=False)
                    drawn = shows
                if _tapped(reader, _POLL if now.change is None else min(now.change, _POLL)):
                    calibration.tap(reader.read_at)
        finally:
            click.echo(_CLEAR if drawn else "", nl=False)
        for result in calibration.results[told:]:
            shared.say(result)
        while reader.next(_POLL):  # late taps would answer the question
            pass
    return found


def _tapped(reader: Keys, seconds: float) -> bool:
    """Whether a key was pressed within so many seconds; "q" aborts."""
    pressed = reader.next(seconds)
    if "q" in pressed or reader.suspended:
        raise click.Abort
    return bool(pressed)


def _check(player: Player) -> None:
    """Refuse to continue without sound."""
    if player.silent:
        shared.refuse(
            f"No sound: {player.trouble}. A delay belongs to a device; where you know both: "
            + command("settings offsets DEVICE=MILLISECONDS")
        )
