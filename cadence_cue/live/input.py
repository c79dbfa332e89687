"""Inputs: what can be asked of a microphone, and which one is taken.

Only plain data, so that it can be imported without any sound library.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from cadence_cue.live.output import Device, NoSoundError, pick
from cadence_cue.timing import RATE

_TELEPHONE = 24_000  # frames a second: no other microphone's own rate is as low
_HEADSET = re.compile("bluetooth|bluez|airpods|hands-?free", re.IGNORECASE)
_SERVED = ("default", "pulse", "pipewire")  # ALSA's names for whatever the sound server chooses
_SERVER = "PulseAudio"  # PortAudio's name for it
_ASKING = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Input:
    """The microphone that the runner asks for: an index or (part of) a name.

    `rate` is that of the output: where both are one device, no other is asked for. What is heard
    is kept in the file `record` only. Our own sound is taken out of it by what the file `rooms`
    knows of it and of the output; with `learns` that is learnt instead. A `voice` is recorded only:
    nobody hears steps in it.
    """

    device: str | None = None
    rate: int = RATE
    record: str | None = None
    rooms: str | None = None
    learns: bool = False
    voice: bool = False


class HeardStep(NamedTuple):
    """A step at an instant of time.monotonic, and its decibels above what can be heard.

    `loudness` is in decibels below full scale. `given` is the frame that was heard at that moment,
    as they are counted that were given to the device; it is known where our own sound is heard.
    """

    at: float
    contrast: float
    loudness: float
    given: float | None = None


Span = tuple[float, float]
"""From when to when, in seconds of time.monotonic."""


class Take(Protocol):
    """A function that a back end calls with what it hears."""

    def __call__(self, heard: npt.NDArray[np.float32], at: float, *, lost: bool) -> None:
        """Take a block, shape (n, 1), whose first frame was heard `at` (s of time.monotonic).

        `lost` says that frames before it are missing. The block is the caller's. Thread: audio.
        """


def pick_microphone(found: Sequence[Device], wanted: str | None) -> Device:
    """Return the microphone with this index or (part of a) name; for None the default one.

    A Bluetooth headset's is taken by name only. Raises NoSoundError.
    """
    if wanted is not None or not found:
        return pick(found, wanted, "microphone")
    others = [each for each in found if not _is_headset(each)]
    if not others:
        raise NoSoundError(
            "the only microphone is a Bluetooth headset's, whose sound it would spoil; "
            "give its name to take it nevertheless"
        )
    return pick(others, None, "microphone")


def is_served(microphone: Device) -> bool:
    """Return whether a sound server may move what is heard to another microphone."""
    return microphone.name in _SERVED or microphone.host_api == _SERVER


def _is_headset(device: Device) -> bool:
    """Return whether this is a Bluetooth microphone, which drops headphones to telephone sound."""
    if device.rate <= _TELEPHONE or _HEADSET.search(device.full):
        return True
    return device.name in _SERVED and "bluez" in _default_source()


def _default_source() -> str:
    """Return PulseAudio's or PipeWire's name for the default microphone; "" if there is none.

    PortAudio cannot tell what is behind the device that it calls "default".
    """
    if chosen := os.environ.get("PULSE_SOURCE"):
        return chosen
    try:
        answer = subprocess.run(
            ["pactl", "get-default-source"],  # noqa: S607 - wherever the system has it
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ASKING,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip()
