"""Steps through a real JACK server, told by our own sound that is heard with them.

The server gives a sound to the microphone in the period in which the engine makes it: no other is
as quick. So the clocks say that it is heard earlier than it is played, by both latencies that the
server declares.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cadence_cue.live.input import Input
from cadence_cue.live.microphone import Microphone
from cadence_cue.live.output import Output
from cadence_cue.live.player import Player
from cadence_cue.live.room import Room, keep_room
from cadence_cue.live.sounding import Samples
from cadence_cue.scoring.own_sound import BEFORE
from cadence_cue.timing.drafting import Draft, Names, to_rows
from cadence_cue.timing.timeline import Bus, EventKind, Timeline
from tests.live.conftest import SERVER, Server
from tests.live.rig import RATE, clip, wait_for

pytestmark = pytest.mark.jack

PERIOD = 8192  # frames: a server with a shorter one takes a busy machine's delays for lost frames
AIR = 96  # frames from the loudspeaker to the microphone
CLICK, TAP = 1500, 960
SECONDS = 60
WITHIN = RATE // 1000


class Air:
    """What a microphone hears: the engine's left channel, later; taps from its first sound on."""

    def __init__(self, taps: Samples) -> None:
        import jack

        self._client: Any = jack.Client("air", servername=SERVER)
        self._heard = self._client.inports.register("heard")
        self._given = self._client.outports.register("given")
        self._taps = taps
        self._under_way = np.zeros(AIR, np.float32)
        self._frame = 0  # since the engine's first sound
        self._client.set_process_callback(self._carry)
        self._client.activate()

    def connect(self) -> None:
        """Take the place of the server's own microphone."""
        ours, theirs = self._ports(is_output=True)[0], self._ports(is_input=True)[0]
        for port in self._client.get_all_connections(theirs):
            self._client.disconnect(port, theirs)
        self._client.connect(self._given, theirs)
        self._client.connect(ours, self._heard)

    def close(self) -> None:
        self._client.deactivate()
        self._client.close()

    def _ports(self, **way: bool) -> list[Any]:
        return list(self._client.get_ports("^PortAudio", is_audio=True, **way))

    def _carry(self, count: int) -> None:
        self._under_way = np.concatenate([self._under_way, self._heard.get_array()])
        heard, self._under_way = self._under_way[:count], self._under_way[count:]
        if self._frame or heard.any():
            at = np.arange(self._frame, self._frame + count)
            first = 0 if self._frame else int(np.argmax(heard != 0))
            self._frame += count - first
            heard = heard + self._taps[(at - first) % len(self._taps)]
        self._given.get_array()[:] = heard


def clicks() -> Timeline:
    """Five clicks a second."""
    names = Names()
    drafts = (
        Draft(frame, CLICK, EventKind.SIGNAL, Bus.BEAT, "click", 0)
        for frame in range(0, SECONDS * RATE, RATE // 5)
    )
    return Timeline(RATE, 0, SECONDS * RATE, 1, to_rows(drafts, names), tuple(names), (), ())


@pytest.mark.parametrize("jack_server", [PERIOD], indirect=True)
def test_steps_are_told_by_the_frames_that_are_heard_with_them(
    jack_server: Server, tmp_path: Path
) -> None:
    rng = np.random.default_rng(1)
    tap = 0.3 * np.exp(-np.arange(TAP) / 240) * rng.normal(size=TAP)
    true = np.arange(RATE, (SECONDS - 1) * RATE, RATE // 2)
    true += rng.integers(0, RATE // 10, len(true))
    taps = 1e-4 * rng.normal(size=SECONDS * RATE)
    for frame in true:
        taps[frame : frame + TAP] += tap
    rooms = tmp_path / "rooms.json"
    with Player(Output(backend="portaudio"), watchdog=False) as player:
        player.load({"click": clip(1, CLICK)}, {})
        wait_for(lambda: player.ready, "the engine")
        room = Room(np.eye(1, 4096, BEFORE)[0], 0.01, -2 * PERIOD / RATE)
        keep_room(rooms, player.device, player.device, room)
        wish = Input(rate=player.rate, rooms=str(rooms))
        carrying = Air(taps.astype(np.float32))
        with closing(carrying), Microphone(wish, player) as microphone:
            wait_for(lambda: microphone.poll() or microphone.opened, "the microphone")
            carrying.connect()
            off: list[float] = []  # how much later each step is told than it is heard, in frames

            def told() -> bool:
                for step in microphone.poll():
                    if step.given is not None:
                        found = player.position_of(step.given).frame
                        off.append(float(min(found - true, key=abs)))
                return sum(abs(each) < WITHIN for each in off) >= 8

            player.play(clicks())
            wait_for(told, "steps at their frames")
