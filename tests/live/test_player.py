"""The player and its engine, on a device of our own: every way that sound can fail."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from cadence_cue.live.control import PlayedBlock, State
from cadence_cue.live.device_list import devices
from cadence_cue.live.output import Device, NoSoundError, Output, pick
from cadence_cue.live.player import Player
from cadence_cue.live.position import Position
from cadence_cue.live.succession import Answer
from tests.live.rig import BEATS, RATE, VOICE, engine_of, gone, standing, timeline, wait_for
from tests.matrix import matrix

Shim = Callable[[str], None]


@pytest.fixture(autouse=True)
def no_files_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))


def test_it_plays_to_the_end(shim: Shim) -> None:
    shim("play")
    planned = timeline()
    with Player(watchdog=False) as player:
        pid = engine_of(player)
        player.load(BEATS, VOICE)
        with standing(player):
            assert player.play(planned) == 1
            assert player.heard == planned.start
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        assert player.position == (1, planned.frames, State.FINISHED)
        assert player.device == "shim"
        assert not player.silent
    assert player.notices == []
    assert gone(pid)


def test_a_jump_back_is_a_new_generation_of_the_same_timeline(shim: Shim) -> None:
    shim("play")
    planned = timeline(frames=100 * RATE)
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.heard > 12000, "a frame in the middle")
        player.pause()
        wait_for(lambda: player.position.state is State.PAUSED, "the pause")
        again = player.play(planned, frame=1000)
        wait_for(lambda: player.position.generation == again, "the jump")
        first, *_ = (one for one in reversed(stretches(player)) if one.generation == again)
        assert first.frame == 1000
        other = player.play(timeline(frames=9000))
        wait_for(lambda: player.position == (other, 9000, State.FINISHED), "the other's end")


@pytest.mark.parametrize(
    ("how", "reason"),
    matrix(
        [
            (
                "missing",
                r"PortAudio's library is not installed \(.*: sudo apt install libportaudio2\)",
            ),
            ("none", "no output device was found"),
            (
                "refuse",
                r'"shim" could not be opened at 48000 Hz \(PortAudio: Invalid sample rate\)',
            ),
        ]
    ),
)
def test_without_sound_it_says_so_and_plays_silently(shim: Shim, how: str, reason: str) -> None:
    shim(how)
    planned = timeline(frames=12000)
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.position.state is State.FINISHED, "the silent end")
        wait_for(lambda: player.silent, "the silent clock")
        offer = r"Playing silently; an export makes a file instead\."
        assert re.fullmatch(f"No sound: {reason}. {offer}", player.notices[-1])
        player.play(timeline(frames=100 * RATE))
        player.pause()
        wait_for(lambda: player.position.state is State.PAUSED, "the pause")
        player.play(timeline(frames=100 * RATE), player.heard)
        wait_for(lambda: player.position.state is State.PLAYING, "more of it")


@pytest.mark.parametrize("remembered", [True, False])
def test_only_a_device_of_another_day_gives_way_to_the_default(
    shim: Shim, *, remembered: bool
) -> None:
    shim("play")
    with Player(Output(device="gone", backend="portaudio", remembered=remembered)) as player:
        wait_for(lambda: bool(player.notices), "a notice")
        assert 'no output device is called "gone"' in player.notices[0]
        if remembered:
            assert player.notices[0].startswith("Your device cannot be used (")
            assert player.notices[0].endswith('). Playing on "shim".')
            wait_for(lambda: player.device == "shim", "the default device")
        else:
            assert player.notices[0].startswith("No sound: ")


def test_a_device_that_is_lost_again_and_again_is_left_alone_for_a_while(shim: Shim) -> None:
    shim("stall")
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=100 * RATE))
        wait_for(lambda: len(player.notices) >= 4, "the fourth loss")
        lost = 'The sound stopped: the device "shim" does not answer.'
        assert player.notices[:3] == 3 * [f'{lost} It is back, on "shim".']
        assert player.notices[3].startswith(f"{lost} Playing on silently until it is back; ")
        wait_for(lambda: player.silent, "the silent clock")
        before = player.heard
        wait_for(lambda: player.heard > before + RATE // 10, "more frames")


def test_a_device_that_stops_plays_all_the_same(shim: Shim, tmp_path: Path) -> None:
    shim("stall play")
    planned = timeline(frames=2 * RATE)
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        pid = engine_of(player)
        wait_for(lambda: player.notices, "the recovery")
        lost = 'The sound stopped: the device "shim" does not answer.'
        assert player.notices[0] == f'{lost} It is back, on "shim".'
        assert gone(pid)
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        assert not player.silent
    assert not list(tmp_path.iterdir())


def test_while_an_engine_is_started_again_the_position_stands(shim: Shim) -> None:
    shim("stall hang")
    with Player() as player:
        player.load(BEATS, VOICE)
        generation = player.play(timeline(frames=100 * RATE))
        wait_for(lambda: player.heard >= 0 and player._engine is None, "the loss")
        stood = player.position
        assert stood.generation == generation
        assert stood.state is State.PLAYING
        player.pause()
        assert player.position == stood._replace(state=State.PAUSED)
        again = player.play(timeline(frames=100 * RATE), 777)
        assert player.position == stood
        wait_for(lambda: player.position.generation == again, "the jump")
        assert player.silent
        assert player.heard >= 777


def test_where_there_is_no_sound_any_more_it_goes_on_silently_and_comes_back(shim: Shim) -> None:
    shim("stall none play")
    planned = timeline(frames=100 * RATE)
    heard: list[int] = []

    def back() -> bool:
        heard.append(player.heard)
        return len(player.notices) >= 2

    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(back, "the sound")
        wait_for(lambda: not player.silent, "the device")
        at = player.heard
        wait_for(lambda: player.heard > at, "more of it")
    assert player.notices[:2] == [
        (
            'The sound stopped: the device "shim" does not answer. Playing on silently until it is '
            "back; an export makes a file instead."
        ),
        'The sound is back, on "shim".',
    ]
    assert heard == sorted(heard)


def test_a_swap_outlives_the_engine(shim: Shim) -> None:
    shim("stall play")
    planned, other = timeline(frames=100 * RATE), timeline(frames=90 * RATE)
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.heard > 0, "the beginning")
        number = player.offer(other, 80 * RATE)
        wait_for(lambda: player.answer(number) is Answer.ACCEPTED, "the swap")
        wait_for(lambda: player.notices, "the recovery")
        assert player.answer(number) is Answer.ACCEPTED
        wait_for(lambda: player.latest and player.latest.timeline == number, "the other one")


def test_what_is_wished_while_no_engine_plays_is_followed_by_the_next(shim: Shim) -> None:
    shim("stall hang")
    planned, other = timeline(frames=100 * RATE), timeline(frames=90 * RATE)
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.heard >= 0 and player._engine is None, "the loss")
        number = player.offer(other, 80 * RATE)
        assert player.answer(number) is Answer.OPEN
        stop = player.heard + RATE // 2
        player.hold(stop)
        wait_for(lambda: player.position.state is State.HELD, "the hold")
        assert player.silent
        assert player.heard == stop
        assert player.answer(number) is Answer.ACCEPTED
        assert player.latest is not None
        assert player.latest.timeline == number


def test_a_held_clock_stands_through_a_recovery_and_goes_on(shim: Shim) -> None:
    shim("play")
    with Player() as player:
        player.load(BEATS, VOICE)
        with standing(player):
            player.play(timeline(frames=100 * RATE))
            player.hold(5000)
        wait_for(lambda: player.position.state is State.HELD, "the hold")
        pid = engine_of(player)
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: engine_of(player) != pid, "another engine")
        made = stretches(player)
        assert {(stretch.frame, stretch.state) for stretch in made if stretch.generation} == {
            (5000, State.HELD)
        }
        assert player.position == (1, 5000, State.HELD)
        player.hold(None)
        wait_for(lambda: player.heard > 6000, "more frames")


def test_a_pause_outlives_the_device(shim: Shim) -> None:
    shim("stall play")
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=100 * RATE))
        wait_for(lambda: player.heard > 0, "the beginning")
        player.pause()
        wait_for(lambda: player.notices, "the recovery")
        while not (player.latest and player.latest.state is State.PAUSED):  # the new engine
            assert player.position.state is State.PAUSED


def test_an_engine_that_dies_is_told_with_its_last_words(shim: Shim) -> None:
    shim("gone play")
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=100 * RATE))
        wait_for(lambda: player.notices, "the recovery")
        assert "The sound stopped: its program ended (something broke)." in player.notices[0]
        before = player.heard
        wait_for(lambda: player.heard > before, "more frames")


def test_a_killed_engine_is_started_again_at_the_frame_that_was_heard(shim: Shim) -> None:
    shim("play")
    with Player() as player:
        player.load(BEATS, VOICE)
        generation = player.play(timeline(frames=100 * RATE))
        for _ in range(2):
            before, pid = player.heard, engine_of(player)
            wait_for(partial(lambda frame: player.heard > frame, before + RATE // 4), "frames")
            os.kill(pid, signal.SIGKILL)
            wait_for(partial(lambda old: engine_of(player) != old, pid), "another engine")
            assert gone(pid)
            first = next(s for s in reversed([*stretches(player)]) if s.generation == generation)
            assert before < first.frame < 100 * RATE
            assert player.position.generation == generation
            assert player.position_of(first.given).generation == generation
            # What the engine before has given, and this one not yet, is no place of this one's.
            assert player.position_of(first.given + 100 * RATE) == Position()


def stretches(player: Player) -> list[PlayedBlock]:
    wait_for(lambda: player.latest and player.latest.generation, "the new engine's frames")
    assert player._engine is not None
    return list(player._engine.control.played_blocks())


def test_a_device_of_another_rate_is_served_at_its_own(shim: Shim) -> None:
    shim("slow")
    with Player() as player:
        assert player.rate == 44100
        planned = replace(timeline(frames=20000), rate=44100)
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        assert not player.silent


def test_a_new_device_of_another_rate_waits_for_a_timeline_of_its_own(shim: Shim) -> None:
    shim("stall slow")
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=100 * RATE))
        wait_for(lambda: player.rate == 44100, "the other device")
        wait_for(lambda: player.silent, "the silent clock")
        player.play(replace(timeline(frames=100 * 44100), rate=44100), 5000)
        wait_for(lambda: not player.silent, "the sound")
        assert player.device == "shim"
        assert player.heard >= 5000


def test_a_device_that_runs_dry_gets_more_time(shim: Shim) -> None:
    shim("dry")
    planned = timeline(frames=100 * RATE)
    with Player() as player:
        player.load(BEATS, VOICE)
        generation = player.play(planned)
        wait_for(lambda: player.latency == 0.2, "more latency")
        assert "The sound stuttered; it now comes 200 ms after it is made." in player.notices
        assert player.underruns > 5
        made = [s for s in reversed(stretches(player)) if s.generation == generation]
        follows = [two.frame - one.frame - one.frames for one, two in pairwise(made)]
        assert set(follows) == {0}  # no frame was lost or made twice


def test_a_latency_that_was_asked_for_stays(shim: Shim) -> None:
    shim("dry")
    with Player(Output(latency=0.03)) as player:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=100 * RATE))
        wait_for(lambda: player.heard > 4 * RATE, "some seconds")
        assert player.latency == 0.03
        assert not any("stuttered" in notice for notice in player.notices)


def test_a_dead_device_cannot_hold_up_the_end(shim: Shim) -> None:
    shim("stall")
    with Player(watchdog=False) as player:
        pid = engine_of(player)
        player.load(BEATS, VOICE)
        player.play(timeline(frames=100 * RATE))
        wait_for(lambda: player.heard > RATE // 4, "the middle")
    assert gone(pid)


def test_closing_before_anything_was_played_ends_the_engine(shim: Shim) -> None:
    shim("play")
    with Player() as player:
        pid = engine_of(player)
    assert gone(pid)


def test_the_terminal_s_keys_pass_the_engine_by(shim: Shim) -> None:
    shim("play")
    with Player() as player:
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
player = Player()
player.start()
player.load(BEATS, VOICE)
player.play(timeline(frames=48000 * 100))
while player.heard < 0:
    time.sleep(0.01)
print(player._engine.pid, flush=True)
{end}
"""


