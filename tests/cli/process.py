"""The command in a process of its own: over pipes, or in a terminal."""

from __future__ import annotations

import codecs
import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHIM = ROOT / "tests" / "live" / "shim"
"""A folder with a sounddevice that behaves as the variable SHIM says."""
COMMAND = (sys.executable, "-P", "-m", "cadence_cue")
HANG = 300.0  # a guard against hanging, no measure of anything


def environment(**more: str) -> dict[str, str]:
    """Ours, with the package and the shim, which has no PortAudio unless told otherwise."""
    path = os.pathsep.join([str(SHIM), *sys.path])
    return {**os.environ, "PYTHONPATH": path, "SHIM": "missing", **more}


def start(*arguments: object, limit: tuple[str, ...] = (), **options: Any) -> subprocess.Popen[str]:
    """Start the command with nothing to read, its output in pipes; `limit` is put before it."""
    return subprocess.Popen(
        [*limit, *COMMAND, *map(str, arguments)],
        **{
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "text": True,
            "env": environment(),
            **options,
        },
    )


def outcome(*arguments: object, **options: Any) -> tuple[int, str, str]:
    """Its exit code, output and errors."""
    with start(*arguments, **options) as process:
        try:
            output, errors = process.communicate(timeout=HANG)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return process.returncode, output, errors


def engines(home: Path) -> list[int]:
    """The engines that run for this home (Linux only)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            engine = b"cadence_cue.live.engine" in (process / "cmdline").read_bytes()
            if engine and f"HOME={home}\0".encode() in (process / "environ").read_bytes():
                found.append(int(process.name))
    return found


class Terminal:
    """A shell in a pseudo-terminal.

    The shell stays when its command has ended, so that one can see in which mode it left the
    terminal; it prints the command's exit code and lets signals of the whole group pass.
    """

    def __init__(self, *command: str, env: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        self.before = self.mode
        self._unread = ""
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        take = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
        self.process = subprocess.Popen(
            [sys.executable, "-c", take + "os.execvp(sys.argv[1], sys.argv[1:])", *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=dict(env),
            start_new_session=True,
        )
        os.close(theirs)

    @property
    def mode(self) -> Any:
        """The terminal's settings, which decide whether keys are seen and come one by one."""
        return termios.tcgetattr(self._ours)

    def wait_for(self, *texts: str) -> str:
        """Read until this, or the first of these, was printed; what came before it."""
        until = time.monotonic() + HANG
        while not (printed := [text for text in texts if text in self._unread]):
            left = until - time.monotonic()
            assert left > 0, f"{texts!r} does not come: {self._unread!r}"
            if select.select([self._ours], [], [], left)[0]:
                self._unread += self._decode(os.read(self._ours, 65536)).replace("\r", "")
        before, _, self._unread = self._unread.partition(min(printed, key=self._unread.index))
        return before

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all that stand in the foreground."""
        os.killpg(os.tcgetpgrp(self._ours), number)

    def vanish(self) -> None:
        """Close the terminal while what runs in it goes on."""
        # The number stays taken until `close`, but no longer means this terminal.
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123
            os.dup2(nothing.fileno(), self._ours)

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)


@contextlib.contextmanager
def terminal(*arguments: object, **more: str) -> Iterator[Terminal]:
    """The command in a terminal; "ended: CODE" is printed after it."""
    script = 'trap : INT TERM HUP; "$@"; echo "ended: $?"; read -r _'
    command = [*COMMAND, *map(str, arguments)]
    opened = Terminal("sh", "-c", script, "sh", *command, env=environment(**more))
    try:
        yield opened
    finally:
        opened.close()


@contextlib.contextmanager
def shell(**more: str) -> Iterator[Terminal]:
    """An interactive shell in a terminal, with job control."""
    opened = Terminal("sh", "-i", env=environment(PS1="> ", **more))
    try:
        yield opened
    finally:
        opened.close()
