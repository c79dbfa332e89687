"""After a plain `pip install` on Linux there is no PortAudio: the app is heard all the same."""

import itertools
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np

from tests.live.rig import HANG, RATE
from tests.live.servers import PulseServer

ROOT = Path(__file__).resolve().parents[2]
TEMPO = 173
BEATS = 12

SESSION = f"""
title = "One tempo"
level = "first"
explain = "never"
announce = false
get_ready = "0.5s"

[[phase]]
run = "Easy"
time = "{BEATS} beats"
tempo = {TEMPO}
count_in = 1
cues = []
"""

# Every interpreter that finds this looks for the library as usual, and does not find it.
HIDING = """
import ctypes.util
find = ctypes.util.find_library
ctypes.util.find_library = lambda name: None if "portaudio" in name else find(name)
"""

QUIET = 0.02
"""Far above the noise, far below a click."""
BUSY = ("The sound stuttered", "The sound stopped: ")
"""What is told on a busy machine."""


def test_the_app_plays_through_miniaudio_exactly(pulse: PulseServer, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(HIDING)
    session = tmp_path / "session.toml"
    session.write_text(SESSION)
    environment = {
        **os.environ,
        "HOME": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT), *sys.path]),
    }

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=HANG,
        )

    assert "PortAudio library not found" in run("-c", "import sounddevice").stderr
    app = ("-m", "cadence_cue", "play", str(session), "--no-voice", "--latency", "200")
    with pulse.capture() as capture:
        played = run(*app)
        samples = capture.samples()[:, 0]
    told = [line for line in played.stderr.splitlines() if not line.startswith(BUSY)]
    assert (played.returncode, told) == (0, [])

    loud = np.flatnonzero(np.abs(samples) > QUIET)
    onsets = loud[np.diff(loud, prepend=-RATE) > RATE // 10].tolist()
    click = samples[onsets[len(onsets) // 2] :][:200]
    alike = [at for at in onsets if np.abs(samples[at : at + 200] - click).max() < QUIET / 4]
    beat = Fraction(60 * RATE, TEMPO)  # 16647.4 frames
    unbroken = 0
    off = [Fraction(0)]
    for first, second in itertools.pairwise(alike):
        # A busy machine may leave holes: zeros, of which the noise has none.
        if samples[first:second].all():
            unbroken += 1
            off.append(off[-1] + second - first - beat)
            assert max(off) - min(off) < 1  # each instant is rounded once
        else:
            off = [Fraction(0)]
    assert unbroken >= 2
