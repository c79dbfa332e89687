"""The ways to the ears: each file knows one outside world.

They are loaded in child processes only. StreamTail libraries look at the servers once, when they
start; they print to the terminal from C; and some servers, dying, take their clients along.
"""

from __future__ import annotations

from cadence_cue.live.backends.miniaudio import Miniaudio
from cadence_cue.live.backends.portaudio import PortAudio
from cadence_cue.live.backends.silent import Silent
from cadence_cue.live.output import Backend, NoSoundError

AUDIBLE = ("portaudio", "miniaudio")
"""Those that can be heard, in the order of trying: PortAudio tells the time of its device."""

SILENT = "silent"


def backend(name: str) -> Backend:
    """The back end of a name. Raises NoSoundError for any other."""
    match name:
        case "portaudio":
            return PortAudio()
        case "miniaudio":
            return Miniaudio()
        case "silent":
            return Silent()
    names = ", ".join((*AUDIBLE, SILENT))
    raise NoSoundError(f'there is no back end "{name}"; there are: {names}', lasting=True)
