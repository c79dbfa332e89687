"""The editor that the runner has chosen for text files."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from cadence_cue.app.terminal import is_gone, leave_closed_outputs

_LOOKS = 0.25  # seconds between two looks at whether we are to end
_SAVES = 5.0  # seconds for an editor to save what it can, and end


def edited(
    path: Path,
    aside: Callable[[], AbstractContextManager[object]] = nullcontext,
    ending: Callable[[], bool] = bool,
) -> bool:
    """Let the runner edit a file in $VISUAL or $EDITOR; False if that cannot be started.

    The context of `aside` is entered meanwhile, in which the terminal is the editor's. The editor
    is told to end when the terminal is closed, or `ending` says that we are to end.
    """
    try:
        command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    except ValueError:  # an unclosed quote
        return False
    if not command or not shutil.which(command[0]):
        return False
    terminal = os.isatty(0)
    # An error must not leave the context, or else the screen would not come back.
    with aside(), suppress(OSError):
        editor = subprocess.Popen([*command, str(path)])
        try:
            while editor.poll() is None and not ending() and not (terminal and is_gone(0)):
                with suppress(subprocess.TimeoutExpired):
                    editor.wait(_LOOKS)
        finally:
            _end(editor)
            leave_closed_outputs()  # or the screen would wait for ever for them
        return True
    return False


def _end(editor: subprocess.Popen[bytes]) -> None:
    """End an editor that still runs; told that its terminal is closed, it saves what it can."""
    if editor.poll() is None:
        editor.send_signal(signal.SIGHUP)
        try:
            editor.wait(_SAVES)
        except subprocess.TimeoutExpired:
            editor.kill()
            editor.wait()
