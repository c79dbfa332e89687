"""Measures live sound on a PulseAudio server of its own; started by scripts/bench.

    python -m scripts.bench_live [--long]

`--long` plays 10 minutes where frames are held against the clock, and a minute each where gaps are
counted, instead of half a minute.
"""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from cadence_cue.live.health import measure
from cadence_cue.live.output import LATENCIES, Output
from cadence_cue.studio import GET_READY_LIVE
from scripts.bench_cost import LONG, cost, met
from tests.live.rig import RATE
from tests.live.servers import Capture, pulse_lacks, pulse_server

BLOCK = 256
TIGHT = 2 * BLOCK / RATE  # seconds: two blocks, the least that can work
SECONDS = 60 if LONG in sys.argv else 30  # of each run under a busy screen, and of playing
LISTENED = 60  # seconds: all that happens to the listener takes as long
CONTROL_SECONDS = 20
MOST_TO_CONTROL = 0.010  # seconds, of 95 in 100 changes of a level with the least latency
SCREEN = (60, 200)  # lines and columns
STARTS = 5
MOST_TO_PLAY = 3  # times the start of mpv
MOST_TO_LISTEN = 0.03  # of a core
LOUD = 0.02  # far above the noise that keeps headphones awake
JOB = [sys.executable, "-P", "-m"]


def main(*, long: bool) -> None:
    """Run all measurements."""
    if missing := pulse_lacks():
        sys.exit(f"Live sound is not measured; not installed: {missing}")
    first_sound()
    screen()
    listening()
    control()
    playing(600 if long else SECONDS)


def first_sound() -> None:
    """Measure the start of `play` to its first frame in the ear, against mpv and a WAV file."""
    if not shutil.which("mpv"):
        print("The start of `play` is not compared: mpv is not installed.")
        return
    with tempfile.TemporaryDirectory() as home, pulse_server() as server, server.capture() as ears:
        environment = {**os.environ, **server.environment, "HOME": home}
        tone = np.sin(np.arange(RATE) * 0.06 + 1)
        soundfile.write(Path(home) / "tone.wav", tone, RATE)
        ready = float(GET_READY_LIVE)  # nothing but the noise that keeps headphones awake
        commands = {
            "play": ([*JOB, "cadence_cue", "play", "daily-ten"], ready),
            "mpv": (["mpv", "--no-config", "--no-video", "--ao=pulse", "tone.wav"], 0.0),
        }
        waits: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(STARTS):
            for name, (command, silent) in commands.items():
                waits[name].append(until_loud(command, ears, environment, home) - silent)
    ours, theirs = (statistics.median(each) for each in waits.values())
    share = ours / theirs
    print(f"from the start to the first frame in the ear: `play` {1000 * ours:.0f} ms,", end=" ")
    print(f"mpv {1000 * theirs:.0f} ms; {share:.1f} times", end=" ")
    print(f"as long, which should be {MOST_TO_PLAY}: {met(share <= MOST_TO_PLAY)}")


def until_loud(
    command: list[str], ears: Capture, environment: dict[str, str], folder: str
) -> float:
    """Run a command until it is heard; return the seconds until then, and wait for silence."""
    before = ears.frames
    with subprocess.Popen(
        command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while not (loud := np.flatnonzero(np.abs(ears.samples()[before:, 0]) > LOUD)).size:
            if process.poll() is not None:
                sys.exit(f"{' '.join(command)} ended unheard.")
            time.sleep(0.1)
        process.terminate()
    time.sleep(2)
    return int(loud[0]) / RATE


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


def listening() -> None:
    """Count gaps with and without a microphone, whose listener is killed, stopped and unplugged."""
    print(f"{LISTENED} s with a listener that is killed, stopped, unplugged, and without:")
    with (
        pulse_server(("alone", "heard")) as server,
        server.capture("alone") as alone,
        server.capture("heard") as heard,
        tempfile.TemporaryDirectory() as folder,
    ):
        server.plug("ear", "heard")
        result = Path(folder) / "result"
        job = [*JOB, "scripts.bench_listening", str(LISTENED), str(LATENCIES[0]), str(result)]
        subprocess.run(job, env={**os.environ, **server.environment}, check=True)
        share = float(result.read_text())
        captured = {"listened to": heard.samples(), "alone": alone.samples()}
    for name, samples in captured.items():
        gaps, silence = gaps_in(samples[:, 0])
        print(f"    {name:12}: {gaps:5} gaps, {silence:8.1f} ms of silence")
    print(f"  CPU of the listener, our own sound taken out: {share:.1%} of a core,", end=" ")
    print(f"which should be {MOST_TO_LISTEN:.0%}: {met(share <= MOST_TO_LISTEN)}")


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


def first_above(level: float, samples: npt.NDArray[np.float32]) -> int:
    """The first frame that is louder than a level; the bench ends if there is none."""
    loud = np.flatnonzero(np.abs(samples) > level)
    if not loud.size:
        sys.exit(f"Nothing was heard in {len(samples) / RATE:.1f} s of what was captured.")
    return int(loud[0])


def gaps_in(samples: npt.NDArray[np.float32]) -> tuple[int, float]:
    """The number of gaps, and the milliseconds of silence, within SECONDS of the first sound.

    The sound that is played has no zero sample, so that every zero is a gap.
    """
    first = first_above(0, samples)
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
        if latency == TIGHT:
            most = f"{1000 * MOST_TO_CONTROL:.0f} ms"
            print(f"    p95 should be {most} at most: {met(wait.p95 <= MOST_TO_CONTROL)}")


def playing(seconds: int) -> None:
    """Measure what playing costs, and whether its frames keep to the clock."""
    job = [*JOB, "scripts.bench_playing"]
    latency = str(LATENCIES[-1])  # short ones are measured beside a busy screen
    with (
        pulse_server() as server,
        server.capture(),
        tempfile.TemporaryDirectory() as folder,
    ):
        os.environ.update(server.environment)
        result = Path(folder) / "result"
        short, whole = (
            cost(
                [*job, str(length), latency, str(result)], folder=Path(folder) / "job", alone=False
            ).cpu
            for length in (5, 5 + seconds)
        )
        print(f"a session, played for {seconds} s:")
        share = (whole - short) / seconds
        print(f"  CPU of both processes {60 * share:.2f} s a minute, {share:.2%} of one core")
        print(result.read_text(), end="")


if __name__ == "__main__":
    main(long=LONG in sys.argv)
