"""Checks of the sound: which devices there are, and how well the chosen one plays."""

from __future__ import annotations

from collections.abc import Callable

from cadence_cue.app.findings import Section
from cadence_cue.app.invocation import command
from cadence_cue.coaching.pages import signed
from cadence_cue.live import device_list
from cadence_cue.live.health import Health, Spread, measure
from cadence_cue.live.output import NoSoundError, Output

# A healthy computer stays far below these.
_HIGH_COST = 0.5  # of a block's duration
_SLOW = 0.25  # seconds from a key to the ear


def devices() -> Section:
    """The devices of each back end, or why it has none."""
    try:
        found = device_list.devices()
    except NoSoundError as error:
        return Section("Devices", (str(error),))
    lines = [
        f"{'*' if device.default else ' '} {device.backend} {device.index}: {device.name}"
        f" ({device.host_api}), {device.rate} Hz, {_ms(device.latency)}"
        for device in found.devices
    ]
    lines += ["* is the usual one of its back end"] if lines else []
    reasons = [f"{name}: {reason}" for name, reason in found.reasons.items()]
    return Section("Devices", (*lines, *reasons))


def sound(output: Output, seconds: float, begins: Callable[[], object] = lambda: None) -> Section:
    """Measure the chosen output; `begins` is called once it is open."""
    try:
        health = measure(output, seconds, begins)
    except NoSoundError as error:
        # What lasts names its remedy itself.
        connect = "Connect headphones, or if they are connected, log out and in again. "
        way_out = f"{'' if error.lasting else connect}`{command('export')}` works without."
        problem = f"Nothing could be played: {error}. {way_out}"
        return Section("Sound", ("not measured",), (problem,))
    opened = health.opened
    length = _ms(health.frames / opened.rate)
    drift = signed(health.clock_ppm, "+z.0f")
    lines = (
        f'"{opened.device}" by {opened.backend}, {opened.rate} Hz, latency {_ms(opened.latency)}',
        f"real-time priority: {'yes' if health.realtime else 'no'}",
        f"{health.callbacks} callbacks in {health.seconds:.1f} s; {health.frames} frames: {length}",
        f"jitter between them: {_spread(health.jitter, _ms)}",
        f"cost, as a share of a block's time: {_spread(health.cost, '{:.1%}'.format)}",
        f"underruns: {health.underruns}",
        f"the device's clock: {drift} ppm, ± {_ms(health.clock_residual)}",
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
    if times := health.underruns:
        often = "once" if times == 1 else f"{times} times"
        problems.append(
            f"The sound stuttered {often} in {health.seconds:.0f} s: close what"
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
            f" latency ({command('settings latency')} MS); beats stay exact all the same."
        )
    return problems


def _spread(spread: Spread, worded: Callable[[float], str]) -> str:
    return f"p50 {worded(spread.p50)}, p99 {worded(spread.p99)}, most {worded(spread.most)}"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"
