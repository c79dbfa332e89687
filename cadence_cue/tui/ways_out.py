"""Words an error for the screen: its sentence, and the way out as keys or commands."""

from __future__ import annotations

from cadence_cue.app.invocation import VOICE_SIZE, command, install_voice
from cadence_cue.errors import UserError, WayOut


def worded(error: UserError | OSError) -> str:
    """Return the error's sentence with its way out."""
    if isinstance(error, OSError):
        return str(UserError.of(error))
    match error.way_out:
        case WayOut.REPLACE:
            rest = ". Enter again replaces it."
        case WayOut.LIST_SESSIONS:
            rest = "; the library (l) lists them"
        case WayOut.REHEARSE:
            rest = ": choose it among the drills"
        case WayOut.OTHER_KEY:
            rest = "; press another"
        case WayOut.MAKE_PLAN:
            rest = "; make one: T, then n"
        case WayOut.RECORD:
            rest = f"; record it (see: {command('lines')})"
        case WayOut.INSTALL_VOICE:
            rest = (
                f". The extra that can ({VOICE_SIZE}) is installed by: {install_voice()}. "
                f"Or record it (see: {command('lines')})"
            )
        case _:
            rest = ""
    return f"{error}{rest}"
