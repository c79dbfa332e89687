"""When to try again, and when a device needs more latency.

Policies without side effects, so that they can be tested without a device.
"""

from __future__ import annotations

from collections import deque

_FIRST, _LONGEST = 1.0, 10.0
_SETTLING = 2.0  # seconds after opening in which running dry does not count
_MANY, _WITHIN = 3, 10.0


class Backoff:
    """The waits between attempts: 1, 2, 4, 8, then always 10 seconds."""

    def __init__(self) -> None:
        self._next = _FIRST

    def wait(self) -> float:
        """Seconds to wait before the next attempt; each call counts as one."""
        now, self._next = self._next, min(2 * self._next, _LONGEST)
        return now


class Dryness:
    """Detects a device that runs dry too often: three times within ten seconds."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._counted = 0
        self._times: deque[float] = deque(maxlen=_MANY)

    def grown(self, now: float, underruns: int) -> bool:
        """Take the count of underruns at `now` (seconds); True when more latency is needed."""
        new, self._counted = underruns - self._counted, underruns
        if now - self._began < _SETTLING:
            return False
        self._times.extend([now] * min(new, _MANY))
        return len(self._times) == _MANY and now - self._times[0] <= _WITHIN and new > 0
