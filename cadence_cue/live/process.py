"""The engine process as its parent sees it: start it, send to it, listen to it, end it."""

from __future__ import annotations

import contextlib
import json
import math
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cadence_cue.live import subprocess_command
from cadence_cue.live.control import ControlBlock
from cadence_cue.live.messages import (
    Clips,
    MessageKind,
    pack_bed,
    pack_clips,
    pack_timeline,
    send,
)
from cadence_cue.live.output import Opened, Output
from cadence_cue.live.position import Position, PositionFinder
from cadence_cue.sound.bed import Bed
from cadence_cue.timing.timeline import Timeline

# Seconds that a process may take to end: longer than the engine gives its sound server.
_ENDING = 1.5

_ERROR_BYTES = 4096


class EngineProcess:
    """A running engine, in its own session so that Ctrl-C and Ctrl-Z do not reach it.

    It inherits only the control block, one end of a socket pair, and a pipe for what the sound
    libraries and the interpreter print. Nothing of it outlives `close` or this process.
    """

    def __init__(
        self, output: Output, rate: int, latencies: Sequence[float], *, stepped: bool = False
    ) -> None:
        """Start an engine; `listen` reports whether it plays. Raises OSError if it cannot start.

        The device is opened at `rate` frames per second if it accepts that, with the first of
        `latencies` (seconds), and with the next whenever it runs dry. With `stepped` the engine
        has no clock of its own.
        """
        self._unread = b""
        self._errors = b""
        self._stepped = stepped
        self._finder: PositionFinder | None = None
        self.opened: Opened | None = None
        """What the engine plays on, once it has reported it."""
        self.ended = False
        with contextlib.ExitStack() as shared, contextlib.ExitStack() as theirs:
            self.control = ControlBlock()
            shared.callback(os.close, self.control.descriptor)
            shared.callback(self.control.close)
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
            inherited = (self.control.descriptor, channel.fileno())
            order = {
                "control": inherited[0],
                "channel": inherited[1],
                "output": asdict(output),
                "rate": rate,
                "latencies": list(latencies),
                "stepped": stepped,
            }
            self._process = subprocess.Popen(
                subprocess_command.command("cadence_cue.live.engine", json.dumps(order)),
                stdin=subprocess.DEVNULL,
                stdout=printing,
                stderr=printing,
                pass_fds=inherited,
                start_new_session=True,
                env=subprocess_command.environment(),
            )
            self._shared = shared.pop_all()

    @property
    def pid(self) -> int:
        """The process ID."""
        return self._process.pid

    def load(self, beats: Clips, voice: Clips) -> None:
        """Send clips that later timelines use."""
        self._send(MessageKind.CLIPS, 0, pack_clips(beats, voice))

    def send(self, number: int, timeline: Timeline) -> None:
        """Send a timeline and the id by which the control block refers to it."""
        self._send(MessageKind.TIMELINE, number, pack_timeline(timeline))

    def set_music(self, bed: Bed | None) -> None:
        """Play music under this and later timelines; None removes it."""
        self._send(MessageKind.BED, 0, pack_bed(bed))

    def step(self, frames: int) -> None:
        """Have `frames` frames rendered; the engine reports "stepped" when they are."""
        self._send(MessageKind.STEP, frames, None)

    def heard(self, offset: float, instant: float | None = None) -> Position:
        """The position heard now, or at an instant; `offset` is how late the sound is, in s."""
        if self._finder is None:
            return Position()
        # What is played in steps is heard as soon as it is made.
        now = time.monotonic() if instant is None else instant
        return self._finder.heard(
            self.control.played_blocks, math.inf if self._stepped else now - offset
        )

    @property
    def fate(self) -> str:
        """How the engine ended: the signal, or the last line that it printed."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self._process.wait(_ENDING) < 0:
                return f"signal {-self._process.returncode}"
        lines = self._errors.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "reason unknown")

    def listen(self, seconds: float) -> dict[str, Any]:
        """Return the fields of the messages that arrive within `seconds`; {} if none does.

        Sets `ended` when the engine has closed its side, and `opened` when it plays.
        """
        told: dict[str, Any] = {}
        for key, _ in self._selector.select(max(seconds, 0.0)):
            told |= key.data()
        if "opened" in told:
            self.opened = Opened(**told["opened"])
            self._finder = PositionFinder(self.opened.rate)
        return told

    def kill(self) -> None:
        """Kill the engine, and wait until it is gone."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def dismiss(self) -> None:
        """Ask the engine to fade out and end; kill it after 1.5 seconds."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING)
        self.close()

    def close(self) -> None:
        """Kill the engine if it still runs, and release everything shared with it."""
        self.kill()
        self._shared.close()

    def _send(self, part: MessageKind, number: int, descriptor: int | None) -> None:
        with contextlib.suppress(OSError):  # the engine has ended, which `listen` reports
            send(self._channel, part, number, descriptor)

    def _receive(self) -> dict[str, Any]:
        try:
            received = self._channel.recv(4096)
        except OSError:
            received = b""
        if not received:
            self.ended = True
            self._selector.unregister(self._channel)
        *lines, self._unread = (self._unread + received).split(b"\n")
        told: dict[str, Any] = {}
        for line in lines:
            told |= json.loads(line)
        return told

    def _keep_printed(self) -> dict[str, Any]:
        printed = os.read(self._printed, 65536)
        if not printed:
            self._selector.unregister(self._printed)
        self._errors = (self._errors + printed)[-_ERROR_BYTES:]
        return {}
