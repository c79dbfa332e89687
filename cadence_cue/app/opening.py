"""Opens a folder in the computer's file manager."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

_OPENERS = {"darwin": "open", "win32": "explorer"}


def open_folder(folder: Path) -> bool:
    """Open a folder; return whether there is a file manager to ask. It outlives this program."""
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
    threading.Thread(target=process.wait, daemon=True).start()  # or it would stay as a zombie
    return True
