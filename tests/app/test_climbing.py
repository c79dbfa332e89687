"""How far a runner has climbed, from the marks in the log."""

from __future__ import annotations

import pytest

from cadence_cue.app.log.climbing import rungs
from cadence_cue.app.log.history import Practice
from cadence_cue.coaching.ladder import Rung

DRILL = "toe-taps"
REACH = {DRILL: (1, 2)}


def climbed(*marks: int | None, drill: str = DRILL) -> Rung | None:
    practices = [
        Practice(f"2026-11-{day:02}T08:00:00+01:00", "mine", "Mine", 1.0, 170, mark, (drill,))
        for day, mark in enumerate(marks, 1)
    ]
    return rungs(practices, REACH, "mine").get(drill)


@pytest.mark.parametrize(
    ("marks", "rung"),
    [
        ((5,), Rung(0)),
        ((4, 5), Rung(1, 1)),
        ((4, 5, 5), Rung(1)),
        ((4, 5, 5, 4), Rung(2, 1)),
        ((4, 3, 4), Rung(0)),
        ((4, None, 4), Rung(0)),
        ((2,), Rung(-1, -1)),
        ((5, 5, 1), Rung(0, -1)),
        ((5, 2, 5), Rung(-1)),
        ((3, 3, None), Rung(0)),
    ],
)
def test_two_easy_marks_are_a_rung_up_and_a_hard_one_a_rung_down(
    marks: tuple[int | None, ...], rung: Rung
) -> None:
    assert climbed(*marks) == rung


def test_nobody_climbs_higher_than_the_session_reaches_so_the_next_mark_counts() -> None:
    assert climbed(*[5] * 40) == Rung(2)
    assert climbed(*[5] * 40, 1) == Rung(1, -1)
    assert climbed(*[1] * 40) == Rung(-1)
    assert climbed(*[1] * 40, 4, 4) == Rung(0, 1)


def test_a_drill_that_cannot_move_in_the_session_has_no_rung() -> None:
    assert climbed(5, 5, drill="perception") is None


def test_a_rung_is_new_only_after_the_same_session() -> None:
    practices = [
        Practice(f"2026-11-0{day}T08:00:00+01:00", name, "Mine", 1.0, 170, 5, (DRILL,))
        for day, name in ((1, "mine"), (2, "other"))
    ]
    assert rungs(practices, REACH, "other")[DRILL] == Rung(1, 1)
    assert rungs(practices, REACH, "mine")[DRILL] == Rung(1, 0)
