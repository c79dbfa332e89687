"""The engine seen from its parent: start it, ask it, talk to it, end it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from cadence_cue.live.control import ControlBlock, Desired
from cadence_cue.live.device import Device, NoSoundError
from cadence_cue.live.performance import Clips, Part, pack_clips, pack_timeline, send
from cadence_cue.live.position import Position, heard
from cadence_cue.timing.timeline import Timeline

# Seconds that a list of devices may take: a sound server that starts on demand needs a few.
_ASKING = 10.0

# Seconds: longer than the engine's own farewell.
_ENDING = 1.5

_ERROR_BYTES = 4096


def devices() -> tuple[Device, ...]:
    """All outputs with two channels or more, asked of PortAudio in a process of its own.

    Raises NoSoundError where PortAudio is missing or does not answer.
    """
    try:
        answer = subprocess.run(
            _command("--devices"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_ASKING,
            check=True,
            start_new_session=True,
            env=_environment(),
        )
        found = json.loads(answer.stdout)
    except subprocess.TimeoutExpired:
        raise NoSoundError("the computer's sound system does not answer") from None
    except (subprocess.CalledProcessError, ValueError):
        raise NoSoundError("the computer's sound system stopped while it was asked") from None
    if "error" in found:
        raise NoSoundError(found["error"])
    return tuple(Device(**row) for row in found["devices"])


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-P", "-m", "cadence_cue.live.engine", *map(str, arguments)]


def _environment() -> dict[str, str]:
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    return {
        **os.environ,
        "PYTHONPATH": path,  # it imports what we import
        "OPENBLAS_NUM_THREADS": "1",  # numpy's threads would spin beside the audio's
    }


class EngineProcess:
    """A running engine, in a session of its own: the terminal's Ctrl-C and Ctrl-Z pass it by.

    It has nothing of ours but the control block, one end of a socket pair, and a pipe for what
    PortAudio and the interpreter print. Nothing of it outlives `close` or this process.
    """

    def __init__(self, rate: int, block: int, latency: float, device: str | None) -> None:
        """Start it; `listen` tells what became of it."""
        self._rate = rate
        self._unread = b""
        self._errors = b""
        self.ended = False
        self.control = ControlBlock()
        self._channel, theirs = socket.socketpair()
        self._printed, printing = os.pipe()
        os.set_blocking(printing, False)  # a dying PortAudio prints without end: it shall not wait
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._channel, selectors.EVENT_READ, self._hear)
        self._selector.register(self._printed, selectors.EVENT_READ, self._drain)
        inherited = (self.control.descriptor, theirs.fileno())
        settings = [*inherited, rate, block, latency, *([] if device is None else [device])]
        self._process = subprocess.Popen(
            _command(*settings),
            stdin=subprocess.DEVNULL,
            stdout=printing,
            stderr=printing,
            pass_fds=inherited,
            start_new_session=True,
            env=_environment(),
        )
        theirs.close()
        os.close(printing)

    def load(self, beats: Clips, voice: Clips) -> None:
        """Send the clips that later timelines use."""
        self._send(Part.CLIPS, 0, pack_clips(beats, voice))

    def send(self, number: int, timeline: Timeline) -> None:
        """Send a timeline and the id that the control block shall name it by."""
        self._send(Part.TIMELINE, number, pack_timeline(timeline))

    def want(self, desired: Desired) -> None:
        """Say what shall be heard from now on."""
        self.control.want(desired)

    def heard(self) -> Position:
        """The frame that is leaving the speaker now."""
        return heard(self.control.stretches(), time.monotonic(), self._rate)

    @property
    def last_words(self) -> str:
        """The last line that it printed."""
        lines = self._errors.decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def listen(self, seconds: float) -> dict[str, str]:
        """Wait so long for what the engine has to tell: its "device", or an "error".

        Sets `ended` when it has closed its side.
        """
        told: dict[str, str] = {}
        for key, _ in self._selector.select(seconds):
            told |= key.data()
        return told

    def kill(self) -> None:
        """End it at once, and wait until it is gone."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def dismiss(self) -> None:
        """Ask it to fade out and end; it has seconds, not more."""
        with contextlib.suppress(OSError):
            self._channel.shutdown(socket.SHUT_WR)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING)
        self.kill()

    def close(self) -> None:
        """Kill it if it still runs, and let everything go that was shared with it."""
        self.kill()
        self._selector.close()
        self._channel.close()
        os.close(self._printed)
        self.control.close()
        os.close(self.control.descriptor)

    def _send(self, part: Part, number: int, descriptor: int) -> None:
        with contextlib.suppress(OSError):  # it has ended: `listen` tells
            send(self._channel, part, number, descriptor)

    def _hear(self) -> dict[str, str]:
        try:
            received = self._channel.recv(4096)
        except OSError:
            received = b""
        if not received:
            self.ended = True
            self._selector.unregister(self._channel)
        *lines, self._unread = (self._unread + received).split(b"\n")
        told: dict[str, str] = {}
        for line in lines:
            told |= json.loads(line)
        return told

    def _drain(self) -> dict[str, str]:
        printed = os.read(self._printed, 65536)
        if not printed:
            self._selector.unregister(self._printed)
        self._errors = (self._errors + printed)[-_ERROR_BYTES:]
        return {}
