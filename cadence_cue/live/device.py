"""The sound devices, as the engine sees them: the only file that knows sounddevice.

PortAudio is loaded in child processes only. It looks at the sound servers once, when it starts;
it prints to the terminal from C; and some servers, dying, take its process along.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from types import ModuleType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

# A device clock that claims a longer way to the ear is not to be believed.
_LONGEST_LEAD = 5.0


class Fill(Protocol):
    """What makes the sound."""

    def __call__(self, out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:
        """Fill a block, shape (n, 2), that is heard at `heard_at` (seconds of time.monotonic).

        `underrun` tells that the device had run dry before it. Thread: audio.
        """


class NoSoundError(Exception):
    """Nothing can be played; the message is the reason, as the middle of a sentence."""


@dataclass(frozen=True, slots=True)
class Device:
    """An output: `rate` in frames per second and `latency` in seconds are what it prefers."""

    index: int
    name: str
    host_api: str
    channels: int
    rate: int
    latency: float
    default: bool


def pick(found: Sequence[Device], wanted: str | None) -> Device:
    """The device with this index or (part of a) name, or the default one.

    Raises NoSoundError where there is none, or more than one.
    """
    if not found:
        raise NoSoundError("no output device was found")
    if wanted is None:
        return next((device for device in found if device.default), found[0])
    exact = [device for device in found if wanted in (str(device.index), device.name)]
    near = [device for device in found if wanted.casefold() in device.name.casefold()]
    match exact or near:
        case [device]:
            return device
        case []:
            raise NoSoundError(f'no output device is called "{wanted}" (see: cadence-cue devices)')
        case several:
            names = ", ".join(f"{device.index} {device.name}" for device in several)
            raise NoSoundError(f'"{wanted}" could be any of these output devices: {names}')


def print_devices() -> None:
    """Write the outputs to standard output as JSON: the child's half of process.devices."""
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # some sound libraries print where they like
    try:
        found: dict[str, Any] = {"devices": [asdict(device) for device in query(load())]}
    except NoSoundError as error:
        found = {"error": str(error)}
    with answer:
        json.dump(found, answer)


def load() -> ModuleType:
    """sounddevice, with PortAudio started; NoSoundError where the library is missing."""
    try:
        import sounddevice  # noqa: PLC0415 (only here, only in a child process)
    except OSError:
        raise NoSoundError(
            "PortAudio's library is not installed (Debian/Ubuntu: sudo apt install libportaudio2)"
        ) from None
    return sounddevice  # type: ignore[no-any-return]


def query(sounddevice: ModuleType) -> list[Device]:
    """The outputs with two channels or more."""
    apis = sounddevice.query_hostapis()
    rows = sounddevice.query_devices()
    default = sounddevice.default.device[1]
    if default < 0 or rows[default]["name"] == "jack":
        # Where JACK is all there is, Debian's PortAudio names no device, or ALSA's detour to it.
        jacks = (api["default_output_device"] for api in apis if api["name"].startswith("JACK"))
        default = next(jacks, default)
    return [
        Device(
            index=row["index"],
            name=row["name"],
            host_api=apis[row["hostapi"]]["name"],
            channels=row["max_output_channels"],
            rate=round(row["default_samplerate"]),
            latency=row["default_low_output_latency"],
            default=row["index"] == default,
        )
        for row in rows
        if row["max_output_channels"] >= 2
    ]


@contextmanager
def stream(wanted: str | None, rate: int, block: int, latency: float, fill: Fill) -> Iterator[str]:
    """Play what `fill` makes, in stereo, until the end of the `with`; gives the device's name.

    `block` counts frames (0: as the device likes), `latency` seconds. The samples reach the
    device as they are: no dither, no clipping. Raises NoSoundError.
    """
    sounddevice = load()
    device = pick(query(sounddevice), wanted)
    usual = latency

    def callback(
        out: npt.NDArray[np.float32],
        _frames: int,
        when: Any,  # noqa: ANN401 (a C structure)
        status: Any,  # noqa: ANN401
    ) -> None:
        # Each host API has its own clock: what holds in all of them is the distance from now.
        lead = when.outputBufferDacTime - when.currentTime
        if not 0.0 < lead < _LONGEST_LEAD:
            lead = usual
        fill(out, time.monotonic() + lead, underrun=status.output_underflow)

    try:
        output = sounddevice.OutputStream(
            device=device.index,
            samplerate=rate,
            blocksize=block,
            latency=latency,
            channels=2,
            dtype="float32",
            callback=callback,
            clip_off=True,
            dither_off=True,
        )
        usual = output.latency
        output.start()
    except sounddevice.PortAudioError as error:
        raise NoSoundError(
            f'"{device.name}" could not be opened at {rate} Hz; it prefers {device.rate} Hz'
            f" (PortAudio: {error.args[0]})"
        ) from None
    try:
        yield device.name
    finally:
        output.stop()
        output.close()
