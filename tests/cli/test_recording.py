"""The command `lines --record`, with a microphone that a sound server stands in for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from tests.cli.conftest import Keep, Run
from tests.cli.process import ROOT, Terminal, terminal
from tests.live.rig import RATE
from tests.live.servers import PulseServer, pulse_lacks, pulse_server

SPOKEN = ROOT / "sounds" / "voice" / "af_heart"
SESSION = """
title = "Mine"
announce = false

[[phase]]
rest = "Stand"
time = "20s"
say = [{ at = "5s", text = "Stand tall" }]
"""


@pytest.fixture
def speech() -> npt.NDArray[np.float32]:
    """A second of somebody who speaks."""
    file = next(SPOKEN.glob("drop-your-shoulders*.opus"))
    samples, rate = soundfile.read(file, dtype="float32")
    assert rate == RATE
    return np.ascontiguousarray(samples)


def speak(server: PulseServer, samples: npt.NDArray[np.float32]) -> None:
    """Speak into the microphone; returns when all was said."""
    shape = ["--format=float32le", f"--rate={RATE}", "--channels=1", "--raw"]
    subprocess.run(
        ["pacat", "--playback", "-d", "mouth", "--latency-msec=500", *shape],
        input=samples.tobytes(),
        env={**os.environ, **server.environment},
        check=True,
    )


def record(screen: Terminal, server: PulseServer, samples: npt.NDArray[np.float32]) -> None:
    """Speak a take."""
    screen.press("\r")
    screen.wait_for("speak")
    speak(server, samples)
    time.sleep(1)  # what is on its way to the microphone
    screen.press("x")


def likeness(take: npt.NDArray[np.float32], speech: npt.NDArray[np.float32]) -> float:
    """The greatest correlation of a take with what was spoken, at any delay."""
    size = len(take) + len(speech)
    product = np.fft.rfft(take, size) * np.conj(np.fft.rfft(speech, size))
    found = np.fft.irfft(product, size).max()
    return float(found / np.linalg.norm(speech) ** 2)


def recorded(speech: npt.NDArray[np.float32]) -> Path:
    """The file of a line that was recorded silently, done again, heard and kept."""
    with pulse_server(("ears", "mouth")) as server, server.capture("mouth"):
        more = {**server.environment, "PULSE_SOURCE": "mouth.monitor"}
        more["PYTHONPATH"] = os.pathsep.join(sys.path)
        with terminal("lines", "mine", "--record", "--sounds", "mine", **more) as screen:
            screen.wait_for("Enter record, s skip, q leave")
            record(screen, server, np.zeros(RATE // 2, np.float32))
            assert "silen" in screen.wait_for("r redo, s skip, q leave")
            screen.press("r")
            record(screen, server, speech)
            screen.wait_for("k keep")
            assert not list(Path("mine").iterdir())
            screen.press("h")
            screen.wait_for("k keep")
            screen.press("k")
            screen.wait_for("2 of")
            screen.press("q")
            screen.wait_for("1 recorded in mine.")
            screen.wait_for("ended: 0")
    (file,) = Path("mine").iterdir()
    return file


@pytest.mark.skipif(bool(pulse_lacks()), reason=pulse_lacks())
def test_a_line_is_recorded_heard_done_again_and_kept(
    run: Run, keep: Keep, speech: npt.NDArray[np.float32]
) -> None:
    keep("sessions", SESSION)
    for _ in range(5):
        file = recorded(speech)
        take, rate = soundfile.read(file, dtype="float32")
        assert rate == RATE
        assert f"[x] {file.name}" in run("lines", "mine", "--sounds", "mine").stdout
        if likeness(take, speech) == pytest.approx(1, abs=0.05):
            return
        file.unlink()  # this machine stood still under it: once more
    raise AssertionError("no take is what was spoken")


def test_what_is_in_the_way_of_recording_is_told(
    run: Run, refused: Callable[..., str], keep: Keep
) -> None:
    keep("sessions", SESSION)
    assert "--sounds FOLDER" in refused("lines", "mine", "--record")
    assert "needs a terminal" in refused("lines", "mine", "--record", "--sounds", "mine")
    assert "give one of -o" in refused("lines", "mine", "--record", "-o", "x.txt")
    with terminal("lines", "mine", "--record", "--sounds", "mine") as screen:
        screen.wait_for("q leave")
        screen.press("\r")
        screen.wait_for("PortAudio's library is not installed")
        screen.wait_for("ended: 2")
