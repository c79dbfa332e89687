"""Command line and environment for our own modules as child processes."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs `module` with this interpreter."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """This process's environment, extended so that the child imports from the same places."""
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    return {
        **os.environ,
        "PYTHONPATH": path,
        "OPENBLAS_NUM_THREADS": "1",  # numpy's threads would spin beside the audio thread
    }
