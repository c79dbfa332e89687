"""The moments of a part at which speech may be placed: on a beat, or in small steps.

Shared by cues and all other speech inside a part.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction

from cadence_cue.timing.layout import Placed
from cadence_cue.timing.timeline import NO_BEAT

Moment = tuple[Fraction, int]
"""Where a first stressed vowel may fall: an instant in seconds, and its beat or NO_BEAT."""
STEP = Fraction(1, 4)
"""Seconds between the moments that are tried where there is no beat."""


def beats_of(placed: Placed, beats: Iterable[int]) -> Iterator[Moment]:
    """Yield the moments of these beats of a part's grid."""
    if placed.grid is not None:
        yield from ((placed.grid.instant(beat), beat) for beat in beats)


def free_steps(placed: Placed, since: Fraction, due: Fraction) -> Iterator[Moment]:
    """Yield the moments of a part without a beat from `due` on, in steps counted from `since`."""
    first = max(math.ceil((due - since) / STEP), 0)
    count = math.floor((placed.end - since) / STEP)
    yield from ((since + k * STEP, NO_BEAT) for k in range(first, count))
