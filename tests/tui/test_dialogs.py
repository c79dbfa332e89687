"""Settings, a plain beat, export, the first start and the question afterwards."""

from __future__ import annotations

import errno
import re
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
import soundfile as sf
from textual.widgets import Input, OptionList, Select

from cadence_cue.app import opening, settings
from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.options import FileOptions
from cadence_cue.app.settings import Settings
from cadence_cue.app.tracks import export_job, exported
from cadence_cue.app.tracks.export_job import ExportRequest
from cadence_cue.app.tracks.exports import State
from cadence_cue.coaching.session import Kind
from cadence_cue.errors import UserError
from cadence_cue.transport.tapping import Tapping
from cadence_cue.tui import exports as tui_exports
from cadence_cue.tui.after.after import AfterScreen
from cadence_cue.tui.exports import ExportsScreen
from cadence_cue.tui.host import Host
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.pages import Confirm, KeysScreen
from cadence_cue.tui.playing.beat_cues import CuesScreen
from cadence_cue.tui.playing.level import Level
from cadence_cue.tui.playing.playing import PlayScreen
from cadence_cue.tui.playing.quick_beat import BeatScreen
from cadence_cue.tui.preferences import SettingsScreen
from cadence_cue.tui.tick import Tick
from cadence_cue.tui.welcome import WelcomeScreen
from tests.matrix import matrix
from tests.tui.rig import READ, Stage, played


def kept() -> dict[str, object]:
    """The settings file."""
    return tomllib.loads((settings.config_folder() / "settings.toml").read_text())


def logged() -> list[Practice]:
    return history.load(settings.user_folder())


# Settings.


def test_what_is_changed_is_used_and_kept_at_once() -> None:
    async def act(on: Stage) -> None:
        await on.press("s")
        assert isinstance(on.screen, SettingsScreen)
        assert on.screen.focused is on.screen.query_one("#cadence")
        assert on.text("#about") == "Own cadence: both feet; ctrl+t taps it"
        on.screen.query_one("#cadence", Input).value = "172.5"
        on.screen.query_one("#volume", Level).value = -3
        on.screen.query_one("#duck", Select).value = "9"
        on.screen.query_one("#click", Select).value = "low"
        on.screen.query_one("#theme", Select).value = "light"
        on.screen.query_one("#still", Tick).value = True
        await on.until(lambda: on.app.settings.still, "the changes")
        assert on.app.theme == "cadence-light"

    played(act)
    assert kept() == {
        "cadence": 172.5,
        "volume": -3.0,
        "duck": 9.0,
        "click": "low",
        "theme": "light",
        "still": True,
        "safety_read": True,
    }


def test_what_cannot_be_is_told_and_changes_nothing() -> None:
    async def act(on: Stage) -> None:
        await on.press("s")
        on.screen.query_one("#cadence", Input).value = "72"
        await on.until(lambda: "110 to 240" in on.text("#wrong"), "the reason")
        assert on.app.settings == READ

    played(act)


def test_a_level_is_heard_at_once_while_it_plays_on() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("m")
        await on.press("s")
        on.screen.query_one("#beat_level", Level).focus()
        await on.press(*["minus"] * 7, "plus")
        await on.until(lambda: on.transport.levels.beat_db == -6, "the level")
        assert not on.transport.levels.beat
        before = on.transport.position.frame
        await on.step(1)
        assert on.transport.position.frame > before
        await on.press("escape")
        assert isinstance(on.screen, PlayScreen)

    played(act)


def test_the_guide_to_the_own_cadence_plays() -> None:
    async def act(on: Stage) -> None:
        await on.press("s")
        await on.press("ctrl+g")
        await on.until(lambda: isinstance(on.screen, PlayScreen), "the guide")
        assert on.transport.performance.session.name == "find-your-cadence"

    played(act)


def test_a_chosen_device_stays_chosen_and_the_own_cadence_may_be_forgotten() -> None:
    async def act(on: Stage) -> None:
        await on.press("s")
        on.screen.query_one("#cadence", Input).value = ""
        await on.poll()
        assert on.app.settings.cadence == 180  # until it is said
        on.screen.query_one("#cadence", Input).focus()
        await on.press("enter")
        await on.until(lambda: on.app.settings.cadence is None, "the change")
        await on.press("escape")

    played(act, replace(READ, device="My phones", cadence=180.0))
    assert kept() == {"device": "My phones", "safety_read": True}


