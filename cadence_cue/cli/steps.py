"""The keys that are steps, and the lines about them while a performance plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence_cue.app.score_lines import phase_line
from cadence_cue.app.spoken_score import SpokenScore
from cadence_cue.scoring.expected import LEFT, RIGHT
from cadence_cue.transport.actions import STEP_KEYS

if TYPE_CHECKING:
    from cadence_cue.app.live_score import LiveScore
    from cadence_cue.transport.tempo_control import Messages
    from cadence_cue.transport.transport import Transport

_FEET = dict(zip(STEP_KEYS, (LEFT, RIGHT, 0), strict=True))
_EVERY = 30  # seconds between two lines with the count, within a phase
_INDENT = " " * 8


class Steps:
    """Scores the steps of one performance that plays."""

    def __init__(self, transport: Transport, score: LiveScore, *, speaks: bool = False) -> None:
        self._transport, self._score = transport, score
        self._spoken = SpokenScore(transport) if speaks else None
        self._begun = 0  # the frame from which the seconds to the next count are measured
        self._phase = -1

    def takes(self, key: str, at: float) -> bool:
        """Whether a key is a step, which is then counted; `at` is in time.monotonic()'s seconds."""
        if key not in _FEET:
            return False
        self._score.step(self._transport.position_at(at), _FEET[key])
        return True

    def lines(self) -> Messages:
        """Follow what is heard; the lines about phases that ended, and now and then a count."""
        transport = self._transport
        self._score.follow(
            transport.position,
            transport.performance,
            transport.entry,
            clicks=transport.levels.beat,
        )
        judged = self._score.judged()
        if self._spoken:
            self._spoken.tell(judged)
        ended = [each.judgement.judged or each.judgement.extra for each in judged]
        if not any(ended):
            return self._count()
        score = self._score.so_far()
        phases = zip(score.phases[-len(ended) :], ended, strict=True)
        return [f"{_INDENT}{phase_line(phase, score)}" for phase, stepped in phases if stepped]

    def _count(self) -> Messages:
        frame, phase = self._transport.position.frame, self._transport.phase
        if phase != self._phase or frame < self._begun:
            self._phase, self._begun = phase, frame
        if frame - self._begun < _EVERY * self._transport.timeline.rate:
            return []
        self._begun = frame
        matched, beats = self._score.count()
        return [f"{_INDENT}{matched} of {beats} so far"] if matched else []
