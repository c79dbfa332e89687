"""A process of ours that serves a sound device, as its parent sees it: start, listen, end it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from cadence_cue.live import subprocess_command
from cadence_cue.live.parent import LENGTH

# Seconds that a process may take to end: longer than the engine gives its sound server.
_ENDING = 1.5

_ERROR_BYTES = 4096

ENGINE, LISTENER = "cadence_cue.live.engine", "cadence_cue.live.listener"
"""The modules that are run."""


class StartedProcess:
    """A child that imports its module and waits for its order.

    It is in its own session, so that Ctrl-C and Ctrl-Z do not reach it, and inherits only one end
    of a socket pair, and a pipe for what the sound libraries and the interpreter print.
    """

    def __init__(self, module: str) -> None:
        """Run a module, with the number of its `channel` as argument. Raises OSError."""
        with contextlib.ExitStack() as shared, contextlib.ExitStack() as theirs:
            self.channel, channel = socket.socketpair()
            shared.enter_context(self.channel)
            theirs.enter_context(channel)
            self.printed, printing = os.pipe()
            """What it prints."""
            shared.callback(os.close, self.printed)
            theirs.callback(os.close, printing)
            os.set_blocking(printing, False)  # a dying PortAudio keeps printing: never block it
            self.process = subprocess.Popen(
                subprocess_command.command(module, str(channel.fileno())),
                stdin=subprocess.DEVNULL,
                stdout=printing,
                stderr=printing,
                pass_fds=[channel.fileno()],
                start_new_session=True,
                env=subprocess_command.environment(),
            )
            self._shared = shared.pop_all()

    def close(self) -> None:
        """Kill it if it still runs, and release what is shared with it; more than once, too."""
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._shared.close()


@contextlib.contextmanager
def engine_ahead() -> Iterator[StartedProcess | None]:
    """Start the process of an engine that is to get its order soon; None if it cannot start.

    It ends with the block, whether it has got one or not.
    """
    try:
        started = StartedProcess(ENGINE)
    except OSError:  # whoever starts an engine then finds it again, and tells
        yield None
        return
    with contextlib.closing(started):
        yield started


class ChildProcess:
    """A running child that has its order. Nothing of it outlives `close` or this process."""

    def __init__(
        self,
        started: StartedProcess,
        order: Mapping[str, object],
        handed: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Give a process an order, in JSON, and descriptors by the names that they have in it."""
        self._unread = b""
        self._errors = b""
        self.ended = False
        """Whether it has closed its side."""
        with contextlib.ExitStack() as shared:
            shared.callback(started.close)
            self._process, self._channel = started.process, started.channel
            self._printed = started.printed
            self._selector = shared.enter_context(selectors.DefaultSelector())
            self._selector.register(self._channel, selectors.EVENT_READ, self._receive)
            self._selector.register(self._printed, selectors.EVENT_READ, self._keep_printed)
            told = json.dumps({**order, "handed": [*handed]}).encode()
            with contextlib.suppress(OSError):  # it has ended, which `messages` finds
                socket.send_fds(self._channel, [LENGTH.pack(len(told))], [*handed.values()])
                self._channel.sendall(told)
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

    def dismiss(self) -> None:
        """Ask it to end; kill it after 1.5 seconds."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING)
        self.close()

    def close(self) -> None:
        """Kill it if it still runs, and release everything shared with it."""
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
