"""The list of the tracks that were written: which, in which order, and what is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadence_cue.app.settings import state_folder
from cadence_cue.app.tracks.exported import found, keep, listed
from tests.homes import move_into


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    move_into(tmp_path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_latest_is_first_and_a_place_is_listed_once(home: Path) -> None:
    assert listed() == []
    keep([(Path("a.mp3"), "One", {}), (Path("b.mp3"), "Two", {})])
    keep([(home / "a.mp3", "Three\n", {"seed": 1})])
    assert [(each.target, each.title) for each in listed()] == [
        (home / "a.mp3", "Three\n"),
        (home / "b.mp3", "Two"),
    ]
    latest = found(Path("a.mp3"))
    assert latest is not None
    assert latest.made == {"seed": 1}
    assert found(Path("c.mp3")) is None
    assert found(home / "elsewhere" / ".." / "a.mp3") == latest
    keep([(Path("..") / home.name / "b.mp3", "Four", {})])
    assert [each.title for each in listed()] == ["Four", "Three\n"]
    Path("a.mp3").write_bytes(b"")
    assert [each.is_gone for each in listed()] == [True, False]


def test_only_the_last_hundred_are_kept() -> None:
    keep((Path(f"{k}.mp3"), "Each", {}) for k in range(101))
    assert len(listed()) == 100
    assert listed()[0].target.name == "100.mp3"


def test_lines_that_cannot_be_read_are_left_out() -> None:
    keep([(Path("a.mp3"), "One", {})])
    file = state_folder() / "exports.jsonl"
    file.write_bytes(b"{\n[]\n\xff\n" + b"[" * 10**5 + b"\n" + file.read_bytes())
    assert [each.title for each in listed()] == ["One"]


def test_without_a_place_for_the_list_nothing_is_listed() -> None:
    state_folder().parent.mkdir(parents=True)
    state_folder().write_text("no folder")
    keep([(Path("a.mp3"), "One", {})])
    assert listed() == []
