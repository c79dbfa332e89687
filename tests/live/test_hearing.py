"""The whole path from the beat to the score, through one PulseAudio: we play into one null sink.

Steps are played into another, whose monitor is the microphone. By clocks alone their exact instants
are left to be measured: here machines stand still for longer than the few ms that it is about.
Played into the same sink, as through a loudspeaker, they are told by our own sound to the sample.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf

from cadence_cue import studio
from cadence_cue.app import settings
from cadence_cue.app.settings import state_folder
from cadence_cue.live.room import load_rooms
from tests.homes import move_into
from tests.live.rig import RATE
from tests.live.servers import PulseServer

Wave = npt.NDArray[np.float64]
BEATS, TEMPO = 40, 180
DROPPED = 8
PERIOD = 60 / TEMPO
TAP = 0.2
GET_READY_IN_FILE = 10  # seconds
TURNS = 4
"""How often it is tried, as a machine that stands still loses steps or the device."""
COMMAND = (sys.executable, "-P", "-m", "cadence_cue")


def tap_of(rng: np.random.Generator) -> Wave:
    tap: Wave = np.exp(-np.arange(RATE // 50) / (RATE / 200)) * rng.normal(size=RATE // 50)
    return tap


@contextmanager
def stepping(pulse: PulseServer, file: Path, sink: str = "feet") -> Iterator[None]:
    """Somebody taps toes, about in the rhythm, with a little noise around."""
    rng = np.random.default_rng(5)
    seconds = 4 * BEATS * PERIOD
    heard = 1e-4 * rng.normal(size=int(seconds * RATE))
    tap = tap_of(rng)
    for beat in range(int(seconds / PERIOD) - 2):
        at = int((0.5 + beat * PERIOD + rng.normal(0, 0.015)) * RATE)
        heard[at : at + len(tap)] += TAP * tap
    np.repeat(heard.astype("<f4"), 2).tofile(file)
    shape = ["--raw", "--format=float32le", f"--rate={RATE}", "--channels=2"]
    player = subprocess.Popen(
        ["pacat", "-p", "-d", sink, *shape, str(file)], env={**os.environ, **pulse.environment}
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
    beat = ["beat", str(TEMPO), "--time", f"{BEATS} beats", "--no-voice", "--latency", "200"]
    for turn in range(TURNS):
        file = tmp_path / f"score {turn}.json"
        with stepping(pulse, tmp_path / "steps"):
            subprocess.run(
                [*COMMAND, *beat, "--listen", "mic", "--score-file", str(file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                check=True,
                env={**os.environ, **pulse.environment, "PULSE_SOURCE": "feet.monitor"},
            )
        score = json.loads(file.read_text())
        (phase,) = score["phases"]
        if score["calibrated"] and is_heard(phase) and len(score["steps"]) > BEATS / 2:
            assert (score["source"], score["latency_ms"]) == ("mic", 12.5)
            assert phase["beats"] == BEATS - DROPPED
            return
    raise AssertionError(score)


def is_heard(phase: dict[str, Any]) -> bool:
    """Whether most of its steps were heard, or known not to be: a busy machine loses some."""
    return bool(phase["matched"] + phase["not_heard"] >= 0.7 * phase["beats"])


def places(heard: Wave, of: Wave, least: float) -> Wave:
    """Where a sound is found in another, in seconds."""
    size = 1 << (len(heard) + len(of)).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.fft.rfft(of, size).conj()
    alike = np.fft.irfft(spectrum, size)[: len(heard)] / (of @ of)
    found: list[int] = []
    for at in np.flatnonzero(alike > least):
        if found and at - found[-1] < RATE // 10:
            found[-1] = max(found[-1], int(at), key=lambda each: float(alike[each]))
        else:
            found.append(int(at))
    return np.array(found) / RATE


def click_of(beat: list[str], file: Path) -> tuple[Wave, float]:
    """A click of a beat that is written, from its onset on, and its second when it is played."""
    subprocess.run([*COMMAND, *beat, "-o", str(file)], stdout=subprocess.DEVNULL, check=True)
    written, _ = sf.read(file)
    loud = np.flatnonzero(abs(written[:, 0]) > 0.1)
    begin = loud[np.flatnonzero(np.diff(loud) > RATE // 10) + 1][-2 * BEATS]
    click: Wave = written[begin : begin + RATE // 40, 0]
    return click, float(begin / RATE - GET_READY_IN_FILE + studio.GET_READY_LIVE)


def calibrate(environment: Mapping[str, str]) -> None:
    """Learn the room, as a runner does; a machine that stands still meanwhile spoils it."""
    measure = [*COMMAND, "calibrate", "--microphone", "--latency", "200"]
    for _ in range(5):
        done = subprocess.run(
            measure, stdin=subprocess.DEVNULL, capture_output=True, check=False, env=environment
        )
        if done.returncode == 0 and load_rooms(state_folder() / "rooms.json"):
            return
    pytest.fail(done.stderr.decode())


@pytest.mark.matrix
def test_through_a_loudspeaker_steps_are_told_to_the_ms_as_one_recording_has_them(
    pulse: PulseServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    move_into(tmp_path, monkeypatch)
    environment = {**os.environ, **pulse.environment, "PULSE_SOURCE": "ears.monitor"}
    beat = ["beat", str(TEMPO), "--time", f"{2 * BEATS} beats", "--no-voice"]
    calibrate(environment)
    click, first = click_of(beat, tmp_path / "beat.wav")
    shares = []
    for turn in range(TURNS):
        file = tmp_path / f"score {turn}.json"
        with pulse.capture() as ears, stepping(pulse, tmp_path / "steps", "ears"):
            subprocess.run(
                [*COMMAND, *beat, "--latency", "200", "--listen", "mic", "--score-file", str(file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                check=True,
                env=environment,
            )
            heard = ears.samples()[:, 0].astype(np.float64)
        score = json.loads(file.read_text())
        shares.append(share_told(score, heard, click, first))
        (phase,) = score["phases"]
        if is_heard(phase) and shares[-1] >= 0.6:
            return
    raise AssertionError(shares)


def share_told(score: dict[str, Any], heard: Wave, click: Wave, first: float) -> float:
    """The share of the steps of a score that lie where a recording has them, to the ms."""
    rng = np.random.default_rng(5)
    rng.normal(size=int(4 * BEATS * PERIOD * RATE))
    steps = places(heard, tap_of(rng), 0.7 * TAP)
    clicks = places(heard, click, 0.5)
    after = steps[:, np.newaxis] - clicks
    true = after[np.arange(len(steps)), abs(after).argmin(axis=1)]
    true = true[abs(true) < 0.75 * PERIOD]
    at = np.array([step["at"] for step in score["steps"]]) - first
    told = at[(at > -0.75 * PERIOD) & (at < 2 * BEATS * PERIOD)]
    apart = told[:, np.newaxis] - true
    alike = abs((apart + PERIOD / 2) % PERIOD - PERIOD / 2) < 0.001
    # In order, but for those that a busy machine loses: most of both lie on a few diagonals.
    rows = [np.count_nonzero(np.diagonal(alike, k)) for k in range(-len(told), len(true))]
    return sum(row for row in rows if row >= 10) / max(len(told), 1)
