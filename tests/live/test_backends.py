"""What every back end promises, tried on real sound servers, each with the same tests."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.live.backends import AUDIBLE, SILENT, backend
from cadence_cue.live.backends.miniaudio import _blocks
from cadence_cue.live.backends.silent import Silent, step
from cadence_cue.live.output import BLOCK, RATE, NoSoundError
from tests.live import probe
from tests.live.conftest import Recorder
from tests.live.finding import found
from tests.live.rig import HANG, wait_for
from tests.live.servers import AlsaFile, PulseServer

Samples = npt.NDArray[np.float32]

FRAMES = RATE
WAYS = [
    "portaudio jack",
    "portaudio alsa_file",
    "portaudio pulse",
    "miniaudio jack",
    "miniaudio alsa_file",
    "miniaudio pulse",
    "silent",
]
FILES = pytest.mark.parametrize("name", AUDIBLE)


class Trial:
    """A running probe."""

    def __init__(self, **wish: Any) -> None:
        self.told: dict[str, Any] = {}
        self.printed = ""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.live.probe", json.dumps(wish)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(["", *sys.path])},
        )

    def open(self) -> None:
        """Wait until the device is open."""
        assert self._process.stdout
        for line in self._process.stdout:
            self.told |= json.loads(line)
            if "opened" in self.told:
                return

    def finish(self) -> None:
        """Let it play, and wait for its end."""
        rest, self.printed = self._process.communicate("\n", timeout=HANG)
        for line in rest.splitlines():
            self.told |= json.loads(line)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def trial(**wish: Any) -> Iterator[Trial]:
    running = Trial(**wish)
    try:
        yield running
    finally:
        running.kill()


@dataclass(frozen=True, slots=True)
class Played:
    """What the probe told, and what arrived; nothing arrives from a silent one."""

    way: str
    told: dict[str, Any]
    arrived: Samples | None


@pytest.fixture(scope="module")
def results() -> dict[str, Played]:
    return {}


@pytest.fixture(params=WAYS)
def played(request: pytest.FixtureRequest, results: dict[str, Played]) -> Played:
    """A second of noise, played once for all tests."""
    way: str = request.param
    if way not in results:
        name, _, server = way.partition(" ")
        results[way] = _play(way, name, server and request.getfixturevalue(SERVERS[server]))
    return results[way]


SERVERS = {"jack": "recorder", "alsa_file": "alsa_file", "pulse": "pulse"}


def _play(way: str, name: str, server: Recorder | AlsaFile | PulseServer | str) -> Played:
    with ExitStack() as using:
        ear: Any = server
        if isinstance(server, PulseServer):
            ear = using.enter_context(server.capture())
        running = using.enter_context(trial(backend=name, frames=FRAMES))
        running.open()
        if isinstance(server, Recorder):
            server.connect()
        running.finish()
        if not ear:
            return Played(way, running.told, None)
        beyond = ear.frames + (0 if isinstance(server, AlsaFile) else RATE // 2)
        wait_for(lambda: ear.frames >= beyond, "what was still under way")
        return Played(way, running.told, ear.samples())


def test_the_outputs_are_listed_and_one_is_the_default(played: Played) -> None:
    devices = played.told["devices"]
    assert sum(device["default"] for device in devices) == 1
    assert len({device["index"] for device in devices}) == len(devices)
    for device in devices:
        assert device["backend"] == played.way.partition(" ")[0]
        assert device["name"]
        assert device["channels"] >= 2
        assert device["rate"] > 0


def test_it_is_opened_at_the_wanted_rate_or_the_device_s_own(played: Played) -> None:
    assert played.told["rate"] == played.told["opened"]["rate"] == RATE
    takes_only_its_own = {"portaudio jack", "miniaudio jack", "miniaudio pulse"}
    assert played.told["other"] == (RATE if played.way in takes_only_its_own else probe.OTHER_RATE)


def test_it_asks_for_stereo_blocks_and_no_more_after_the_end(played: Played) -> None:
    calls = played.told["calls"]
    assert calls["shaped"]
    assert calls["frames"] == FRAMES
    assert calls["late"] == 0


def test_what_is_made_is_heard_later(played: Played) -> None:
    lead = played.told["calls"]["lead"]
    assert lead > 0 or (played.arrived is None and lead > -1)


def test_what_was_made_arrives_to_its_end(played: Played) -> None:
    if played.arrived is None:
        return
    track = probe.samples(FRAMES)
    if played.way.endswith("pulse"):  # where the machine is busy there are holes
        for ear in (0, 1):
            pieces = found(played.arrived[:, ear], track[:, ear])
            for one, next_one in itertools.pairwise(pieces):
                assert one.frame + one.frames <= next_one.frame
            # Where a device's word about its latency is not exact, a few of the last are lost.
            assert pieces[-1].frame + pieces[-1].frames > FRAMES - RATE // 20
        return
    begin = int(np.flatnonzero(played.arrived[:, 0])[0])
    assert np.array_equal(played.arrived[begin : begin + FRAMES], track)
    assert not played.arrived[begin + FRAMES :].any()


@FILES
def test_where_fill_raises_it_is_told_and_asked_no_more(alsa_file: AlsaFile, name: str) -> None:
    with trial(backend=name, raises=True) as running:
        running.open()
        running.finish()
    assert running.told["calls"]["count"] == 3
    assert "RuntimeError: the fill broke" in running.printed


@FILES
def test_a_rate_that_is_refused_is_one_sentence(alsa_file: AlsaFile, name: str) -> None:
    with trial(backend=name, rate=1, forced=True) as running:
        running.finish()
    assert running.told["error"].startswith('"default" could not be opened at 1 Hz (')
    assert "\n" not in running.told["error"]


@FILES
def test_a_device_that_is_not_there_is_one_sentence(alsa_file: AlsaFile, name: str) -> None:
    with trial(backend=name, device="radio") as running:
        running.finish()
    assert running.told["error"].startswith('no output device is called "radio"')


@FILES
def test_without_any_sound_server_there_is_no_device(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "asound.conf").write_text("</usr/share/alsa/alsa.conf>\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(tmp_path / "asound.conf"))
    monkeypatch.setenv("PULSE_SERVER", "unix:/nonexistent")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "cadence-cue-none")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    with trial(backend=name) as running:
        running.finish()
    assert running.told["error"] == "no output device was found"


@FILES
def test_the_desktop_s_mixer_shows_our_name(pulse: PulseServer, name: str) -> None:
    with trial(backend=name) as running:
        running.open()
        streams = pulse._ask("list", "sink-inputs").stdout.decode()
        running.finish()
    assert 'application.name = "cadence-cue"' in streams


def test_miniaudio_plays_on_a_device_that_is_named(pulse: PulseServer) -> None:
    shape = "sink_properties=device.description=Box rate=44100 channels=2 format=float32le"
    pulse._ask("load-module", "module-null-sink", "sink_name=box", *shape.split())
    with trial(backend="miniaudio", device="box") as running:
        running.open()
        playing = pulse._ask("list", "short", "sink-inputs").stdout.split()[1]
        sinks = pulse._ask("list", "short", "sinks").stdout.splitlines()
        running.finish()
    assert [sink.split()[1] for sink in sinks if sink.split()[0] == playing] == [b"box"]
    assert running.told["opened"]["device"] == "Box"
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
    np.testing.assert_allclose(np.diff(heard), BLOCK / RATE, atol=1e-6)


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
    """A clock that is set by hand."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr("cadence_cue.live.backends.miniaudio.time", time)
    return time


Asked = Callable[[int], Samples]


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
