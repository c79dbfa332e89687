"""Conversion of levels in decibels to linear gains, for every layer that has levels."""

from __future__ import annotations


def gain_of(decibels: float) -> float:
    """Return the linear gain of a level in dB."""
    return float(10.0 ** (decibels / 20.0))
