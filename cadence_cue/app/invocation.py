"""How this installation is started, in the words that its user types into a shell."""

from __future__ import annotations

import os
import shlex
import sys

VOICE_SIZE = "96 MB to download, 180 MB on disk"
"""Of the extra that speaks texts which no clip was shipped for."""

_STARTED_AS = "CADENCE_CUE_STARTED_AS"  # set by scripts/run: how that was called


def program() -> str:
    """What starts it: "./scripts/run" where that was typed, else "cadence-cue"."""
    return shlex.quote(os.environ.get(_STARTED_AS, "cadence-cue"))


def command(words: str) -> str:
    """A command as it is typed, such as "./scripts/run list drills"."""
    return f"{program()} {words}"


def install_voice() -> str:
    """The command that installs the extra which speaks any text."""
    if _STARTED_AS in os.environ:
        return command("--extra voice list voices")
    return f"{shlex.quote(sys.executable)} -m pip install 'cadence-cue[voice]'"
