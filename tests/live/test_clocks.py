"""What is heard when: the published stretches, the silent clock, the watchdog."""

from cadence_cue.live.control import Desired, State, Stretch
from cadence_cue.live.position import Position, forward, heard
from cadence_cue.live.silent import SilentClock
from cadence_cue.live.watchdog import Watchdog

RATE = 1000


def stretch(at: float, generation: int, frame: int, state: State = State.PLAYING) -> Stretch:
    return Stretch(at, generation, frame, 100, state, 0, realtime=False)


PLAYED = [
    stretch(10.4, 2, 7000),
    stretch(10.3, 1, 5200, State.PAUSED),
    stretch(10.2, 1, 5200, State.PAUSED),
    stretch(10.1, 1, 5100),
    stretch(10.0, 1, 5000),
]


def test_the_heard_frame_lies_in_the_stretch_that_sounds_now() -> None:
    assert heard(PLAYED, 9.99, RATE) == Position(0, 0, State.WAITING)
    assert heard(PLAYED, 10.0, RATE) == Position(1, 5000, State.PLAYING)
    assert heard(PLAYED, 10.1505, RATE) == Position(1, 5150, State.PLAYING)
    assert heard(PLAYED, 10.25, RATE) == Position(1, 5200, State.PAUSED)
    assert heard(PLAYED, 10.4505, RATE) == Position(2, 7050, State.PLAYING)


def test_when_the_device_stops_asking_the_position_stops() -> None:
    assert heard(PLAYED, 99.0, RATE) == Position(2, 7100, State.PLAYING)


def test_a_swinging_device_clock_never_moves_the_position_back() -> None:
    here = Position(2, 500, State.PLAYING)
    assert forward(here, Position(2, 499, State.PLAYING)) == here
    assert forward(here, Position(1, 900, State.PLAYING)) == here
    for ahead in (Position(2, 501, State.PLAYING), Position(2, 500, State.PAUSED), Position(3, 0)):
        assert forward(here, ahead) == ahead


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_silent_clock_plays_pauses_goes_on_and_ends() -> None:
    time = Time()
    clock = SilentClock(RATE, time)
    assert clock.heard() == Position()
    desired = Desired(1, 1, -50, playing=True)
    clock.want(desired, 1000)
    assert clock.heard() == Position(1, -50, State.PLAYING)
    time.now += 0.3005
    assert clock.heard() == Position(1, 250, State.PLAYING)
    clock.want(desired._replace(playing=False), 1000)
    time.now += 5
    assert clock.heard() == Position(1, 250, State.PAUSED)
    clock.want(desired._replace(beat=0.0), 1000)
    time.now += 0.1005
    assert clock.heard() == Position(1, 350, State.PLAYING)
    time.now += 1
    assert clock.heard() == Position(1, 1000, State.FINISHED)


def test_the_silent_clock_jumps_with_a_new_generation() -> None:
    time = Time()
    clock = SilentClock(RATE, time)
    clock.want(Desired(1, 1, 0, playing=True), 1000)
    time.now += 0.5
    clock.want(Desired(2, 2, 100, playing=True), 200)
    assert clock.heard() == Position(2, 100, State.PLAYING)
    time.now += 0.5
    assert clock.heard() == Position(2, 200, State.FINISHED)


def look(watchdog: Watchdog, steps: list[tuple[float, int]]) -> list[bool]:
    now = 0.0
    seen = []
    for step, progress in steps:
        now += step
        seen.append(watchdog.lost(now, progress))
    return seen


def test_six_looks_without_progress_are_a_loss() -> None:
    steps = [(0.1, 9)] + [(0.1, 9)] * 6
    assert look(Watchdog(0.0), steps) == [False] * 6 + [True]


def test_progress_starts_the_count_again() -> None:
    steps = [(0.1, 9)] * 6 + [(0.1, 10)] * 6 + [(0.1, 10)]
    assert look(Watchdog(0.0), steps) == [False] * 12 + [True]


def test_a_late_look_counts_nothing() -> None:
    steps = [(0.1, 9)] * 6 + [(0.16, 9)] * 100 + [(0.14, 9)]
    assert look(Watchdog(0.0), steps) == [False] * 106 + [True]


def test_before_the_first_callback_there_are_fifty() -> None:
    assert look(Watchdog(0.0), [(0.1, 0)] * 50) == [False] * 49 + [True]
