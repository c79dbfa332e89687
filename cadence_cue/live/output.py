"""Outputs: what can be asked of one, what was found and opened, and the back ends' interface.

Only plain data and interfaces, so that it can be imported without any sound library; each file in
live.backends wraps one library.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cadence_cue.errors import UserError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BLOCK = 256
"""Frames per block: 5 ms of sound for 0.1 ms of work."""

LATENCIES = (0.05, 0.1, 0.2)
"""Seconds from rendering a sound to hearing it; a longer one is used when the device runs dry."""


class NoSoundError(UserError):
    """Nothing can be played; `what` is the reason, worded as the middle of a sentence.

    `lasting` if trying again cannot help, for example when a library is missing.
    """

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class Output:
    """The output that the runner asks for.

    `device` is an index or (part of) a name, `latency` in seconds, `block` in frames. Without a
    `backend` the first that can play is used. Without a `latency` playback starts with the
    shortest of LATENCIES and goes to longer ones when the device runs dry; a given one is kept.
    """

    device: str | None = None
    backend: str | None = None
    latency: float | None = None
    block: int = BLOCK
    remembered: bool = False
    """Whether `device` was chosen another day: if it cannot be opened, the default one is."""


@dataclass(frozen=True, slots=True)
class Device:
    """An output or a microphone that was found; `index` is its number within its back end.

    `rate` (frames per second) and `latency` (seconds) are the ones that it prefers.
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
        """Its name and host API: several host APIs may list the same name."""
        return f"{self.name}, {self.host_api}"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open device: its names, frames per second, and seconds from rendering to hearing."""

    backend: str
    device: str
    rate: int
    latency: float
    wish: str = ""
    """The `Output.device` that selects it again."""


class Fill(Protocol):
    """A function that a back end calls to get sound."""

    def __call__(self, out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:
        """Fill a block, shape (n, 2), that is heard at `heard_at` (seconds of time.monotonic).

        `underrun` says that the device ran dry before this block. A fill that raises is not
        called again, which the watchdog notices. Thread: audio.
        """


class Backend(Protocol):
    """One sound library. Loaded in child processes only."""

    name: str

    def devices(self) -> list[Device]:
        """The outputs that can play stereo. Raises NoSoundError."""

    def rate(self, device: Device, wanted: int) -> int:
        """The frames per second to open the device at: `wanted` unless it refuses that."""

    def open(
        self, device: Device, rate: int, block: int, latency: float, fill: Fill
    ) -> AbstractContextManager[Opened]:
        """Play what `fill` renders, in stereo, until the end of the `with`.

        `block` is in frames, `latency` in seconds. On leaving, what has been rendered is played
        and the device closed. The samples reach the device unchanged. Raises NoSoundError.
        """


def pick(found: Sequence[Device], wanted: str | None, kind: str = "output device") -> Device:
    """The device with this index or (part of a) name; the default device for None.

    `kind` is what the devices are called. Raises NoSoundError if none matches, or more than one.
    """
    if not found:
        raise NoSoundError(f"no {kind} was found")
    if wanted is None:
        return next((device for device in found if device.default), found[0])
    exact = [device for device in found if wanted in (str(device.index), device.name, device.full)]
    near = [device for device in found if wanted.casefold() in device.name.casefold()]
    match exact or near:
        case [device]:
            return device
        case []:
            there = _listed(found)
            raise NoSoundError(f'no {kind} is called "{wanted}" (there are: {there})')
        case several:
            names = _listed(several)
            raise NoSoundError(f'"{wanted}" could be any of these {kind}s: {names}')


def name_of(device: Device, found: Iterable[Device]) -> str:
    """Return the name by which `pick` finds a device of this list of all back ends."""
    same = [each for each in found if (each.backend, each.name) == (device.backend, device.name)]
    return device.name if len(same) == 1 else device.full


def _listed(devices: Sequence[Device]) -> str:
    return ", ".join(f"{device.index} {device.name}" for device in devices)
