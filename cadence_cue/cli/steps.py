"""The lines about the steps that are scored while a performance plays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadence_cue.app.score.key_steps import KeySteps
from cadence_cue.app.score.lines import ended_lines
from cadence_cue.app.score.spoken import SpokenScore

if TYPE_CHECKING:
    from cadence_cue.app.score.hearing import Hearing
    from cadence_cue.app.score.live import LiveScore
    from cadence_cue.transport.tempo_control import Messages
    from cadence_cue.transport.transport import Transport

_EVERY = 30  # seconds between two lines with the count, within a phase
_INDENT = " " * 8


class Steps:
    """Scores the steps of one performance that plays, which come from keys or a microphone."""

    def __init__(
        self,
        transport: Transport,
        score: LiveScore,
        source: KeySteps | Hearing,
        *,
        speaks: bool = False,
    ) -> None:
        """Follow `transport`; with `speaks` the voice tells what stands out of a set."""
        self.score = score
        self._transport, self._source = transport, source
        self._spoken = SpokenScore(transport) if speaks else None
        self._begun = 0  # the frame from which the seconds to the next count are measured
        self._phase = -1

    @property
    def on_keys(self) -> bool:
        """Whether some keys are steps."""
        return isinstance(self._source, KeySteps)

    @property
    def notices(self) -> list[str]:
        """Messages about the microphone so far, one sentence each."""
        return [] if isinstance(self._source, KeySteps) else self._source.notices

    def takes(self, key: str, at: float) -> bool:
        """Whether a key is a step, which is then counted; `at` is in time.monotonic()'s seconds."""
        return isinstance(self._source, KeySteps) and self._source.takes(key, at)

    def lines(self) -> Messages:
        """Follow what is heard; the lines about phases that ended, and now and then a count."""
        self._source.poll()
        judged = self.score.judged()
        if self._spoken:
            self._spoken.tell(judged)
        if not (lines := ended_lines(self.score, judged)):
            return self._count()
        return [f"{_INDENT}{line}" for line in lines]

    def _count(self) -> Messages:
        frame, phase = self._transport.position.frame, self._transport.phase
        if phase != self._phase or frame < self._begun:
            self._phase, self._begun = phase, frame
        if frame - self._begun < _EVERY * self._transport.timeline.rate:
            return []
        self._begun = frame
        matched, beats = self.score.count()
        return [f"{_INDENT}{matched} of {beats} so far"] if matched else []
