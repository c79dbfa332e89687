"""The real program in a real terminal, in real time: what comes after what, and what is left."""

from __future__ import annotations

import json
import shlex
import signal
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from unittest.mock import Mock

import pytest
import soundfile as sf
from textual.drivers._writer_thread import MAX_QUEUED_WRITES, WriterThread

from cadence_cue.app import settings
from cadence_cue.app.settings import Settings
from cadence_cue.tui.driver import Lenient
from tests.cli.process import COMMAND, HANG, Terminal, engines, outcome, shell, terminal
from tests.live.rig import wait_for
from tests.matrix import matrix

SESSION = """title = "Rocking"
summary = "A test."
level = "easy"
place = ["home"]
get_ready = "1s"

[[phase]]
drill = "perception"
time = "60s"

[[phase]]
rest = ""
time = "10 min"
"""
SCREEN = {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "SHIM": "play"}


@contextmanager
def opened(**more: str) -> Iterator[Terminal]:
    """The program without a command."""
    with terminal(**SCREEN, **more) as screen:
        yield screen


@pytest.fixture
def mine(home: Path) -> Path:
    """A session of the runner's own, which stands first in the library."""
    settings.change(lambda _: Settings(safety_read=True))
    folder = settings.user_folder() / "sessions"
    folder.mkdir(parents=True)
    (folder / "a-short.toml").write_text(SESSION)
    return home


def ended(screen: Terminal, home: Path) -> str:
    """Its exit code, when nothing of it is left."""
    screen.wait_for("ended: ")
    code = screen.wait_for("\n")
    wait_for(lambda: screen.mode == screen.before, "the terminal")
    wait_for(lambda: not engines(home), "the engine's end")
    return code


def test_a_first_evening(home: Path) -> None:
    with opened() as screen:
        screen.wait_for("Before the first step")
        screen.press("\r")
        screen.wait_for("Headphones and volume")
        screen.press("\r")
        screen.wait_for("Your own cadence")
        screen.press("172\r")
        screen.wait_for("Why drills")
        screen.press("\r")
        screen.wait_for("SESSIONS")
        screen.press("q")
        assert ended(screen, home) == "0"
    kept = tomllib.loads((settings.config_folder() / "settings.toml").read_text())
    assert kept == {"cadence": 172.0, "safety_read": True}


def test_choose_play_change_skip_export_quit(mine: Path) -> None:
    with opened() as screen:
        screen.wait_for("Rocking")
        screen.press("\r")
        screen.wait_for("to go")
        screen.press("+")
        screen.wait_for("the most there is")
        screen.press("\x1b[C")
        screen.wait_for("to Rest")
        screen.press("x")
        screen.wait_for("Export Rocking")
        screen.press("\r")
        screen.wait_for("Exported")
        screen.press("q")
        screen.wait_for("is still playing")
        screen.press("y")
        assert ended(screen, mine) == "0"
    assert sf.info("Rocking.mp3").frames > 60 * 48000
    history = settings.user_folder() / "history.jsonl"
    assert not history.exists() or json.loads(history.read_text())["session"] == "a-short"


@pytest.mark.matrix
def test_keys_of_a_terminal_are_steps(mine: Path) -> None:
    with opened() as screen:
        screen.wait_for("Rocking")
        screen.press("b")
        screen.wait_for("starts it")
        screen.press(" ")
        screen.wait_for("0:01")
        screen.press("y")
        screen.wait_for("listening for your steps")
        for _ in range(16):  # each other one is within the lane
            screen.press("fj ")
            time.sleep(0.45)  # a key that comes again at once is a held one
        screen.wait_for("●")
        screen.press("p")
        screen.wait_for("PAUSED")
        screen.press("\x11y")
        assert ended(screen, mine) == "0"


@pytest.mark.matrix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_leaves_a_terminal_that_works(mine: Path, number: signal.Signals) -> None:
    with opened() as screen:
        screen.wait_for("Rocking")
        screen.press("\r")
        screen.wait_for("to go")
        screen.signal(number)
        assert ended(screen, mine) == str(128 + number)


