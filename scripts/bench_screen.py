"""A Textual app that redraws as much as it can while the same sound is played twice.

    python -m scripts.bench_screen SECONDS LATENCY RESULT

The engine plays it in its own process into the sink `apart`, and the same callback in the app's
process into the sink `inside`. Needs a terminal to draw on; writes into the file RESULT how often
a second it drew.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
from textual.app import App, ComposeResult
from textual.containers import Grid
from textual.widgets import Static

from cadence_cue.live.backends import backend
from cadence_cue.live.control import Desired, State
from cadence_cue.live.mixer import Loaded, Mixer
from cadence_cue.live.output import Output, pick
from cadence_cue.live.player import Player
from cadence_cue.live.sounding import SoundingBlock
from cadence_cue.sound.bed import Curve
from cadence_cue.sound.renderer import Renderer
from tests.live.rig import BEATS, RATE, VOICE, timeline

BACKEND = "portaudio"
CELLS = 12 * 20


class Screen(App[None]):
    """Numbers and colours, all of which change in every picture."""

    CSS = "Grid { grid-size: 12 20 } Static { height: 1fr; width: 1fr }"

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._until = time.monotonic() + seconds
        self.pictures = 0

    def compose(self) -> ComposeResult:
        """The cells."""
        with Grid():
            for _ in range(CELLS):
                yield Static()

    def on_mount(self) -> None:
        """Start drawing."""
        self.set_interval(1 / 60, self._draw)

    def _draw(self) -> None:
        self.pictures += 1
        for number, cell in enumerate(self.query(Static)):
            red, green = (self.pictures * 7 + number) % 256, number * 3 % 256
            cell.update(f"[rgb({red},{green},90)]{self.pictures * number:>8}[/]")
        if time.monotonic() > self._until:
            self.exit()


class Inside:
    """The engine's callback in this process, with real-time priority as well."""

    def __init__(self, control: SoundingBlock, mixer: Mixer) -> None:
        self._control = control
        self._mixer = mixer
        self._prioritized = False

    def fill(self, out: npt.NDArray[np.float32], heard_at: float, *, underrun: bool) -> None:  # noqa: ARG002
        """Fill a block."""
        if not self._prioritized:
            self._prioritized = True
            with contextlib.suppress(OSError):
                os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))
        self._mixer.fill(out, heard_at, 0, realtime=True)

    @property
    def over(self) -> bool:
        """Whether everything was played."""
        return next(self._control.played_blocks()).state is State.FINISHED


def main(seconds: float, latency: float, result: Path) -> None:
    """Play both while the screen is redrawn."""
    planned = timeline(0, int(seconds * RATE))
    output = Output(backend=BACKEND, latency=latency)
    os.environ["PULSE_SINK"] = "apart"
    with Player(output, watchdog=False) as player:
        player.load(BEATS, VOICE)
        if player.rate != RATE or player.silent:
            sys.exit("; ".join(player.notices))
        os.environ["PULSE_SINK"] = "inside"
        control = SoundingBlock()
        renderer = Renderer(planned, BEATS, VOICE)
        inside = Inside(
            control,
            Mixer(
                control, {1: Loaded(renderer, Curve(planned, voice=True), 0, planned.frames)}, RATE
            ),
        )
        found = backend(BACKEND)
        with found.open(pick(found.devices(), None), RATE, output.block, latency, inside.fill):
            player.play(planned)
            control.want(Desired(generation=1, timeline=1, playing=True))
            screen = Screen(seconds)
            screen.run()
            while not (inside.over and player.position.state is State.FINISHED):
                time.sleep(0.1)
    result.write_text(f"{screen.pictures / seconds:.1f}")


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
