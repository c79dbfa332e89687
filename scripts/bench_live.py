"""Measures live sound on a PulseAudio server of its own; started by scripts/bench.

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
    """Run all measurements."""
    if missing := pulse_lacks():
        sys.exit(f"Live sound is not measured; not installed: {missing}")
    screen()
    control()
    playing(600 if long else 60)


def screen() -> None:
    """Count gaps beside a busy screen, for the engine's process and for a callback in the app's."""
    print(f"{SECONDS} s beside a busy screen, side by side into two sinks:")
    for latency in (TIGHT, LATENCIES[0]):
        with (
            pulse_server(("apart", "inside")) as server,
            server.capture("apart") as apart,
            server.capture("inside") as inside,
            tempfile.TemporaryDirectory() as folder,
        ):
            result = Path(folder) / "result"
            job = [*JOB, "scripts.bench_screen", str(SECONDS), str(latency), str(result)]
            in_terminal(job, {**os.environ, **server.environment, "TERM": "xterm-256color"})
            pictures = result.read_text()
            captured = {"engine's own": apart.samples(), "the app's": inside.samples()}
        print(f"  latency {1000 * latency:.1f} ms, {pictures} pictures a second")
        for name, samples in captured.items():
            gaps, silence = gaps_in(samples[:, 0])
            print(f"    in {name:12} process: {gaps:5} gaps, {silence:8.1f} ms of silence")


def in_terminal(command: list[str], environment: dict[str, str]) -> None:
    """Run a program in a pseudo-terminal, and discard what it draws."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *SCREEN, 0, 0))
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
    ) as process:
        os.close(theirs)
        drawn = b""
        with suppress(OSError):  # raised once the program has closed the terminal
            while part := os.read(ours, 1 << 16):
                drawn = (drawn + part)[-2000:]
    os.close(ours)
    if process.returncode:
        sys.exit(f"{command[3]} failed:\n{drawn.decode(errors='replace')}")


def gaps_in(samples: npt.NDArray[np.float32]) -> tuple[int, float]:
    """The number of gaps, and the milliseconds of silence, within SECONDS of the first sound.

    The sound that is played has no zero sample, so that every zero is a gap.
    """
    first = int(np.flatnonzero(samples)[0])
    silent = samples[first : first + SECONDS * RATE] == 0
    gaps = np.count_nonzero(np.diff(silent.astype(np.int8)) == 1)
    return int(gaps), np.count_nonzero(silent) / RATE * 1000


def control() -> None:
    """Measure the time from a new level to the first callback that applies it, and to the ear."""
    print(f"a level set while playing, {BLOCK} frames; until it is applied, and then heard:")
    for latency in (TIGHT, LATENCIES[0]):
        with pulse_server() as server, server.capture():
            os.environ.update(server.environment)
            health = measure(Output(block=BLOCK, latency=latency), CONTROL_SECONDS)
        wait, heard = health.control, health.heard
        print(
            f"  latency {1000 * health.opened.latency:4.1f} ms:"
            f" p50 {1000 * wait.p50:.1f} ms, p95 {1000 * wait.p95:.1f} ms;"
            f" heard {1000 * heard.p50:.1f} ms later; {health.underruns} underruns"
        )


def playing(seconds: int) -> None:
    """Measure what playing costs, and whether its frames keep to the clock."""
    job = [*JOB, "scripts.bench_playing"]
    with (
        pulse_server() as server,
        server.capture(),
        tempfile.TemporaryDirectory() as folder,
    ):
        os.environ.update(server.environment)
        result = Path(folder) / "result"
        short, whole = (
            cost([*job, str(length), str(result)], folder=Path(folder) / "job").cpu
            for length in (5, 5 + seconds)
        )
        print(f"a session, played for {seconds} s:")
        share = (whole - short) / seconds
        print(f"  CPU of both processes {60 * share:.2f} s a minute, {share:.2%} of one core")
        print(result.read_text(), end="")


if __name__ == "__main__":
    main(long="--long" in sys.argv)
