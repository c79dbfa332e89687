"""Opens a folder in the computer's file manager."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

_OPENERS = {"darwin": "open", "win32": "explorer"}
_ALWAYS = {"win32": 1}  # what the opener answers whether or not it has opened anything


def open_folder(folder: Path) -> bool:
    """Open a folder, and wait for the answer; return whether there is a file manager that opens it.

    The file manager outlives this program.
    """
    opener = shutil.which(_OPENERS.get(sys.platform, "xdg-open"))
    if opener is None:
        return False
    try:
        process = subprocess.Popen(
            [opener, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False
    return process.wait() in (0, _ALWAYS.get(sys.platform))
