"""Outputs: what may be wished of one, what was found and opened, and what each back end offers.

Everything here is plain data and interfaces; each file of live.backends knows one outside world.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cadence_cue.errors import UserError

BLOCK = 256
"""Frames per block: 5 ms of sound for 0.1 ms of work."""

LATENCIES = (0.05, 0.1, 0.2)
"""Seconds between making and hearing a sound: the first unless it was too short for the device."""


class NoSoundError(UserError):
    """Nothing can be played; `what` is the reason, as the middle of a sentence.

    `lasting` where trying again cannot help, as without a library.
    """

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class Output:
    """What the runner wishes: a device by index or name, a back end by name, seconds, frames.

    Without a `backend` the first that can play is taken; without a `latency` it begins with the
    shortest of LATENCIES and grows when the device ran dry; a given one stays.
    """

    device: str | None = None
    backend: str | None = None
    latency: float | None = None
    block: int = BLOCK


@dataclass(frozen=True, slots=True)
class Device:
    """An output that was found; `index` counts the devices of its back end.

    `rate` in frames per second and `latency` in seconds are what it prefers.
    """

    backend: str
    index: int
    name: str
    host_api: str
    channels: int
    rate: int
    latency: float
    default: bool

    @property
    def full(self) -> str:
        """Its name and where it was found: one name may stand in several host APIs."""
        return f"{self.name}, {self.host_api}"


@dataclass(frozen=True, slots=True)
class Opened:
    """What is playing: names, frames per second, and seconds from making to hearing."""

    backend: str
    device: str
    rate: int
    latency: float
    wish: str = ""
    """What to wish for to get it again (Output.device)."""


class Fill(Protocol):
    """What makes the sound."""

    def __call__(self, out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:
        """Fill a block, shape (n, 2), that is heard at `heard_at` (seconds of time.monotonic).

        `underrun` tells that the device had run dry before it. Where it raises it is not called
        again, which the watchdog sees. Thread: audio.
        """


class Backend(Protocol):
    """One way to the ears. Loaded in the engine's process only."""

    name: str

    def devices(self) -> list[Device]:
        """The outputs that stereo can be played on. Raises NoSoundError."""

    def rate(self, device: Device, wanted: int) -> int:
        """The frames per second to open the device at: the wanted ones unless it refuses them."""

    def open(
        self, device: Device, rate: int, block: int, latency: float, fill: Fill
    ) -> AbstractContextManager[Opened]:
        """Play what `fill` makes, in stereo, until the end of the `with`.

        `block` in frames, `latency` in seconds. Leaving plays what was made and lets the device
        go. The samples reach the device as they are. Raises NoSoundError.
        """


def pick(found: Sequence[Device], wanted: str | None) -> Device:
    """The device with this index or (part of a) name, or the default one.

    Raises NoSoundError where there is none, or more than one.
    """
    if not found:
        raise NoSoundError("no output device was found")
    if wanted is None:
        return next((device for device in found if device.default), found[0])
    exact = [device for device in found if wanted in (str(device.index), device.name, device.full)]
    near = [device for device in found if wanted.casefold() in device.name.casefold()]
    match exact or near:
        case [device]:
            return device
        case []:
            there = _listed(found)
            raise NoSoundError(f'no output device is called "{wanted}", there are: {there}')
        case several:
            names = _listed(several)
            raise NoSoundError(f'"{wanted}" could be any of these output devices: {names}')


def _listed(devices: Sequence[Device]) -> str:
    return ", ".join(f"{device.index} {device.name}" for device in devices)
