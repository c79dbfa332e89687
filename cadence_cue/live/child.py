"""A process of ours that serves a sound device, as its parent sees it: start, listen, end it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from cadence_cue.live import subprocess_command

# Seconds that a process may take to end: longer than the engine gives its sound server.
_ENDING = 1.5

_ERROR_BYTES = 4096


class ChildProcess:
    """A running child, in its own session so that Ctrl-C and Ctrl-Z do not reach it.

    It inherits only what it is given, one end of a socket pair, and a pipe for what the sound
    libraries and the interpreter print. Nothing of it outlives `close` or this process.
    """

    def __init__(
        self, module: str, order: Mapping[str, object], inherited: Sequence[int] = ()
    ) -> None:
        """Run a module with an order, and the number of its `channel` in it, as JSON.

        Raises OSError if it cannot start.
        """
        self._unread = b""
        self._errors = b""
        self.ended = False
        """Whether it has closed its side."""
        with contextlib.ExitStack() as shared, contextlib.ExitStack() as theirs:
            self._channel, channel = socket.socketpair()
            shared.enter_context(self._channel)
            theirs.enter_context(channel)
            self._printed, printing = os.pipe()
            shared.callback(os.close, self._printed)
            theirs.callback(os.close, printing)
            os.set_blocking(printing, False)  # a dying PortAudio keeps printing: never block it
            self._selector = shared.enter_context(selectors.DefaultSelector())
            self._selector.register(self._channel, selectors.EVENT_READ, self._receive)
            self._selector.register(self._printed, selectors.EVENT_READ, self._keep_printed)
            self._process = subprocess.Popen(
                subprocess_command.command(
                    module, json.dumps({**order, "channel": channel.fileno()})
                ),
                stdin=subprocess.DEVNULL,
                stdout=printing,
                stderr=printing,
                pass_fds=(*inherited, channel.fileno()),
                start_new_session=True,
                env=subprocess_command.environment(),
            )
            self._shared = shared.pop_all()

    @property
    def pid(self) -> int:
        """The process ID."""
        return self._process.pid

    @property
    def fate(self) -> str:
        """How it ended: the signal, or the last line that it printed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self._process.wait(_ENDING) < 0:
                return f"signal {-self._process.returncode}"
        lines = self._errors.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "reason unknown")

    def messages(self, seconds: float) -> list[dict[str, Any]]:
        """Return the messages that arrive within `seconds`; sets `ended`."""
        told: list[dict[str, Any]] = []
        for key, _ in self._selector.select(max(seconds, 0.0)):
            told += key.data()
        return told

    def hand(self, descriptor: int, about: Mapping[str, object]) -> None:
        """Hand it a file, which is closed here, and JSON about it; what has ended takes none."""
        try:
            with contextlib.suppress(OSError):
                socket.send_fds(self._channel, [json.dumps(about).encode()], [descriptor])
        finally:
            os.close(descriptor)

    def kill(self) -> None:
        """Kill it, and wait until it is gone."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def dismiss(self) -> None:
        """Ask it to end; kill it after 1.5 seconds."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING)
        self.close()

    def close(self) -> None:
        """Kill it if it still runs, and release everything shared with it."""
        self.kill()
        self._shared.close()

    def _receive(self) -> list[dict[str, Any]]:
        try:
            received = self._channel.recv(65536)
        except OSError:
            received = b""
        if not received:
            self.ended = True
            self._selector.unregister(self._channel)
        *lines, self._unread = (self._unread + received).split(b"\n")
        return [json.loads(line) for line in lines]

    def _keep_printed(self) -> list[dict[str, Any]]:
        printed = os.read(self._printed, 65536)
        if not printed:
            self._selector.unregister(self._printed)
        self._errors = (self._errors + printed)[-_ERROR_BYTES:]
        return []
