"""Through sounddevice to a real sound server, captured: the export's samples, bit for bit."""

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.live.control import State
from cadence_cue.live.device import pick
from cadence_cue.live.player import Player
from cadence_cue.live.process import devices
from tests.live.conftest import Recorder, Server
from tests.live.rig import (
    BEATS,
    RAMP,
    RATE,
    VOICE,
    gone,
    line,
    mix,
    noise,
    scaled,
    timeline,
    wait_for,
)

pytestmark = pytest.mark.jack

Samples = npt.NDArray[np.float32]


def finish(player: Player, recorder: Recorder) -> Samples:
    """Everything heard, with a quarter of a second of the silence after it."""
    wait_for(lambda: player.position.state is State.FINISHED, "the end")
    beyond = recorder.frames + RATE // 4
    wait_for(lambda: recorder.frames > beyond, "the silence after the end")
    return recorder.heard()


def test_what_is_heard_is_what_is_exported(jack_server: Server, recorder: Recorder) -> None:
    planned = timeline()
    with Player(RATE, watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        heard = finish(player, recorder)
        assert player.heard == planned.frames
    assert player.notice == ""
    length = planned.frames - planned.start
    assert np.array_equal(heard[:length], mix(planned, planned.start, planned.frames))
    rest = heard[length : length + RATE // 8]
    assert np.array_equal(rest, noise(planned, planned.frames, len(rest)))


def test_a_pause_fades_stops_the_clock_and_keeps_the_noise(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline()
    with Player(RATE, watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        wait_for(lambda: player.heard > 12000, "a frame in the middle")
        player.pause()
        wait_for(lambda: player.position.state is State.PAUSED, "the pause")
        stopped = player.heard
        until = recorder.frames + RATE // 4
        wait_for(lambda: recorder.frames > until, "some silence")
        assert player.heard == stopped
        player.resume()
        heard = finish(player, recorder)

    played = stopped - planned.start
    whole, faded, rest = np.split(heard, [played - RAMP, played])
    assert np.array_equal(whole, mix(planned, planned.start, stopped - RAMP))
    down = line(1, 0)
    np.testing.assert_allclose(faded, scaled(planned, stopped - RAMP, down, down), atol=1e-7)
    differs = rest != noise(planned, stopped, len(rest))
    silence = int(np.flatnonzero(differs)[0])
    assert silence > RATE // 4
    up = line(0, 1)
    resumed = rest[silence:]
    np.testing.assert_allclose(resumed[:RAMP], scaled(planned, stopped, up, up), atol=1e-7)
    left = planned.frames - stopped - RAMP
    assert np.array_equal(resumed[RAMP : RAMP + left], mix(planned, stopped + RAMP, planned.frames))


def test_a_muted_voice_leaves_in_a_ramp_and_ducks_nothing(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline()
    with Player(RATE, watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        wait_for(lambda: player.heard > 12000, "a frame in the middle")
        player.level(voice=0.0)
        heard = finish(player, recorder)
    whole = mix(planned, planned.start, planned.frames)
    muted = int(np.flatnonzero(heard[: len(whole)] != whole)[0])
    at = planned.start + muted
    ramp = scaled(planned, at, 1.0, line(1, 0), line(0, 1))
    np.testing.assert_allclose(heard[muted : muted + RAMP], ramp, atol=1e-7)
    alone = mix(planned, at + RAMP, planned.frames, voice=False)
    assert np.array_equal(heard[muted + RAMP : len(whole)], alone)


def test_the_heard_frame_is_never_ahead_of_what_the_server_has(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline()
    with Player(RATE, watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        heard: list[int] = []

        def over() -> bool:
            position = player.position
            latest = player.latest
            if latest and latest.state is State.PLAYING:
                assert position.frame <= latest.frame + latest.frames
            heard.append(position.frame)
            return position.state is State.FINISHED

        wait_for(over, "the end")
    assert heard == sorted(heard)
    assert heard[0] < 0
    assert len(set(heard)) > 10


def test_a_killed_server_leaves_a_notice_and_the_silent_clock(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline(frames=3 * RATE)
    with Player(RATE) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        wait_for(lambda: player.heard > 12000, "a frame in the middle")
        engine = player._engine
        assert engine is not None
        jack_server.kill()
        wait_for(lambda: player.silent, "the silent clock")
        assert gone(engine._process.pid)
        assert player.notice.startswith("The sound stopped: ")
        assert 12000 < player.heard < planned.frames
        wait_for(lambda: player.position.state is State.FINISHED, "the silent end")


def test_the_default_device_is_found_where_only_jack_runs(jack_server: Server) -> None:
    device = pick(devices(), None)
    assert device.host_api.startswith("JACK")
    assert device.rate == RATE


def test_another_rate_is_refused_with_the_device_s_own(jack_server: Server) -> None:
    with Player(44100) as player:
        wait_for(lambda: player.notice, "the refusal")
    assert "could not be opened at 44100 Hz; it prefers 48000 Hz" in player.notice
