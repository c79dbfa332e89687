"""What `check` warns of: a new drill without ten quiet seconds before it."""

from __future__ import annotations

from typing import Any

import pytest

from cadence_cue.coaching.advice import advice
from tests.coaching.rig import Phase, parts

PERCEPTION = {"drill": "perception", "time": "30s"}
TAPS = {"drill": "toe-taps", "side": "left", "time": "30s"}


def rest(seconds: float) -> Phase:
    return {"rest": "", "time": f"{seconds}s"}


def warnings(*phases: Phase, **options: Any) -> list[str]:
    return list(advice(parts(*phases, **options)))


def test_a_new_drill_needs_ten_seconds_without_a_beat() -> None:
    (warning,) = warnings(PERCEPTION, rest(9.9), TAPS)
    assert warning.startswith("phase 3 (Toe taps, left leg): only 9.9 s without a beat")
    assert warnings(PERCEPTION, rest(10), TAPS) == []
    assert len(warnings(PERCEPTION, TAPS)) == 1


def test_pauses_add_up() -> None:
    assert warnings(PERCEPTION, rest(6), {"walk": "", "time": "4s"}, TAPS) == []


def test_a_pause_with_a_beat_is_none() -> None:
    assert len(warnings(PERCEPTION, rest(20), {"walk": "", "time": "20s", "tempo": 110}, TAPS)) == 1


@pytest.mark.parametrize("second", [TAPS, {**TAPS, "tempo": 96}, {**TAPS, "side": "right"}])
def test_another_set_of_the_same_drill_is_nothing_new(second: Phase) -> None:
    assert warnings(TAPS, rest(5), second) == []
    assert warnings({**TAPS, "side": "both", "time": "40s"}) == []


def test_the_first_phase_and_runs_need_no_advice() -> None:
    run = {"run": "", "time": "30s", "tempo": 170}
    assert warnings(TAPS, run, run) == []


def test_time_to_explain_is_time_to_announce() -> None:
    assert warnings(PERCEPTION, rest(9), TAPS, explain=True) == []
