"""What doctor and the bench measure: the figures, and a real device."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cadence_cue.live import watchdog
from cadence_cue.live.control import ControlBlock, PlayedBlock, State
from cadence_cue.live.health import Callback, Spread, StoredWish, assess, callbacks_since, measure
from cadence_cue.live.output import NoSoundError, Opened, Output
from tests.live.rig import RATE
from tests.live.servers import PulseServer

OPENED = Opened("portaudio", "ears", RATE, 0.05)
BLOCK = 480  # frames: 10 ms


def callbacks(*made_at: float) -> list[Callback]:
    return [Callback(at, at + 0.05, 0.001, 0, BLOCK, 0, realtime=True) for at in made_at]


def stretch(made_at: float, frames: int, seen: int) -> PlayedBlock:
    return PlayedBlock(
        made_at + 0.05, made_at, 0.002, seen, 1, 1, 0, frames, State.PLAYING, 1, 3, 0, realtime=True
    )


def test_jitter_is_the_distance_from_a_block_and_cost_the_share_of_it() -> None:
    figures = assess(OPENED, callbacks(1.0, 1.01, 1.035, 1.045), [])
    assert figures.jitter.p50 == pytest.approx(0.0)
    assert figures.jitter.most == pytest.approx(0.015)
    assert figures.cost.p50 == pytest.approx(0.1)
    assert figures.heard.p50 == pytest.approx(0.05)
    assert (figures.callbacks, figures.frames) == (4, BLOCK)
    assert figures.seconds == pytest.approx(0.045)
    assert figures.control == Spread(0.0, 0.0, 0.0, 0.0)


def test_a_wish_takes_until_the_first_callback_that_knew_it() -> None:
    seen = [
        replace(one, seen=number) for one, number in zip(callbacks(1, 2, 3), (4, 6, 7), strict=True)
    ]
    wishes = [StoredWish(5, 1.5), StoredWish(6, 1.75), StoredWish(7, 2.25), StoredWish(8, 2.5)]
    assert assess(OPENED, seen, wishes).control.p50 == pytest.approx(0.5)
    assert assess(OPENED, seen, wishes).control.most == pytest.approx(0.75)


def test_the_device_s_clock_is_measured() -> None:
    slow = callbacks(*(k * 0.01 * 1.0001 for k in range(3000)))
    figures = assess(OPENED, slow, [])
    assert figures.clock_ppm == pytest.approx(100, abs=1)
    assert figures.clock_residual < 1e-4  # the line is held a little level


def test_underruns_are_those_of_the_time_measured() -> None:
    first, second, third = callbacks(1, 2, 3)
    dry = [replace(first, underruns=2), replace(second, underruns=2), replace(third, underruns=5)]
    assert assess(OPENED, dry, []).underruns == 3


def test_a_device_that_asks_for_nothing_is_no_health() -> None:
    with pytest.raises(NoSoundError, match='the device "ears" asks for no sound'):
        assess(OPENED, callbacks(1.0), [])


def test_stretches_of_one_callback_are_one_and_old_ones_are_left() -> None:
    control = ControlBlock()
    for one in (stretch(1.0, 256, 1), stretch(2.0, 240, 2), stretch(2.0, 16, 2)):
        control.publish(one)
    assert callbacks_since(control, 1.0) == [
        Callback(2.0, 2.05, 0.002, 2, 256, 3, realtime=True),
    ]
    assert [one.frames for one in callbacks_since(control, 0.0)] == [256, 256]


def test_a_suspended_device_is_told(pulse: PulseServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "_STARTING", 5)  # it will never take any
    pulse.suspend()
    with pytest.raises(NoSoundError, match="takes no sound"):
        measure(Output(), 1.0)
    assert not pulse.programs


def test_a_device_that_is_not_there_is_told(pulse: PulseServer) -> None:
    with pytest.raises(NoSoundError, match='no output device is called "radio"'):
        measure(Output(device="radio", backend="portaudio"), 1.0)
