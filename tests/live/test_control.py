"""The control block: whatever moment a reader comes, it gets a whole state."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest

from cadence_cue.live.control import SIZE, Desired, PlayedBlock, State
from cadence_cue.live.sounding import SoundingBlock


@pytest.fixture
def block() -> Iterator[SoundingBlock]:
    block = SoundingBlock()
    yield block
    block.close()


def state(number: int) -> Desired:
    frames = number, number, -number, 3 * number, 5 * number
    return Desired(*frames, bool(number % 2), number / 8, 0.1 * number, 1 / number)


def stretch(number: int) -> PlayedBlock:
    times = number / 7, number / 3, number / 11
    frames = number, 2 * number, 3 * number, -number, 256
    return PlayedBlock(*times, *frames, State.PLAYING, number, -number, 4 * number, number % 2 == 0)


def test_nothing_is_wanted_before_the_first_write(block: SoundingBlock) -> None:
    assert block.desired() is None
    assert list(block.played_blocks()) == []


def test_the_newest_state_is_read(block: SoundingBlock) -> None:
    for number in range(1, 6):
        assert block.want(state(number)) == number
        assert block.desired() == (number, state(number))


def test_both_sides_see_the_same_memory(block: SoundingBlock) -> None:
    other = SoundingBlock(block.descriptor)
    block.want(state(3))
    other.publish(stretch(4))
    assert other.desired() == (1, state(3))
    assert list(block.played_blocks()) == [stretch(4)]
    other.close()


def test_what_was_played_is_kept_for_five_seconds(block: SoundingBlock) -> None:
    other = SoundingBlock(block.descriptor, watches=True)
    sound = np.random.default_rng(1).normal(size=(600_000, 2)).astype(np.float32)
    for given in range(0, len(sound), 1000):
        block.keep(given, sound[given : given + 1000])
    mean = sound.mean(axis=1)
    assert other.kept(360_000, 240_000) == pytest.approx(mean[360_000:])
    other.close()


@pytest.mark.parametrize("writes", [1, 2])
def test_a_state_half_written_is_never_seen(block: SoundingBlock, writes: int) -> None:
    block.want(state(1))
    block.want(state(2))
    before = block._memory[:SIZE]
    for number in range(3, 3 + writes):
        last = block._memory[:SIZE]
        block.want(state(number))
    after = block._memory[:SIZE]
    assert last == before or writes == 2
    whole = [(2 + number, state(2 + number)) for number in range(writes + 1)]
    for cut in range(SIZE):
        if before[cut] == after[cut]:
            continue
        # The bytes may come in any order: a processor promises none.
        for torn in (last[:cut] + after[cut:], after[:cut] + last[cut:]):
            block._memory[:SIZE] = torn
            assert block.desired() in whole
        one_bit = bytearray(after)
        one_bit[cut] ^= 1
        block._memory[:SIZE] = bytes(one_bit)
        assert block.desired() in whole


def test_what_was_played_is_read_back_latest_first(block: SoundingBlock) -> None:
    for number in range(1, 5000):
        block.publish(stretch(number))
    read = list(block.played_blocks())
    assert block.published == 4999
    assert read == [stretch(number) for number in range(4999, 4999 - len(read), -1)]
    assert len(read) >= 2000


def test_a_stretch_half_written_is_left_out(block: SoundingBlock) -> None:
    for number in range(1, 2100):
        block.publish(stretch(number))
    before = block._memory[8:SIZE]
    block.publish(stretch(2100))
    after = block._memory[8:SIZE]
    assert list(islice(block.played_blocks(), 2)) == [stretch(2100), stretch(2099)]
    for cut in np.flatnonzero(np.frombuffer(before, "u1") != np.frombuffer(after, "u1")):
        block._memory[8:SIZE] = after[:cut] + before[cut:]
        assert list(islice(block.played_blocks(), 2)) == [stretch(2099), stretch(2098)]
