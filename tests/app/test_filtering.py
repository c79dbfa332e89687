"""What is listed, in which order, and when it was last done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cadence_cue.app.log.history import Practice
from cadence_cue.app.sessions import listing
from cadence_cue.app.sessions.filtering import Done, arranged, done
from cadence_cue.app.sessions.listing import Listing
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import load
from tests.cli.sessions import SHORT
from tests.homes import move_into


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the runner's own sessions."""
    move_into(tmp_path, monkeypatch)
    sessions = user_folder() / "sessions"
    sessions.mkdir(parents=True)
    return sessions


def test_only_a_file_that_changed_is_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(path: Path, library: Library) -> Session:
        read.append(path.stem)
        return load(path, library)

    monkeypatch.setattr(listing, "load", counted)
    for name in ("one", "two"):
        (folder / f"{name}.toml").write_text(SHORT)
    library, found = load_library(), Listing()
    found.entries(library, Settings())
    assert {"one", "two", "daily-ten"} <= set(read)
    read.clear()
    found.entries(library, Settings())
    assert read == []
    (folder / "two.toml").write_text("# mine\n" + SHORT)
    found.entries(library, Settings())
    assert read == ["two"]
    (folder / "two.toml").unlink()
    assert "session:two" not in {entry.key for entry in found.entries(library, Settings())}
    assert read == ["two"]
    lengths = {entry.key: entry.seconds for entry in found.entries(library, Settings(cadence=190))}
    assert len(read) > 10  # the lengths may be others
    assert lengths["session:one"] is not None


def test_the_log_tells_when_each_was_done_and_how_it_felt() -> None:
    entries = Listing().entries(load_library(), Settings())
    session = Practice("2026-11-01T08:00:00+00:00", "fall-to-run", "Fall to run", 1.0, 165, 4)
    rehearsal = Practice(
        "2026-11-02T08:00:00+00:00", "fall-to-run", "Rehearse: Fall to Run", 1.0, 165, 2,
        ("fall-to-run",),
    )  # fmt: skip
    unmarked = replace(session, date="2026-11-03T08:00:00+00:00", session="daily-ten", mark=None)
    found = done(entries, [session, rehearsal, unmarked])
    assert found == {
        "session:fall-to-run": Done(session.date, 4),
        "drill:fall-to-run": Done(rehearsal.date, 2),
        "session:daily-ten": Done(unmarked.date, None),
    }
    latest = [entry.key for entry in arranged(entries, "last", found)]
    assert latest[:3] == ["session:daily-ten", "drill:fall-to-run", "session:fall-to-run"]
    best = [entry.key for entry in arranged(entries, "mark", found)]
    assert best[:2] == ["session:fall-to-run", "drill:fall-to-run"]
    assert arranged(entries, None, found) == entries


def test_no_more_files_are_read_once_the_app_is_to_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal is answered between two files, however many there are and however large."""
    read: list[Path] = []

    def counted(path: Path, library: Library) -> Session:
        read.append(path)
        return load(path, library)

    monkeypatch.setattr(listing, "load", counted)
    Listing().entries(load_library(), Settings(), lambda: len(read) >= 2)
    assert len(read) == 2
