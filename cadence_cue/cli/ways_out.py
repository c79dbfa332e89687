"""Words an error for the command line: its sentence, and the way out as commands to type."""

from __future__ import annotations

import shlex

from cadence_cue.app.invocation import VOICE_SIZE, command, install_voice
from cadence_cue.errors import UserError, WayOut


def worded(error: UserError) -> str:
    """Return the error's sentence with its way out."""
    match error.way_out:
        case WayOut.REPLACE:
            return f"{error}; add --force to replace it."
        case WayOut.LIST_SESSIONS:
            return f"{error}; see: {command('list')}"
        case WayOut.REHEARSE:
            return f"{error}: {command(f'drill {shlex.quote(error.name)}')}"
        case WayOut.RECORD:
            return f"{error}; {_record()}"
        case WayOut.INSTALL_VOICE:
            return (
                f"{error}. The extra that can ({VOICE_SIZE}) is installed by: {install_voice()}. "
                f"Or {_record()}"
            )
    return str(error)


def _record() -> str:
    return f"record it (see: {command('lines')}), or play with --no-voice"
