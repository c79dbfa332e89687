"""The back ends: each file wraps one sound library.

They are loaded in child processes only. Sound libraries look for servers once, when they start;
they print to the terminal from C; and some servers crash their clients when they die.
"""

from __future__ import annotations

from cadence_cue.live.output import Backend, NoSoundError

AUDIBLE = ("portaudio", "miniaudio")
"""The audible back ends in the order of trying: PortAudio first, for it reports device time."""

SILENT = "silent"


def backend(name: str) -> Backend:
    """The back end with this name. Raises NoSoundError for an unknown one."""
    match name:
        case "portaudio":
            from cadence_cue.live.backends.portaudio import PortAudio  # noqa: PLC0415 - of one library

            return PortAudio()
        case "miniaudio":
            from cadence_cue.live.backends.miniaudio import Miniaudio  # noqa: PLC0415 - of one library

            return Miniaudio()
        case "silent":
            from cadence_cue.live.backends.silent import Silent  # noqa: PLC0415 - of one library

            return Silent()
    names = ", ".join((*AUDIBLE, SILENT))
    raise NoSoundError(f'there is no back end "{name}"; there are: {names}', lasting=True)
