"""Scores the steps that a runner taps on keys while a performance plays."""

from __future__ import annotations

from cadence_cue.app.score.live import LiveScore
from cadence_cue.scoring.expected import LEFT, RIGHT
from cadence_cue.transport.actions import STEP_KEYS
from cadence_cue.transport.transport import Transport

_FEET = dict(zip(STEP_KEYS, (LEFT, RIGHT, 0), strict=True))


class KeySteps:
    """Lays the taps on what was heard at their instants, and lets the score follow. Thread: one."""

    def __init__(self, score: LiveScore, transport: Transport) -> None:
        self._score = score
        self._transport = transport

    def takes(self, key: str, at: float) -> bool:
        """Whether a key is a step, which is then counted; `at` is in time.monotonic()'s seconds."""
        if key not in _FEET:
            return False
        self._score.step(self._transport.position_at(at), _FEET[key])
        return True

    def poll(self) -> None:
        """Let the score follow what is heard; to be called regularly."""
        on = self._transport
        self._score.title = on.title
        self._score.follow(on.position, on.performance, on.entry, clicks=on.levels.beat)
