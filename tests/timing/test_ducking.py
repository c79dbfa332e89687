"""The duck curve against its definition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.timing.ducking import Ducking

RATE = 1000  # frames are milliseconds


@pytest.mark.parametrize(
    ("frame", "decibels"),
    [
        (0, 0),
        (919, 0),
        (920, 0),
        (940, -1.5),
        (960, -3),
        (1000, -6),
        (1500, -6),
        (1999, -6),
        (2000, -6),
        (2100, -4),
        (2150, -3),
        (2300, 0),
        (9999, 0),
    ],
)
def test_down_in_80_ms_up_in_300(frame: int, decibels: float) -> None:
    assert Ducking([(1000, 2000)], 6.0, RATE).at(frame) == pytest.approx(decibels)


def test_between_two_utterances_the_deeper_duck_counts() -> None:
    ducking = Ducking([(1000, 2000), (2200, 3000)], 6.0, RATE)
    assert ducking.at(2100) == pytest.approx(-4)
    assert ducking.at(2119) == pytest.approx(-6 * (1 - 119 / 300))
    assert ducking.at(2180) == pytest.approx(-6 * (1 - 20 / 80))


spans = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 2000)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=12,
)


@given(spans, st.integers(-500, 8000), st.sampled_from([0, 6, 9, 12]))
def test_many_spans_in_any_order_give_the_minimum(
    many: list[tuple[int, int]], frame: int, depth: int
) -> None:
    def share(start: int, end: int) -> float:
        before, after = (start - frame) / 80, (frame - end) / 300
        return max(0.0, 1 - max(before, after, 0.0))

    wanted = -depth * max((share(*span) for span in many), default=0.0)
    assert Ducking(many, depth, RATE).at(frame) == pytest.approx(wanted)
