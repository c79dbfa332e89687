"""Percentiles of rows, as numpy has them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.scoring.percentile import percentile


@given(st.integers(1, 40), st.integers(0, 100), st.integers(0, 9))
def test_they_are_numpy_s(count: int, percent: int, seed: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(3, count))
    expected = np.percentile(rows, percent, axis=1, keepdims=True)
    assert percentile(rows, percent) == pytest.approx(expected, abs=1e-12)
