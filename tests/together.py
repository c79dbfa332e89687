"""Several processes that begin at the same moment, to race for the same files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path


def all_at_once(program: str, arguments: Iterable[Sequence[str | Path]]) -> None:
    """Run a program once with each of these arguments, and wait for all of them to succeed.

    It prints "ready" when it has imported what it needs, and then waits for a line.
    """
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, *each],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for each in arguments
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in running:
        process.communicate()
        assert process.returncode == 0
