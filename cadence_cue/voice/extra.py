"""The extra `voice`: what lets a voice speak texts that no clip was shipped for."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path

from cadence_cue.voice.shipped import sounds_folder

SIZE = "114 MB to download, 270 MB on disk"


def command() -> str:
    """What installs it into this very installation."""
    run = sounds_folder().parent / "scripts" / "run"
    if run.is_file():
        try:
            run = Path(run.relative_to(Path.cwd()))
        except ValueError:
            pass
        return f"{shlex.quote(str(run))} --extra voice list voices"
    return f"{shlex.quote(sys.executable)} -m pip install 'cadence-cue[voice]'"
