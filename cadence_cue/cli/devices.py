"""The command `devices`."""

from __future__ import annotations

import click

from cadence_cue.cli import shared


@click.command("devices")
@shared.plain_errors
def devices_command() -> None:
    """List the sound devices; "*" marks the default."""
    from cadence_cue.live.device import NoSoundError
    from cadence_cue.live.process import devices

    try:
        found = devices()
    except NoSoundError as error:
        shared.refuse(f"No sound devices: {error}. `cadence-cue export` works without.")
    if not found:
        shared.refuse("No sound devices were found. `cadence-cue export` works without.")
    for device in found:
        mark = "*" if device.default else " "
        click.echo(
            f"{mark} {device.index:3d}  {device.name} ({device.host_api}), "
            f"{device.rate} Hz, {1000 * device.latency:.0f} ms"
        )
