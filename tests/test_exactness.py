"""Exported clicks stand where the oracle wants them; so do spoken vowels and ducks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exporting import ROOT, VOICE, export
from tests.listening import check
from tests.matrix import matrix
from tests.reading import read
from tests.recording import Recording
from tests.sessions import CLICKS, CLICKS_TOO, SPEECH
from tests.speech import Speech, read_voice

LIBRARY = ROOT / "cadence_cue" / "coaching" / "library"
BUILT_IN = sorted(
    (path.stem for path in LIBRARY.glob("sessions/*.toml")),
    key=lambda name: name not in ("fall-to-run", "track-day"),  # the two that have most in them
)
LONG = """
title = "A long run"
get_ready = "2s"
[[phase]]
run = "Long"
time = "{}min"
tempo = "own"
"""


@pytest.fixture
def wav(tmp_path: Path) -> Iterator[Path]:
    """A file to write; it is large, so it does not stay."""
    file = tmp_path / "x.wav"
    yield file
    file.unlink(missing_ok=True)


@pytest.mark.parametrize("rate", matrix([44100, 48000]))
@pytest.mark.parametrize("session", [CLICKS, CLICKS_TOO], ids=["runs", "drills"])
def test_every_click_is_the_frame_nearest_to_its_instant(
    wav: Path, session: str, rate: int
) -> None:
    file = wav.with_name("session.toml")
    file.write_text(session, "utf-8")
    export(file, wav, "--no-voice", "--bits", "32", "--rate", str(rate))
    assert check(read(session, 173), Recording(wav)) == []


@pytest.mark.parametrize("minutes", matrix([4, 60]))
def test_a_long_run_at_173_does_not_drift(wav: Path, minutes: int) -> None:
    file = wav.with_name("long.toml")
    text = LONG.format(minutes)
    file.write_text(text, "utf-8")
    export(file, wav, "--no-voice")
    score = read(text, 173)
    assert len(score.clicks(48000)) == minutes * 173
    assert check(score, Recording(wav)) == []


@pytest.mark.parametrize("name", matrix(BUILT_IN))
def test_the_built_in_sessions_click_as_written(wav: Path, name: str) -> None:
    session = LIBRARY / "sessions" / f"{name}.toml"
    export(session, wav, "--no-voice", "--no-explain", "--rate", "16000")
    score = read(session, 173, LIBRARY / "drills", explained=False)
    assert check(score, Recording(wav)) == []


def test_vowels_are_on_beats_and_clicks_give_way(tmp_path: Path) -> None:
    file = tmp_path / "speech.toml"
    file.write_text(SPEECH, "utf-8")
    assert Speech(file, read_voice(VOICE)).faults() == []
