"""Which timeline plays, as the engine's answers come in."""

from dataclasses import replace

import pytest

from cadence_cue.live.control import PlayedBlock, State
from cadence_cue.live.succession import Answer, Succession
from cadence_cue.timing.timeline import Timeline
from tests.live.rig import timeline

PLANNED = timeline()
OTHER, THIRD = replace(PLANNED, frames=60000), replace(PLANNED, frames=70000)


def made(number: int, frame: int, state: State = State.PLAYING) -> PlayedBlock:
    """256 frames of a timeline from a frame on."""
    return PlayedBlock(0.0, 0.0, 0.0, 1, 1, number, frame, 256, state, 1, 0, 0, realtime=False)


@pytest.fixture
def succession() -> Succession[Timeline]:
    succession = Succession[Timeline]()
    assert succession.begin(PLANNED).number == 1
    return succession


def test_the_same_timeline_again_keeps_its_number(succession: Succession[Timeline]) -> None:
    assert succession.begin(PLANNED).number == 1
    assert succession.begin(OTHER).number == 2
    assert succession.begin(PLANNED).number == 3


def test_an_offer_is_open_until_it_is_made_or_its_frame_is_past(
    succession: Succession[Timeline],
) -> None:
    number = succession.offer(OTHER).number
    assert not succession.poll(made(1, 744), since=1000)
    assert succession.answer(number) is Answer.OPEN
    assert not succession.poll(made(1, 745, State.PAUSED), since=1000)
    assert succession.answer(number) is Answer.OPEN
    assert succession.poll(made(1, 745), since=1000)
    assert succession.answer(number) is Answer.REFUSED
    assert succession.playing == (1, PLANNED)


def test_what_is_changed_keeps_its_number(succession: Succession[Timeline]) -> None:
    number = succession.offer(OTHER).number
    succession.update(lambda each: replace(each, frames=each.frames + 1))
    assert succession.playing == (1, replace(PLANNED, frames=PLANNED.frames + 1))
    assert succession.answer(number) is Answer.OPEN
    succession.poll(made(number, 5000), since=1000)
    assert succession.playing == (number, replace(OTHER, frames=60001))


def test_an_offer_that_is_made_is_what_plays(succession: Succession[Timeline]) -> None:
    number = succession.offer(OTHER).number
    assert not succession.poll(made(number, 5000), since=1000)
    assert succession.answer(number) is Answer.ACCEPTED
    assert succession.answer(1) is Answer.REFUSED
    assert succession.playing == (number, OTHER)
    assert not succession.poll(made(number, 6000), since=1000)


def test_the_first_of_two_offers_may_be_taken_before_the_second(
    succession: Succession[Timeline],
) -> None:
    first, second = succession.offer(OTHER).number, succession.offer(THIRD).number
    assert not succession.poll(made(first, 500), since=1000)
    assert succession.answer(first) is Answer.ACCEPTED
    assert succession.answer(second) is Answer.OPEN
    assert succession.poll(made(first, 1000), since=1000)
    assert succession.answer(second) is Answer.REFUSED
    assert succession.playing == (first, OTHER)


def test_of_two_offers_the_second_may_be_taken(succession: Succession[Timeline]) -> None:
    first, second = succession.offer(OTHER).number, succession.offer(THIRD).number
    assert not succession.poll(made(second, 500), since=1000)
    assert succession.answer(first) is Answer.REFUSED
    assert succession.answer(second) is Answer.ACCEPTED


def test_a_new_beginning_forgets_the_offers_and_is_sent_anew(
    succession: Succession[Timeline],
) -> None:
    number = succession.offer(OTHER).number
    assert succession.begin(PLANNED).number == 3
    assert succession.answer(number) is Answer.REFUSED


@pytest.mark.parametrize(("frame", "taken"), [(1000, True), (1001, False)])
def test_without_an_engine_the_frame_to_go_on_from_decides(
    succession: Succession[Timeline], frame: int, taken: bool
) -> None:
    number = succession.offer(OTHER).number
    succession.decide(frame, since=1000)
    assert (succession.answer(number) is Answer.ACCEPTED) is taken
    assert succession.playing == ((number, OTHER) if taken else (1, PLANNED))