def test_a_closed_terminal_leaves_no_engine(mine: Path) -> None:
    with opened() as screen:
        screen.wait_for("Rocking")
        screen.press("\r")
        screen.wait_for("to go")
        wait_for(lambda: engines(mine), "the engine")
    wait_for(lambda: not engines(mine), "the engine's end")


def test_a_terminal_that_vanishes_ends_the_app_and_keeps_what_was_not_saved(mine: Path) -> None:
    with opened() as screen:
        screen.wait_for("Rocking")
        screen.press("\r")
        screen.wait_for("to go")
        screen.press("le")
        screen.wait_for("undo")
        screen.press("\x1b[Bx")
        screen.wait_for("not saved")
        screen.vanish()  # only the shell, which lives on, is told
        screen.process.wait(HANG)  # for the app, as the shell does
        wait_for(lambda: not engines(mine), "the engine's end")
    (draft,) = (settings.state_folder() / "drafts").iterdir()
    assert "perception" not in json.loads(draft.read_text())["text"]


EDITOR = """#!/bin/sh
trap 'echo told > told; exit' HUP
trap '' TERM
echo editing
while :; do sleep 0.1; done
"""


@pytest.mark.parametrize("closed", matrix([True, False]), ids=["closed", "told"])
def test_it_ends_though_an_editor_is_open_and_keeps_what_was_practised(
    mine: Path, monkeypatch: pytest.MonkeyPatch, *, closed: bool
) -> None:
    editor = mine / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    with opened(EDITOR=str(editor), VISUAL="") as screen:
        screen.wait_for("Rocking")
        screen.press("\r")
        screen.wait_for("to go")
        screen.press("l")
        screen.wait_for("SESSIONS")
        # What is shorter is not logged.
        screen.wait_for(*(f"Rocking 0:{seconds}  (l)" for seconds in range(11, 60)))
        screen.press("E")
        screen.wait_for("editing")
        if closed:
            screen.vanish()
            screen.process.wait(HANG)  # for the app, as the shell does
            wait_for(lambda: not engines(mine), "the engine's end")
        else:
            screen.signal(signal.SIGTERM)
            assert ended(screen, mine) == str(128 + signal.SIGTERM)
    assert Path("told").read_text() == "told\n"
    assert "Rocking" in (settings.user_folder() / "history.jsonl").read_text()


def test_ctrl_z_and_a_signal_give_the_terminal_back_and_fg_the_screen(mine: Path) -> None:
    with shell(**SCREEN) as screen:
        screen.wait_for("> ")
        before = screen.mode
        screen.press(shlex.join(COMMAND) + "\n")
        screen.wait_for("Rocking")
        screen.press("\r")
        screen.wait_for("to go")
        screen.press("\x1a")
        screen.wait_for("> ")
        assert screen.mode == before
        screen.press("fg\n")
        screen.wait_for("to go")
        screen.signal(signal.SIGTERM)
        screen.wait_for("> ")
        assert screen.mode == before
        wait_for(lambda: not engines(mine), "the engine's end")
        screen.press('echo "ended: $?"\n')
        screen.wait_for(f"ended: {128 + signal.SIGTERM}")


def test_without_a_terminal_it_tells_its_commands(home: Path) -> None:
    code, output, errors = outcome()
    assert (code, errors) == (0, "")
    assert "cadence-cue play first-perception" in output


def test_a_terminal_that_can_show_no_screen_is_told_the_commands(home: Path) -> None:
    with terminal(TERM="dumb") as screen:
        assert "cadence-cue play first-perception" in screen.wait_for("ended: 0")


def test_what_a_closed_terminal_does_not_take_stops_nothing() -> None:
    closed = Mock(write=Mock(side_effect=OSError), flush=Mock(side_effect=OSError))
    output = WriterThread(Lenient(closed))  # type: ignore[arg-type]
    output.start()

    def more_than_waits() -> None:
        for _ in range(2 * MAX_QUEUED_WRITES):
            output.write("x")
        output.stop()

    writing = Thread(target=more_than_waits, daemon=True)
    writing.start()
    writing.join(HANG)
    assert not writing.is_alive()
    assert closed.write.call_count == 2 * MAX_QUEUED_WRITES
