"""How far a change of tempo by hand can go before a phase leaves the limits."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.phase_tempos import tempo_ends
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.coaching.values import FASTEST, SLOWEST


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a change has to stop: a phase, by its number, is then at this limit."""

    tempi: Tempi
    limit: int
    number: str

    @property
    def words(self) -> str:
        """The limit in words."""
        return f"{self.limit}, the {'fastest' if self.limit == FASTEST else 'slowest'} there is"


def stop_between(session: Session, library: Library, now: Tempi, wanted: Tempi) -> Stop | None:
    """Where the way from `now`, which every phase bears, to `wanted` has to stop; None if nowhere.

    All tempos move in proportion, so those of the first phase to reach its limit are exact.
    """
    far, stop = Fraction(1), None
    ways = [(tempi.cadence_spm, dict(tempi.offsets)) for tempi in (now, wanted)]
    for phase in session.written():
        drill = library.drills.get(phase.drill)
        before, after = (
            tempo_ends(phase, drill, cadence_spm, offsets) or () for cadence_spm, offsets in ways
        )
        for start, end in zip(before, after, strict=True):
            limit = min(max(end, Fraction(SLOWEST)), Fraction(FASTEST))
            if end != limit and (share := (limit - start) / (end - start)) < far:
                far = share
                stop = Stop(_between(now, wanted, share), int(limit), phase.number)
    return stop


def _between(now: Tempi, wanted: Tempi, share: Fraction) -> Tempi:
    """The tempos after this share of the way."""
    before, after = dict(now.offsets), dict(wanted.offsets)
    moved = {
        key: before.get(key, Fraction(0)) * (1 - share) + after.get(key, Fraction(0)) * share
        for key in {*before, *after}
    }
    return Tempi(
        now.cadence_spm + share * (wanted.cadence_spm - now.cadence_spm),
        tuple(sorted(item for item in moved.items() if item[1])),
    )
