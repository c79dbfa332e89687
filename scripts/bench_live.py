"""How live sound holds up, on a PulseAudio server of our own; started by scripts/bench.

    python -m scripts.bench_live [--long]

`--long` plays 10 minutes instead of one where frames are held against the clock.
"""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import tempfile
import termios
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue.live.health import measure
from cadence_cue.live.output import LATENCIES, Output
from scripts.bench import cost
from tests.live.rig import RATE
from tests.live.servers import pulse_lacks, pulse_server

BLOCK = 256
TIGHT = 2 * BLOCK / RATE  # seconds: two blocks, the least that can work
SECONDS = 60  # of each run under a busy screen
CONTROL_SECONDS = 30
SCREEN = (60, 200)  # lines and columns
JOB = [sys.executable, "-P", "-m"]


def main(*, long: bool) -> None:
    """Run all of it."""
    if missing := pulse_lacks():
        sys.exit(f"Live sound is not measured; not installed: {missing}")
    screen()
    control()
    playing(600 if long else 60)


def screen() -> None:
    """Holes while a screen is redrawn: the callback in the engine's process, and in the app's."""
    print(f"{SECONDS} s beside a busy screen, side by side into two sinks:")
    for latency in (TIGHT, LATENCIES[0]):
        with (
            pulse_server(("apart", "inside")) as server,
            server.capture("apart") as apart,
            server.capture("inside") as inside,
            tempfile.TemporaryDirectory() as folder,
        ):
            told = Path(folder) / "told"
            job = [*JOB, "scripts.bench_screen", str(SECONDS), str(latency), str(told)]
            in_terminal(job, {**os.environ, **server.environment, "TERM": "xterm-256color"})
            pictures = told.read_text()
            captured = {"engine's own": apart.samples(), "the app's": inside.samples()}
        print(f"  latency {1000 * latency:.1f} ms, {pictures} pictures a second")
        for name, samples in captured.items():
            holes, silence = broken(samples[:, 0])
            print(f"    in {name:12} process: {holes:5} holes, {silence:8.1f} ms of silence")


def in_terminal(command: list[str], environment: dict[str, str]) -> None:
    """Run a program in a pseudo-terminal, and throw away what it draws."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *SCREEN, 0, 0))
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as process:
        os.close(theirs)
        drawn = b""
        with suppress(OSError):  # how a terminal says that nobody draws any more
            while part := os.read(ours, 1 << 16):
                drawn = (drawn + part)[-2000:]
    os.close(ours)
    if process.returncode:
        sys.exit(f"{command[3]} failed:\n{drawn.decode(errors='replace')}")


def broken(samples: npt.NDArray[np.float32]) -> tuple[int, float]:
    """Holes, and milliseconds of silence, within SECONDS from the first sound on.

    What is played has no zero: each is of the server's making.
    """
    first = int(np.flatnonzero(samples)[0])
    silent = samples[first : first + SECONDS * RATE] == 0
    holes = np.count_nonzero(np.diff(silent.astype(np.int8)) == 1)
    return int(holes), np.count_nonzero(silent) / RATE * 1000


def control() -> None:
    """From a wish to the first callback that follows it, and to the ear."""
    print(f"a level, stored while it plays, {BLOCK} frames; until it is followed, and heard:")
    for latency in (TIGHT, LATENCIES[0]):
        with pulse_server() as server, server.capture():
            os.environ.update(server.environment)
            health = measure(Output(block=BLOCK, latency=latency), CONTROL_SECONDS)
        wait, heard = health.control, health.heard
        print(
            f"  latency {1000 * health.opened.latency:4.1f} ms:"
            f" p50 {1000 * wait.p50:.1f} ms, p95 {1000 * wait.p95:.1f} ms;"
            f" {1000 * heard.p50:.1f} ms later heard; {health.underruns} underruns"
        )


def playing(seconds: int) -> None:
    """What playing costs, and whether its frames are those of the clock."""
    job = [*JOB, "scripts.bench_playing"]
    with (
        pulse_server() as server,
        server.capture(),
        tempfile.TemporaryDirectory() as folder,
    ):
        os.environ.update(server.environment)
        told = Path(folder) / "told"
        short, whole = (
            cost([*job, str(length), str(told)], folder=Path(folder) / "job").cpu
            for length in (5, 5 + seconds)
        )
        print(f"a session, played for {seconds} s:")
        share = (whole - short) / seconds
        print(f"  CPU of both processes {60 * share:.2f} s a minute, {share:.2%} of one core")
        print(told.read_text(), end="")


if __name__ == "__main__":
    main(long="--long" in sys.argv)
