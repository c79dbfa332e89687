"""Which cues go round: set-up first, corrections later, one leg's cues for that leg."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cadence_cue.coaching import wording
from cadence_cue.coaching.model import Cue, CueType, Focus, Side
from cadence_cue.coaching.rotation import rotation, suits


def cues(**texts: int) -> list[Cue]:
    """So many cues of each type: "movement 0", "movement 1", ..."""
    return [
        Cue(f"{kind} {k}", CueType(kind), Focus.NEUTRAL)
        for kind, many in texts.items()
        for k in range(many)
    ]


POOL = cues(setup=3, movement=4, correction=3, relax=2)


def rotate(
    pool: list[Cue] = POOL,
    words: tuple[str, ...] = (),
    side: Side = Side.NONE,
    seed: str = "1",
    *,
    heard: int = 0,
    learning: bool = False,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return rotation(pool, words, side, seed, heard=heard, learning=learning)


def test_the_first_time_begins_with_at_most_two_set_up_cues() -> None:
    assert rotate()[0] == ("setup 0", "setup 1")
    assert rotate(heard=3)[0] == ()


def test_while_learning_nothing_is_corrected() -> None:
    _, cycle = rotate(learning=True)
    assert sorted(text.split()[0] for text in cycle) == ["movement"] * 4 + ["relax"] * 2


@pytest.mark.parametrize("many", [1, 2, 5, 9])
def test_every_second_cue_at_most_is_a_correction(many: int) -> None:
    _, cycle = rotate(cues(movement=2, correction=many))
    kinds = [text.split()[0] for text in cycle]
    assert kinds[0] == "movement"
    assert "correction" in kinds
    assert ("correction", "correction") not in pairwise(kinds)


def test_own_words_join_the_rotation() -> None:
    _, cycle = rotate(words=("Easy and tall",))
    assert "Easy and tall" in cycle
    assert rotate([], ("A", "B")) == ((), ("A", "B"))


def test_where_only_set_up_cues_exist_they_go_round() -> None:
    assert rotate(cues(setup=2), heard=1) == ((), ("setup 0", "setup 1"))
    assert rotate([]) == ((), ())


def test_nothing_is_said_twice_in_one_round() -> None:
    _, cycle = rotate(words=("movement 1", "movement 1"))
    assert len(cycle) == len(set(cycle))


def test_the_seed_decides_the_order() -> None:
    assert rotate(seed="a") == rotate(seed="a")
    assert len({rotate(seed=str(k))[1] for k in range(8)}) > 4


def test_a_later_set_goes_on_in_the_rotation() -> None:
    pool = cues(movement=5)
    first, later = rotate(pool)[1], rotate(pool, heard=2)[1]
    assert later == (*first[2:], *first[:2])


def test_the_eyes_are_never_in_a_rotation() -> None:
    pool = [
        Cue(text, kind, Focus.NEUTRAL)
        for text in (wording.CLOSE_EYES, "Open your eyes.")
        for kind in CueType
    ]
    assert rotate(pool) == ((), ())


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Cycle the left leg", [Side.LEFT]),
        ("Right heel up", [Side.RIGHT]),
        ("Shift left, shift right", list(Side)),
        ("Bright and tall", list(Side)),
        ("Relax", list(Side)),
    ],
)
def test_a_cue_for_one_leg_is_for_that_leg(text: str, sides: list[Side]) -> None:
    assert [side for side in Side if suits(text, side)] == sides
