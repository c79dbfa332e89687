"""The whole path from the beat to the score, through one PulseAudio: we play into one null sink.

Steps are played into another, whose monitor is the microphone. Their exact instants are left to be
measured: here machines stand still for longer than the few ms that it is about.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from cadence_cue.app import settings
from tests.homes import move_into
from tests.live.rig import RATE
from tests.live.servers import PulseServer

BEATS, TEMPO = 40, 180
DROPPED = 8
PERIOD = 60 / TEMPO
COMMAND = (sys.executable, "-P", "-m", "cadence_cue")


@contextmanager
def stepping(pulse: PulseServer, file: Path) -> Iterator[None]:
    """Somebody taps toes, about in the rhythm, with a little noise around."""
    rng = np.random.default_rng(5)
    seconds = 4 * BEATS * PERIOD
    heard = 1e-4 * rng.normal(size=int(seconds * RATE))
    tap = np.exp(-np.arange(RATE // 50) / (RATE / 200)) * rng.normal(size=RATE // 50)
    for beat in range(int(seconds / PERIOD) - 2):
        at = int((0.5 + beat * PERIOD + rng.normal(0, 0.015)) * RATE)
        heard[at : at + len(tap)] += 0.2 * tap
    np.repeat(heard.astype("<f4"), 2).tofile(file)
    shape = ["--raw", "--format=float32le", f"--rate={RATE}", "--channels=2"]
    player = subprocess.Popen(
        ["pacat", "-p", "-d", "feet", *shape, str(file)], env={**os.environ, **pulse.environment}
    )
    try:
        yield
    finally:
        player.kill()
        player.wait()


@pytest.mark.matrix
def test_steps_into_the_microphone_are_scored(
    pulse: PulseServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    move_into(tmp_path, monkeypatch)
    pulse.add("feet")
    settings.change(lambda saved: saved.with_delay("round_trips", "default > default", 12.5))
    file = tmp_path / "score.json"
    beat = ["beat", str(TEMPO), "--time", f"{BEATS} beats", "--no-voice", "--latency", "200"]
    with stepping(pulse, tmp_path / "steps"):
        subprocess.run(
            [*COMMAND, *beat, "--listen", "mic", "--score-file", str(file)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            env={**os.environ, **pulse.environment, "PULSE_SOURCE": "feet.monitor"},
        )
    score = json.loads(file.read_text())
    assert (score["source"], score["calibrated"], score["latency_ms"]) == ("mic", True, 12.5)
    (phase,) = score["phases"]
    assert phase["beats"] == BEATS - DROPPED
    assert (
        phase["matched"] + phase["not_heard"] >= 0.7 * phase["beats"]
    )  # a busy machine loses some
    assert len(score["steps"]) > BEATS / 2
