"""A track as it is planned: what it says of itself, and what goes beside it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cadence_cue.app.options import FileOptions, PerformanceOptions
from cadence_cue.app.settings import Settings
from cadence_cue.app.tracks.export_job import ExportJob, ExportRequest, plan_export, track_name
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.session_file import parse
from cadence_cue.errors import UserError
from tests.cli.sessions import SPOKEN

LIBRARY = load_library()
DATA = {
    "title": "Short",
    "get_ready": "0s",
    "announce": False,
    "phase": [{"talk": text, "time": "2s"} for text in SPOKEN],
}


def planned(
    target: Path, options: PerformanceOptions = PerformanceOptions(), **more: Any
) -> ExportJob:
    session = parse(DATA, name="short", library=LIBRARY)
    request = ExportRequest(session, target, options, **more)
    return plan_export(request, LIBRARY, Settings())


def test_its_words_are_those_that_are_heard(tmp_path: Path) -> None:
    job = planned(tmp_path / "x.wav")
    assert [line.text for line in job.track.lines] == list(SPOKEN)
    assert planned(tmp_path / "x.wav", PerformanceOptions(speaks=False)).track.lines == ()


def test_it_is_numbered_and_named_after_its_runner(tmp_path: Path) -> None:
    track = planned(tmp_path / "x.wav", who="Anna", number=3).track
    assert (track.title, track.number) == ("Anna - Short", 3)
    track = planned(tmp_path / "x.wav").track
    assert (track.title, track.number) == ("Short", 0)


def test_a_colon_in_a_title_is_a_dash_in_a_files_name() -> None:
    session = parse({**DATA, "title": 'First: "ten" 1:45'}, name="short", library=LIBRARY)
    assert track_name(session, LIBRARY, Fraction(165)) == "First - _ten_ 1_45"


def test_nothing_is_written_where_what_goes_beside_it_is_in_the_way(tmp_path: Path) -> None:
    words = tmp_path / "x.lrc"
    words.write_text("mine")
    job = planned(tmp_path / "x.wav", files=FileOptions(rate=8000, sidecars=True))
    with pytest.raises(UserError, match=r"x\.lrc: exists already"):
        job.write(lambda _: None)
    assert [path.name for path in tmp_path.iterdir()] == ["x.lrc"]
    assert words.read_text() == "mine"
    force = FileOptions(rate=8000, sidecars=True, force=True)
    planned(tmp_path / "x.wav", files=force).write(lambda _: None)
    assert words.read_text() != "mine"
