"""The rules of whole sessions: order, eyes, limits; and what is locked or left out."""

from __future__ import annotations

import pytest

from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.rules import locked, without
from cadence_cue.coaching.session import Repeat, Session
from cadence_cue.coaching.session_file import parse
from cadence_cue.errors import UserError


def phase(drill: str = "", **keys: object) -> dict[str, object]:
    return {"drill": drill, "time": "30s", **keys} if drill else {"run": "", "time": "1min", **keys}


def session(library: Library, *phases: object, **keys: object) -> Session:
    data = {"title": "Test", "phase": list(phases), **keys}
    return parse(data, name="test", library=library)


def refused(library: Library, *phases: object, **keys: object) -> str:
    with pytest.raises(UserError) as caught:
        session(library, *phases, **keys)
    return str(caught.value)


def test_perception_is_the_first_drill(library: Library) -> None:
    assert refused(library, phase(), phase("toe-taps"), phase("perception")) == (
        "test, phase 2: the first drill must be Perception, not Toe Taps; "
        "the article begins every practice with it"
    )
    session(library, phase(), phase("perception"), phase("toe-taps"))


def test_a_session_without_drills_needs_no_perception(library: Library) -> None:
    assert len(session(library, phase()).phases) == 1


@pytest.mark.parametrize(
    ("drill", "after", "name", "after_name"),
    [
        ("cycle-running", "cycle-standing", "Cycle Drill Running", "Cycle Drill Standing"),
        ("toe-taps-dynamic", "toe-taps", "Toe Taps Dynamic", "Toe Taps"),
    ],
)
def test_a_drill_comes_after_the_one_it_builds_on(
    library: Library, drill: str, after: str, name: str, after_name: str
) -> None:
    message = f"must come after {after_name}; the article wants {after_name} mastered first"
    first = phase("perception")
    assert refused(library, first, phase(drill)) == f"test, phase 2: {name} {message}"
    assert refused(library, first, phase(drill), phase(after)) == (
        f"test, phase 2: {name} {message}"
    )
    session(library, first, phase(after), phase(drill))


def test_the_order_holds_within_a_repeat(library: Library) -> None:
    parts = [phase("toe-taps-dynamic"), phase("toe-taps")]
    assert refused(library, phase("perception"), {"repeat": 2, "part": parts}).startswith(
        "test, phase 2.1: Toe Taps Dynamic must come after Toe Taps;"
    )
    session(library, phase("perception"), {"repeat": 2, "part": parts[::-1]})


def test_a_rehearsal_may_start_anywhere(library: Library) -> None:
    def rehearse(*phases: object) -> Session:
        data = {"title": "Test", "phase": list(phases)}
        return parse(data, name="test", library=library, rehearsal=True)

    assert len(rehearse(phase("toe-taps-dynamic")).phases) == 1
    with pytest.raises(UserError, match="High Knees moves"):
        rehearse(phase("high-knees", variant="eyes closed"))


def test_eyes_are_closed_only_standing_on_the_floor(library: Library) -> None:
    closed = phase("perception", variant="eyes closed")
    assert "treadmill" in refused(library, closed, place=["treadmill"])
    session(library, closed, place=["home", "treadmill"])
    session(library, closed)
    session(library, phase("perception", variant="eyes open"), place=["treadmill"])
    moving = phase("high-knees", variant="eyes closed")
    assert refused(library, phase("perception"), moving) == (
        "test, phase 2: High Knees moves; eyes are closed only in a drill done standing"
    )


@pytest.mark.parametrize(
    ("drill", "side", "least"), [("toe-taps", "both", 6), ("fall-to-run", None, 10)]
)
def test_split_phases_leave_something_over(
    library: Library, drill: str, side: str | None, least: int
) -> None:
    keys: dict[str, object] = {"side": side} if side else {}
    first = phase("perception")
    split = phase(drill, **keys)
    session(library, first, {**split, "time": f"{least}.001s"})
    assert f'needs a "time" above {least}s, not {least}s' in refused(
        library, first, {**split, "time": f"{least}s"}
    )
    assert "not in beats" in refused(library, first, {**split, "time": "64 beats"})


def test_the_limits_hold_to_the_last(library: Library) -> None:
    def repeat(times: int, time: str) -> dict[str, object]:
        return {"repeat": times, "part": [phase(time=time), phase(time=time)]}

    session(library, repeat(1000, "1s"))
    assert refused(library, repeat(1000, "1s"), phase()) == (
        "test: a session has at most 2000 phases, this one has 2001 with its repeats"
    )
    session(library, repeat(3, "1h"))
    assert refused(library, repeat(3, "1h"), phase(time="0.5s")) == (
        "test: a session lasts at most 6h, this one 6h0.5s"
    )


def test_locked_drills_are_those_whose_forerunner_is_not_mastered(library: Library) -> None:
    whole = session(
        library,
        phase("perception"),
        phase("toe-taps"),
        phase("cycle-standing"),
        {"repeat": 2, "part": [phase("toe-taps-dynamic"), phase("cycle-running")]},
        phase("toe-taps-dynamic"),
    )

    def ids(*mastered: str) -> list[str]:
        return [drill.id for drill in locked(whole, library, mastered)]

    assert ids() == ["toe-taps-dynamic", "cycle-running"]
    assert ids("toe-taps") == ["cycle-running"]
    assert ids("toe-taps-dynamic") == ["toe-taps-dynamic", "cycle-running"]
    assert ids("toe-taps", "cycle-standing") == []


def test_a_session_without_some_drills_keeps_the_rest(library: Library) -> None:
    whole = session(
        library,
        phase("perception"),
        phase("toe-taps"),
        {"repeat": 2, "part": [phase("toe-taps-dynamic"), phase()]},
        {"repeat": 3, "part": [phase("toe-taps-dynamic")]},
    )
    less = without(whole, ["toe-taps-dynamic"])
    assert [part.number for part in less.written()] == ["1", "2", "3.2"]
    assert isinstance(less.phases[2], Repeat)
    assert less.phases[2].times == 2
    assert len(less.phases) == 3
    assert without(whole, []) == whole
