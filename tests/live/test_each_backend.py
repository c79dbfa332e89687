"""What each back end does for itself."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.live.backends import AUDIBLE, SILENT, backend
from cadence_cue.live.backends.miniaudio import _blocks
from cadence_cue.live.backends.silent import Silent, step
from cadence_cue.live.backends.sound import StreamTail
from cadence_cue.live.output import BLOCK, NoSoundError
from cadence_cue.timing import RATE
from tests.live.rig import wait_for
from tests.live.servers import PulseServer
from tests.live.trial import trial
from tests.matrix import matrix

Samples = npt.NDArray[np.float32]


@pytest.mark.parametrize("name", matrix(AUDIBLE))
def test_the_desktop_s_mixer_shows_our_name(pulse: PulseServer, name: str) -> None:
    with trial(backend=name) as running:
        running.open()
        streams = pulse._ask("list", "sink-inputs").stdout.decode()
        running.finish()
    assert 'application.name = "cadence-cue"' in streams


def test_miniaudio_plays_on_a_device_that_is_named(pulse: PulseServer) -> None:
    pulse.add("box", 44100)
    with trial(backend="miniaudio", device="box") as running:
        running.open()
        playing = pulse.playing
        running.finish()
    assert playing == ["box"]
    assert running.told["opened"]["device"] == "box"
    assert running.told["rate"] == running.told["opened"]["rate"] == 44100


def test_a_device_clock_that_cannot_be_right_is_not_believed(shim: Callable[[str], None]) -> None:
    shim("play")  # its sounds are heard at 0, before they are made
    with trial(backend="portaudio", latency=0.2) as running:
        running.open()
        running.finish()
    assert running.told["calls"]["lead"] > 0


@pytest.mark.parametrize(
    ("how", "reason", "lasting"),
    [
        ("missing", "PortAudio's library is not installed (", True),
        ("broken", "PortAudio does not start (Error initializing PortAudio)", False),
    ],
)
def test_a_portaudio_that_cannot_be_loaded_is_one_sentence(
    shim: Callable[[str], None], how: str, reason: str, *, lasting: bool
) -> None:
    shim(how)
    with trial(backend="portaudio") as running:
        running.finish()
    assert running.told["error"].startswith(reason)
    assert running.told["lasting"] == lasting


def test_a_back_end_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(NoSoundError, match='no back end "alsa"; there are: portaudio, miniaudio,'):
        backend("alsa")


def test_the_silent_one_s_clock_is_exact_and_catches_up() -> None:
    heard: list[float] = []
    held_up = threading.Event()

    def fill(out: Samples, heard_at: float, *, underrun: bool) -> None:
        assert out.shape == (BLOCK, 2)
        assert not underrun
        if not heard:
            held_up.wait(0.1)  # longer than many blocks
        heard.append(heard_at)

    silent = Silent()
    device = silent.devices()[0]
    with silent.open(device, RATE, BLOCK, 0.0, fill) as opened:
        wait_for(lambda: len(heard) > 60, "the clock")
    assert (opened.backend, opened.rate) == (SILENT, RATE)
    steps = np.diff(heard)
    steps = steps[steps < 1]  # a machine that slept for longer is not caught up with
    np.testing.assert_allclose(steps, BLOCK / RATE, atol=1e-6)


def test_a_stepped_one_makes_as_many_frames_as_it_is_told() -> None:
    blocks: list[int] = []

    def fill(out: Samples, heard_at: float, *, underrun: bool) -> None:
        assert heard_at == 0.0  # heard as soon as it is made
        assert not underrun
        blocks.append(len(out))

    step(fill, 2 * BLOCK + 5, BLOCK)
    step(fill, 1, BLOCK)
    step(fill, 0, BLOCK)
    assert blocks == [BLOCK, BLOCK, 5, 1]


class Time:
    """A clock that is set by hand; whoever waits lets the device `work`."""

    now = 100.0

    def __init__(self) -> None:
        self.work: Callable[[], object] = lambda: None

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.work()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    for module in ("miniaudio", "sound"):
        monkeypatch.setattr(f"cadence_cue.live.backends.{module}.time", time)
    return time


def test_at_its_end_what_was_made_is_heard_and_silence_follows(clock: Time) -> None:
    def fill(out: Samples, heard_at: float, *, underrun: bool) -> None:
        assert (heard_at, underrun) == (100.3, True)
        out.fill(0.5)

    sound = StreamTail(fill, 1000)
    out = np.zeros((20, 2), np.float32)
    sound(out, 100.3, underrun=True)
    assert (out == 0.5).all()
    clock.work = lambda: sound(out, clock.now + 0.3, underrun=False)
    sound.end()
    assert clock.now == pytest.approx(100.32, abs=0.01)
    assert not out.any()


def test_a_block_that_is_in_the_making_at_the_end_is_heard_too(clock: Time) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def fill(out: Samples, heard_at: float, *, underrun: bool) -> None:
        begun.set()
        go_on.wait()
        out.fill(0.5)

    sound = StreamTail(fill, 1000)
    out = np.zeros((20, 2), np.float32)
    making = threading.Thread(target=lambda: sound(out, 100.0, underrun=False), daemon=True)
    making.start()
    begun.wait()
    silence = np.zeros((20, 2), np.float32)
    asked: list[float] = []

    def device() -> None:
        """It is late: the block is there only after it should have been heard."""
        if clock.now > 100.1:
            go_on.set()
            making.join()
        if clock.now > 100.2:
            silence.fill(np.nan)
            sound(silence, 100.2, underrun=True)
            asked.append(clock.now)

    clock.work = device
    sound.end()
    assert (out == 0.5).all()
    assert not silence.any()
    assert len(asked) == 2  # what it has taken last is silence


def test_a_dead_device_is_not_waited_for_for_long(clock: Time) -> None:
    StreamTail(lambda *_, **__: None, 1000).end()
    assert clock.now == pytest.approx(101.0, abs=0.01)


def test_miniaudio_ran_dry_where_it_asks_later_than_what_it_has_lasts(clock: Time) -> None:
    told: list[tuple[int, float, bool]] = []

    def fill(out: Samples, heard_at: float, *, underrun: bool) -> None:
        out.fill(0.5)
        told.append((len(out), heard_at, underrun))

    blocks = _blocks(fill, 1000, 0.05)
    next(blocks)
    for wait, frames in [(0.049, 20), (0.0, 20), (0.069, 40), (0.091, 10), (0.059, 10)]:
        clock.now += wait
        assert np.frombuffer(blocks.send(frames), np.float32).tolist() == [0.5] * 2 * frames
    assert [(frames, dry) for frames, _, dry in told] == [
        (20, False),
        (20, False),
        (40, False),
        (10, True),
        (10, False),
    ]
    assert told[0][1] == pytest.approx(100.049 + 0.05)
