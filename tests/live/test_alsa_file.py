"""Through PortAudio to ALSA's file device: every frame that it was given, bit for bit."""

import numpy as np
import pytest

from cadence_cue.live.control import State
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player
from tests.live.finding import found
from tests.live.rig import BEATS, RAMP, RATE, VOICE, mix, noise, timeline, wait_for
from tests.live.servers import AlsaFile
from tests.matrix import matrix


@pytest.mark.parametrize("block", matrix([441, 64, 2048]))
def test_what_the_device_is_given_is_what_is_exported(alsa_file: AlsaFile, block: int) -> None:
    planned = timeline(frames=2 * RATE)
    with Player(Output(block=block), watchdog=False) as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        beyond = alsa_file.frames + RATE // 2
        wait_for(lambda: alsa_file.frames > beyond, "the silence after the end")
        assert player.heard == planned.frames
        assert (player.notices, player.silent) == ([], False)
    stereo = alsa_file.samples()
    assert np.array_equal(stereo[:, 0], stereo[:, 1])
    heard = stereo[int(np.flatnonzero(stereo[:, 0])[0]) :, 0]
    length = planned.frames - planned.start
    assert np.array_equal(heard[:length], mix(planned, planned.start, planned.frames))
    rest = heard[length : length + RATE // 8]
    assert np.array_equal(rest, noise(planned, planned.frames, len(rest)))


def test_a_jump_fades_out_and_plays_the_export_from_there_on(alsa_file: AlsaFile) -> None:
    planned = timeline(frames=40 * RATE)
    with Player(watchdog=False) as player:
        player.load(BEATS, VOICE)
        player.play(planned)
        wait_for(lambda: player.heard > RATE, "a frame in the middle")
        player.play(planned, frame=39 * RATE)
        wait_for(lambda: player.position.state is State.FINISHED, "the end")
        beyond = alsa_file.frames + RATE // 2
        wait_for(lambda: alsa_file.frames > beyond, "the silence after the end")
    track = mix(planned, planned.start, planned.frames)
    before, after = found(alsa_file.samples()[:, 0], track)
    assert before.frame == 0
    ramps = 2 * RAMP - 1  # the last gain of the ramp up is 1
    assert after.at - before.at - before.frames == ramps
    assert after.frame + planned.start == 39 * RATE + RAMP - 1
    assert after.frame + after.frames == len(track)
