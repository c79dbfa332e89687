"""Through sounddevice to a real sound server, captured: the export's samples, bit for bit."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.live.control import State
from cadence_cue.live.device_list import devices
from cadence_cue.live.output import Output, pick
from cadence_cue.live.player import Player
from cadence_cue.live.succession import Answer
from tests.live.conftest import Recorder, Server
from tests.live.rig import (
    BEATS,
    RAMP,
    RATE,
    VOICE,
    engine_of,
    gone,
    line,
    mix,
    noise,
    scaled,
    standing,
    timeline,
    wait_for,
)

pytestmark = pytest.mark.jack

Samples = npt.NDArray[np.float32]


def finish(player: Player, recorder: Recorder) -> Samples:
    """Everything heard, with a quarter of a second of the silence after it."""
    wait_for(lambda: player.position.state is State.FINISHED, "the end")
    recorder.more(RATE // 4)
    return recorder.heard()


def test_what_is_heard_is_what_is_exported(jack_server: Server, recorder: Recorder) -> None:
    planned = timeline()
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        heard = finish(player, recorder)
        assert player.heard == planned.frames
    assert player.notices == []
    length = planned.frames - planned.start
    assert np.array_equal(heard[:length], mix(planned, planned.start, planned.frames))
    rest = heard[length : length + RATE // 8]
    assert np.array_equal(rest, noise(planned, planned.frames, len(rest)))


@pytest.mark.matrix  # test_mixer tests the same on the mixer alone
def test_a_pause_fades_stops_the_clock_and_keeps_the_noise(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline(frames=60 * RATE)
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        wait_for(lambda: player.heard > 12000, "a frame in the middle")
        player.pause()
        wait_for(lambda: player.position.state is State.PAUSED, "the pause")
        stopped = player.heard
        recorder.more(RATE // 4)
        assert player.heard == stopped
        player.play(planned, stopped)
        wait_for(lambda: player.heard > stopped, "what comes after the pause")
        recorder.more(RATE // 4)
        heard = recorder.heard()

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
    assert np.array_equal(resumed[RAMP:], mix(planned, stopped + RAMP, stopped + len(resumed)))


@pytest.mark.matrix  # test_mixer tests the same on the mixer alone
def test_a_muted_voice_leaves_in_a_ramp_and_ducks_nothing(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline(frames=60 * RATE)
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        wait_for(lambda: player.heard > 12000, "a frame in the middle")
        player.level(voice=0.0)
        recorder.more(RATE // 4)
        heard = recorder.heard()
    end = planned.start + len(heard)
    muted = int(np.flatnonzero(heard != mix(planned, planned.start, end))[0])
    at = planned.start + muted
    ramp = scaled(planned, at, 1.0, line(1, 0), line(0, 1))
    np.testing.assert_allclose(heard[muted : muted + RAMP], ramp, atol=1e-7)
    assert np.array_equal(heard[muted + RAMP :], mix(planned, at + RAMP, end, voice=False))


def test_the_heard_frame_is_never_ahead_of_what_the_server_has(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline(frames=60 * RATE)
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        heard: list[int] = []

        def looked() -> int:
            position = player.position
            latest = player.latest
            if latest and latest.state is State.PLAYING:
                assert position.frame <= latest.frame + latest.frames
            heard.append(position.frame)
            return len(set(heard))

        with standing(player):
            player.play(planned)
            looked()
        wait_for(lambda: looked() > 50, "many a frame")
    assert heard == sorted(heard)
    assert heard[0] == planned.start


@pytest.mark.matrix  # test_mixer tests the same on the mixer alone
def test_a_held_end_goes_on_with_the_very_next_frame(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline()
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        with standing(player):
            player.play(planned)
            player.hold(20000)
        wait_for(lambda: player.position.state is State.HELD, "the hold")
        assert player.heard == 20000
        recorder.more(RATE // 4)
        player.hold(None)
        heard = finish(player, recorder)
    held = 20000 - planned.start
    assert np.array_equal(heard[:held], mix(planned, planned.start, 20000))
    rest = heard[held:]
    waited = int(np.flatnonzero(rest != noise(planned, 20000, len(rest)))[0])
    assert waited >= RATE // 4
    goes_on = mix(planned, 20000, planned.frames)
    assert np.array_equal(rest[waited : waited + len(goes_on)], goes_on)


@pytest.mark.matrix  # test_mixer tests the same on the mixer alone
def test_another_timeline_is_gone_on_with_unheard(jack_server: Server, recorder: Recorder) -> None:
    planned, since = timeline(frames=60 * RATE), 3 * RATE  # far away, for a busy machine
    other = replace(planned, events=planned.events[planned.events["frame"] < since])
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        wait_for(lambda: player.heard > 2000, "the beginning")
        number = player.offer(other, since)
        wait_for(lambda: player.answer(number) is not Answer.OPEN, "the answer")
        assert player.answer(number) is Answer.ACCEPTED
        wait_for(lambda: player.heard > since + RATE // 4, "where they differ")
        heard = recorder.heard()
    end = planned.start + len(heard)
    assert np.array_equal(heard, mix(other, planned.start, end))
    assert not np.array_equal(heard, mix(planned, planned.start, end))


@pytest.mark.matrix  # test_mixer tests the same on the mixer alone
def test_a_swap_that_comes_too_late_changes_nothing(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline()
    other = replace(planned, events=planned.events[:1])
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        wait_for(lambda: player.heard > 12000, "the middle")
        number = player.offer(other, 6000)
        wait_for(lambda: player.answer(number) is Answer.REFUSED, "the refusal")
        heard = finish(player, recorder)
    length = planned.frames - planned.start
    assert np.array_equal(heard[:length], mix(planned, planned.start, planned.frames))


def test_a_killed_server_is_silence_and_a_new_one_the_rest_of_the_session(
    jack_server: Server, patience: Callable[[], None]
) -> None:
    planned = timeline(frames=2 * RATE)
    # One back end only: another, which may find the new server first, has different ports and
    # therefore a different latency.
    with Player(Output(backend="portaudio", latency=0.1)) as player:
        player.load(BEATS, VOICE)
        with standing(player):
            player.play(planned)
            player.hold(RATE)
        wait_for(lambda: player.heard > 12000, "a frame in the middle")
        pid = engine_of(player)
        jack_server.kill()
        wait_for(lambda: player.notices, "the notice")
        assert player.notices[-1].startswith("The sound stopped: ")
        assert "Playing on silently until it is back" in player.notices[-1]
        wait_for(lambda: player.latest and player.latest.generation, "the silent engine")
        assert gone(pid)
        assert player.silent
        silent = engine_of(player)
        wait_for(lambda: player.position.state is State.HELD, "the silent clock's way")
        jack_server.start()
        jack_server.wait()
        wait_for(lambda: not player.silent, "the sound")
        patience()
        assert player.notices[-1] == 'The sound is back, on "system".'
        assert gone(silent)
        with closing(Recorder()) as again:
            again.connect()
            player.hold(None)
            heard = finish(player, again)
    # Before it went on there was the noise of where it stood.
    rest = mix(planned, RATE, planned.frames)
    begin = int(np.flatnonzero(heard == rest[0])[0])
    assert np.array_equal(heard[begin : begin + len(rest)], rest)


def test_the_default_device_is_found_where_only_jack_runs(jack_server: Server) -> None:
    device = pick(devices().devices, None)
    assert device.host_api.startswith("JACK")
    assert device.rate == RATE
