"""Exported clicks stand where the oracle wants them; so do spoken vowels and ducks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exporting import ROOT, VOICE, export
from tests.listening import Recording, check
from tests.oracle import read
from tests.sessions import CLICKS, CLICKS_TOO, SPEECH
from tests.speech import Speech, read_voice

LIBRARY = ROOT / "cadence_cue" / "coaching" / "library"
HOUR = """
title = "An hour"
get_ready = "2s"
[[phase]]
run = "An hour"
time = "60min"
tempo = "own"
"""


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("session", [CLICKS, CLICKS_TOO])
def test_every_click_is_the_frame_nearest_to_its_instant(
    tmp_path: Path, session: str, rate: int
) -> None:
    file = tmp_path / "session.toml"
    file.write_text(session, "utf-8")
    options = ("--no-voice", "--bits", "32", "--rate", str(rate))
    wav = export(file, tmp_path / "x.wav", *options)
    assert check(read(session, 173), Recording(wav)) == []


def test_an_hour_at_173_does_not_drift(tmp_path: Path) -> None:
    file = tmp_path / "hour.toml"
    file.write_text(HOUR, "utf-8")
    wav = export(file, tmp_path / "x.wav", "--no-voice")
    try:
        score = read(HOUR, 173)
        assert len(score.clicks(48000)) == 60 * 173
        assert check(score, Recording(wav)) == []
    finally:
        wav.unlink()  # 700 MB


def test_vowels_are_on_beats_and_clicks_give_way(tmp_path: Path) -> None:
    file = tmp_path / "speech.toml"
    file.write_text(SPEECH, "utf-8")
    assert Speech(file, read_voice(VOICE)).faults() == []


@pytest.mark.parametrize("name", sorted(path.stem for path in LIBRARY.glob("sessions/*.toml")))
def test_the_built_in_sessions_click_as_written(tmp_path: Path, name: str) -> None:
    options = ("--no-voice", "--no-explain", "--rate", "16000")
    session = LIBRARY / "sessions" / f"{name}.toml"
    wav = export(session, tmp_path / "x.wav", *options)
    score = read(session, 173, LIBRARY / "drills", explained=False)
    assert check(score, Recording(wav)) == []