def test_what_commands_saved_meanwhile_is_kept() -> None:
    async def act(on: Stage) -> None:
        settings.change(lambda _: replace(READ, cadence=180.0))
        await on.begin()
        await on.press("minus")

    played(act)
    assert kept() == {"cadence": 180.0, "volume": -2.0, "safety_read": True}


# A plain beat.


def test_a_beat_is_chosen_and_played_with_cues() -> None:
    async def act(on: Stage) -> None:
        await on.press("b")
        assert isinstance(on.screen, BeatScreen)
        await on.press("1", "7", "0", "up", "shift+up", "down")
        assert on.text("#unit") == "steps a minute · 87.5 per foot"
        assert on.text("#place") == "10 above 165 (yours is not set)"
        await on.press("o")
        assert on.text("#place") == "165 (yours is not set)"
        on.app.change_settings(lambda saved: settings.changed(saved, "cadence", 165.0))
        await on.poll()
        assert on.text("#place") == "your own cadence"
        await on.press("h")
        assert on.text("#place") == "a beat, not a cadence"
        await on.press("d")
        await on.press("c", "space", "enter")
        assert on.text("#place") == "your own cadence · cues every 60s"
        await on.press("enter")
        assert isinstance(on.screen, BeatScreen)
        await on.step(8)
        assert on.transport.tempo == 165
        assert on.transport.performance.voice

    played(act)


def test_digits_and_space_start_a_beat_that_goes_on_through_every_change() -> None:
    async def act(on: Stage) -> None:
        await on.press("b", "1", "7", "2", "space")
        await on.step(6)
        assert on.text("#name") == "Beat 172"
        assert on.transport.tempo == 172
        assert on.transport.performance.session.title == "Beat 172"
        seconds = on.text("#title")
        assert seconds in ("0:02", "0:03", "0:04")
        await on.press("up")
        await on.step(2)
        generation = on.player.position.generation
        await on.press("a", "k")
        assert on.text("#place").endswith("accent every 2 · left foot only")
        await on.step(6)
        assert on.player.position.generation == generation  # it was not begun anew
        assert on.text("#name") == "Beat 173"
        part = on.transport.performance.parts[0]
        assert (part.accent, part.clicked_foot.value, part.tempo) == (
            2,
            "left",
            (Fraction(173),) * 2,
        )
        assert on.text("#title") > seconds
        await on.press("e")
        assert on.app.transport is None
        assert isinstance(on.screen, BeatScreen)
        assert on.text("#name") == "Beat 173"

    played(act)


def test_a_tempo_that_is_held_past_its_limit_stops_there() -> None:
    async def act(on: Stage) -> None:
        await on.press("b", "2", "9", "8", "shift+up", "shift+up")
        assert on.text("#name") == "Beat 300"
        assert on.text("#status") == "300, the fastest there is"
        await on.press("space")
        await on.step(4)
        await on.press("up")
        assert on.text("#status") == "300, the fastest there is"
        await on.press("down")
        await on.step(2)
        assert on.text("#name") == "Beat 299"

    played(act)


def test_a_tempo_is_tapped_before_it_plays() -> None:
    async def act(on: Stage) -> None:
        now = [0.0]
        with patch("cadence_cue.tui.playing.quick_beat.monotonic", lambda: now[0]):
            await on.press("b")
            for missing in ("3 more taps", "2 more taps", "1 more tap", *[None] * 5):
                now[0] += 0.375
                await on.press("t")
                assert missing in (None, on.text("#status"))
            assert on.text("#status").startswith("tapped 160.0")
            now[0] += 5
            await on.poll()
        assert on.text("#name") == "Beat 160"

    played(act)

    played(act)


