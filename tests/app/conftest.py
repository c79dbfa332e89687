"""A run that plays, and a song that fits it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile as sf

from cadence_cue.coaching.session import Music
from tests.app.on_the_beat import RUN
from tests.music import band
from tests.transporting import Recorder, Stage, perform


@pytest.fixture
def on() -> Iterator[Stage]:
    with Recorder() as player:
        assert player.rate == 48000
        yield Stage(perform(RUN, own=172, announce=False), player)


@pytest.fixture
def music(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Music:
    """A song that fits."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    sf.write(tmp_path / "song.wav", band.played(band.steady(168, 90)), band.RATE)
    return Music(str(tmp_path / "song.wav"), match=True)
