"""The command `devices`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from cadence_cue.app.invocation import command
from cadence_cue.cli import shared

if TYPE_CHECKING:
    from cadence_cue.live.output import Device


@click.command("devices")
@shared.plain_errors
def devices_command() -> None:
    """List the sound devices of each back end, and the microphones; "*" marks the default."""
    from cadence_cue.live.backends import AUDIBLE
    from cadence_cue.live.device_list import devices
    from cadence_cue.live.output import NoSoundError

    try:
        found = devices()
    except NoSoundError as error:
        shared.refuse(f"No sound devices: {error}. `{command('export')}` works without.")
    for name in AUDIBLE:
        title = f"{name} (used unless you choose another)" if name == found.usual else name
        shared.say(title if name not in found.reasons else f"{name}: {found.reasons[name]}")
        _list(device for device in found.devices if device.backend == name)
    if found.microphones:
        shared.say("microphones")
        _list(found.microphones)
    if found.devices:
        shared.say("* is the usual one of its list")
    else:
        shared.refuse(f"No sound devices were found. `{command('export')}` works without.")


def _list(devices: Iterable[Device]) -> None:
    for device in devices:
        mark = "*" if device.default else " "
        shared.say(
            f"{mark} {device.index:3d}  {device.name} ({device.host_api}), "
            f"{device.rate} Hz, {1000 * device.latency:.0f} ms"
        )