def test_the_keys_of_sound_are_there_with_what_plays_behind_the_beat() -> None:
    async def act(on: Stage) -> None:
        await on.press("b")
        assert on.footer.startswith("space start ↑ ↓ tempo")
        await on.press("escape")
        await on.begin()
        await on.press("b", "minus")
        assert on.footer.startswith("+ - volume v voice space start")
        assert on.transport.levels.volume_db == -2
        on.app.stop()
        await on.press("y")
        assert on.app.transport is None
        assert on.footer.startswith("space start")  # the session has ended
        await on.press("space")
        assert on.transport.plain
        assert on.footer.startswith("+ - volume v voice space pause")

    played(act)


def test_a_time_that_is_none_is_told() -> None:
    async def act(on: Stage) -> None:
        await on.press("b", "c")
        on.screen.query_one("#every", Input).value = "often"
        await on.press("enter")
        assert isinstance(on.screen, CuesScreen)
        assert on.text("#wrong")

    played(act)


# Export.

SHORT = """
title = "Short: a rock"
[[phase]]
drill = "perception"
time = "20s"
"""
NAME = "Short - a rock"  # as the command calls its file


@pytest.fixture
def short() -> None:
    folder = settings.user_folder() / "sessions"
    folder.mkdir(parents=True)
    (folder / "short.toml").write_text(SHORT)


def test_a_file_is_written_while_it_plays_on(home: Path, short: None) -> None:
    async def act(on: Stage) -> None:
        await on.begin("short")
        await on.press("x", "v")
        assert not on.transport.levels.voice  # no field has taken the key
        on.screen.query_one("#format", Select).value = ".wav"
        target = on.screen.query_one("#target", Input)
        await on.until(lambda: target.value == f"{NAME}.wav", "the name")
        on.screen.query_one("#voice", Tick).value = False
        await on.press("enter")
        before = on.transport.position.frame
        await on.step(1)
        assert on.transport.position.frame > before
        await on.exported()

    played(act)
    assert 30 < sf.info(f"{NAME}.wav").duration < 60
    assert [path.name for path in home.glob(".cadence-cue*")] == []


def test_music_is_chosen_for_a_file(home: Path, short: None) -> None:
    Path("songs").mkdir()
    sf.write("songs/tune.wav", np.random.default_rng(1).uniform(-0.3, 0.3, (8000, 2)), 8000)
    Path("songs/bad.mp3").touch()

    async def act(on: Stage) -> None:
        await on.choose("short")
        await on.press("x")
        on.screen.query_one("#target", Input).value = "loud.opus"
        on.screen.query_one("#quality", Select).value = "low"
        on.screen.query_one("#music", Input).value = "nowhere"
        await on.press("enter")
        assert on.text("#wrong") == "nowhere: No such file or directory."
        on.screen.query_one("#music", Input).value = "songs"
        await on.press("enter")
        await on.exported()

    played(act)
    heard, _ = sf.read("loud.opus", start=48000 * 20, frames=48000)
    assert np.abs(heard[:, 0] - heard[:, 1]).max() > 0.01
    assert [path.name for path in home.glob(".cadence-cue*")] == []


TICKS = ("match", "hold", "shuffle", "loop", "fade_click", "off_beat", "best_first", "in_drills")


class Written:
    """Stands in for a job."""

    @property
    def made(self) -> dict[str, object]:
        return {}

    def write(self, progress: Callable[[float], object]) -> str:
        progress(1)
        return "written"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ExportRequest]:
    """What is asked to be exported; nothing is written."""
    requests: list[ExportRequest] = []

    def note(request: ExportRequest, *_: object, **__: object) -> Written:
        requests.append(request)
        return Written()

    monkeypatch.setattr(export_job, "plan_export", note)
    return requests


