"""The shell commands of this installation, as its user would type them."""

from __future__ import annotations

import os
import shlex
import sys

VOICE_SIZE = "96 MB to download, 180 MB on disk"
"""Size of the optional speech model, which speaks texts without a shipped clip."""

_STARTED_AS = "CADENCE_CUE_STARTED_AS"  # set by scripts/run to the path it was called by


def program() -> str:
    """How the program is started: "./scripts/run" if that was typed, else "cadence-cue"."""
    return shlex.quote(os.environ.get(_STARTED_AS, "cadence-cue"))


def command(words: str, *names: str) -> str:
    """A complete command line for a subcommand, such as "./scripts/run list drills".

    Each "{}" of the words stands for a name, which is quoted where a shell needs it.
    """
    return f"{program()} {words.format(*map(shlex.quote, names))}"


def install_voice() -> str:
    """The command line that installs the speech model."""
    if _STARTED_AS in os.environ:
        return command("--extra voice list voices")
    return f"{shlex.quote(sys.executable)} -m pip install 'cadence-cue[voice]'"
