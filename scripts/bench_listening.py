"""Plays the same sound twice, and listens to one of them while everything happens to the listener.

    python -m scripts.bench_listening SECONDS LATENCY RESULT

Into the sink `heard`, beside which a microphone listens for steps and our own sound is taken out,
and into the sink `alone`. The listener is killed, stopped, and its microphone unplugged, one after
the other. Writes into the file RESULT the share of a core that the listener took before that.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cadence_cue.live.control import State
from cadence_cue.live.input import Input
from cadence_cue.live.microphone import Microphone
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player
from cadence_cue.live.room import Room, keep_room
from cadence_cue.scoring.own_sound import BEFORE
from scripts.bench_cost import used
from tests.live.rig import BEATS, RATE, VOICE, timeline

POLL = 0.05
CALM = 15.0  # seconds before anything happens, in which the listener's CPU is measured
BETWEEN = 12.0  # seconds from one trouble to the next
STARTED = 5.0  # seconds until it listens


def main(seconds: float, latency: float, result: Path) -> None:
    """Play both, and make trouble."""
    planned = timeline(0, int(seconds * RATE))
    output = Output(backend="portaudio", latency=latency)
    os.environ["PULSE_SINK"] = "alone"
    with Player(output, watchdog=False) as alone, tempfile.TemporaryDirectory() as folder:
        _ = alone.rate
        os.environ |= {"PULSE_SINK": "heard", "PULSE_SOURCE": "ear"}
        with Player(output, watchdog=False) as player:
            for each in (alone, player):
                each.load(BEATS, VOICE)
            rooms = Path(folder) / "rooms.json"
            wish = Input(rate=player.rate, rooms=str(rooms))
            keep_room(
                rooms, player.device, player.device, Room(np.eye(1, 4096, BEFORE)[0], 0.01, 0)
            )
            with Microphone(wish, player) as microphone:
                for each in (alone, player):
                    each.play(planned)
                result.write_text(f"{_troubled(microphone, player)}")


def _troubled(microphone: Microphone, player: Player) -> float:
    """Make trouble until all is played; return the listener's CPU in seconds a second before."""
    share, before = 0.0, 0.0
    began = time.monotonic()
    due: list[tuple[float, Callable[[], object]]] = [
        (CALM + BETWEEN, lambda: os.kill(_pid(microphone), signal.SIGKILL)),
        (CALM + 2 * BETWEEN, lambda: os.kill(_pid(microphone), signal.SIGSTOP)),
        (CALM + 3 * BETWEEN, lambda: _pactl("unload-module", "module-remap-source")),
    ]
    while player.position.state is not State.FINISHED:
        microphone.poll()
        now = time.monotonic() - began
        if not before and now > STARTED:
            before = used(_pid(microphone))
        if not share and now > STARTED + CALM:
            share = (used(_pid(microphone)) - before) / CALM
        if due and now > due[0][0] and microphone.opened:
            due.pop(0)[1]()
        time.sleep(POLL)
    if due:
        sys.exit(f"only {3 - len(due)} of 3 troubles were made: {microphone.notices}")
    return share


def _pid(microphone: Microphone) -> int:
    process = microphone._process  # noqa: SLF001 - nobody else asks for it
    if process is None:
        sys.exit(f"nobody listens: {microphone.notices}")
    return process.pid


def _pactl(*command: str) -> None:
    subprocess.run(["pactl", *command], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(float(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]))
