"""The same choices give the same bytes, whichever face asks: sound, tags, chapters, cover."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from click.testing import CliRunner
from textual.widgets import Input

from cadence_cue.app import settings
from cadence_cue.app.settings import Settings
from cadence_cue.app.tracks import export_job
from cadence_cue.cli.main import main
from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.tui.after.after import AfterScreen
from cadence_cue.tui.exporting import ExportScreen
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.tick import Tick
from tests.matrix import matrix
from tests.tui.rig import READ, Stage, played

USED = Settings(
    safety_read=True, cadence=172.5, voice="am_michael", duck=9.0, click="low", volume=-6.0,
    mastered=("toe-taps",), explained=("perception", "toe-taps"),
)  # fmt: skip
LOCKED = """
title = "With a drill that waits"
summary = "For a test."
level = "easy"
place = ["home"]
get_ready = "2s"
[music]
file = "tune.wav"
[[phase]]
drill = "perception"
time = "12s"
[[phase]]
drill = "cycle-standing"
side = "left"
time = "12s"
[[phase]]
drill = "cycle-running"
time = "12s"
"""


class Today(date):
    """A day that does not end while a test runs."""

    @classmethod
    def today(cls) -> Today:
        return cls(2027, 3, 1)


@pytest.fixture(autouse=True)
def one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_job, "date", Today)


def digest(file: Path) -> str:
    """Of a whole file, which may be large."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def from_the_screen(name: str, file: Path, kept: Settings, *ticks: str) -> int:
    """Export a session as a runner does on the screen, with some ticks changed; give its seed."""
    seeds = []

    async def act(on: Stage) -> None:
        await on.choose(name)
        library = on.screen
        assert isinstance(library, LibraryScreen)
        assert library.chosen
        seeds.append(library.chosen.performance.seed)
        await on.press("x")
        assert isinstance(on.screen, ExportScreen)
        on.screen.query_one("#target", Input).value = str(file)
        for tick in on.screen.query(Tick):
            if tick.id in ticks or tick.name in ticks:
                tick.toggle()
        await on.press("enter")
        await on.exported()

    played(act, kept, size=(100, 50))
    return seeds[0]


def from_the_command(name: str, file: Path, kept: Settings, *arguments: object) -> None:
    settings.change(lambda _: kept)
    words = ["export", name, "-o", str(file), *map(str, arguments)]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output


@pytest.fixture
def locked(home: Path) -> str:
    """A session of the runner's own: a drill that waits for another, and music."""
    folder = settings.user_folder() / "sessions"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(LOCKED, encoding="utf-8")
    tone = np.sin(np.arange(48000 * 3) / 20).astype(np.float32) / 4
    sf.write(folder / "tune.wav", tone, 48000)
    return "mine"


@pytest.mark.parametrize("kept", matrix([USED, READ]), ids=["used", "fresh"])
def test_a_track_has_the_same_bytes_from_both_faces(
    locked: str, tmp_path: Path, kept: Settings
) -> None:
    ours, theirs = tmp_path / "screen.wav", tmp_path / "command.wav"
    seed = from_the_screen(locked, ours, kept)
    from_the_command(locked, theirs, kept, "--seed", seed)
    assert digest(ours) == digest(theirs)
    assert b"tune.wav" in theirs.read_bytes()


def test_options_of_the_screen_are_those_of_the_command(locked: str, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "screen.wav", tmp_path / "command.wav"
    seed = from_the_screen(locked, ours, USED, "voice", "safety", "mono", "card", "sidecars")
    from_the_command(
        locked, theirs, USED, "--seed", seed, "--no-voice", "--no-safety-line", "--mono",
        "--card", "--sidecars",
    )  # fmt: skip
    assert digest(ours) == digest(theirs)
    for ending in (".html", ".timeline.json", ".lrc", ".cue"):
        one, two = (each.with_suffix(ending) for each in (ours, theirs))
        assert one.exists() == two.exists()
        if one.exists():
            assert one.read_text().replace("screen.wav", "command.wav") == two.read_text()


def test_a_drill_that_waits_is_in_the_track_unless_it_is_left_out(
    locked: str, tmp_path: Path
) -> None:
    whole, without = tmp_path / "whole.wav", tmp_path / "without.wav"
    from_the_command(locked, whole, READ)  # the same as from the screen
    from_the_screen(locked, without, READ, "cycle-running")
    assert sf.info(whole).frames - sf.info(without).frames >= 12 * 48000


def test_what_was_performed_has_the_same_bytes_from_both_faces(locked: str, tmp_path: Path) -> None:
    ours, theirs, plain = (tmp_path / name for name in ("screen.wav", "command.wav", "plain.wav"))

    async def act(on: Stage) -> None:
        await on.begin(locked)
        await on.press("up", "up")
        await on.step(20)
        await on.press("down", "full_stop")
        await on.step(4)
        await on.press("e", "y")
        assert isinstance(on.screen, AfterScreen)
        await on.press("x")
        assert isinstance(on.screen, ExportScreen)
        assert on.text(".heading") == "Export With a drill that waits, as you performed it"
        assert not on.screen.query(".waiting")
        target = on.screen.query_one("#target", Input)
        assert target.value == "With a drill that waits - performed.mp3"
        target.value = str(ours)
        await on.press("enter")
        await on.exported()
        assert isinstance(on.screen, AfterScreen)  # it can still be marked
        await on.press("5")

    played(act, USED, size=(100, 50))
    from_the_command(locked, theirs, USED, "--performed")
    assert digest(ours) == digest(theirs)
    assert b" by hand" in ours.read_bytes()
    from_the_command(locked, plain, USED)
    assert digest(plain) != digest(ours)


@pytest.mark.matrix
@pytest.mark.parametrize("kept", [READ, USED], ids=["fresh", "used"])
@pytest.mark.parametrize("name", built_in_sessions())
def test_each_built_in_session_has_the_same_bytes_from_both_faces(
    name: str, tmp_path: Path, kept: Settings
) -> None:
    ours, theirs = tmp_path / "screen.wav", tmp_path / "command.wav"
    seed = from_the_screen(name, ours, kept)
    from_the_command(name, theirs, kept, "--seed", seed)
    try:
        assert digest(ours) == digest(theirs)
    finally:
        ours.unlink()
        theirs.unlink()