@pytest.mark.parametrize("end", matrix(["time.sleep(1000)", "sys.exit()", "raise ValueError"]))
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


def test_a_computer_that_sleeps_loses_neither_the_engine_nor_a_frame(shim: Shim) -> None:
    shim("play")
    program = PARENT.format(
        end="for _ in sys.stdin:\n"
        "    print(player._engine.pid, player.heard, *player.notices, flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        text=True,
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())

        def ask() -> int:
            """The frame that is heard; the engine is the same, and there was no trouble."""
            assert parent.stdin is not None
            assert parent.stdout is not None
            parent.stdin.write("\n")
            parent.stdin.flush()
            engine, frame, *notice = parent.stdout.readline().split()
            assert (int(engine), notice) == (pid, [])
            return int(frame)

        before = ask()
        for number, processes in (
            (signal.SIGSTOP, (parent.pid, pid)),  # whoever watches the other sleeps first
            (signal.SIGCONT, (pid, parent.pid)),
        ):
            for process in processes:
                os.kill(process, number)
            time.sleep(1)  # longer than any device may be silent
        wait_for(lambda: ask() > before + 2 * RATE, "more frames")
    wait_for(lambda: gone(pid), "the engine's end")


def test_an_engine_whose_server_hangs_ends_with_its_parent(shim: Shim) -> None:
    shim("hang")
    program = """if True:
        import time
        from pathlib import Path
        from cadence_cue.live.player import Player
        player = Player()
        player.start()
        children = ""
        while not children:
            children = "".join(p.read_text() for p in Path("/proc/self/task").glob("*/children"))
        print(children.split()[0], flush=True)
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
    with Player() as player:
        wait_for(lambda: player.notices, "the notice")
        assert player.notices[-1].startswith("No sound: the sound system does not answer.")


def test_outputs_are_listed_and_the_server_s_own_is_the_default(shim: Shim) -> None:
    shim("play")
    found = devices()
    assert found.reasons == {"miniaudio": "miniaudio is not installed (pip install miniaudio)"}
    assert found.usual == "portaudio"
    assert found.devices == (
        Device("portaudio", 1, "shim", "JACK", 2, 44100, 0.01, default=True),
        Device("portaudio", 2, "shim two", "JACK", 8, 44100, 0.01, default=False),
    )


def test_a_missing_library_is_named_when_outputs_are_asked_for(shim: Shim) -> None:
    shim("missing")
    found = devices()
    assert found.devices == ()
    assert found.reasons["portaudio"].startswith("PortAudio's library is not installed")


def test_a_device_is_picked_by_index_name_or_part_of_it() -> None:
    found = [
        Device("portaudio", 3, "Speakers", "ALSA", 2, 48000, 0.01, default=False),
        Device("portaudio", 5, "USB Headphones", "ALSA", 2, 48000, 0.01, default=True),
        Device("portaudio", 6, "USB Headphones 2", "ALSA", 2, 48000, 0.01, default=False),
    ]
    assert pick(found, None) is found[1]
    assert pick(found, "3") is found[0]
    assert pick(found, "speak") is found[0]
    assert pick(found, "USB Headphones") is found[1]
    with pytest.raises(NoSoundError, match="5 USB Headphones, 6 USB Headphones 2"):
        pick(found, "usb")
    with pytest.raises(NoSoundError, match='no output device is called "radio"'):
        pick(found, "radio")
