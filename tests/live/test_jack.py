"""Through sounddevice to a real sound server, captured: the export's samples, bit for bit."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.live.control import PlayedBlock, State
from cadence_cue.live.device_list import devices
from cadence_cue.live.output import pick
from cadence_cue.live.player import Player
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


def test_a_pause_fades_stops_the_clock_and_keeps_the_noise(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline()
    with Player(watchdog=False) as player:
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
    with Player(watchdog=False) as player:
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
    with Player(watchdog=False) as player:
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


def test_a_held_end_goes_on_with_the_very_next_frame(
    jack_server: Server, recorder: Recorder
) -> None:
    planned = timeline()
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        player.hold(20000)
        wait_for(lambda: player.position.state is State.HELD, "the hold")
        assert player.heard == 20000
        until = recorder.frames + RATE // 4
        wait_for(lambda: recorder.frames > until, "some silence")
        player.hold(None)
        heard = finish(player, recorder)
    held = 20000 - planned.start
    assert np.array_equal(heard[:held], mix(planned, planned.start, 20000))
    rest = heard[held:]
    differs = rest != noise(planned, 20000, len(rest))
    waited = int(np.flatnonzero(differs)[0])
    assert waited > RATE // 4
    # The first frames of what goes on may be the noise alone.
    goes_on = mix(planned, 20000, planned.frames)
    quiet = int(np.flatnonzero(goes_on != noise(planned, 20000, len(goes_on)))[0])
    begin = waited - quiet
    assert np.array_equal(rest[begin : begin + len(goes_on)], goes_on)


def test_another_timeline_is_gone_on_with_unheard(jack_server: Server, recorder: Recorder) -> None:
    planned, since = timeline(), 30000
    other = replace(planned, events=planned.events[planned.events["frame"] < since], frames=60000)
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        recorder.connect()
        player.play(planned)
        wait_for(lambda: player.heard > 2000, "the beginning")
        number = player.swap(other, since)
        heard = finish(player, recorder)
        assert player.took(number)
        assert player.heard == other.frames
    length = other.frames - planned.start
    assert np.array_equal(heard[:length], mix(other, planned.start, other.frames))


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
        number = player.swap(other, 6000)
        wait_for(lambda: player.took(number) is False, "the refusal")
        heard = finish(player, recorder)
    length = planned.frames - planned.start
    assert np.array_equal(heard[:length], mix(planned, planned.start, planned.frames))


def test_a_killed_server_is_silence_and_a_new_one_the_rest_of_the_session(
    jack_server: Server,
) -> None:
    planned = timeline(frames=40 * RATE)
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.heard > 12000, "a frame in the middle")
        pid = player._engine.pid if player._engine else 0
        jack_server.kill()
        wait_for(lambda: player.notices, "the notice")
        assert player.notices[-1].startswith("The sound stopped: ")
        assert "Playing on silently until it is back" in player.notices[-1]
        wait_for(lambda: player.latest and player.latest.generation, "the silent engine")
        assert gone(pid)
        assert player.silent
        silent = player._engine.pid if player._engine else 0
        jack_server.start()
        jack_server.wait()
        again = Recorder(jack_server)
        again.connect()
        wait_for(lambda: not player.silent, "the sound")
        assert player.notices[-1] == 'The sound is back, on "system".'
        wait_for(lambda: player.latest and player.latest.generation, "the rest")
        first = stretches_of(player)[0]
        wait_for(lambda: player.heard > first.frame + RATE, "a second of it")
        heard = again.heard()
    again.close()
    assert gone(silent)
    assert 12000 < first.frame < planned.frames
    rest = mix(planned, first.frame + RAMP, first.frame + RATE)
    assert np.array_equal(heard[RAMP:RATE], rest)


def stretches_of(player: Player) -> list[PlayedBlock]:
    """What the present engine played of the timeline, from its first frame on."""
    assert player._engine is not None
    played = [s for s in player._engine.control.stretches() if s.generation]
    return played[::-1]


def test_the_default_device_is_found_where_only_jack_runs(jack_server: Server) -> None:
    device = pick(devices().devices, None)
    assert device.host_api.startswith("JACK")
    assert device.rate == RATE
