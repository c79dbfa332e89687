"""A tempo typed while something plays."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cadence_cue.cli.tempo_entry import TempoEntry


def typed(keys: str) -> Fraction | None:
    entry = TempoEntry()
    named = {"<": "backspace", "!": "escape"}
    for key in keys:
        pressed = named.get(key, key)
        assert entry.takes(pressed)
        assert entry.press(pressed) is None
    return entry.press("enter")


@pytest.mark.parametrize(
    ("keys", "tempo"),
    [
        ("172", "172"),
        ("172.5", "172.5"),
        ("172.", "172"),
        ("1.7.2", "1.72"),  # a number has one point; the second is ignored
        ("172..5", "172.5"),
        ("17.<2", "172"),
        ("17.<2.5", "172.5"),  # a point that was deleted may be typed again
        ("12345678", "1234567"),
        ("17!172", "172"),
    ],
)
def test_a_number_is_what_was_typed(keys: str, tempo: str) -> None:
    assert typed(keys) == Fraction(tempo)


def test_a_point_does_not_begin_a_number() -> None:
    entry = TempoEntry()
    assert not entry.takes(".")
    assert not entry.takes("enter")
