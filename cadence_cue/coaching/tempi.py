"""What the runner's hand has made of the tempos, and what a change by hand moves.

In a phase that follows the runner's own cadence it moves that, for the whole rest of the session;
elsewhere it moves the drill, in its later sets too, or the phase.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from cadence_cue.coaching.part import Part


@dataclass(frozen=True, slots=True)
class Tempi:
    """The own cadence in steps per minute, and beats per minute added to the tempos of a key."""

    cadence_spm: Fraction
    offsets: tuple[tuple[str, Fraction], ...] = ()

    def nudged(self, part: Part, by: Fraction) -> Tempi:
        """So many beats per minute more: of the own cadence, or of what the part is."""
        return (
            replace(self, cadence_spm=self.cadence_spm + by)
            if part.follows_cadence
            else self.moved(part, by)
        )

    def reaching(self, part: Part, tempo: Fraction, wanted: Fraction) -> Tempi:
        """The part, which has this tempo now, at the wanted one."""
        if part.follows_cadence:
            return replace(self, cadence_spm=self.cadence_spm * wanted / tempo)
        return self.moved(part, wanted - tempo)

    def moved(self, part: Part, by: Fraction) -> Tempi:
        """So many beats per minute more in this part and its like; the own cadence stays."""
        offsets = dict(self.offsets)
        offsets[part.key] = offsets.get(part.key, Fraction(0)) + by
        return replace(self, offsets=tuple(sorted(item for item in offsets.items() if item[1])))
