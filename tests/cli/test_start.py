"""What a command imports: a start is as light as what it does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"numpy", "soxr", "soundfile", "_soundfile", "sounddevice", "textual", "pydub", "mutagen"}
PRINT = """
import json, sys
from cadence_cue.cli.main import main
try:
    main(sys.argv[1:])
finally:
    json.dump(list(sys.modules), open({out!r}, "w"))
"""


def imported(tmp_path: Path, *arguments: str) -> set[str]:
    """The modules that a command has imported when it ends."""
    out = tmp_path / "modules.json"
    environment = {**os.environ, "HOME": str(tmp_path)}
    command = [sys.executable, "-c", PRINT.format(out=str(out)), *arguments]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return set(json.loads(out.read_text()))


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        (["--version"], 12),
        (["--help"], 12),
        (["list"], 60),
        (["show", "daily-ten"], 60),
        (["show", "first-perception"], 60),
        (["cadence"], 71),
    ],
)
def test_what_needs_no_sound_imports_nothing_of_it(
    arguments: list[str], most: int, tmp_path: Path
) -> None:
    modules = imported(tmp_path, *arguments)
    assert not HEAVY & modules
    assert sum(name.startswith("cadence_cue") for name in modules) <= most


def test_a_check_plans_without_decoders_or_an_engine(tmp_path: Path) -> None:
    modules = imported(tmp_path, "check", "daily-ten", "first-perception")
    assert (HEAVY | {"hashlib", "termios"}) & modules == {"numpy"}
    ours = {name for name in modules if name.startswith("cadence_cue")}
    others = {
        "app.listing",
        "cli.options",
        "sound.renderer",
        "timing.entry",
        "transport.places",
        "voice.cache",
        "voice.kokoro",
        "voice.pronunciation",
    }
    assert not {f"cadence_cue.{name}" for name in others} & ours
    assert not [
        name
        for name in ours
        if name.startswith(("cadence_cue.export", "cadence_cue.live", "cadence_cue.media"))
    ]
    assert len(ours) <= 92


AT_THE_ENGINE = """
import os, sys
from cadence_cue.live.supervisor import Supervisor
def start(self):
    print(*sys.modules, sep="\\n", flush=True)
    os._exit(0)
Supervisor.start = start
from cadence_cue.cli import main, screen
main.main({arguments!r}) if {arguments!r} else screen.show(listen=None, lane="off", speaks=False)
"""


@pytest.mark.parametrize("arguments", [["play", "daily-ten"], []])
def test_the_engine_starts_before_planner_decoders_and_screen_are_imported(
    arguments: list[str], tmp_path: Path
) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    program = AT_THE_ENGINE.format(arguments=arguments)
    command = [sys.executable, "-c", program]
    modules = subprocess.check_output(command, env=environment, text=True).splitlines()
    assert "cadence_cue.live.player" in modules
    late = ("studio", "app.playing", "app.preparing", "transport.transport", "media", "tui.app")
    assert not {f"cadence_cue.{name}" for name in late} & set(modules)
    assert not {"numpy", "textual", "soxr", "soundfile"} & set(modules)


AT_THE_ENGINES_PROCESS = """
import os, sys
from cadence_cue.live.child import StartedProcess
def start(self, module):
    print(module, *sys.modules, sep="\\n", flush=True)
    os._exit(0)
StartedProcess.__init__ = start
from cadence_cue.cli.main import main
main({arguments!r})
"""


@pytest.mark.parametrize("arguments", [["play", "daily-ten"], ["beat", "172"]])
def test_the_engine_s_process_starts_before_numpy_is_imported(
    arguments: list[str], tmp_path: Path
) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    command = [sys.executable, "-c", AT_THE_ENGINES_PROCESS.format(arguments=arguments)]
    module, *modules = subprocess.check_output(command, env=environment, text=True).splitlines()
    while module != "cadence_cue.live.engine":  # what is told before it starts
        module, *modules = modules
    assert "cadence_cue.cli.play" in modules
    assert not {"numpy", "cadence_cue.live.player", "cadence_cue.studio"} & set(modules)


AT_THE_TIMELINE = """
import os, sys
from cadence_cue.live.player import Player
def play(*_):
    print(*sys.modules, flush=True)
    os._exit(0)
Player.play = play
from cadence_cue.cli.main import main
main(["play", "daily-ten", "--backend", "silent"])
"""


def test_a_session_plays_before_what_follows_it_is_imported(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    command = [sys.executable, "-c", AT_THE_TIMELINE]
    told = subprocess.check_output(command, env=environment, text=True)
    modules = set(told.splitlines()[-1].split())
    assert "cadence_cue.transport.transport" in modules
    assert not {"hashlib", "soxr", "cadence_cue.app.tracks.performed"} & modules


def test_an_engine_imports_neither_coaching_nor_sound_libraries_before_its_order() -> None:
    listed = "import sys, cadence_cue.live.engine; print(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", listed], text=True).split()
    assert "numpy" in modules
    assert not [name for name in modules if name.startswith("cadence_cue.coaching")]
    # They look for servers when they start, which a question to the runner may precede.
    assert not {"sounddevice", "miniaudio", "_cffi_backend"} & set(modules)


AT_THE_FIRST_PAGE = """
import asyncio, sys
from cadence_cue.app.settings import Settings
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player
from cadence_cue.tui.app import CadenceApp
from cadence_cue.tui.library.preview import Preview
def show(self, *_):
    print(*sys.modules, sep="\\n", file=sys.__stdout__)
    self.app.exit()
Preview._show_known = show
async def run():
    with Player(Output(backend="silent")) as player:
        await CadenceApp(player, Settings(safety_read=True)).run_async(headless=True, size=(80, 24))
asyncio.run(run())
"""


def test_a_session_is_shown_before_planner_and_other_screens_are_imported(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path)}
    command = [sys.executable, "-c", AT_THE_FIRST_PAGE]
    modules = set(subprocess.check_output(command, env=environment, text=True).split())
    assert HEAVY & modules == {"textual"}
    ours = {name.removeprefix("cadence_cue.") for name in modules}
    assert {"tui.library.library", "tui.detail", "coaching.program"} <= ours
    late = {"app.charts", "app.score", "export", "media", "music", "scoring", "season", "share",
            "app.playing", "app.preparing", "live.device_list", "live.recorder", "sound", "studio",
            "timing.timeline", "transport.transport",
            "tui.calibrating", "tui.doctor", "tui.editor", "tui.exports", "tui.history",
            "tui.palette", "tui.playing.playing", "tui.preferences", "tui.today", "tui.voice",
            "tui.welcome"}  # fmt: skip
    assert late & ours == set()
