"""The command `doctor`: one page with the state of the system, the problems and their remedies."""

from __future__ import annotations

import textwrap
from functools import partial
from typing import TYPE_CHECKING

import click

from cadence_cue.app import findings
from cadence_cue.app.findings import Section
from cadence_cue.cli import shared
from cadence_cue.cli.lines import page_width
from cadence_cue.cli.options import device_options

if TYPE_CHECKING:
    from cadence_cue.app.device import DeviceOptions

_WIDTH = 100
_SECONDS = 10.0


@click.command("doctor")
@click.option(
    "--seconds",
    type=click.FloatRange(0.5, 600),
    default=_SECONDS,
    show_default=True,
    help="Seconds to measure the sound; only faint noise is played.",
)
@device_options
@shared.plain_errors
def doctor_command(seconds: float, device: DeviceOptions) -> None:
    """Check everything that the sound depends on, and print a page to attach to a bug report.

    Problems are listed last, each with a remedy.
    """
    from cadence_cue.app import checkup

    settings = shared.load_settings()
    sections = [findings.versions(), checkup.devices()]
    _print(sections)
    begins = partial(shared.notice, f"Measuring the sound for {seconds:g} s …")
    measured = checkup.sound(device.output(settings), seconds, begins)
    rest = [measured, findings.formats(), findings.folders(), findings.voice(settings.voice)]
    _print(rest)
    _print([findings.problems([*sections, *rest])])


def _print(sections: list[Section]) -> None:
    width = page_width(_WIDTH)
    for section in sections:
        shared.say(section.title)
        for line in section.lines:
            shared.say(
                textwrap.fill(
                    line,
                    width,
                    initial_indent="  ",
                    subsequent_indent="      ",
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            )
