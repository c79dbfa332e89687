"""Where parts and beats lie: half-open phases, one grid, patterns and accents."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.timing.layout import Clock, Placed
from tests.timing.rig import plan


def layout(*phases: dict[str, Any], own: int = 173) -> tuple[Placed, ...]:
    return plan(*phases, own=own, announce=False, countdown=False).plan.layout


def run(time: str, tempo: Any = 120, **keys: Any) -> dict[str, Any]:
    return {"run": "", "time": time, "tempo": tempo, **keys}


def instants(placed: Placed) -> list[Fraction]:
    assert placed.grid
    return [placed.grid.instant(beat) for beat in placed.heard()]


@given(
    st.integers(8000, 192000),
    st.integers(0, 10**6),
    st.fractions(-100, 30000, max_denominator=10**6),
)
def test_a_frame_is_the_exact_instant_rounded_once(rate: int, zero: int, instant: Fraction) -> None:
    frame = Clock(rate, zero).frame(instant) - zero
    assert frame - Fraction(1, 2) <= rate * instant < frame + Fraction(1, 2)


@given(st.integers(8000, 192000), st.fractions(0, 30000, max_denominator=10**6))
def test_frames_hold_the_whole_time(rate: int, seconds: Fraction) -> None:
    assert Clock(rate, 0).frames(seconds) - 1 < rate * seconds <= Clock(rate, 0).frames(seconds)


def test_phases_follow_each_other_exactly() -> None:
    placed = layout(run("7.3s"), {"rest": "", "time": "0.7s"}, run("13 beats", "150 -> 170"))
    assert placed[0].start == 0
    assert all(one.end == other.start for one, other in pairwise(placed))
    assert placed[-1].end == 8 + Fraction(13 * 60, 160)


def test_a_beat_on_a_boundary_belongs_to_the_next_phase() -> None:
    first, second = layout(run("4s"), run("4s"))
    assert (list(first.heard()), list(second.heard())) == (list(range(8)), list(range(8, 16)))


def test_the_last_phases_final_beat_does_not_sound() -> None:
    (only,) = layout(run("4s"))
    assert list(only.heard())[-1] == 7


def test_before_a_rest_the_beat_on_the_boundary_does_not_sound() -> None:
    first, _ = layout(run("4s"), {"rest": "", "time": "5s"})
    assert list(first.heard())[-1] == 7


def test_a_tempo_change_never_breaks_the_rhythm() -> None:
    # 7 s at 150 are 17.5 beats: the next comes half a beat of 100 after the change.
    first, second = layout(run("7s", 150), run("5s", 100))
    assert first.grid is second.grid
    assert instants(first)[-1] == 17 * Fraction(60, 150)
    assert instants(second)[0] == 7 + Fraction(1, 2) * Fraction(60, 100)
    assert second.beats().start == 18


def test_after_a_silent_phase_the_click_comes_back_in_step() -> None:
    first, silent, last = layout(run("7s", 150), run("5.3s", 150, beat="off"), run("5s", 150))
    assert list(silent.heard()) == []
    beats = instants(first) + instants(last)
    period = Fraction(60, 150)
    assert {(at / period).denominator for at in beats} == {1}
    assert instants(last)[0] - (7 + Fraction(53, 10)) < period


def test_after_a_phase_without_a_beat_a_new_grid_begins() -> None:
    _, _, last = layout(run("7s", 150), {"walk": "", "time": "5.1s"}, run("5s", 150))
    assert (last.opens_grid, instants(last)[0]) == (True, Fraction(121, 10))


def test_phases_in_beats_last_as_long_as_their_mean_tempo_says() -> None:
    constant, ramp = layout(run("64 beats", 160), run("64 beats", "160 -> 172"))
    assert constant.end - constant.start == 64 * Fraction(60, 160)
    assert ramp.end - ramp.start == 64 * Fraction(60, 166)
    assert [len(list(placed.heard())) for placed in (constant, ramp)] == [64, 64]


def test_own_cadence_and_shares_of_it_are_exact() -> None:
    placed = layout(run("60s", "own"), run("60s", "+5%"), run("60s", "own -> -3.5%"), own=173)
    assert [placed[k].part.tempo for k in range(3)] == [
        (173, 173),
        (Fraction(18165, 100), Fraction(18165, 100)),
        (173, Fraction(166945, 1000)),
    ]


def test_both_is_left_six_seconds_right() -> None:
    left, switch, right = layout({"drill": "toe-taps", "side": "both", "time": "56s"})
    assert [placed.end - placed.start for placed in (left, switch, right)] == [25, 6, 25]
    assert [placed.part.foot for placed in (left, switch, right)] == ["left", "", "right"]
    assert switch.grid is None


def test_a_fall_has_a_set_a_lean_and_a_run_on_a_new_grid() -> None:
    before, fall, after = layout(
        run("7.1s", 150), {"drill": "fall-to-run", "time": "20s", "tempo": 160}, run("5s", 160)
    )
    assert list(fall.part.ticks) == [3, 4, 5, 6]
    assert fall.grid is not before.grid
    assert fall.grid is after.grid
    assert instants(fall)[0] == fall.start + 10
    assert next(iter(fall.heard())) == 0
    assert len(instants(fall)) == 27  # 10 s at 160: 26 whole beats and one at the start


@pytest.mark.parametrize(
    ("beat", "heard"),
    [
        ("on", list(range(15, 27))),
        ("off", []),
        ("3 on, 2 off", [15, 16, 17, 20, 21, 22, 25, 26]),
        ("4 then off", [15, 16, 17, 18]),
    ],
)
def test_patterns_count_from_the_phases_first_beat(beat: str, heard: list[int]) -> None:
    _, second = layout(run("7.1s"), run("6s", beat=beat))
    assert list(second.heard()) == heard


def test_a_fading_beat_goes_in_four_quarters() -> None:
    (only,) = layout(run("4min", 60, beat="fade"))
    full = range(60)
    blocks = [k for k in range(60, 120) if (k - 60) % 16 < 8]
    first_of_half_minutes = [*range(120, 124), *range(150, 154)]
    assert list(only.heard()) == [*full, *blocks, *first_of_half_minutes]


def test_accents_count_from_the_phases_first_beat() -> None:
    first, second = layout(run("7s", accent=3), run("7s", accent=4))
    assert list(first.accents()) == [0, 3, 6, 9, 12]
    assert list(second.accents()) == [14, 18, 22, 26]


@pytest.mark.parametrize(("side", "parity"), [("left", 0), ("right", 1)])
@pytest.mark.parametrize("before", ["7s", "7.5s"])
def test_in_a_running_drill_accents_count_from_the_sides_first_beat(
    side: str, parity: int, before: str
) -> None:
    drill = {"drill": "cycle-running", "side": side, "time": "6s", "tempo": 120, "accent": 4}
    _, placed = layout(run(before), drill)
    accented = list(placed.accents())
    first = placed.beats().start + (placed.beats().start + parity) % 2
    assert accented == [*range(first, placed.beats().stop, 4)]
    assert {k % 2 for k in accented} == {parity}


def test_without_a_side_a_running_drills_accents_take_turns() -> None:
    drill = {"drill": "cycle-running", "time": "6s", "tempo": 120, "accent": 3}
    _, placed = layout(run("7.5s"), drill)
    assert list(placed.accents()) == [15, 18, 21, 24]


def test_accent_none_takes_the_drills_accent_away() -> None:
    taps = {"drill": "toe-taps", "side": "left", "time": "6s"}
    with_accent, without = layout(taps, {**taps, "accent": "none"})
    assert with_accent.accents()
    assert not without.accents()


def test_a_glide_takes_its_beats_from_the_phases_own_time() -> None:
    slow, glide, fast = layout(run("30s", 150), run("60s", 170, glide="16 beats"))
    assert glide.part.tempo == (Fraction(150), Fraction(170))
    assert [glide.start, glide.end] == [30, 30 + 16 * Fraction(60, 160)]
    assert [glide.first, glide.last, fast.first] == [75, 91, 91]
    assert fast.part.tempo == (Fraction(170), Fraction(170))
    assert fast.end == 90
    assert slow.grid is glide.grid is fast.grid


def test_the_beats_of_a_glide_are_where_its_rising_tempo_puts_them() -> None:
    _, glide, fast = layout(run("30s", 120), run("60s", 180, glide="15 beats"))
    assert glide.grid
    for beat, instant in zip(glide.heard(), instants(glide), strict=True):
        # 15 beats take 6 s: the tempo rises by 10 a minute in each of them.
        past = instant - 30
        assert float(2 * past + past**2 / 12) == pytest.approx(beat - 60, abs=1e-9)
    assert instants(fast)[:2] == [36, 36 + Fraction(1, 3)]


def test_a_glide_in_a_phase_of_beats_is_some_of_them() -> None:
    _, glide, fast = layout(run("4s", 120), run("64 beats", 150, glide="8 beats"))
    assert (len(list(glide.heard())), len(list(fast.heard()))) == (8, 56)
    assert glide.end - glide.start == 8 * Fraction(60, 135)
    assert fast.end - fast.start == 56 * Fraction(60, 150)


@pytest.mark.parametrize("before", [{"rest": "", "time": "5s"}, None])
def test_where_no_beat_comes_before_there_is_nothing_to_glide_from(before: Any) -> None:
    phases = [before] if before else []
    placed = layout(*phases, run("20s", 150, glide="8 beats"))[-1]
    assert placed.part.tempo == (Fraction(150), Fraction(150))
    assert placed.end - placed.start == 20


@pytest.mark.parametrize(("side", "parity"), [("left", 0), ("right", 1)])
def test_a_click_for_one_foot_comes_on_every_second_beat(side: str, parity: int) -> None:
    _, placed = layout(run("7.1s"), run("6s", stride=side))
    assert list(placed.heard()) == [beat for beat in range(15, 27) if beat % 2 == parity]


def test_a_pattern_of_a_foots_clicks_counts_beats() -> None:
    _, placed = layout(run("7.1s"), run("6s", stride="right", beat="4 on, 4 off"))
    assert list(placed.heard()) == [15, 17, 23, 25]


@pytest.mark.parametrize(("side", "accents"), [("left", [16, 22]), ("right", [15, 21])])
def test_accents_of_one_foot_are_counted_in_its_clicks(side: str, accents: list[int]) -> None:
    _, placed = layout(run("7.1s"), run("6s", stride=side, accent=3))
    assert [beat for beat in placed.heard() if beat in placed.accents()] == accents
