"""When to try again, and when a device needs more time: policies, apart from whoever acts."""

from __future__ import annotations

from collections import deque

_FIRST, _LONGEST = 1.0, 10.0
_SETTLING = 2.0  # seconds in which a device may run dry without blame
_MANY, _WITHIN = 3, 10.0


class Backoff:
    """How long to wait before each attempt: 1, 2, 4, 8, then 10 seconds."""

    def __init__(self) -> None:
        self._next = _FIRST

    def wait(self) -> float:
        """Seconds before the next attempt."""
        now, self._next = self._next, min(2 * self._next, _LONGEST)
        return now


class Dryness:
    """Tells when a device has run dry too often: three times within ten seconds."""

    def __init__(self, now: float) -> None:
        self._began = now
        self._counted = 0
        self._times: deque[float] = deque(maxlen=_MANY)

    def grown(self, now: float, underruns: int) -> bool:
        """Look at a time in seconds at the count so far; True when more latency is needed."""
        new, self._counted = underruns - self._counted, underruns
        if now - self._began < _SETTLING:
            return False
        self._times.extend([now] * min(new, _MANY))
        return len(self._times) == _MANY and now - self._times[0] <= _WITHIN and new > 0
