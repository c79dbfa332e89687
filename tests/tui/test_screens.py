"""The screens of one thing: doctor, devices, voices, sharing, recordings, keys."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar
from unittest.mock import patch
from urllib.request import urlopen

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf
from textual.widgets import OptionList

from cadence_cue.app import checkup, findings, settings
from cadence_cue.app.findings import Section
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.live.control import State
from cadence_cue.live.device_list import Listing
from cadence_cue.live.output import Device, NoSoundError
from cadence_cue.tui import devices as devices_screen
from cadence_cue.tui import sharing
from cadence_cue.tui.devices import DevicesScreen
from cadence_cue.tui.doctor import DoctorScreen
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.key_settings import KeySettingsScreen, PressScreen
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.page import Page
from cadence_cue.tui.rows import hanging
from cadence_cue.tui.sharing import ShareScreen
from cadence_cue.tui.voice import line_recording, recordings
from cadence_cue.tui.voice.recordings import RecordingsScreen
from cadence_cue.tui.welcome import WelcomeScreen
from tests.cli.process import ROOT
from tests.tui.rig import HANG, READ, Stage, played

SPOKEN = ROOT / "sounds" / "voice" / "af_heart"


def rows(on: Stage) -> dict[str, str]:
    """The rows of the screen in front, by their ids."""
    table = on.screen.query_one(OptionList)
    return {option.id or "": str(option.prompt) for option in table.options}


async def choose(on: Stage, key: str) -> None:
    """Put the cursor on a row."""
    table = on.screen.query_one(OptionList)
    table.highlighted = table.get_option_index(key)
    await on.pilot.pause()


@pytest.fixture
def quick_checks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Checks that take no time; what was measured."""
    measured: list[str] = []

    def sound(*_: object) -> Section:
        measured.append("sound")
        return Section("Sound", ("none",), ("Nothing could be played.",))

    monkeypatch.setattr(checkup, "sound", sound)
    monkeypatch.setattr(checkup, "devices", lambda: Section("Devices", ("phones",)))
    for name in ("versions", "formats", "folders"):
        monkeypatch.setattr(findings, name, lambda name=name: Section(name, ("good",)))
    monkeypatch.setattr(findings, "voice", lambda name: Section("Voice", (name,)))
    return measured


def test_the_doctor_shows_what_the_command_prints_and_the_problems_first(
    quick_checks: list[str],
) -> None:
    async def act(on: Stage) -> None:
        await on.press("D")
        await on.until(lambda: "af_heart" in on.text("#lines"), "the last check")
        told = on.text("#lines")
        titles = ["Problems", "versions", "Devices", "Sound", "formats", "folders", "Voice"]
        assert [line for line in told.splitlines() if line and line[0] != " "] == titles
        assert "  Nothing could be played." in told
        await on.press("r")
        await on.until(lambda: len(quick_checks) == 2, "another check")
        await on.press("escape")
        await on.begin()
        await on.press("D")
        await on.until(lambda: "af_heart" in on.text("#lines"), "the last check")
        assert "not measured while something plays; e ends that" in on.text("#lines")
        assert len(quick_checks) == 2
        await on.press("e", "y")
        assert on.app.transport is None

    played(act)


def test_the_first_start_leads_to_the_doctor_and_back(quick_checks: list[str]) -> None:
    async def act(on: Stage) -> None:
        await on.press("enter", "D")
        assert isinstance(on.screen, DoctorScreen)
        assert on.player.resting
        await on.press("escape")
        assert isinstance(on.screen, WelcomeScreen)
        await on.step(2)
        assert on.player.position.state is State.PLAYING

    played(act, Settings())


def test_the_banner_of_a_missing_sound_names_the_key_of_the_doctor(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Page, "no_sound", "No sound: nothing is plugged in.")

    async def act(on: Stage) -> None:
        await on.begin()
        assert on.text("#banner") == "f9: check the sound · No sound: nothing is plugged in."

    played(act, replace(READ, keys=(("app.doctor", "f9"),)))


def test_why_nothing_is_heard_can_be_read_in_full_though_it_was_found_before() -> None:
    async def act(on: Stage) -> None:
        on.player.notices.append("No sound: nothing is plugged in.")
        on.app.poll()
        assert not on.app.message
        await on.begin()
        await on.press("M")
        assert "No sound: nothing is plugged in." in on.text(".card Static")

    played(act)


