"""A real session, with speech, at 173 steps a minute and in a ramp: every format has the rendering.

It is exported once as the samples themselves (WAV, 32 bit), and compared with what independent
decoders find in each other file.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf

from tests.export.hearing import FRAMES_OF_AAC, Floats, decoded, probed, shift
from tests.exporting import export
from tests.matrix import matrix

SESSION = """
title = "Steady, then quicker"
get_ready = "0s"
[[phase]]
run = ""
time = "8s"
tempo = "own"
cues = ["heel-pull"]
cue_every = "6s"
[[phase]]
run = ""
time = "10s"
tempo = "own -> +5%"
cues = []
count_in = 2
"""


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("session") / "steady.toml"
    file.write_text(SESSION, "utf-8")
    return file


@pytest.fixture(scope="module")
def rendering(session: Path) -> Floats:
    file = export(session, session.with_name("rendering.wav"), "--bits", "32", "--sidecars")
    samples: Floats = sf.read(file, dtype="float32", always_2d=True)[0]
    return samples


@pytest.fixture(scope="module")
def timeline(session: Path, rendering: Floats) -> dict[str, Any]:
    text = session.with_name("rendering.timeline.json").read_text("utf-8")
    told: dict[str, Any] = json.loads(text)
    assert told["frames"] == len(rendering)
    return told


@pytest.mark.parametrize("ending", matrix([".mp3", ".wav", ".flac", ".ogg", ".opus", ".m4a"]))
def test_every_format_has_the_rendering(
    session: Path, rendering: Floats, timeline: dict[str, Any], ending: str
) -> None:
    target = export(session, session.with_suffix(ending))
    frames = len(rendering)
    whole = frames + (-frames % FRAMES_OF_AAC if ending == ".m4a" else 0)
    clicks = [each["frame"] for each in timeline["events"] if each["kind"] == "beat"]
    assert len(clicks) > 50
    for name, heard in decoded(target).items():
        assert len(heard) == whole, name
        assert shift(rendering, heard[:frames]) == 0, name
        level = np.vdot(heard[:frames], rendering) / np.vdot(rendering, rendering)
        assert abs(20 * np.log10(level)) < 0.3, name
        for click in (clicks[0], clicks[len(clicks) // 2], clicks[-1]):  # the last is in the ramp
            near = slice(click - 200, click + 2400)
            assert shift(rendering[near], heard[near]) == 0, (name, click)
    told = probed(target)
    chapters = [float(each["start_time"]) for each in told["chapters"]]
    entries = [phase["entry"] / 48000 for phase in timeline["phases"]]
    assert chapters[-len(entries) :] == pytest.approx(entries, abs=0.0006)
    assert told["tags"]["title"] == "Steady, then quicker"
    assert "own cadence 173, seed 1" in told["tags"]["comment"]
