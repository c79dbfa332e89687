"""What every back end promises, tried on real sound servers, each with the same tests."""

from __future__ import annotations

import itertools
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.live.backends import AUDIBLE
from cadence_cue.timing import RATE
from tests.live import probe
from tests.live.conftest import Recorder
from tests.live.finding import found
from tests.live.rig import wait_for
from tests.live.servers import AlsaFile, PulseServer
from tests.live.trial import trial

Samples = npt.NDArray[np.float32]

FRAMES = RATE
WAYS = [
    "portaudio alsa_file",
    "miniaudio alsa_file",
    "silent",
    *(
        pytest.param(way, marks=[pytest.mark.matrix, *marks])
        for way, *marks in (
            ("portaudio jack", pytest.mark.jack),
            ("portaudio pulse",),
            ("miniaudio jack", pytest.mark.jack),
            ("miniaudio pulse",),
        )
    ),
]
EACH = pytest.mark.parametrize("name", AUDIBLE)


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
    default = [device["name"] for device in devices if device["default"]]
    assert default == [played.told["opened"]["device"]]
    if played.way.endswith("alsa_file"):
        assert default == ["default"]  # of two
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
    # The silent one, by which nothing is heard, is as late as the machine that it catches up on.
    assert played.told["calls"]["lead"] > 0 or played.arrived is None


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


@EACH
def test_where_fill_raises_it_is_told_and_asked_no_more(alsa_file: AlsaFile, name: str) -> None:
    with trial(backend=name, raises=True) as running:
        running.open()
        running.finish()
    assert running.told["calls"]["count"] == 3
    assert "RuntimeError: the fill broke" in running.printed


@EACH
def test_a_rate_that_is_refused_is_one_sentence(alsa_file: AlsaFile, name: str) -> None:
    with trial(backend=name, rate=1, forced=True) as running:
        running.finish()
    assert running.told["error"].startswith('"default" could not be opened at 1 Hz (')
    assert "\n" not in running.told["error"]


@EACH
def test_a_device_that_is_not_there_is_one_sentence(alsa_file: AlsaFile, name: str) -> None:
    with trial(backend=name, device="radio") as running:
        running.finish()
    assert running.told["error"].startswith('no output device is called "radio"')


@EACH
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