DEVICES = tuple(
    Device("portaudio", k, name, "ALSA", 2, 48000, 0.02, default=not k)
    for k, name in enumerate(("Speakers", "Phones"))
)


def test_a_device_is_chosen_for_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Listing(DEVICES, {"miniaudio": "no output device was found"})
    monkeypatch.setattr(devices_screen, "devices", lambda: found)

    async def act(on: Stage) -> None:
        await on.press("O")
        await on.until(lambda: len(rows(on)) == 3, "the devices")
        assert rows(on)["usual"] == "* the usual one"
        assert "miniaudio: no output device was found" in on.text("#about")
        await choose(on, "portaudio 1")
        await on.press("enter")
        await on.until(lambda: rows(on).get("portaudio 1", "").startswith("* Phones"), "the mark")
        assert settings.load()[0].device == "Phones"

    played(act)


def test_each_voice_is_heard_and_one_is_used() -> None:
    async def act(on: Stage) -> None:
        await on.press("V")
        assert rows(on)["af_heart"].startswith("* af_heart: a woman")
        await choose(on, "am_michael")
        await on.press("space")
        await on.until(lambda: not on.player.resting, "the voice")
        await on.step(0.5)
        assert on.player.position.state is State.PLAYING
        await on.step(6)
        assert on.player.resting
        await on.press("enter")
        assert rows(on)["am_michael"].startswith("* am_michael")
        assert settings.load()[0].voice == "am_michael"
        await on.press("space")
        await on.until(lambda: not on.player.resting, "the voice")
        await on.press("escape")  # and nobody waits for its end
        await on.until(lambda: on.player.resting, "rest")
        await on.begin()
        await on.press("V", "space")
        assert on.told == "Something plays. End it first (e), then hear the voice."

    played(act)


