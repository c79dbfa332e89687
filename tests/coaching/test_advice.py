"""What `check` warns of: what a runner would stumble over, though it is allowed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cadence_cue.coaching.advice import Advice, Code, advice
from tests.coaching.rig import Phase, parts, real

PERCEPTION = {"drill": "perception", "time": "30s"}
TAPS = {"drill": "toe-taps", "side": "left", "time": "30s"}


def rest(seconds: float) -> Phase:
    return {"rest": "", "time": f"{seconds}s"}


def warnings(*phases: Phase, **options: Any) -> list[str]:
    return [each.text for each in advised(*phases, **options)]


def advised(*phases: Phase, own: int = 173, **options: Any) -> list[Advice]:
    return list(advice(parts(*phases, own=own, **options), real(), Fraction(own)))


def test_a_new_drill_needs_ten_seconds_without_a_beat() -> None:
    (found,) = advised(PERCEPTION, rest(9.9), TAPS)
    assert found.code is Code.ROOM
    warning = found.text
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


def test_a_drill_that_is_not_announced_needs_no_time_for_it() -> None:
    assert warnings(PERCEPTION, {**TAPS, "announce": False}) == []


def test_a_glide_is_a_part_of_its_drill() -> None:
    glide = {**TAPS, "glide": "8 beats"}
    (found,) = advised({**PERCEPTION, "tempo": 50}, glide)
    assert found.code is Code.ROOM  # and not that 50 a minute does not suit toe taps
    assert "only 0 s without a beat" in found.text
    assert advised({**TAPS, "tempo": 90}, glide) == []
    (long,) = advised({**TAPS, "tempo": 90}, {**glide, "time": "31s"})
    assert long.text.endswith("this one lasts 31 s")


def test_the_first_phase_and_runs_need_no_advice() -> None:
    run = {"run": "", "time": "30s", "tempo": 175}
    assert warnings(TAPS, run, run) == []


def run(tempo: object) -> Phase:
    return {"run": "", "time": "60s", "tempo": tempo}


@pytest.mark.parametrize(
    ("tempo", "codes"),
    [
        (165, []),
        (181.5, []),
        (181.6, [Code.FAST]),
        ("own -> 182", [Code.FAST]),
        ("+10%", []),
        ("+10.1%", [Code.FAST]),
        (164.9, [Code.SLOW]),
        ("170 -> 160", [Code.SLOW]),
        ("-5%", [Code.SLOW]),
    ],
)
def test_a_run_is_at_the_own_cadence_or_up_to_a_tenth_over_it(
    tempo: object, codes: list[Code]
) -> None:
    found = advised(run(tempo), own=165)
    assert [each.code for each in found] == codes
    assert all("the own cadence of 165" in each.text for each in found)


def test_advice_for_a_run_is_one_sentence_that_says_what_to_do() -> None:
    assert warnings(run(190), run(150), own=160) == [
        (
            "phase 1 (Run): 190 a minute is 19 % over the own cadence of 160; "
            "small steps up, at most 10 %, are easier to keep"
        ),
        (
            "phase 2 (Run): 150 a minute is below the own cadence of 160; "
            "a slower click is hard to follow, so leave it out there"
        ),
    ]


def test_what_is_no_run_may_be_quicker_or_slower_than_the_own_cadence() -> None:
    assert advised({"walk": "", "time": "30s", "tempo": 110}, own=165) == []
    assert advised({"drill": "high-knees", "time": "20s", "tempo": 180}, own=150) == []


def test_what_a_repeat_says_again_is_told_once() -> None:
    assert len(advised({"repeat": 4, "part": [run(160), rest(20)]}, own=165)) == 1


def test_a_drills_own_tempo_suits_it() -> None:
    (slow,) = advised({**TAPS, "tempo": 40})
    assert (slow.code, slow.text) == (
        Code.TEMPO,
        "phase 1 (Toe taps, left leg): 40 a minute does not suit Toe Taps; 60 to 120 does",
    )
    (quick,) = advised({**TAPS, "tempo": "80 -> 150"})
    assert quick.code is Code.TEMPO
    assert "150 a minute does not suit" in quick.text
    (ramp,) = advised({**TAPS, "tempo": "90 -> 50"})
    assert "50 a minute does not suit" in ramp.text
    assert advised({"drill": "fall-to-run", "time": "20s", "tempo": "own"}, own=140) == []


def test_a_set_is_no_longer_than_its_drill_advises_nor_all_of_them_than_a_quarter_hour() -> None:
    longest = real().drills["toe-taps"].dose.longest
    assert longest
    assert advised({**TAPS, "time": f"{longest}s"}) == []
    (long,) = advised({**TAPS, "time": f"{longest + 1}s"})
    assert long.code is Code.LONG
    assert long.text == (
        f"phase 1 (Toe taps, left leg): a set of Toe Taps is best kept to {longest} s; "
        f"this one lasts {longest + 1} s"
    )
    again = {"repeat": 3, "part": [{**TAPS, "time": f"{longest + 1}s"}, rest(10)]}
    assert len(advised(again)) == 1
    sets = {"repeat": 31, "part": [TAPS, rest(30)]}
    assert [each.text for each in advised(sets)] == [
        "15.5 minutes of drills; after 15 the legs learn little"
    ]
    assert advised({**sets, "repeat": 30}) == []


def test_time_to_explain_is_time_to_announce() -> None:
    assert warnings(PERCEPTION, rest(9), TAPS, explain=True) == []
