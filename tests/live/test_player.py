"""The player and its engine, on a device of our own: every way that sound can fail."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cadence_cue.live.control import State
from cadence_cue.live.device import Device, NoSoundError, pick
from cadence_cue.live.player import Player
from cadence_cue.live.process import devices
from tests.live.rig import BEATS, RATE, VOICE, gone, timeline, wait_for

Shim = Callable[[str], None]


@pytest.fixture(autouse=True)
def no_files_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def engine_of(player: Player) -> int:
    assert player._engine is not None
    return player._engine._process.pid


def test_it_plays_to_the_end(shim: Shim) -> None:
    shim("play")
    planned = timeline()
    with Player(RATE) as player:
        pid = engine_of(player)
        player.load(BEATS, VOICE)
        assert player.play(planned) == 1
        assert player.heard == planned.start
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        assert player.position == (1, planned.frames, State.FINISHED)
        assert player.device == "shim"
        assert not player.silent
    assert player.notice == ""
    assert gone(pid)


def test_a_jump_back_is_a_new_generation_of_the_same_timeline(shim: Shim) -> None:
    shim("play")
    planned = timeline()
    with Player(RATE) as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.heard > 12000, "a frame in the middle")
        player.pause()
        wait_for(lambda: player.position.state is State.PAUSED, "the pause")
        again = player.play(planned, frame=1000)
        wait_for(lambda: player.position.generation == again, "the jump")
        assert 1000 <= player.heard < 12000
        other = player.play(timeline(frames=9000))
        wait_for(lambda: player.position == (other, 9000, State.FINISHED), "the other's end")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("missing", r"PortAudio's library is not installed \(.*: sudo apt install libportaudio2\)"),
        ("none", "no output device was found"),
        ("refuse", '"shim" could not be opened at 48000 Hz; it prefers 44100 Hz .*'),
    ],
)
def test_without_sound_it_says_so_and_plays_silently(shim: Shim, how: str, reason: str) -> None:
    shim(how)
    planned = timeline(frames=12000)
    with Player(RATE) as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.position.state is State.FINISHED, "the silent end")
        wait_for(lambda: player.silent, "the silent clock")
        offer = r"Playing silently; `cadence-cue export` makes a file instead\."
        assert re.fullmatch(f"No sound: {reason}. {offer}", player.notice)
        player.play(timeline(frames=100 * RATE))
        states = []
        for act in (player.pause, player.resume, lambda: player.level(beat=0.5)):
            act()
            states.append(player.position.state)
        assert states == [State.PAUSED, State.PLAYING, State.PLAYING]


def test_a_device_that_stops_is_left_for_the_silent_clock(shim: Shim, tmp_path: Path) -> None:
    shim("stall")
    planned = timeline(frames=2 * RATE)
    with Player(RATE) as player:
        pid = engine_of(player)
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.silent, "the silent clock")
        assert gone(pid)
        assert player.notice.startswith('The sound stopped: the device "shim" does not answer.')
        assert player.position.state is State.PLAYING
        assert player.heard < planned.frames
        wait_for(lambda: player.position.state is State.FINISHED, "the silent end")
    assert not list(tmp_path.iterdir())


def test_a_pause_outlives_the_device(shim: Shim) -> None:
    shim("stall")
    with Player(RATE) as player:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=100 * RATE))
        player.pause()
        wait_for(lambda: player.silent, "the silent clock")
        assert player.position.state is State.PAUSED


def test_an_engine_that_dies_is_told_with_its_last_words(shim: Shim) -> None:
    shim("gone")
    with Player(RATE) as player:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=100 * RATE))
        wait_for(lambda: player.silent, "the silent clock")
        assert "The sound stopped: its program ended (something broke)." in player.notice
        before = player.heard
        wait_for(lambda: player.heard > before, "the silent clock's frames")


def test_a_dead_device_cannot_hold_up_the_end(shim: Shim) -> None:
    shim("stall")
    with Player(RATE, watchdog=False) as player:
        pid = engine_of(player)
        player.load(BEATS, VOICE)
        player.play(timeline(frames=100 * RATE))
        wait_for(lambda: player.heard > RATE // 4, "the middle")
    assert gone(pid)


def test_closing_before_anything_was_played_ends_the_engine(shim: Shim) -> None:
    shim("play")
    with Player(RATE) as player:
        pid = engine_of(player)
    assert gone(pid)


def test_the_terminal_s_keys_pass_the_engine_by(shim: Shim) -> None:
    shim("play")
    with Player(RATE) as player:
        pid = engine_of(player)
        wait_for(lambda: player.device, "the device")
        assert os.getsid(pid) == pid
        for number in (signal.SIGINT, signal.SIGTSTP):
            os.kill(pid, number)
        player.load(BEATS, VOICE)
        player.play(timeline(frames=12000))
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        assert not player.silent


PARENT = """
import sys, time
from cadence_cue.live.player import Player
from tests.live.rig import BEATS, VOICE, timeline
player = Player(48000)
player.start()
player.load(BEATS, VOICE)
player.play(timeline(frames=48000 * 100))
while player.heard < 0:
    time.sleep(0.01)
print(player._engine._process.pid, flush=True)
{end}
"""


@pytest.mark.parametrize("end", ["time.sleep(1000)", "sys.exit()", "raise ValueError"])
def test_no_engine_outlives_its_parent(shim: Shim, tmp_path: Path, end: str) -> None:
    shim("play")
    program = PARENT.format(end=end)
    path = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path},
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        if "sleep" in end:
            parent.kill()
    wait_for(lambda: gone(pid), "the engine's end")
    assert not list(tmp_path.iterdir())


def test_an_engine_whose_server_hangs_ends_with_its_parent(shim: Shim) -> None:
    shim("hang")
    program = """if True:
        import time
        from cadence_cue.live.player import Player
        player = Player(48000)
        player.start()
        print(player._engine._process.pid, flush=True)
        time.sleep(1000)
    """
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_for(lambda: gone(pid), "the engine's end")


def test_a_server_that_never_answers_is_told(shim: Shim) -> None:
    shim("hang")
    with Player(RATE) as player:
        wait_for(lambda: player.silent, "the silent clock")
        assert player.notice.startswith("No sound: the sound system does not answer.")


def test_outputs_are_listed_and_the_server_s_own_is_the_default(shim: Shim) -> None:
    shim("play")
    assert devices() == (
        Device(1, "shim", "JACK", 2, 44100, 0.01, default=True),
        Device(2, "shim two", "JACK", 8, 44100, 0.01, default=False),
    )


def test_a_missing_library_is_named_when_outputs_are_asked_for(shim: Shim) -> None:
    shim("missing")
    with pytest.raises(NoSoundError, match="PortAudio's library is not installed"):
        devices()


def test_a_device_is_picked_by_index_name_or_part_of_it() -> None:
    found = [
        Device(3, "Speakers", "ALSA", 2, 48000, 0.01, default=False),
        Device(5, "USB Headphones", "ALSA", 2, 48000, 0.01, default=True),
        Device(6, "USB Headphones 2", "ALSA", 2, 48000, 0.01, default=False),
    ]
    assert pick(found, None) is found[1]
    assert pick(found, "3") is found[0]
    assert pick(found, "speak") is found[0]
    assert pick(found, "USB Headphones") is found[1]
    with pytest.raises(NoSoundError, match="5 USB Headphones, 6 USB Headphones 2"):
        pick(found, "usb")
    with pytest.raises(NoSoundError, match='no output device is called "radio"'):
        pick(found, "radio")
