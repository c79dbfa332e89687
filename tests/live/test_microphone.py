"""The listener's process: what it hears, and one sentence for whatever goes wrong with it."""

from __future__ import annotations

import itertools
import os
import signal
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from cadence_cue.live.control import State
from cadence_cue.live.input import HeardStep, Input, is_served, pick_microphone
from cadence_cue.live.microphone import Microphone
from cadence_cue.live.output import Device, NoSoundError, Output
from cadence_cue.live.player import Player
from tests.live.rig import BEATS, RATE, VOICE, engine_of, gone, timeline, wait_for
from tests.matrix import matrix

Behave = Callable[[str], None]


@pytest.fixture
def behave(shim: Behave, monkeypatch: pytest.MonkeyPatch) -> Behave:
    """Make the microphone behave as asked."""

    def behave(how: str) -> None:
        shim("play")
        monkeypatch.setenv("SHIM_MICROPHONE", how)

    return behave


def steps_of(microphone: Microphone, count: int) -> list[HeardStep]:
    steps: list[HeardStep] = []

    def enough() -> bool:
        steps.extend(microphone.poll())
        return len(steps) >= count

    wait_for(enough, "steps")
    return steps


def pid_of(microphone: Microphone) -> int:
    assert microphone._process
    return microphone._process.pid


def test_taps_are_told_when_they_were(behave: Behave, tmp_path: Path) -> None:
    behave("taps")
    file = tmp_path / "heard.wav"
    with Microphone(Input(record=str(file))) as microphone:
        steps = steps_of(microphone, 4)
        pid = pid_of(microphone)
        assert microphone.opened
        assert microphone.opened.device == "microphone"
        assert microphone.heard
        assert microphone.heard[0] <= steps[0].at
        assert microphone.noise_db
        assert microphone.noise_db < -60
    assert gone(pid)
    assert microphone.notices == []
    gaps = [after.at - before.at for before, after in itertools.pairwise(steps)]
    assert gaps == pytest.approx([0.5] * len(gaps), abs=1e-3)
    with wave.open(str(file)) as recording:
        assert recording.getframerate() == microphone._wish.rate
        kept = np.frombuffer(recording.readframes(-1), "<i2")
    assert abs(kept).max() > 3000


def test_steps_are_heard_though_they_cannot_be_recorded(behave: Behave, tmp_path: Path) -> None:
    behave("taps")
    with Microphone(Input(record=str(tmp_path / "none" / "heard.wav"))) as microphone:
        steps_of(microphone, 2)
        assert microphone.notices == [
            "It is not recorded: No such file or directory. All else goes on."
        ]


@pytest.mark.parametrize(
    ("how", "told"),
    matrix(
        [
            ("busy", 'Steps are not heard: the microphone "microphone" is in use or cannot be'),
            ("absent", "Steps are not heard: no microphone was found. All else goes on."),
            ("headset", "Steps are not heard: the only microphone is a Bluetooth headset's"),
        ]
    ),
)
def test_what_is_in_the_way_is_told_once(behave: Behave, how: str, told: str) -> None:
    behave(how)
    with Microphone() as microphone:
        wait_for(lambda: microphone.poll() or microphone.notices, "a notice")
        microphone._due = 0.0
        wait_for(lambda: microphone.poll() or microphone._process, "another attempt")
        wait_for(lambda: microphone.poll() or not microphone._process, "its end")
        (notice,) = microphone.notices
    assert notice.startswith(told)


def test_a_headset_is_taken_by_its_name(behave: Behave) -> None:
    behave("headset")
    with Microphone(Input("airpods")) as microphone:
        wait_for(lambda: microphone.poll() or microphone.opened, "the microphone")
        assert microphone.notices == []


def test_a_second_of_zeros_is_no_room(behave: Behave) -> None:
    behave("zeros")
    with Microphone() as microphone:
        wait_for(lambda: microphone.poll() or microphone.notices, "a notice")
        assert "nothing but zeros" in microphone.notices[0]
        assert microphone.opened  # it may be switched on again


def test_a_listener_that_is_killed_is_told_and_replaced(behave: Behave) -> None:
    behave("taps")
    with Player(Output(backend="portaudio"), watchdog=False) as player, Microphone() as microphone:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=60 * RATE))
        steps_of(microphone, 1)
        engine = engine_of(player)
        assert microphone.heard
        _, before = microphone.heard
        os.kill(pid_of(microphone), signal.SIGKILL)
        wait_for(lambda: microphone.poll() or len(microphone.notices) == 2, "another listener")
        lost = "Steps are no longer heard: the microphone's program ended (signal 9)."
        assert microphone.notices == [
            f"{lost} All else goes on.",
            'Steps are heard again, through "microphone".',
        ]
        steps_of(microphone, 1)
        assert microphone.heard[0] > before  # what came between was not listened to
        assert player.position.state is State.PLAYING
        assert (engine_of(player), player.notices) == (engine, [])
        assert player.latest
        assert player.latest.stream == 1


def device(
    name: str, host_api: str = "ALSA", *, rate: int = 48000, default: bool = False
) -> Device:
    return Device("portaudio", 0, name, host_api, 1, rate, 0.01, default=default)


def test_only_what_a_sound_server_chooses_is_watched_for_its_choice() -> None:
    assert is_served(device("pulse"))
    assert is_served(device("Webcam", "PulseAudio"))
    assert not is_served(device("USB Audio: - (hw:1,0)"))
    assert not is_served(device("system", "JACK Audio Connection Kit"))


def test_a_headset_s_microphone_is_taken_by_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SOURCE", "alsa_input.pci")
    phones = device("My phones", rate=16000, default=True)
    others = [device("default"), device("Webcam")]
    assert pick_microphone([phones, *others], None) == others[0]
    assert pick_microphone([phones, *others], "phones") == phones
    monkeypatch.setenv("PULSE_SOURCE", "bluez_input.11_22")  # behind "default"
    assert pick_microphone([phones, *others], None) == others[1]
    assert pick_microphone([phones, *others], "default") == others[0]
    with pytest.raises(NoSoundError, match="Bluetooth headset's"):
        pick_microphone([phones, others[0]], None)
    with pytest.raises(NoSoundError, match="no microphone was found"):
        pick_microphone([], None)
