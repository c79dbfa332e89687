"""Measures how late a lamp lights after its beat is heard; started by scripts/bench.

    python -m scripts.bench_lamps

Runs the real program in a pseudo-terminal, on a PulseAudio server of its own (Linux). The sound is
what the sink's monitor gives, the light the bytes that the terminal gets.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.app import settings
from cadence_cue.app.settings import Settings
from cadence_cue.live.clock import StreamClock
from cadence_cue.tui.theme import DARK
from scripts.bench_cost import PROGRAM, met
from scripts.bench_tui import terminal
from tests.live.rig import RATE
from tests.live.servers import (
    FRAME_BYTES,
    PulseServer,
    pulse_lacks,
    pulse_server,
    recording_of,
)

TEMPO = 165
SECONDS = 30.0
LOUD = 0.02  # far above the noise that keeps headphones awake
MEDIAN, MOST = 0.020, 0.035  # seconds: the goals, the second for nine beats of ten
NEAR = 0.15  # seconds from a beat to its light, at most: half a beat is 0.18


@dataclass(frozen=True, slots=True)
class Monitor:
    """What was heard: samples, and the time at which each frame passed the monitor."""

    samples: npt.NDArray[np.float32]
    clock: StreamClock

    def beats(self) -> list[float]:
        """The time of each click, in seconds of time.monotonic."""
        (loud,) = np.nonzero(np.abs(self.samples) > LOUD)
        firsts = loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > RATE // 8)]
        return [self.clock.time_at(int(frame)) for frame in firsts]


class Recorder:
    """Reads the monitor of the first sink, with the time at which each piece arrived."""

    def __init__(self, server: PulseServer) -> None:
        self._ours, theirs = os.pipe()
        environment = {**os.environ, **server.environment}
        self._process = subprocess.Popen(recording_of("ears"), stdout=theirs, env=environment)
        os.close(theirs)
        self._data = bytearray()
        self._clock = StreamClock(RATE)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while part := os.read(self._ours, 1 << 16):
            self._clock.note(len(self._data) // FRAME_BYTES, time.monotonic())
            self._data += part

    def end(self) -> Monitor:
        """Stop, and return what was heard."""
        self._process.terminate()
        self._thread.join()
        self._process.wait()
        os.close(self._ours)
        whole = self._data[: len(self._data) // FRAME_BYTES * FRAME_BYTES]
        return Monitor(np.frombuffer(whole, np.float32)[::2], self._clock)


def lights(drawn: list[tuple[float, bytes]]) -> list[float]:
    """When a lamp was lit: the times of bytes with its colour, after some without."""
    red, green, blue = (int(DARK.variables["lamp"][k : k + 2], 16) for k in (1, 3, 5))
    lit = re.compile(rb"48;2;%d;%d;%d" % (red, green, blue))
    times = [at for at, part in drawn if lit.search(part)]
    return [at for before, at in zip([0.0, *times], times, strict=False) if at - before > NEAR]


def main() -> None:
    """Play a plain beat, and compare each click with the light that follows it."""
    if missing := pulse_lacks():
        sys.exit(f"The lamps are not measured; not installed: {missing}")
    with tempfile.TemporaryDirectory() as home, pulse_server() as server:
        os.environ["HOME"] = home
        settings.change(lambda _: Settings(safety_read=True, cadence=float(TEMPO)))
        environment = {**os.environ, **server.environment, "COLORTERM": "truecolor"}
        recorder = Recorder(server)
        with terminal(PROGRAM, environment) as screen:
            screen.wait_for("PHASES")
            screen.press("b")
            screen.wait_for("per foot")
            screen.press("\r")
            screen.read(8)
            begun = time.monotonic()
            drawn = list(screen.timed(SECONDS))
        heard = recorder.end()
    lit = np.array(lights(drawn))
    beats = [at for at in heard.beats() if begun + NEAR < at < begun + SECONDS - NEAR]
    if not (len(lit) and beats):
        sys.exit(f"There were {len(lit)} lights and {len(beats)} beats; nothing can be compared.")
    late = np.array([(lit - beat)[np.argmin(np.abs(lit - beat))] for beat in beats])
    seen = late[np.abs(late) <= NEAR]
    if not len(seen):
        sys.exit(f"No light was within {1000 * NEAR:.0f} ms of a beat.")
    print(f"a lamp after its beat, {len(beats)} beats of {TEMPO} a minute:")
    for name, share, goal in (("median", 50, MEDIAN), ("90th percentile", 90, MOST)):
        by = float(np.percentile(seen, share))
        told = f"{1000 * by:+.0f} ms, at most {1000 * goal:.0f}"
        print(f"  {name} {told}: {met(by <= goal)}")
    print(f"  {len(beats) - len(seen)} missed: {met(len(seen) == len(beats))}")


if __name__ == "__main__":
    main()
