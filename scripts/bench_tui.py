"""Measures what the screen costs, and whether it disturbs the sound; started by scripts/bench.

    python -m scripts.bench_tui [--long]

Runs the real program in a pseudo-terminal, on a PulseAudio server of its own (Linux).
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from cadence_cue.app import settings
from cadence_cue.app.settings import Settings
from cadence_cue.live.output import LATENCIES
from scripts.bench_cost import PROGRAM, children, met, used
from scripts.bench_live import LOUD, SECONDS, first_above, gaps_in
from tests.live.rig import RATE
from tests.live.servers import Capture, pulse_lacks, pulse_server

SIZE = (24, 80)  # lines and columns
STARTS = 5
MOST = 2.5  # times the start of a bare Textual app
FROM_WAKING = 10.0  # seconds after a pause in which the first beat is looked for
BARE_SCREEN = """
from textual.app import App
from textual.widgets import Static
class Bare(App):
    def compose(self):
        yield Static("PHASES")
Bare().run()
"""
LONGER = SECONDS + 60  # until the screen has started too, on a busy machine
LATENCY = LATENCIES[0]  # seconds, of both engines: with more, nothing would disturb either
BARE_ENGINE = [
    *(sys.executable, "-P", "-m", "scripts.bench_playing"),
    *(str(LONGER), str(LATENCY), os.devnull),
]


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment, "TERM": "xterm-256color"},
            start_new_session=True,
        )
        os.close(theirs)
        self.drawn = b""

    def read(self, seconds: float) -> None:
        """Read what is drawn, for so many seconds."""
        for _, part in self.timed(seconds):
            self.drawn = (self.drawn + part)[-100_000:]

    def timed(self, seconds: float) -> Iterator[tuple[float, bytes]]:
        """Yield what is drawn within so many seconds, with the time at which each piece came."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.ours], [], [], left)[0]:
                part = os.read(self.ours, 1 << 16)
                yield time.monotonic(), part

    def wait_for(self, text: str) -> None:
        """Read what is drawn until this text appears."""
        self.drawn = b""
        while text.encode() not in self.drawn:
            if self.process.poll() is not None:
                sys.exit(f"The program ended before it drew {text!r}.")
            self.read(0.002)

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self.ours, keys.encode())


@contextmanager
def terminal(command: list[str], environment: dict[str, str]) -> Iterator[Terminal]:
    """Run a program until the end of the `with` block."""
    opened = Terminal(command, environment)
    try:
        yield opened
    finally:
        opened.process.terminate()
        with suppress(OSError):  # once it has closed its side
            while opened.process.poll() is None:
                opened.read(0.01)  # or it might wait for room to draw for ever
        opened.process.wait()
        os.close(opened.ours)


def start(environment: dict[str, str]) -> None:
    """Measure the start to a usable screen, against the smallest Textual app."""
    commands = {"cadence-cue": PROGRAM, "a bare Textual app": [sys.executable, "-c", BARE_SCREEN]}
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(STARTS):
        for name, command in commands.items():
            started = time.monotonic()
            with terminal(command, environment) as screen:
                screen.wait_for("PHASES")
                taken[name].append(time.monotonic() - started)
    medians = {name: statistics.median(each) for name, each in taken.items()}
    bare = medians["a bare Textual app"]
    print("from the start to the first screen that can be used:")
    for name, seconds in medians.items():
        print(f"  {name:18} {1000 * seconds:6.0f} ms")
    share = medians["cadence-cue"] / bare
    print(f"  {share:.2f} of the bare one, which should be {MOST}: {met(share <= MOST)}")


def first_sound(environment: dict[str, str], capture: Capture) -> None:
    """Measure the time from the space bar, after a pause, to the first beat of the count-in."""
    with terminal(PROGRAM, environment) as screen:
        screen.wait_for("PHASES")
        screen.press("b")
        screen.wait_for("per foot")
        screen.press("\r")
        screen.read(9)
        waits = []
        for _ in range(STARTS):
            screen.press(" ")
            screen.read(1.5)
            before = capture.frames
            screen.press(" ")
            screen.read(FROM_WAKING / 2)
            after = capture.samples()[before:, 0]
            waits.append(first_above(LOUD, after) / RATE)
    middle = 1000 * statistics.median(waits)
    print(f"from the space bar after a pause to the first beat in the ear: {middle:.0f} ms")


def playing(environment: dict[str, str], seen: Capture, bare: Capture) -> None:
    """Measure CPU of both processes, and gaps against those of an engine without a screen."""
    captures = {"beside the screen": seen, "the bare engine": bare}
    alone = {**environment, "PULSE_SINK": "bare"}
    with (
        terminal(PROGRAM, {**environment, "PULSE_SINK": "seen"}) as screen,
        subprocess.Popen(BARE_ENGINE, env=alone, stdout=subprocess.DEVNULL) as engine,
    ):
        screen.wait_for("PHASES")
        screen.press("\r")
        screen.read(8)
        family = [screen.process.pid, *children(screen.process.pid)]
        since = {name: capture.frames for name, capture in captures.items()}
        before = [used(pid) for pid in family]
        screen.read(SECONDS)
        shares = [(used(pid) - was) / SECONDS for pid, was in zip(family, before, strict=True)]
        heard = {name: capture.samples()[since[name] :, 0] for name, capture in captures.items()}
        engine.kill()
    print(f"a session on the screen, {SECONDS} s:")
    print(f"  CPU of one core: the screen {shares[0]:.1%}, its engine {sum(shares[1:]):.1%}")
    print(f"  gaps, both with a latency of {1000 * LATENCY:.0f} ms:")
    for name, samples in heard.items():
        gaps, silence = gaps_in(samples)
        print(f"  {name:18} {gaps:4} gaps, {silence:7.1f} ms of silence")


def main() -> None:
    """Run all measurements, for a runner who has read the safety lines."""
    if missing := pulse_lacks():
        sys.exit(f"The screen is not measured; not installed: {missing}")
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        kept = Settings(safety_read=True, cadence=173.0, latency=1000 * LATENCY)
        settings.change(lambda _: kept)
        with (
            pulse_server(("seen", "bare")) as server,
            server.capture("seen") as seen,
            server.capture("bare") as bare,
        ):
            environment = {**os.environ, **server.environment}
            start(environment)
            playing(environment, seen, bare)
        with pulse_server() as server, server.capture() as capture:
            first_sound({**os.environ, **server.environment}, capture)


if __name__ == "__main__":
    main()
