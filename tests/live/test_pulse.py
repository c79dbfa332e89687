"""Into PulseAudio, as on a desktop: what arrives is the export, whichever back end brings it."""

import itertools
from functools import partial

import numpy as np
import pytest

from cadence_cue.live.backends import AUDIBLE
from cadence_cue.live.control import State
from cadence_cue.live.microphone import Microphone
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player
from tests.live.finding import found
from tests.live.rig import BEATS, RATE, VOICE, engine_of, mix, timeline, wait_for
from tests.live.servers import PulseServer
from tests.matrix import matrix

LATENCY = 0.2  # a busy machine leaves holes at less; where there are some, all else still holds


@pytest.mark.parametrize("backend", matrix(AUDIBLE))
def test_a_desktop_s_server_is_given_the_export(pulse: PulseServer, backend: str) -> None:
    planned = timeline(frames=2 * RATE)
    output = Output(backend=backend, latency=LATENCY)
    with pulse.capture() as capture, Player(output, watchdog=False) as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        assert (player.notices, player.silent) == ([], False)
        assert pulse.playing == ["ears"]
        beyond = capture.frames + RATE // 2
        wait_for(lambda: capture.frames > beyond, "what was still under way")
        stereo = capture.samples()
    assert np.array_equal(stereo[:, 0], stereo[:, 1])
    pieces = found(stereo[:, 0], mix(planned, planned.start, planned.frames))
    assert pieces
    for one, next_one in itertools.pairwise(pieces):
        assert one.frame + one.frames <= next_one.frame


@pytest.mark.parametrize("backend", matrix(AUDIBLE))
def test_a_device_is_let_go_while_nothing_plays(pulse: PulseServer, backend: str) -> None:
    planned = timeline(frames=RATE)
    with Player(Output(backend=backend, latency=LATENCY)) as player:
        player.rest()
        engine = engine_of(player)
        streams = []
        for _ in range(2):
            wait_for(lambda: not pulse.playing, "the device to be let go")
            player.load(BEATS, VOICE)
            generation = player.play(planned)
            wait_for(lambda: pulse.playing == ["ears"], "the device")
            wait_for(partial(_over, player, generation), "the end")
            assert player.latest
            streams.append(player.latest.stream)
            player.rest()
        assert streams[1] == streams[0] + 1  # so that each has a clock of its own
        assert engine_of(player) == engine  # which is there at once
        assert (player.notices, player.silent) == ([], False)


def test_a_server_that_fails_while_nothing_plays_is_not_told(pulse: PulseServer) -> None:
    with Player(Output(latency=LATENCY)) as player:
        player.rest()
        engine_of(player)
        wait_for(lambda: not pulse.playing, "the device to be let go")
        pulse.kill()
        pulse.start()
        player.load(BEATS, VOICE)
        player.play(timeline(frames=RATE))
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        assert (player.notices, player.silent) == ([], False)


def after_the_default_moved(pulse: PulseServer, output: Output) -> list[str]:
    """Where an engine on the default device plays when another has become the default."""
    pulse.add("box")
    with Player(output, watchdog=False) as player:
        engine_of(player)
        assert pulse.playing == ["ears"]
        pulse.choose("box")
        return pulse.playing


@pytest.mark.parametrize("backend", matrix(AUDIBLE[::-1]))  # miniaudio has code of its own for it
def test_the_default_is_followed_where_it_moves(pulse: PulseServer, backend: str) -> None:
    assert after_the_default_moved(pulse, Output(backend=backend)) == ["box"]


def test_a_device_that_was_named_is_kept_where_the_default_moves(pulse: PulseServer) -> None:
    assert after_the_default_moved(pulse, Output("ears", "miniaudio")) == ["ears"]


def _over(player: Player, generation: int) -> bool:
    """Whether this timeline has ended, not the one before it."""
    position = player.position
    return position.generation == generation and position.state is State.FINISHED


def test_a_microphone_that_is_unplugged_is_told_though_the_stream_goes_on(
    pulse: PulseServer,
) -> None:
    pulse.plug("usb", "ears")
    with Microphone() as microphone:
        wait_for(lambda: microphone.poll() or microphone.heard, "the microphone")
        wait_for(lambda: microphone.poll() or "usb" in pulse.heard, "its stream")
        pulse.unplug()
        lost = "Steps are no longer heard: the sound server has moved to another microphone."
        wait_for(lambda: microphone.poll() or _told(microphone, lost), "what became of it")
        again = 'Steps are heard again, through "default".'
        wait_for(lambda: microphone.poll() or _told(microphone, again), "another one")


def _told(microphone: Microphone, begin: str) -> bool:
    return any(notice.startswith(begin) for notice in microphone.notices)
