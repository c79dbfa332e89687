"""Words an error for the command line: its sentence, and the way out as commands to type."""

from __future__ import annotations

from cadence_cue.app.invocation import VOICE_SIZE, command, install_voice
from cadence_cue.errors import UserError, WayOut


def worded(error: UserError) -> str:
    """Return the error's sentence with its way out."""
    return f"{error}{_way_out(error.way_out, error.name)}"


def _way_out(way_out: WayOut | str, name: str) -> str:
    """Return what follows the sentence of an error; a way out in words is in it already."""
    words = ""
    match way_out:
        case WayOut.REPLACE:
            words = "; add --force to replace it."
        case WayOut.LIST_SESSIONS:
            words = f"; see: {command('list')}"
        case WayOut.REHEARSE:
            words = f": {command('drill {}', name)}"
        case WayOut.OTHER_KEY:
            words = (
                f"; choose another, or first give that action another: "
                f"{command(f'settings keys {name}=KEY')}"
            )
        case WayOut.TELL_START:
            words = "; say where in it the track begins, in seconds: --start 12.4s"
        case WayOut.MORE_WEEKS:
            words = f"; give --weeks {name}, or a nearer goal"
        case WayOut.MAKE_PLAN:
            words = f"; make one: {command('plan new')}"
        case WayOut.RECORD:
            words = f"; {_record()}"
        case WayOut.INSTALL_VOICE:
            words = (
                f". The extra that can ({VOICE_SIZE}) is installed by: {install_voice()}. "
                f"Or {_record()}"
            )
    return words


def _record() -> str:
    return f"record it (see: {command('lines')}), or play with --no-voice"
