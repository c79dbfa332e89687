"""The editor that the runner has chosen for text files."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path


def edited(path: Path, aside: Callable[[], AbstractContextManager[object]] = nullcontext) -> bool:
    """Let the runner edit a file in $VISUAL or $EDITOR; False if that cannot be started.

    The context of `aside` is entered meanwhile, in which the terminal is the editor's.
    """
    try:
        command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    except ValueError:  # an unclosed quote
        return False
    if not command or not shutil.which(command[0]):
        return False
    # An error must not leave the context, or else the screen would not come back.
    with aside(), suppress(OSError):
        subprocess.run([*command, str(path)], check=False)
        return True
    return False
