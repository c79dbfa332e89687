"""What is heard when: the published stretches; when an engine is lost, and when to try again."""

import pytest

from cadence_cue.live.control import PlayedBlock, State
from cadence_cue.live.position import Position, PositionFinder, forward
from cadence_cue.live.recovery import Backoff, Dryness
from cadence_cue.live.watchdog import Watchdog

RATE = 1000


def stretch(
    at: float, generation: int, frame: int, state: State = State.PLAYING, *, stream: int = 1
) -> PlayedBlock:
    given = round(RATE * (at - 10 - (stream - 1)))
    numbers = generation, 1, frame, 100, state, stream, 0, given
    return PlayedBlock(at, at, 0.0, 1, *numbers, realtime=False)


PLAYED = [
    stretch(10.4, 2, 7000),
    stretch(10.3, 1, 5200, State.PAUSED),
    stretch(10.2, 1, 5200, State.PAUSED),
    stretch(10.1, 1, 5100),
    stretch(10.0, 1, 5000),
]


def heard(now: float, latest_first: list[PlayedBlock] = PLAYED) -> Position:
    finder = PositionFinder(RATE)
    for begin in range(len(latest_first) - 1, -1, -1):  # as a player polls
        position = finder.heard(latest_first[begin:], now)
    return position


def test_the_heard_frame_lies_in_the_stretch_that_sounds_now() -> None:
    assert heard(9.99) == Position(0, 0, State.WAITING)
    assert heard(10.0005) == Position(1, 5000, State.PLAYING)
    assert heard(10.1505) == Position(1, 5150, State.PLAYING)
    assert heard(10.25) == Position(1, 5200, State.PAUSED)
    assert heard(10.4505) == Position(2, 7050, State.PLAYING)


def test_when_the_device_stops_asking_the_position_stops() -> None:
    assert heard(99.0) == Position(2, 7100, State.PLAYING)


def test_a_device_that_is_opened_again_has_a_new_clock() -> None:
    again = stretch(11.5, 2, 7100, stream=2)  # what comes next, a second later than it would have
    assert heard(11.5505, [again, *PLAYED]) == Position(2, 7150, State.PLAYING)


def test_a_stream_that_ran_dry_has_a_new_clock() -> None:
    late = stretch(11.5, 2, 7100, stream=2)._replace(stream=1, underruns=1)
    assert heard(11.5505, [late, *PLAYED]) == Position(2, 7150, State.PLAYING)


def test_a_swinging_device_clock_never_moves_the_position_back() -> None:
    here = Position(2, 500, State.PLAYING)
    assert forward(here, Position(2, 499, State.PLAYING)) == here
    assert forward(here, Position(1, 900, State.PLAYING)) == here
    for ahead in (Position(2, 501, State.PLAYING), Position(2, 500, State.PAUSED), Position(3, 0)):
        assert forward(here, ahead) == ahead


def poll(watchdog: Watchdog, steps: list[tuple[float, int]]) -> list[bool]:
    now = 0.0
    seen = []
    for step, progress in steps:
        now += step
        seen.append(watchdog.lost(now, progress))
    return seen


STEADY = [(0.1, 7), (0.1, 8), (0.1, 9)]


def test_six_looks_without_progress_are_a_loss() -> None:
    steps = STEADY + [(0.1, 9)] * 6
    assert poll(Watchdog(0.0), steps) == [False] * 8 + [True]


def test_progress_starts_the_count_again() -> None:
    steps = STEADY + [(0.1, 9)] * 5 + [(0.1, 10)] * 6 + [(0.1, 10)]
    assert poll(Watchdog(0.0), steps) == [False] * 14 + [True]


def test_a_late_look_counts_nothing() -> None:
    steps = STEADY + [(0.1, 9)] * 5 + [(0.16, 9)] * 100 + [(0.14, 9)]
    assert poll(Watchdog(0.0), steps) == [False] * 108 + [True]


@pytest.mark.parametrize("filled", [[], [(0.1, 9)], [(0.1, 9), (0.1, 18)]])
def test_before_the_device_asks_steadily_there_are_fifty(filled: list[tuple[float, int]]) -> None:
    watchdog = Watchdog(0.0)
    last = filled[-1][1] if filled else 0
    looks = poll(watchdog, filled + [(0.1, last)] * 50)
    assert looks == [False] * (len(looks) - 1) + [True]
    assert not watchdog.steady


def test_attempts_come_after_1_2_4_8_and_then_10_seconds() -> None:
    backoff = Backoff()
    assert [backoff.wait() for _ in range(6)] == [1, 2, 4, 8, 10, 10]


def grown(looks: list[tuple[float, int]]) -> list[bool]:
    dryness = Dryness(100.0)
    return [dryness.grown(100.0 + now, underruns) for now, underruns in looks]


def test_three_underruns_within_ten_seconds_ask_for_more_latency() -> None:
    assert grown([(3, 1), (8, 2), (12.9, 3)]) == [False, False, True]
    assert grown([(3, 1), (8, 2), (13.1, 3)]) == [False, False, False]
    assert grown([(3, 1), (8, 2), (13.1, 3), (14, 4)]) == [False, False, False, True]
    assert grown([(3, 9), (4, 9)]) == [True, False]


def test_a_device_that_settles_in_is_not_blamed() -> None:
    assert grown([(1.9, 9), (2.5, 10), (3.0, 11)]) == [False, False, False]
