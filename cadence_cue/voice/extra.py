"""The extra `voice`: what lets a voice speak texts that no clip was shipped for."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path

from cadence_cue.voice.shipped import sounds_folder

SIZE = "96 MB to download, 180 MB on disk"


def command() -> str:
    """What installs it into this very installation."""
    run = sounds_folder().parent / "scripts" / "run"
    if run.is_file():
        with contextlib.suppress(ValueError):  # not below where we stand
            run = run.relative_to(Path.cwd())
        shown = str(run) if run.is_absolute() else f"./{run}"
        return f"{shlex.quote(shown)} --extra voice list voices"
    return f"{shlex.quote(sys.executable)} -m pip install 'cadence-cue[voice]'"
