"""The timer that looks at the lamps at the moment when one of them changes."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual.screen import Screen
from textual.timer import Timer

DRAWING = 0.003
"""Seconds that it takes to draw a lamp."""

_AHEAD = 1.0  # seconds before a change at which a timer is set for it
_SAME = 0.002  # seconds: a timer that is as good stays


class LampTimer:
    """At most one look that is to come."""

    def __init__(self, screen: Screen[None], look: Callable[[], None]) -> None:
        self._screen = screen
        self._look = look
        self._timer: Timer | None = None
        self._due = 0.0

    def look_in(self, seconds: float) -> None:
        """Look in so many seconds, and not when it was planned before."""
        now = monotonic()
        if seconds > _AHEAD or (self._due > now and abs(now + seconds - self._due) < _SAME):
            return
        if self._timer:
            self._timer.stop()
        self._due = now + seconds
        self._timer = self._screen.set_timer(seconds, self._look)
