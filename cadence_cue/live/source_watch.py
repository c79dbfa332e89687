"""Notices when a sound server moves what we hear to another source.

PulseAudio and PipeWire do so when a microphone is unplugged, and tell nobody who listens through
ALSA. Their events are awaited in a process of its own, so that nothing is asked while all is well.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess

from cadence_cue.processes import bound

_ASKING = 2.0  # seconds: who hears nothing of us for 3 s takes us for lost
_STREAM = re.compile(r"^Source Output #", re.MULTILINE)
_SOURCE = re.compile(r"^\s*Source: (\d+)$", re.MULTILINE)
_EVENT = b"source-output"


class SourceWatch:
    """Follows the stream of this process, if a sound server has one. Thread: one."""

    def __init__(self) -> None:
        self._source, self._events = "", -1
        program = shutil.which("pactl")
        if program is None:
            return
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._process = subprocess.Popen(
            bound([program, "subscribe"]),
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        self._events, self._source = reading, _source(program)
        self._program = program

    def moved(self) -> bool:
        """Return whether the stream is at another source than it was first; ask often."""
        if self._events < 0 or not select.select([self._events], [], [], 0)[0]:
            return False
        told = os.read(self._events, 1 << 16)
        if not told:  # the server is gone
            os.close(self._events)
            self._events = -1
        if _EVENT not in told:
            return False
        before, self._source = self._source, _source(self._program)
        return bool(before and self._source) and before != self._source


def _source(program: str) -> str:
    """Return the number of the source that this process hears; "" if that is not known."""
    ours = f'application.process.id = "{os.getpid()}"'
    try:
        answer = subprocess.run(
            [program, "list", "source-outputs"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_ASKING,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    streams = [each for each in _STREAM.split(answer.stdout) if ours in each]
    found = _SOURCE.search(streams[0]) if streams else None
    return found[1] if found else ""
