"""Tap tempo: what people mean who tap unevenly, leave taps out or make them twice."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.timing.tapping import Tapped, Taps

STEP = 60 / 173


def tapped(times: list[float]) -> Tapped | None:
    taps = Taps()
    last = None
    for at in times:
        last = taps.tap(at)
        assert last == taps.tapped
    return last


def even(count: int, step: float = STEP) -> list[float]:
    return [100 + step * n for n in range(count)]


def test_four_taps_tell_a_tempo_and_three_do_not() -> None:
    assert tapped(even(3)) is None
    found = tapped(even(4))
    assert found is not None
    assert found.tempo == pytest.approx(173)
    assert found.spread == pytest.approx(0)
    assert found.taps == 4


@given(st.floats(30, 300))
def test_no_tempo_is_drawn_to_a_round_number(tempo: float) -> None:
    found = tapped(even(8, 60 / tempo))
    assert found is not None
    assert found.tempo == pytest.approx(tempo)


def test_only_the_last_twelve_taps_count() -> None:
    slow = even(40, 0.5)
    quick = [slow[-1] + 0.35 * n for n in range(1, 12)]
    found = tapped([*slow, *quick])
    assert found is not None
    assert found.tempo == pytest.approx(60 / 0.35)
    assert found.taps == 12


def test_a_tap_left_out_is_a_step_of_two() -> None:
    times = even(10)
    for left_out in range(1, 9):
        found = tapped([at for n, at in enumerate(times) if n != left_out])
        assert found is not None
        assert found.tempo == pytest.approx(173)


@pytest.mark.parametrize("after", [0.01, 0.1, 0.15, 0.2])
def test_a_tap_made_twice_does_not_count(after: float) -> None:
    times = even(10)
    found = tapped(sorted([*times, times[4] + after]))
    assert found is not None
    assert found.tempo == pytest.approx(173)


def test_a_long_pause_begins_anew() -> None:
    times = even(8)
    again = [times[-1] + 2.6 + 0.5 * n for n in range(4)]
    assert tapped([*times, *again[:3]]) is None
    found = tapped([*times, *again])
    assert found is not None
    assert found.tempo == pytest.approx(120)


@given(st.integers(0, 10**6), st.floats(60, 200))
def test_people_who_tap_unevenly_are_understood_and_told_how_well(seed: int, tempo: float) -> None:
    draw = random.Random(seed)
    times = [at + draw.uniform(-0.02, 0.02) for at in even(12, 60 / tempo)]
    found = tapped(times)
    assert found is not None
    step = 60 / found.tempo
    assert step == pytest.approx(60 / tempo, abs=0.04)
    assert 0 < found.spread < 0.15 * tempo


@pytest.mark.parametrize("late", [0.05, 0.08, -0.08])
@pytest.mark.parametrize("which", range(7))
def test_one_tap_out_of_place_does_not_spoil_six_good_ones(which: int, late: float) -> None:
    exact = [0.003, -0.002, 0.001, 0.0, -0.003, 0.002, 0.001]
    good = [at + off for at, off in zip(even(7), exact, strict=True)]
    found = tapped([at + late * (n == which) for n, at in enumerate(good)])
    undisturbed = tapped(good)
    assert found is not None
    assert undisturbed is not None
    assert found.steady
    assert found.tempo == pytest.approx(undisturbed.tempo, rel=0.01)


def test_the_spread_grows_with_the_unevenness() -> None:
    spreads = []
    for uneven in (0, 0.005, 0.02, 0.04):
        found = tapped([at + uneven * (n % 2) for n, at in enumerate(even(12))])
        assert found is not None
        spreads.append(found.spread)
    assert spreads == sorted(spreads)
    assert spreads[1] > 0


def test_the_spread_is_two_errors_of_the_median_in_steps_a_minute() -> None:
    found = tapped([0.0, 0.5, 0.99, 1.5])
    assert found is not None
    assert found.tempo == pytest.approx(120)
    # Of 0.5, 0.49 and 0.51 s: a standard deviation of 10 ms.
    assert found.spread == pytest.approx(2 * 1.2533 * 0.01 / 3**0.5 * 60 / 0.25, rel=0.01)


@pytest.mark.parametrize("count", [7, 12])
def test_of_uneven_tappers_the_spread_holds_as_often_as_two_errors_should(count: int) -> None:
    draw, held = random.Random(1), 0
    for _ in range(400):
        found = tapped([at + draw.gauss(0, 0.02) for at in even(count)])
        assert found is not None
        held += abs(found.tempo - 173) <= found.spread
    assert held > 0.88 * 400


def test_what_has_no_rhythm_is_none_or_not_steady() -> None:
    found = tapped([0, 0.3, 1.4, 1.6, 2.9, 3.1, 3.5, 4.9, 5.2])
    assert found is None or not found.steady
    regular = tapped(even(8))
    assert regular is not None
    assert regular.steady


def test_it_tells_when_the_last_tap_came() -> None:
    taps = Taps()
    assert taps.last is None
    taps.tap(3.5)
    assert taps.last == 3.5
