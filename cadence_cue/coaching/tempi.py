"""Tempo changes made by hand while a session plays, and what each of them affects.

In a phase that follows the runner's own cadence, a change moves that cadence for the rest of the
session; elsewhere it moves the tempo of the drill, also in later sets, or of the phase.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from cadence_cue.coaching.part import Part


@dataclass(frozen=True, slots=True)
class Tempi:
    """The own cadence in steps per minute, and the beats per minute added for each `Part.key`."""

    cadence_spm: Fraction
    offsets: tuple[tuple[str, Fraction], ...] = ()

    def nudged(self, part: Part, by: Fraction) -> Tempi:
        """Return these with `by` beats per minute more for what a change in the part affects."""
        return (
            replace(self, cadence_spm=self.cadence_spm + by)
            if part.follows_cadence
            else self.moved(part, by)
        )

    def reaching(self, part: Part, tempo: Fraction, wanted: Fraction) -> Tempi:
        """Return these such that the part, which has `tempo` now, gets the `wanted` tempo."""
        if part.follows_cadence:
            return replace(self, cadence_spm=self.cadence_spm * wanted / tempo)
        return self.moved(part, wanted - tempo)

    def moved(self, part: Part, by: Fraction) -> Tempi:
        """Return these with `by` beats per minute more for the part's key; the cadence stays."""
        offsets = dict(self.offsets)
        offsets[part.key] = offsets.get(part.key, Fraction(0)) + by
        return replace(self, offsets=tuple(sorted(item for item in offsets.items() if item[1])))