def test_a_track_is_offered_while_its_screen_is_open(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sf.write("a.wav", np.zeros(8000), 8000)
    monkeypatch.setattr(sharing, "addresses", lambda: ["127.0.0.1"])

    async def act(on: Stage) -> None:
        on.app.push_screen(ShareScreen(home / "a.wav"))
        await on.pilot.pause()
        await on.press("y")
        screen = on.screen
        await on.until(lambda: "http" in str(screen.query_one("#lines").content), "the address")  # type: ignore[attr-defined]
        url = re.search(r"http://\S+", on.text("#lines"))
        assert url
        got = await asyncio.to_thread(lambda: urlopen(f"{url[0]}track?keep").read())
        assert got == (home / "a.wav").read_bytes()
        await on.until(lambda: "has all of a.wav" in on.text("#lines"), "what was fetched")
        assert on.screen.query_one("#code").display
        assert "█" in on.text("#code")
        await on.pilot.resize_terminal(60, 20)
        await on.poll()
        assert not on.screen.query_one("#code").display
        assert "A larger window shows a QR code" in on.text("#lines")
        await on.press("escape")
        assert isinstance(on.screen, LibraryScreen)
        with pytest.raises(OSError, match="refused"):
            await asyncio.to_thread(lambda: urlopen(url[0]))

    played(act)


Held = tuple[threading.Event, list[Any], list[bool]]


def hold(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> Held:
    """Let a function of a screen's worker wait before it returns.

    Gives what lets it go on, what it returns, and whether the page was there when that was shown.
    """
    real, go, found = getattr(module, name), threading.Event(), []
    shown: list[bool] = []
    show = Page.from_thread

    def slow(*args: object) -> Any:
        found.append(real(*args))
        go.wait(HANG)
        return found[-1]

    def noted(page: Page, act: Callable[..., object], *given: object) -> bool:
        there = show(page, act, *given)
        if isinstance(page, (RecordingsScreen, DevicesScreen, ShareScreen)):
            shown.append(there)
        return there

    monkeypatch.setattr(module, name, slow)
    monkeypatch.setattr(Page, "from_thread", noted)
    return go, found, shown


@pytest.mark.parametrize(("key", "module", "name"), [("R", recordings, "sheet"),
                                                     ("O", devices_screen, "devices")])  # fmt: skip
def test_what_is_found_after_a_screen_was_left_is_not_shown(
    key: str, module: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices_screen, "devices", lambda: Listing(DEVICES, {}))
    go, found, shown = hold(monkeypatch, module, name)

    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        await on.press(key)
        await on.until(lambda: found, "what is looked for")
        await on.press("escape")
        go.set()
        await on.until(lambda: shown, "the end of the look")
        assert shown == [False]
        assert isinstance(on.screen, LibraryScreen)

    played(act)


def test_the_command_that_lists_the_lines_is_right_for_a_name_with_a_blank() -> None:
    path = user_folder() / "sessions" / "my run.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(built_in_sessions()["first-perception"].read_bytes())

    async def act(on: Stage) -> None:
        await on.choose("my run")
        await on.press("R")
        await on.until(lambda: "cadence-cue lines 'my run' -o FILE" in on.text("#lines"), "it")

    played(act)


def test_nothing_is_shown_once_the_app_closes_its_screens() -> None:
    shown: list[str] = []

    async def act(on: Stage) -> None:
        assert isinstance(on.screen, Page)
        with patch.object(type(on.app), "is_running", new=False):
            assert not await asyncio.to_thread(on.screen.from_thread, shown.append, "late")
        assert await asyncio.to_thread(on.screen.from_thread, shown.append, "in time")

    played(act)
    assert shown == ["in time"]


def test_a_track_is_not_offered_once_its_screen_was_left(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sf.write("a.wav", np.zeros(8000), 8000)
    monkeypatch.setattr(sharing, "addresses", lambda: ["127.0.0.1"])
    go, found, shown = hold(monkeypatch, sharing, "offer")

    async def act(on: Stage) -> None:
        on.app.push_screen(ShareScreen(home / "a.wav"))
        await on.pilot.pause()
        await on.press("y")
        await on.until(lambda: found, "the offer")
        await on.press("escape")
        go.set()
        await on.until(lambda: shown, "the end")
        await on.until(lambda: found[0].served._file.closed, "the closed file")
        with pytest.raises(OSError, match="refused"):
            await asyncio.to_thread(lambda: urlopen(found[0].urls[0]))

    played(act)


def test_what_is_recorded_of_a_session_and_what_is_missing() -> None:
    folder = Path("mine")
    folder.mkdir()
    sf.write(folder / "rest.wav", np.sin(np.arange(8000) / 8), 16000)

    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        await on.press("R")
        await on.until(lambda: "c chooses" in on.text("#lines"), "the lines")
        await on.press("c")
        await on.press(*"mine", "enter")
        await on.until(lambda: "[x] rest.wav" in on.text("#lines"), "the recording")
        assert re.search(r"1 of \d+ are recorded in mine", on.text("#lines"))
        await on.press("m")
        assert "rest.wav" not in on.text("#lines")
        assert "[ ] " in on.text("#lines")
        assert settings.load()[0].sounds == "mine"
        await on.press("escape")
        await on.choose("toe-taps", "drill")
        await on.press("R")
        assert "Choose a session" in on.told

    played(act)


class Spoken:
    """A microphone into which the next of some takes is spoken."""

    takes: ClassVar[list[npt.NDArray[np.float32] | str]] = []
    forgotten: ClassVar[list[str]] = []

    def __init__(self, microphone: str | None) -> None:
        assert microphone is None
        take = self.takes.pop(0)
        if isinstance(take, str):
            raise NoSoundError(take)
        self._take = take

    def forget(self) -> None:
        self.forgotten.append("what was before")

    def stop(self) -> npt.NDArray[np.float32]:
        return self._take

    def close(self) -> None:
        pass


def test_missing_lines_are_recorded_heard_done_again_and_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = Path("mine")
    folder.mkdir()
    speech, _ = sf.read(next(SPOKEN.glob("drop-your-shoulders*.opus")), dtype="float32")
    monkeypatch.setattr(line_recording, "COUNT", 0.01)
    monkeypatch.setattr(line_recording, "Recorder", Spoken)
    monkeypatch.setattr(Spoken, "takes", ["it is in use", speech * 0, speech, speech])

    async def take(on: Stage, told: str) -> None:
        await on.press("enter")
        await on.until(lambda: "●" in on.text("#lines") or told in on.text("#lines"), "the mark")
        if "●" in on.text("#lines"):
            await on.press("k")  # any key
        await on.until(lambda: told in on.text("#lines") or "keep" in keys(on), told or "a take")

    def files() -> list[Path]:
        return [*folder.iterdir()]

    def keys(on: Stage) -> str:
        return str(on.screen.query_one(KeyFooter).render())

    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        await on.press("R")
        await on.until(lambda: "c chooses" in on.text("#lines"), "the lines")
        await on.press("enter")
        assert "Choose a folder" in on.told
        await on.press("c", *"mine", "enter")
        await on.until(lambda: re.search(r"0 of \d+ are recorded", on.text("#lines")), "none")
        await on.press("enter")
        assert on.text("#lines").startswith("1 of ")
        await take(on, "it is in use.")
        assert keys(on).startswith("⏎ record s skip esc back")
        await take(on, "silen")
        assert "keep" not in keys(on)
        await take(on, "keep")
        assert keys(on).startswith("k keep h hear again ⏎ record")
        await on.step(0.1)
        assert on.player.position.state is State.PLAYING
        assert files() == []
        await on.press("h", "k")
        assert len(files()) == 1
        assert on.text("#lines").startswith("2 of ")
        assert ", 1 kept" in on.text("#lines")
        await on.press("s")
        await take(on, "keep")
        await on.press("escape")
        assert isinstance(on.screen, RecordingsScreen)
        await on.until(lambda: re.search(r"1 of \d+ are recorded", on.text("#lines")), "it")
        (file,) = files()
        assert f"[x] {file.name}" in on.text("#lines")
        kept, rate = sf.read(file, dtype="float32")
        assert rate == 48000
        assert np.abs(kept - speech[: len(kept)]).max() < 1e-4
        assert len(kept) == len(speech) - round(0.15 * 48000)  # without the key
        assert len(Spoken.forgotten) == 3

    played(act)


def test_a_long_line_goes_on_below_its_own_column() -> None:
    line = "2026-11-21 18:00  scored  Toe Taps 151 of 160, +2.4 % without a click"
    assert hanging(line, 52, 18).split("\n") == [
        "2026-11-21 18:00  scored  Toe Taps 151 of 160,",
        "                  +2.4 % without a click",
    ]
    assert hanging("  a line\n  another", 52, 18) == "  a line\n  another"
    key = f"{'C':40}measure late"  # as on the page of keys at 60 columns
    assert hanging(f"{key} headphones", 56, 40) == f"{key}\n{'':40}headphones"


@pytest.mark.parametrize("width", [1, 0, -3])
def test_without_a_column_each_letter_has_a_line_of_its_own(width: int) -> None:
    assert hanging("an ax", width, 18) == "a\nn\na\nx"


def test_a_key_is_chosen_by_pressing_it_and_given_back() -> None:
    async def act(on: Stage) -> None:
        await on.press("s", "ctrl+k")
        assert isinstance(on.screen, KeySettingsScreen)
        await choose(on, "play.pause")
        await on.press("enter", "t")
        assert isinstance(on.screen, PressScreen)
        assert "pause; resume with a count-in" in on.text(".dialog Static")
        assert 't" is already a key of "play.tap"' in on.text("#wrong")
        await on.press("z")
        assert rows(on)["play.pause"].startswith("* z ")
        assert settings.load()[0].keys == (("play.pause", "z"),)
        await on.press("escape", "escape")
        await on.begin()
        footer = str(on.screen.query_one(KeyFooter).render())
        assert footer.startswith("+ - volume v voice z pause ↑ ↓ tempo")
        await on.press("question_mark")
        assert "  z  pause; resume with a count-in" in on.text(".card Static")
        await on.press("escape", "z")
        assert on.transport.paused
        await on.press("s", "ctrl+k")
        await choose(on, "play.pause")
        await on.press("delete")
        assert rows(on)["play.pause"].startswith("  space ")
        assert settings.load()[0].keys == ()

    played(act, replace(READ, keys=()))


def test_only_what_can_be_seen_behind_the_screen_in_front_is_drawn() -> None:
    async def act(on: Stage) -> None:
        library = on.app.screen_stack[0]
        await on.press("x")
        assert library.is_current  # around the dialog
        await on.press("escape", "b")
        assert not library.is_current

    played(act)
