"""Which step belongs to which beat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadence_cue.scoring.expected import Bools, Expected, Floats, Ints

DOUBLE = 0.6
"""The share of a beat's length below which a step after another may be its echo or a double hit."""


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The steps that met a beat, in order.

    `seconds` and `positions` are their instants and their places in beats from the phase's first
    beat, `beats` the beats that they met.
    `missed` marks the phase's beats that a step was expected on, could have been heard on, and did
    not come. `candidates` are the positions of all steps near beats that count, and `chosen` the
    indices among them of those that met a beat; the others are extra.
    """

    seconds: Floats
    positions: Floats
    beats: Ints
    missed: Bools
    candidates: Floats
    chosen: Ints

    @property
    def extra(self) -> int:
        """How many steps met no beat of their own."""
        return len(self.candidates) - len(self.chosen)


def match(expected: Expected, steps: Floats, unheard: Bools | None = None) -> Matched:
    """Give each beat that counts a step: of those that it is the nearest beat to, the nearest one.

    `steps` are ascending seconds. `unheard` marks the beats around which no step could be heard. Of
    two steps close together the second is the double, unless another beat has no other step.
    """
    places = expected.positions(steps)
    inside = ~np.isnan(places)
    steps, places = steps[inside], places[inside]
    nearest = np.clip(np.floor(places + 0.5).astype(np.int64), 0, len(expected.beats) - 1)
    here = expected.counts[nearest]
    if unheard is not None:
        here &= ~unheard[nearest]
    steps, places, nearest = steps[here], places[here], nearest[here]
    order = np.lexsort((abs(places - nearest), _doubles(places), nearest))
    beats, first = np.unique(nearest[order], return_index=True)
    missed = expected.counts.copy()
    missed[beats] = False
    if unheard is not None:
        missed &= ~unheard
    chosen = order[first]
    return Matched(steps[chosen], places[chosen], beats, missed, places, chosen)


def _doubles(places: Floats) -> Bools:
    doubles = np.zeros(len(places), np.bool_)
    last = -np.inf
    for k, place in enumerate(places):
        doubles[k] = place - last < DOUBLE
        if not doubles[k]:
            last = place
    return doubles
