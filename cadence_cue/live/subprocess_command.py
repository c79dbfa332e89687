"""How our own programs are started beside this one."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module with this interpreter."""
    return [sys.executable, "-P", "-m", module, *arguments]


def environment() -> dict[str, str]:
    """Our environment, so that it imports what we import."""
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    return {
        **os.environ,
        "PYTHONPATH": path,
        "OPENBLAS_NUM_THREADS": "1",  # numpy's threads would spin beside the audio's
    }