def test_what_is_ticked_and_chosen_is_asked_for(
    short: None, asked: list[ExportRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []

    def measured(_: Written) -> str:
        told.append("loud")
        return "loud"

    monkeypatch.setattr(export_job, "report", measured)

    async def act(on: Stage) -> None:
        await on.choose("short")
        for report in (False, True):
            await on.press("x")
            on.screen.query_one("#quality", Select).value = "low"
            on.screen.query_one("#card", Tick).value = not report
            on.screen.query_one("#report", Tick).value = report
            await on.press("enter")
            await on.exported()
            assert asked.pop().files == FileOptions(quality="low", card=not report)
            assert len(told) == report
            assert isinstance(on.screen, LibraryScreen)
            await on.settled()

    played(act)
    assert not asked


def test_a_track_that_cannot_be_measured_is_there_all_the_same(
    home: Path, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unmeasured(_: Path) -> tuple[float, float]:
        raise UserError("no ffmpeg.")

    monkeypatch.setattr(export_job, "measure", unmeasured)

    async def act(on: Stage) -> None:
        await on.choose("short")
        await on.press("x")
        on.screen.query_one("#target", Input).value = "short.wav"
        on.screen.query_one("#report", Tick).value = True
        await on.press("enter")
        await on.exported()
        (export,) = on.app.exports.all
        assert (export.state, export.error) == (State.DONE, None)
        assert "no ffmpeg." in export.summary
        assert (home / "short.wav").is_file()

    played(act)


def test_music_is_played_as_it_is_ticked_where_that_fits(
    home: Path, short: None, asked: list[ExportRequest]
) -> None:
    sf.write("tune.wav", np.full(8000, 0.1), 8000)

    async def act(on: Stage) -> None:
        await on.choose("short")
        for match in (False, True):
            await on.press("x")
            on.screen.query_one("#music", Input).value = "tune.wav"
            ticks = {name: on.screen.query_one(f"#{name}", Tick) for name in TICKS}
            for name in TICKS[1:]:
                ticks[name].value = True
            ticks["match"].value = match
            await on.poll()
            fits = {name for name, tick in ticks.items() if not tick.disabled}
            assert fits == set(TICKS) - ({"hold"} if match else set(TICKS[4:]))
            await on.press("enter")
            await on.exported()
            music = asked.pop().music
            assert {name for name in TICKS if getattr(music, name)} == fits - {
                "match" * (not match)
            }
            await on.settled()

    played(act)


def test_a_tick_says_what_it_does() -> None:
    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        await on.press("x")
        on.screen.query_one("#sidecars").focus()
        await on.poll()
        assert on.text("#about") == "Words, chapters and timeline as files beside the track."
        on.screen.query_one("#target").focus()
        await on.poll()
        assert not on.text("#about")

    played(act)


def test_an_existing_file_is_replaced_when_asked_twice(home: Path, short: None) -> None:
    (home / f"{NAME}.wav").write_text("mine")

    async def act(on: Stage) -> None:
        await on.choose("short")
        await on.press("x")
        on.screen.query_one("#format", Select).value = ".wav"
        target = on.screen.query_one("#target", Input)
        await on.until(lambda: target.value == f"{NAME}.wav", "the name")
        await on.press("enter")
        assert "exists already" in on.text("#wrong")
        assert (home / f"{NAME}.wav").read_text() == "mine"
        await on.press("enter")
        await on.exported()

    played(act)
    assert sf.info(f"{NAME}.wav").duration > 30


def test_what_cannot_be_written_is_told(home: Path) -> None:
    async def act(on: Stage) -> None:
        await on.choose("first-perception")
        await on.press("x")
        on.screen.query_one("#target", Input).value = "nowhere/a.mp3"
        await on.press("enter")
        assert f"there is no folder {home / 'nowhere'}" in on.text("#wrong")

    played(act)


FAILING = {
    "a song: No such file or directory": FileNotFoundError(
        errno.ENOENT, "No such file or directory", "a song"
    ),
    "there is no folder nowhere": UserError("there is no folder nowhere"),
}


def test_what_fails_while_it_is_written_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = iter(FAILING.values())

    def failing(*_: object, **__: object) -> None:
        raise next(errors)

    monkeypatch.setattr(export_job, "plan_export", failing)

    async def act(on: Stage) -> None:
        await on.choose("first-perception")
        for told in FAILING:
            await on.press("x", "enter")
            await on.exported()
            assert on.told == told

    played(act)


class OddError(ValueError):
    """A defect."""

    def __rich__(self) -> str:
        return str(self)  # or else Textual draws all that led there, which takes seconds


def test_a_defect_is_not_told_as_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise OddError("odd")

    monkeypatch.setattr(Host, "prepare", failing)

    async def act(on: Stage) -> None:
        await on.press("b")
        await on.press("enter")

    with pytest.raises(ValueError, match="odd"):
        played(act)


class Endless:
    """Stands in for a job that is written until it is stopped."""

    def write(self, progress: Callable[[float], object]) -> str:
        while True:
            progress(0.3)
            time.sleep(0.01)


def test_an_export_can_be_stopped_and_quitting_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_job, "plan_export", lambda *_, **__: Endless())

    async def act(on: Stage) -> None:
        await on.choose("track-day")
        await on.press("x")
        await on.press("enter")
        assert isinstance(on.screen, LibraryScreen)
        writing = "exporting Track day: all ten drills, 30%"
        await on.until(lambda: on.app.exports.status == writing, "the writing")
        await on.press("q")
        assert f"Still {writing}. Quit without it?" in on.text(".dialog Static")
        await on.press("n", "X")
        assert "c stop" in on.footer
        await on.press("c")
        await on.exported()
        assert on.told == "Stopped; nothing was written."
        assert "c stop" not in on.footer  # none is written any more
        await on.press("escape", "x", "enter", "q", "y")  # the app waits until it has stopped

    played(act)


def joined(row: str) -> str:
    """A row without what wraps it."""
    return re.sub(r"\n    (?=\S)", "", row)


def test_exports_are_listed_with_their_place_and_what_can_be_done(
    home: Path, short: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def note(folder: Path) -> bool:
        opened.append(folder)
        return not opened[1:]

    monkeypatch.setattr(tui_exports, "open_folder", note)

    async def act(on: Stage) -> None:
        await on.press("X")
        assert "Nothing has been exported yet" in on.text("#about")
        await on.press("escape")
        await on.choose("short")
        await on.press("x")
        on.screen.query_one("#target", Input).value = "a.wav"
        await on.pilot.pause()
        assert on.text("#place") == "~/a.wav"
        await on.press("enter")
        await on.exported()
        assert str(home / "a.wav") in on.told
        await on.press("X")
        rows = on.screen.query_one("#rows", OptionList)
        shown = joined(str(rows.get_option_at_index(0).prompt))
        assert shown.startswith(f"Short: a rock: done\n  {home}")
        await on.press("o")
        await on.until(lambda: on.told == f"Opened {home}", "the first answer")
        await on.press("o")
        await on.until(lambda: "no file manager" in on.told, "the second answer")
        assert opened == [home, home]
        await on.press("S")
        assert "Let phones on this network fetch a.wav" in on.text(".dialog Static")
        await on.press("n")
        assert isinstance(on.screen, ExportsScreen)

    played(act)


def test_exports_of_earlier_starts_are_listed_and_marked_when_they_are_gone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def note(folder: Path) -> bool:
        opened.append(folder)
        return True

    monkeypatch.setattr(tui_exports, "open_folder", note)
    exported.keep([(home / "gone.mp3", "Old", {}), (home / "a.mp3", "New", {})])
    (home / "a.mp3").write_bytes(b"")

    async def act(on: Stage) -> None:
        await on.press("X")
        rows = on.screen.query_one("#rows", OptionList)
        new, old = (joined(str(option.prompt)) for option in rows.options)
        assert new.startswith("New: 20")
        assert new.endswith(f"\n  {home / 'a.mp3'}")
        assert old.startswith("Old: no longer there, 20")
        await on.press("o", "S")
        await on.until(lambda: opened == [home], "the file manager")
        assert "Let phones on this network fetch a.mp3" in on.text(".dialog Static")
        await on.press("n", "down", "o")
        assert "no longer there" in on.told
        assert opened == [home]

    played(act)


def test_a_folder_is_opened_by_what_the_system_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not opening.open_folder(Path())  # no file manager is found
    script = Path("bin") / "xdg-open"
    script.parent.mkdir()
    script.write_text('#!/bin/sh\necho "$1" > opened\n[ "$1" = "a folder" ]\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent.absolute()}:/usr/bin:/bin")
    monkeypatch.setattr("sys.platform", "linux")
    assert opening.open_folder(Path("a folder"))
    assert Path("opened").read_text() == "a folder\n"
    assert not opening.open_folder(Path("another"))  # where xdg-open finds nothing to ask


# The first start.


def test_the_safety_lines_cannot_be_skipped() -> None:
    async def act(on: Stage) -> None:
        assert isinstance(on.screen, WelcomeScreen)
        for key in ("escape", "q", "l", "s", "b", "x", "space"):
            await on.press(key)
            assert on.text("#heading") == "Before the first step"
        assert not on.app.settings.safety_read
        await on.press("enter")
        assert kept() == {"safety_read": True}

    played(act, Settings())


def test_the_first_start_ends_one_key_from_sound() -> None:
    async def act(on: Stage) -> None:
        await on.press("enter")
        assert "volume" in on.text("#heading")
        await on.step(4)
        before = on.player.position
        assert before.frame > 0
        assert before.state.name == "PLAYING"
        await on.press("minus")
        await on.press("enter")
        assert on.text("#heading").endswith("Your own cadence")
        await on.step(1)
        assert on.player.position.state.name == "PAUSED"
        await on.press("4", "2", "enter")
        assert on.text("#wrong") == "42 is a count of one foot: 168 with both. Enter?"
        await on.press("end", *["backspace"] * 3)
        await on.press("8", "5", "enter")
        assert on.text("#wrong") == "85 is a count of one foot: 170 with both. Enter?"
        assert kept() == {"safety_read": True, "volume": -2.0}
        await on.press("enter")
        await on.until(lambda: on.text("#heading").endswith("Why drills"), "the next step")
        assert on.app.settings.cadence == 170
        assert on.app.settings.volume == -2
        await on.press("enter")
        assert isinstance(on.screen, LibraryScreen)
        await on.settled()
        await on.press("enter")
        assert on.transport.performance.session.name == "first-perception"

    played(act, Settings())


CADENCES = {"82.5": "165", "171.04": "171"}
"""What is tapped, with one foot or both, and the cadence that it is."""


@pytest.mark.parametrize("tappings", matrix([[*CADENCES], [*reversed(CADENCES)]]))
def test_a_tapping_of_one_foot_is_doubled(
    tappings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tapped(on: Stage, tapping: str) -> None:
        monkeypatch.setattr(Tapping, "over", lambda *_: (Fraction(tapping), "tapped"))
        line = on.screen.query_one("#cadence", Input)
        await on.until(lambda: line.value == CADENCES[tapping], "the cadence")

    async def first(on: Stage) -> None:
        await on.press("enter", "escape")
        await tapped(on, tappings[0])

    async def later(on: Stage) -> None:
        await on.press("s")
        await tapped(on, tappings[1])

    played(first, Settings())
    played(later)
    assert settings.load()[0].cadence == float(CADENCES[tappings[1]])


def test_every_later_step_can_be_skipped_and_a_wrong_cadence_is_told() -> None:
    async def act(on: Stage) -> None:
        await on.press("enter")
        await on.press("escape")
        await on.press("3", "0", "0", "enter")
        await on.until(lambda: "110 to 240" in on.text("#wrong"), "the reason")
        await on.press("escape")
        await on.press("escape")
        assert isinstance(on.screen, LibraryScreen)
        assert on.app.settings.cadence is None

    played(act, Settings())


# Afterwards.


def test_the_end_of_a_session_asks_how_it_felt() -> None:
    async def act(on: Stage) -> None:
        await on.begin("perception", "drill")
        timeline = on.transport.timeline
        await on.step((timeline.frames - timeline.start) / 48000 + 1)
        await on.until(lambda: isinstance(on.screen, AfterScreen), "the question")
        assert "100% done" in on.text(".heading")
        await on.press("3")
        assert isinstance(on.screen, LibraryScreen)

    played(act)
    (practice,) = logged()
    assert (practice.session, practice.share, practice.mark) == ("perception", 1.0, 3)
    assert practice.drills == ("perception",)


@pytest.mark.parametrize(("seconds", "lines"), [(4, 0), (60, 1)])
def test_what_was_ended_early_is_kept_as_far_as_it_was_heard(seconds: int, lines: int) -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        await on.step(seconds)
        await on.press("right", "right")
        await on.press("e", "y")
        assert isinstance(on.screen, AfterScreen) == bool(lines)
        await on.press("enter")
        assert isinstance(on.screen, LibraryScreen) or not lines

    played(act)
    assert len(logged()) == lines
    assert all(0.05 < practice.share < 0.11 and practice.mark is None for practice in logged())


@pytest.mark.parametrize(("seconds", "told"), [(50, ""), (75, "Beat 172: 1:1")])
def test_a_plain_beat_is_asked_about_from_a_minute_on(seconds: int, told: str) -> None:
    async def act(on: Stage) -> None:
        await on.press("b", *"172", "space")
        await on.step(seconds)
        await on.press("e", "escape")
        await on.poll()
        assert isinstance(on.screen, AfterScreen) == bool(told)
        assert not told or on.text(".heading").startswith(told)

    played(act)
    assert len(logged()) == 1


def test_the_question_waits_until_nothing_else_is_open() -> None:
    async def act(on: Stage) -> None:
        await on.begin("perception", "drill")
        await on.press("question_mark")
        timeline = on.transport.timeline
        await on.step((timeline.frames - timeline.start) / 48000 + 1)
        assert on.app.transport is None
        assert isinstance(on.screen, KeysScreen)
        await on.press("escape")
        await on.poll()
        assert isinstance(on.screen, AfterScreen)

    played(act)
    assert len(logged()) == 1


def test_what_is_only_led_in_was_not_practised() -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        await on.step(20)
        marks = on.transport.timeline.marks
        later = next(
            m for m in marks if on.transport.performance.parts[m.index].drill == "toe-taps"
        )
        on.transport.jump(later.index)
        await on.step(15)
        for _ in range(4):
            await on.press("space")
            await on.press("space")
            await on.step(0.5)
        await on.press("e", "y")

    played(act)
    (practice,) = logged()
    assert practice.drills == ("perception", "toe-taps")
    assert practice.share < 25 / 600


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
def test_ctrl_q_and_ctrl_c_ask_as_q_does(key: str) -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press(key)
        assert isinstance(on.screen, Confirm)
        await on.press(key)
        assert isinstance(on.screen, Confirm)
        await on.press("n")
        assert isinstance(on.screen, PlayScreen)

    played(act)


def test_enter_twice_plays_once() -> None:
    async def act(on: Stage) -> None:
        await on.choose("first-perception")
        await on.pilot.press("enter", "enter")
        await on.until(lambda: on.app.transport, "the playing")
        await on.poll()
        assert isinstance(on.screen, PlayScreen)

    played(act)


def test_quitting_and_another_session_keep_what_was_practised() -> None:
    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        await on.step(30)
        await on.begin("first-perception")
        assert [practice.session for practice in logged()] == ["daily-ten"]
        await on.step(30)
        await on.press("q")
        await on.press("y")

    played(act)
    assert [practice.session for practice in logged()] == ["daily-ten", "first-perception"]


def test_a_cadence_that_was_found_is_kept_if_wished() -> None:
    async def act(on: Stage) -> None:
        await on.begin("cadence-plus5")
        await on.to(Kind.RUN, 12)
        await on.press("up", "up")
        await on.step(3)
        await on.press("e", "y")
        assert "You ran at 167 (yours is not set)" in on.text("#found")
        await on.press("k")
        await on.press("enter")

    played(act)
    assert kept()["cadence"] == 167


@pytest.mark.parametrize(("key", "mastered"), [("y", True), ("enter", False)])
def test_a_drill_that_felt_easy_three_times_is_offered(key: str, mastered: bool) -> None:
    practice = Practice("2026-11-01", "daily-ten", "Daily ten", 1.0, 170, 4, ("perception",))
    for _ in range(2):
        history.append(practice, settings.user_folder())

    async def act(on: Stage) -> None:
        await on.begin("daily-ten")
        await on.step(40)
        await on.press("e", "y")
        await on.press("5")
        assert "Perception felt easy 3 times" in on.text("#found")
        await on.press(key)
        assert isinstance(on.screen, LibraryScreen)
        assert ("perception" in on.app.settings.mastered) is mastered

    played(act, replace(READ, explained=("perception",)))
