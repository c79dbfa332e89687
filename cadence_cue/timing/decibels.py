"""Levels in decibels as what samples are multiplied by."""

from __future__ import annotations


def gain_of(decibels: float) -> float:
    """The linear gain of a level in dB."""
    return float(10.0 ** (decibels / 20.0))
