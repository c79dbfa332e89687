"""The whole path: one session file, exported as 32-bit float and played through a real server."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from click.testing import CliRunner

from cadence_cue import studio
from cadence_cue.cli.main import main
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session_file import load
from cadence_cue.live.player import Player
from tests.live.conftest import Recorder, Server
from tests.live.test_jack import finish

pytestmark = pytest.mark.jack

SESSION = """
title = "Short"
level = "first"
explain = "never"
get_ready = "0.3s"

[[phase]]
drill = "perception"
time = "4s"
tempo = "97 -> 110"
cues = []
say = [{ at = "1s", text = "Drop your shoulders" }]

[[phase]]
rest = "Shake out your legs"
time = "2s"
"""


def test_a_session_sounds_as_its_float_export_to_the_sample(
    jack_server: Server, recorder: Recorder, tmp_path: Path
) -> None:
    source, target = tmp_path / "short.toml", tmp_path / "short.wav"
    source.write_text(SESSION, encoding="utf-8")
    command = ["export", str(source), "-o", str(target), "--bits", "32", "--cadence", "173"]
    done = CliRunner().invoke(main, [*command, "--seed", "5"])
    assert done.exit_code == 0, done.output
    exported, _ = soundfile.read(target, dtype="float32")

    library = load_library()
    wishes = studio.PerformanceSpec(
        cadence_spm=Fraction(173), get_ready=studio.GET_READY_LIVE, seed=5
    )
    performance = studio.perform(load(source, library), library, wishes)
    with Player(watchdog=False) as player:
        player.load(performance.beats, performance.voice)
        recorder.connect()
        player.play(performance.timeline)
        heard = finish(player, recorder)
    assert np.array_equal(heard[: len(exported)], exported[:, 0])
    assert np.array_equal(exported[:, 0], exported[:, 1])
    spoken = {performance.timeline.sounds[row["sound"]] for row in performance.timeline.events}
    assert "Drop your shoulders" in spoken
    assert any(text.startswith("First: perception") for text in spoken)
