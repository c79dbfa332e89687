"""Taps made into an offset: medians, spreads, and what is too unsteady to tell."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.live.calibrating import CLICKS, EARLIEST, FEWEST, PERIOD, lag, offset, round_trip


def taps(late: float, jitter: float = 0.02, count: int = 16, seed: int = 1) -> list[float]:
    draw = random.Random(seed)
    return [late + draw.uniform(-jitter, jitter) for _ in range(count)]


@given(late=st.floats(-2, 2), beats=st.lists(st.integers(-9, 9), min_size=9, max_size=20))
def test_taps_are_measured_from_any_beat(late: float, beats: list[int]) -> None:
    found = lag([late + beat * PERIOD for beat in beats])
    assert (found.seconds - late + PERIOD / 2) % PERIOD == pytest.approx(PERIOD / 2, abs=1e-9)
    assert found.spread == pytest.approx(0, abs=1e-9)
    assert found.taps == len(beats)


def test_the_middle_tap_counts_and_a_slip_does_not() -> None:
    found = lag([0.1, 0.11, 0.12, 0.12, 0.13, 0.13, 0.14, 0.5, -0.2])
    assert found.seconds == pytest.approx(0.12)
    assert found.spread == pytest.approx(0.01)
    assert found.steady


@pytest.mark.parametrize("true", [EARLIEST, -0.02, 0.0, 0.18, 0.3, 0.64])
def test_the_offset_is_what_the_clicks_are_later(true: float) -> None:
    for hand in (-0.08, 0.0, 0.12, 0.39):
        lamp, clicks = lag([hand] * 9), lag([hand + true + 1e-6] * 9)
        assert offset(lamp, clicks) == pytest.approx(true, abs=1e-5)


def test_beyond_its_range_an_offset_is_another() -> None:
    assert offset(lag([0.0] * 9), lag([EARLIEST - 0.01] * 9)) == pytest.approx(0.64)


def test_steady_taps_are_enough_and_near_each_other() -> None:
    assert lag(taps(0.1)).steady
    assert lag(taps(0.399)).steady
    assert not lag(taps(0.1, count=FEWEST - 1)).steady
    assert lag(taps(0.1, count=FEWEST)).steady
    assert not lag(taps(0.1, jitter=PERIOD / 2)).steady
    assert not lag([]).steady


@pytest.mark.parametrize("late", [-0.1, 0.0, 0.03, 0.3, 0.6])
def test_a_round_trip_is_the_median_of_the_clicks(late: float) -> None:
    found = round_trip([late + k * PERIOD + 0.0002 * (k % 3 - 1) for k in range(CLICKS)])
    assert found.seconds == pytest.approx(late, abs=1e-4)
    assert found.spread == pytest.approx(0.0002, abs=1e-6)
    assert (found.clicks, found.others) == (CLICKS, 0)
    assert found.clear


def test_a_round_trip_is_refused_where_more_is_heard_than_clicks() -> None:
    clicks = [0.03 + k * PERIOD for k in range(CLICKS)]
    noises = [0.2, 1.3, 2.9, 3.1]
    assert round_trip(clicks + noises[:3]).clear
    assert not round_trip(clicks + noises).clear
    assert not round_trip(clicks[:4]).clear
    assert not round_trip([]).clear
