"""Our own clicks among the steps: told by being as exact as no runner is."""

from __future__ import annotations

import numpy as np
import pytest

from cadence_cue.scoring.own_clicks import hears_clicks, hears_only_clicks

COUNTS = (16, 40, 120, 500)


def steps(count: int, scatter: float, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(-0.02, scatter, count)


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("scatter", [0.01, 0.02, 0.04])
def test_steps_are_not_taken_for_clicks(count: int, scatter: float) -> None:
    told = [hears_clicks(steps(count, scatter, seed)) for seed in range(100)]
    assert sum(told) <= 1


@pytest.mark.parametrize("count", COUNTS[2:])
def test_clicks_are_told_among_the_steps_that_come_before_them(count: int) -> None:
    # A step within the detector's time after a click is not heard, nor a click after a step.
    told = []
    for seed in range(50):
        before = steps(count, 0.025, seed)
        told.append(hears_clicks(np.where(before < 0, before, 0.012)))
    assert sum(told) >= 48


def test_clicks_alone_are_told() -> None:
    clicks = np.random.default_rng(1).normal(0.1, 0.0003, 12)
    assert hears_clicks(clicks)
    assert not hears_clicks(clicks[:7])
    assert not hears_clicks(np.zeros(0))


def test_clicks_alone_are_not_taken_for_exact_steps_nor_steps_for_them() -> None:
    rng = np.random.default_rng(2)
    clicks, others = rng.normal(-0.004, 0.0003, 12), rng.uniform(-0.2, 0.2, 8)
    assert hears_only_clicks(np.concatenate([clicks, others]))
    assert not hears_only_clicks(clicks[:7])
    assert not hears_only_clicks(np.zeros(0))
    for seed in range(50):  # exactly on the click, as hardly a runner is
        assert not hears_only_clicks(steps(60, 0.003, seed))
        assert not hears_only_clicks(np.concatenate([clicks, steps(40, 0.02, seed)]))
