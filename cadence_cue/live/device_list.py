"""Lists the sound devices, in a child process because sound libraries print and crash.

`python -m cadence_cue.live.device_list` prints them as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from cadence_cue.live import subprocess_command
from cadence_cue.live.backends import AUDIBLE, backend
from cadence_cue.live.backends.portaudio import PortAudio
from cadence_cue.live.output import Device, NoSoundError

# Seconds that the list may take: a sound server that starts on demand needs a few.
_ASKING = 10.0


@dataclass(frozen=True, slots=True)
class Listing:
    """The outputs of all back ends, for each back end without any the reason, and microphones."""

    devices: tuple[Device, ...]
    reasons: dict[str, str]
    microphones: tuple[Device, ...] = ()

    @property
    def usual(self) -> str:
        """The name of the back end that is used by default; "" if none has a device."""
        return next((device.backend for device in self.devices), "")


def devices() -> Listing:
    """What there is on this computer. Raises NoSoundError if the sound system fails."""
    try:
        answer = subprocess.run(
            subprocess_command.command(__name__),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ASKING,
            check=True,
            start_new_session=True,
            env=subprocess_command.environment(),
        )
        found = json.loads(answer.stdout)
    except subprocess.TimeoutExpired:
        raise NoSoundError("the computer's sound system does not answer") from None
    except (subprocess.CalledProcessError, ValueError):
        raise NoSoundError("the computer's sound system stopped while it was asked") from None
    outputs, microphones = (
        tuple(Device(**row) for row in found[key]) for key in ("devices", "microphones")
    )
    return Listing(outputs, found["reasons"], microphones)


def _answer() -> None:
    """Print the list; runs in the child process."""
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # some sound libraries print where they like
    found: list[dict[str, Any]] = []
    reasons: dict[str, str] = {}
    for name in AUDIBLE:
        try:
            rows = backend(name).devices()
            found += [asdict(device) for device in rows]
            if not rows:
                reasons[name] = "no output device was found"
        except NoSoundError as error:
            reasons[name] = str(error)
    microphones: list[dict[str, Any]] = []
    with suppress(NoSoundError):
        microphones = [asdict(device) for device in PortAudio().microphones()]
    with answer:
        json.dump({"devices": found, "reasons": reasons, "microphones": microphones}, answer)
    os._exit(0)  # some sound libraries crash while they are unloaded


if __name__ == "__main__":
    _answer()
