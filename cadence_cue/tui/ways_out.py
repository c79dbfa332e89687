"""Words an error for the screen: its sentence, and the way out as keys or commands."""

from __future__ import annotations

from cadence_cue.app.invocation import VOICE_SIZE, command, install_voice
from cadence_cue.errors import UserError, WayOut


def worded(error: UserError) -> str:
    """Return the error's sentence with its way out."""
    match error.way_out:
        case WayOut.REPLACE:
            return f"{error}. Enter again replaces it."
        case WayOut.LIST_SESSIONS:
            return f"{error}; the library (l) lists them"
        case WayOut.REHEARSE:
            return f"{error}: choose it among the drills"
        case WayOut.RECORD:
            return f"{error}; record it (see: {command('lines')})"
        case WayOut.INSTALL_VOICE:
            return (
                f"{error}. The extra that can ({VOICE_SIZE}) is installed by: {install_voice()}. "
                f"Or record it (see: {command('lines')})"
            )
    return str(error)
