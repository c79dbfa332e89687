"""The clock of a stream: a line through rough time stamps, held against the crystal they are of."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.live.clock import StreamClock
from tests.examples import examples

RATE = 48_000
EXACT = 0.001  # seconds
SETTLED = 5.0  # seconds within which the clock is exact


class Crystal:
    """A device whose true times are known: `ppm` slow, and later by each of its `slips`."""

    def __init__(self, ppm: float) -> None:
        self._pace = (1 + ppm / 1e6) / RATE
        self._slips: list[tuple[int, float]] = []

    def slip(self, frame: int, seconds: float) -> None:
        self._slips.append((frame, seconds))

    def time(self, frame: int) -> float:
        slipped = sum(seconds for since, seconds in self._slips if frame >= since)
        return 500.0 + frame * self._pace + slipped


@examples(10, 60)
@given(
    ppm=st.floats(-200, 200),
    latency=st.sampled_from([0.05, 0.1, 0.2]),
    block=st.sampled_from([128, 256, 480, 1024]),
    stall_is_underrun=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_five_seconds_after_any_trouble_the_clock_is_within_a_millisecond(
    ppm: float, latency: float, block: int, stall_is_underrun: bool, seed: int
) -> None:
    random = Random(seed)
    crystal, clock = Crystal(ppm), StreamClock(RATE)
    blocks = round(1.25 * latency * RATE / block)  # that the device asks for in one burst
    burst = blocks * block
    underruns, stall = [7 * RATE, 14 * RATE], 21 * RATE
    troubled, frame, worst = 0, 0, 0.0
    while frame < 28 * RATE:
        if underruns and frame >= underruns[0]:
            crystal.slip(frame, random.uniform(0.01, 0.3))
            clock.restart()
            troubled = underruns.pop(0)
        stalled = troubled < stall <= frame
        if stalled:
            troubled = stall
            if stall_is_underrun:  # one that the device does not report
                crystal.slip(frame, 0.3)
        middle = crystal.time(frame) + (blocks - 1) / 2 * block / RATE
        late = 0.3 if stalled and not stall_is_underrun else random.gauss(0, 0.0002)
        for k in range(blocks):
            clock.note(frame + k * block, middle + late)
        frame += burst
        if frame - troubled > SETTLED * RATE:
            heard = frame - round(latency * RATE)
            worst = max(worst, abs(clock.time_at(heard) - crystal.time(heard)))
    assert worst <= EXACT


def test_stamps_that_come_evenly_are_believed_at_once() -> None:
    crystal, clock = Crystal(80), StreamClock(RATE)
    for frame in range(0, RATE // 10, 256):
        clock.note(frame, crystal.time(frame))
        assert clock.time_at(frame) == pytest.approx(crystal.time(frame), abs=1e-4)


def test_it_tells_how_slow_the_crystal_is_and_how_rough_its_stamps() -> None:
    random, crystal, clock = Random(1), Crystal(150), StreamClock(RATE)
    for frame in range(0, 30 * RATE, 256):
        clock.note(frame, crystal.time(frame) + random.gauss(0, 0.001))
    assert clock.ppm == pytest.approx(150, abs=15)
    assert clock.residual == pytest.approx(0.001, rel=0.2)


@given(ppm=st.floats(-200, 200), frame=st.integers(0, 10**9))
def test_frames_become_times_and_times_the_same_frames(ppm: float, frame: int) -> None:
    crystal, clock = Crystal(ppm), StreamClock(RATE)
    for noted in range(frame, frame + RATE, 4800):
        clock.note(noted, crystal.time(noted))
    assert clock.frame_at(clock.time_at(frame)) == pytest.approx(frame, abs=0.01)


def test_a_server_that_is_some_ms_off_for_seconds_is_averaged() -> None:
    # As PulseAudio's are on a busy machine while it learns how fast the device is.
    crystal, clock = Crystal(40), StreamClock(RATE)
    worst = 0.0
    for frame in range(0, 20 * RATE, 256):
        seconds = frame / RATE
        late = 0.0035 if seconds < 4 else -0.0025 if seconds < 7 else 0.0
        clock.note(frame, crystal.time(frame) + late)
        if seconds > 5:
            worst = max(worst, abs(clock.time_at(frame) - crystal.time(frame)))
    assert worst <= 0.002
    assert clock.time_at(frame) == pytest.approx(crystal.time(frame), abs=EXACT)


def test_a_few_stamps_that_are_far_off_do_not_count() -> None:
    crystal, clock = Crystal(0), StreamClock(RATE)
    for frame in range(0, 4 * RATE, 256):
        late = 0.05 if frame % 8192 == 0 else 0.0
        clock.note(frame, crystal.time(frame) + late)
    assert clock.time_at(4 * RATE) == pytest.approx(crystal.time(4 * RATE), abs=1e-4)


def test_a_crystal_that_warms_up_is_followed() -> None:
    cold, warm, clock = Crystal(0), Crystal(60), StreamClock(RATE)
    turn = 120 * RATE
    later = cold.time(turn) - warm.time(turn)
    for frame in range(0, turn, 2400):
        clock.note(frame, cold.time(frame))
    for frame in range(turn, turn + 40 * RATE, 2400):
        clock.note(frame, warm.time(frame) + later)
    assert clock.time_at(frame) == pytest.approx(warm.time(frame) + later, abs=EXACT)
