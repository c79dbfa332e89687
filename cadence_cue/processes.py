"""Programs that we start, and that must not outlive us."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

# Not in a preexec_fn: that runs our code between fork and exec, which deadlocks if another thread
# held a lock. Here the new process asks the system by itself, before it becomes the program.
_BOUND = """\
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)
if os.getppid() != int(sys.argv[1]):
    sys.exit()
try:
    os.execv(sys.argv[2], sys.argv[2:])
except OSError as error:
    sys.exit(error.strerror)
"""  # 1 is PR_SET_PDEATHSIG, 9 is SIGKILL


def bound(command: Sequence[str]) -> list[str]:
    """The command line of a program that is killed when the thread that starts it ends.

    So it does not outlive a killed process. On Linux only; elsewhere a program ends when it finds
    the pipes to us closed. The first word of `command` is the program's path.
    """
    if sys.platform != "linux":
        return list(command)
    return [sys.executable, "-I", "-S", "-c", _BOUND, str(os.getpid()), *command]
