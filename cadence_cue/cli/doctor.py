"""The command `doctor`: one page with the state of the system, the problems and their remedies."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from cadence_cue.app.invocation import command
from cadence_cue.cli import findings, shared
from cadence_cue.cli.findings import Section
from cadence_cue.cli.options import device_options

if TYPE_CHECKING:
    from cadence_cue.app.playing import DeviceOptions
    from cadence_cue.live.health import Health, Spread
    from cadence_cue.live.output import Output

_WIDTH = 100
_SECONDS = 10.0

# A healthy computer stays far below these.
_HIGH_COST = 0.5  # of a block's duration
_SLOW = 0.25  # seconds from a key to the ear


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
    settings = shared.load_settings()
    sections = [findings.versions(), _devices()]
    _print(sections)
    shared.notice(f"Measuring the sound for {seconds:g} s ...")
    measured = _sound(device.output(settings), seconds)
    rest = [measured, findings.formats(), findings.folders(), findings.voice(settings.voice)]
    _print(rest)
    problems = [problem for section in (*sections, *rest) for problem in section.problems]
    _print([Section("Problems", tuple(problems) or ("none was found",))])


def _print(sections: list[Section]) -> None:
    for section in sections:
        shared.say(section.title)
        for line in section.lines:
            shared.say(
                textwrap.fill(
                    line,
                    _WIDTH,
                    initial_indent="  ",
                    subsequent_indent="      ",
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            )


def _devices() -> Section:
    """The devices of each back end, or why it has none."""
    from cadence_cue.live.device_list import devices
    from cadence_cue.live.output import NoSoundError

    try:
        found = devices()
    except NoSoundError as error:
        return Section("Devices", (str(error),))
    lines = [
        f"{'*' if device.default else ' '} {device.backend} {device.index}: {device.name}"
        f" ({device.host_api}), {device.rate} Hz, {_ms(device.latency)}"
        for device in found.devices
    ]
    reasons = [f"{name}: {reason}" for name, reason in found.reasons.items()]
    return Section("Devices", (*lines, *reasons))


def _sound(output: Output, seconds: float) -> Section:
    """Measure the chosen output."""
    from cadence_cue.live.health import measure
    from cadence_cue.live.output import NoSoundError

    try:
        health = measure(output, seconds)
    except NoSoundError as error:
        way_out = (
            f"If a device is there, log out and in again; `{command('export')}` works without."
        )
        problem = f"Nothing could be played: {error}. {way_out}"
        return Section("Sound", ("not measured",), (problem,))
    opened = health.opened
    length = _ms(health.frames / opened.rate)
    lines = (
        f'"{opened.device}" by {opened.backend}, {opened.rate} Hz, latency {_ms(opened.latency)}',
        f"real-time priority: {'yes' if health.realtime else 'no'}",
        f"{health.callbacks} callbacks in {health.seconds:.1f} s; {health.frames} frames: {length}",
        f"jitter between them: {_spread(health.jitter, _ms)}",
        f"cost, as a share of a block's time: {_spread(health.cost, '{:.1%}'.format)}",
        f"underruns: {health.underruns}",
        f"the device's clock: {health.clock_ppm:+.0f} ppm, ± {_ms(health.clock_residual)}",
        f"from a key to the sound it changes: {_spread(health.control, _ms)}",
        f"from there to the ear, as the device reports: {_spread(health.heard, _ms)}",
    )
    return Section("Sound", lines, tuple(troubles(health)))


def troubles(health: Health) -> list[str]:
    """The problems that the measurement shows, each with a remedy."""
    problems = []
    latency = 1000 * health.opened.latency
    if not health.realtime:
        problems.append(
            "The audio thread has no real-time priority, so that other programs may hold it up."
            ' On Linux: put the line "@audio - rtprio 20" into'
            ' /etc/security/limits.d/audio.conf, join the group "audio", log in anew.'
        )
    if health.underruns:
        problems.append(
            f"The device ran dry {health.underruns} times in {health.seconds:.0f} s: close what"
            f" keeps the computer busy, or: {command('settings latency')} {2 * latency:.0f}"
        )
    if health.cost.p99 > _HIGH_COST:
        problems.append(
            f"Making the sound takes up to {health.cost.p99:.0%} of the time there is: close what"
            f" keeps the computer busy, or: {command('settings block')} {4 * health.frames}"
        )
    if (late := health.control.p99 + health.heard.p50) > _SLOW:
        problems.append(
            f"A key is heard {1000 * late:.0f} ms late: choose a wired device or a shorter"
            " --latency; beats stay exact all the same."
        )
    return problems


def _spread(spread: Spread, worded: Callable[[float], str]) -> str:
    return f"p50 {worded(spread.p50)}, p99 {worded(spread.p99)}, most {worded(spread.most)}"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"
