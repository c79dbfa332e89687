"""What a setting allows."""

from __future__ import annotations

import pytest

from cadence_cue.app.choices import both_feet


@pytest.mark.parametrize(
    ("count", "cadence"),
    [(54.9, None), (55, 110), (82.5, 165), (109.5, 219), (110, None), (165, None), (300, None)],
)
def test_a_count_below_any_cadence_is_one_foot_s(count: float, cadence: float | None) -> None:
    assert both_feet(count) == cadence
