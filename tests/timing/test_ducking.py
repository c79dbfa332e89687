"""The duck curve against its definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.timing.ducking import ducks

RATE = 1000  # frames are milliseconds


def duck(frame: int, spans: list[tuple[int, int]], depth: float = 6.0) -> float:
    return float(ducks(np.array([frame]), spans, depth, RATE)[0])


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
    assert duck(frame, [(1000, 2000)]) == pytest.approx(decibels)


def test_between_two_utterances_the_deeper_duck_counts() -> None:
    spans = [(1000, 2000), (2200, 3000)]
    assert duck(2100, spans) == pytest.approx(-4)
    assert duck(2119, spans) == pytest.approx(-6 * (1 - 119 / 300))
    assert duck(2180, spans) == pytest.approx(-6 * (1 - 20 / 80))


many_spans = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 2000)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=12,
)


@given(many_spans, st.lists(st.integers(-500, 8000)), st.sampled_from([0, 6, 9, 12]))
def test_many_spans_in_any_order_give_the_minimum(
    many: list[tuple[int, int]], frames: list[int], depth: int
) -> None:
    def share(frame: int, start: int, end: int) -> float:
        before, after = (start - frame) / 80, (frame - end) / 300
        return max(0.0, 1 - max(before, after, 0.0))

    frames.sort()
    wanted = [-depth * max((share(frame, *s) for s in many), default=0.0) for frame in frames]
    assert ducks(np.array(frames, np.int64), many, depth, RATE) == pytest.approx(wanted)
