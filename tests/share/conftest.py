"""A track with chapters, made once."""

from __future__ import annotations

from io import FileIO
from pathlib import Path

import pytest

from cadence_cue.export.track import Chapter, Track
from cadence_cue.export.writer import export
from cadence_cue.share.file_tags import FileTags, read_tags
from tests.export.hearing import Made

TITLE = 'Daily <ten> & "one"'


def tags_of(path: Path) -> FileTags:
    """The tags of a file."""
    with FileIO(path) as opened:
        return read_tags(opened)


@pytest.fixture(scope="session")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Made(48000, 0, 3 * 48000)
    chapters = (
        Chapter(0, 48000, "Get ready"),
        Chapter(48000, 96000, "Toe taps dynamic · 110"),
        Chapter(96000, 3 * 48000, "Toe taps, left leg <b> · 80"),
    )
    told = Track(48000, 3 * 48000, TITLE, cover=b"\x89PNG", chapters=chapters)
    target = tmp_path_factory.mktemp("tracks") / "Zehn – ü.mp3"
    export(made.render, 0, 3 * 48000, 48000, target, track=told)
    return target
