"""Sound servers that die, freeze and fall asleep: the session is played to its end all the same.

The session waits (`hold`) while the server is gone and the tests set up their ears again, so that
they depend on no time.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cadence_cue.live.control import State
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player
from tests.live.finding import found
from tests.live.rig import BEATS, RAMP, RATE, VOICE, mix, standing, timeline, wait_for
from tests.live.servers import PulseServer

Act = Callable[[PulseServer], None]

MIDDLE = 12000
HOLD = RATE
STEADY = Output(latency=0.2)  # a busy machine leaves holes at less


@pytest.mark.parametrize(
    ("lose", "restore"),
    [
        pytest.param(PulseServer.kill, PulseServer.start, id="killed"),
        pytest.param(PulseServer.freeze, PulseServer.thaw, id="frozen"),
        pytest.param(PulseServer.suspend, PulseServer.resume, id="suspended"),
    ],
)
def test_the_rest_is_played_when_the_server_is_back(
    pulse: PulseServer, lose: Act, restore: Act, patience: Callable[[], None]
) -> None:
    planned = timeline(frames=HOLD + 2 * RATE)
    with Player(STEADY) as player:
        player.load(BEATS, VOICE)
        with standing(player):
            player.play(planned)
            player.hold(HOLD)
        wait_for(lambda: player.heard > MIDDLE, "a frame in the middle")
        lose(pulse)
        wait_for(lambda: player.silent, "the silent clock")
        assert MIDDLE < player.heard <= HOLD
        wait_for(lambda: player.position.state is State.HELD, "the silent clock's way")
        restore(pulse)
        with pulse.capture() as capture:
            wait_for(lambda: not player.silent, "the sound")
            patience()
            assert player.position == (1, HOLD, State.HELD)
            player.hold(None)
            wait_for(lambda: player.position.state is State.FINISHED, "the end")
            assert not player.silent
            beyond = capture.frames + RATE // 2
            wait_for(lambda: capture.frames > beyond, "what was still under way")
            heard = capture.samples()[:, 0]
    pieces = found(heard, mix(planned, HOLD, planned.frames))
    assert pieces
    first = pieces[0]
    holes = not heard[first.at - RATE // 4 : first.at].all()  # a busy machine's
    assert first.frame < RAMP or holes
    assert pieces[-1].frame + pieces[-1].frames > RATE
    lost, back = player.notices
    assert lost.startswith("The sound stopped: ")
    assert "an export makes a file instead." in lost
    assert back.startswith("The sound is back, on ")
    assert not pulse.programs


@pytest.mark.matrix  # test_player loses a device of our own for good
def test_without_the_server_the_session_ends_silently(pulse: PulseServer) -> None:
    planned = timeline(frames=2 * RATE)
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.heard > MIDDLE, "a frame in the middle")
        pulse.kill()
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        assert player.silent
        assert player.heard == planned.frames
    assert not pulse.programs


def test_nothing_stays_when_it_is_closed_while_the_server_answers_nobody(
    pulse: PulseServer,
) -> None:
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(timeline(frames=600 * RATE))
        wait_for(lambda: player.heard > MIDDLE, "a frame in the middle")
        pulse.freeze()
    assert not pulse.programs


@pytest.mark.matrix  # test_player starts without a device, and test_jack gets a server back
def test_a_player_that_starts_without_a_server_is_heard_once_there_is_one(
    pulse: PulseServer,
) -> None:
    pulse.kill()
    planned = timeline(frames=600 * RATE)
    with Player() as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.silent and player.heard > 0, "the silent clock")
        assert player.notices[-1].startswith("No sound: ")
        pulse.start()
        wait_for(lambda: not player.silent, "the sound")
        at = player.heard
        with pulse.capture() as capture:
            track = mix(planned, 0, 60 * RATE)
            wait_for(lambda: capture.frames > RATE, "some sound")
            pieces = found(capture.samples()[:, 0], track)
    assert pieces
    # The place of a stream that has just been opened is known to some ms.
    assert pieces[0].frame >= at - RATE // 20
    assert not pulse.programs
