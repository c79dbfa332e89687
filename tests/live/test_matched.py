"""Music on the beat, as a device is given it: a file of what was performed has the same."""

from __future__ import annotations

import time
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from cadence_cue.app.music.matched import matched_music
from cadence_cue.app.music.under import live_music
from cadence_cue.coaching.session import Music
from cadence_cue.live.player import Player
from cadence_cue.sound.mix import mix
from cadence_cue.transport.music import first_of
from cadence_cue.transport.transport import Transport
from tests.live.rig import RATE, wait_for
from tests.live.servers import AlsaFile
from tests.music import band
from tests.transporting import perform

pytestmark = pytest.mark.matrix
RUN = {"run": "On the beat", "time": "150s", "tempo": "own", "count_in": False}


def test_what_is_heard_after_a_nudge_is_what_is_exported(
    alsa_file: AlsaFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    alsa_file.haste = 1
    sf.write(tmp_path / "song.wav", band.played(band.steady(168, 160)), band.RATE)
    music = Music(str(tmp_path / "song.wav"), match=True)
    performance = perform(RUN, own=172, announce=False)
    make = partial(live_music, music)
    with Player(watchdog=False) as player:
        assert player.rate == RATE
        transport = Transport(performance, player)
        transport.set_music(make, first_of(make, performance, 0, lambda _: None))
        transport.play()

        def heard(seconds: float) -> bool:
            time.sleep(0.02)
            transport.poll()
            return transport.position.frame > seconds * RATE

        wait_for(lambda: heard(2), "the beginning")
        transport.nudge(Fraction(3))
        wait_for(lambda: heard(2) and transport.tempo_control.settle(), "the edit")
        wait_for(lambda: heard(2) and transport.performance.edits[0].joins, "the music")
        joins = transport.performance.edits[0].joins
        assert joins
        clock = transport.performance.plan.clock
        wait_for(lambda: heard(clock.frame(joins) / RATE + 2), "what follows")
        transport.pause()
        transport.close()
        assert player.notices == []
    timeline, until = transport.timeline, clock.frame(joins) + RATE
    stereo = alsa_file.samples()
    given = stereo[int(np.flatnonzero(stereo[:, 0])[0]) :]
    wanted = np.zeros((until - timeline.start, 2), np.float32)
    bed = matched_music(music, transport.performance).bed
    of = transport.performance
    with mix(timeline, of.beats, of.voice, music=bed) as (render, _):
        render(timeline.start, wanted)
    assert np.array_equal(given[: len(wanted)], wanted)
