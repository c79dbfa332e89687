"""Chooses the short sentence that a runner hears about a set in the pause after it.

Who is told each time how it went learns to wait for it: so in at most every second set, and only
what stands out.
"""

from __future__ import annotations

from collections.abc import Iterable

from cadence_cue.app.score.scoring import PhaseScore
from cadence_cue.coaching import wording
from cadence_cue.scoring.labels import TempoLabel, tempo_label
from cadence_cue.transport.transport import Transport

_OUTSIDE = (TempoLabel.OFF, TempoLabel.OWN_RHYTHM)


class SpokenScore:
    """The sentences of one performance, set after set."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._sets: list[PhaseScore] = []
        self._silent = False  # after a set that was told
        self._on_the_beat = False  # whether that was said

    def tell(self, ended: Iterable[PhaseScore]) -> None:
        """Say in the pause what stands out of the sets that have ended."""
        telling = self._transport.telling
        for phase in ended:
            if not telling.can_follow(phase.index):  # such as the first leg of a set
                self._sets.append(phase)
            elif text := self.sentence(phase):
                telling.after(phase.index, text)

    def sentence(self, phase: PhaseScore) -> str:
        """Return what is said of a set that has ended; "" for nothing."""
        found = phase.judgement
        if not phase.led or found.tempo_error is None:
            return ""
        told = "" if self._silent else self._told(phase, found.tempo_error)
        self._silent = bool(told)
        self._on_the_beat |= told == wording.ON_THE_BEAT
        self._sets.append(phase)
        return told

    def _told(self, phase: PhaseScore, error: float) -> str:
        label = tempo_label(error)
        if label in _OUTSIDE:
            return wording.AHEAD if error > 0 else wording.BEHIND
        if label is TempoLabel.ON_TEMPO and not self._on_the_beat:
            return wording.ON_THE_BEAT
        return wording.STEADIER if self._steadier(phase) else ""

    def _steadier(self, phase: PhaseScore) -> bool:
        """Return whether a set scattered less than the same one before, beyond all doubt."""
        spread = phase.judgement.spread
        alike = (
            s for s in reversed(self._sets) if (s.set_of, s.side) == (phase.set_of, phase.side)
        )
        before = next(alike, None)
        if before is None or before.judgement.spread is None or spread is None:
            return False
        return spread.interval[1] < before.judgement.spread.interval[0]
