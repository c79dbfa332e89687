"""Dates and times for people."""

from __future__ import annotations

from datetime import datetime


def minute_of(moment: datetime) -> str:
    """Return a date and time to the minute: 2026-11-23 07:00."""
    return f"{moment:%Y-%m-%d %H:%M}"
