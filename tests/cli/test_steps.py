"""Keys that are steps while something plays."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from cadence_cue.cli import screen
from cadence_cue.cli.main import main
from cadence_cue.cli.manual import LINE_ROWS, STEP_HELP, STEP_HINT, line_keys
from cadence_cue.transport.actions import PAUSE_KEY, STEP_KEYS
from tests.cli.conftest import Keep
from tests.cli.process import terminal
from tests.cli.sessions import LONG
from tests.live.rig import wait_for

Refused = Callable[..., str]

SHORT = """
title = "Short"
[[phase]]
run = "One"
time = "8s"
tempo = 120
cues = []
count_in = false
[[phase]]
walk = "Two"
time = "10min"
"""


def test_keys_are_steps_and_p_pauses(keep: Keep, tmp_path: Path) -> None:
    keep("sessions", LONG)
    file = tmp_path / "score.json"
    command = ("play", "mine", "--no-voice", "--backend", "silent", "--listen", "keys")
    with terminal(*command, "--score-file", file) as screen:
        screen.wait_for(STEP_HINT)
        screen.wait_for("1  One")
        screen.press("fj ?")
        screen.wait_for(STEP_HELP[-1])
        screen.press("p")
        screen.wait_for("paused")
        screen.press("q")
        screen.wait_for("End it here? y ends it, any other key but a step goes on.")
        screen.press("y")
        screen.wait_for("Stopped at ")
        screen.wait_for("ended: 0")
    assert [each["side"] for each in json.loads(file.read_text())["steps"]] == ["left", "right", ""]


def test_steps_take_their_keys_from_nothing_else() -> None:
    keys = [key for row in LINE_ROWS for _, each in line_keys(row, steps=True) for key in each]
    assert len(set(keys)) == len(keys)
    assert not {*STEP_KEYS} & {*keys}
    assert PAUSE_KEY in keys
    assert all(len(line) < 80 for line in (STEP_HINT, *STEP_HELP))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("beat", 180, "--listen", "keys"), "--listen keys needs a terminal"),
        (("beat", 180, "--score-file", "x.json"), "add --listen keys or --listen mic"),
        (("beat", 180, "--speak-score"), "add --listen keys or --listen mic"),
        (("beat", 180, "--listen", "keys", "-o", "x.wav"), "leave out -o"),
        (("drill", "toe-taps", "--score-file", "x", "-o", "x.wav"), "leave out -o"),
        (("beat", 180, "--listen", "mic", "-o", "x.wav"), "leave out -o"),
        (("beat", 180, "--record", "x.wav"), "--microphone and --record are for --listen mic"),
        (
            ("beat", 180, "--listen", "mic", "--record", "there.wav"),
            "there.wav: exists already; name another file",
        ),
    ],
)
def test_what_cannot_be_listened_to_is_refused(
    refused: Refused, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], told: str
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO())
    Path("there.wav").touch()
    assert told in refused(*arguments)
    assert not Path("x.wav").exists()


def test_the_screen_takes_how_it_listens(monkeypatch: pytest.MonkeyPatch, refused: Refused) -> None:
    shown = []
    monkeypatch.setattr(screen, "possible", lambda: True)
    monkeypatch.setattr(screen, "show", lambda **options: shown.append(options))
    main.main(["--listen", "keys", "--lane", "off", "--speak-score"], standalone_mode=False)
    assert shown == [{"listen": "keys", "lane": "off", "speaks": True}]
    assert "are for the screen" in refused("--lane", "always", "list")


def test_without_a_microphone_the_session_goes_on(keep: Keep, tmp_path: Path) -> None:
    keep("sessions", SHORT)
    file = tmp_path / "score.json"
    command = ("play", "mine", "--no-voice", "--backend", "silent", "--listen", "mic")
    shim = {"SHIM": "play", "SHIM_MICROPHONE": "absent"}
    with terminal(*command, "--score-file", file, **shim) as screen:
        told = screen.wait_for("Steps are not heard: no microphone was found. All else goes on.")
        if "  2  Two" not in told:
            told = screen.wait_for("  2  Two")
        screen.press("qy")
        told += screen.wait_for("ended: 0")
    assert "Steps are" not in told
    assert "not heard" in told
    score = json.loads(file.read_text())
    assert (score["source"], score["calibrated"], score["steps"]) == ("mic", False, [])
    (phase,) = score["phases"]
    assert phase["missed"] == 0


def test_steps_that_a_microphone_hears_are_scored(keep: Keep, tmp_path: Path) -> None:
    keep("sessions", SHORT)
    file, kept = tmp_path / "score.json", tmp_path / "heard.wav"
    command = ("play", "mine", "--no-voice", "--backend", "silent", "--listen", "mic")
    with terminal(*command, "--score-file", file, "--record", kept, SHIM="play") as screen:
        wait_for(kept.exists, "the listener")
        wait_for(lambda: kept.stat().st_size > 5 * 48000 * 2, "five seconds of the microphone")
        screen.press("qy")
        screen.wait_for("ended: 0")
    score = json.loads(file.read_text())
    assert len(score["steps"]) >= 6
    assert score["noise_db"] < -60
