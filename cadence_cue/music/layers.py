"""Music that was laid anew on the way: what is heard of each laying, and when.

From an edit of the tempo on, music that was laid before slips against the beat. So it is turned
down there, until what was laid anew joins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cadence_cue.sound.bed import DUCK_DB, Bed
from cadence_cue.timing.decibels import gain_of
from cadence_cue.timing.ducking import FALL

_TURN = 0.05  # seconds from one laying to the next


@dataclass(frozen=True, slots=True)
class Layer:
    """A laying of music: prepared files that are heard from frame `joins` on, after an edit.

    Without `joins` it is not heard yet. What is heard until then slips against the beat from frame
    `since` on, and is turned down; None if it never does. The first layer has neither.
    """

    beds: tuple[Bed, ...]
    since: int | None = None
    joins: int | None = None


def heard(layers: Sequence[Layer], rate: int) -> tuple[Bed, ...]:
    """Return the beds of all layers in the order of their starts, with the gains they have."""
    turn, fall = round(_TURN * rate), round(FALL * rate)
    beds = [bed for k in range(len(layers)) for bed in _heard_of(layers, k, turn, fall)]
    return tuple(sorted(beds, key=lambda each: each.start))


def _heard_of(layers: Sequence[Layer], k: int, turn: int, fall: int) -> list[Bed]:
    """Return what is heard of layer `k`: from when it joins until a later one does."""
    layer, later = layers[k], layers[k + 1 :]
    if k and layer.joins is None:
        return []
    begins = layer.joins
    ends = min((each.joins for each in later if each.joins is not None), default=None)
    if begins is not None and ends is not None and ends <= begins:
        return []
    knots: list[tuple[int, float]] = []
    if begins is not None:
        knots += [(begins, 0.0), (begins + turn, 1.0)]
    level, after = 1.0, later[0].since if later else None
    if after is not None and (ends is None or after + fall < ends):
        level = gain_of(-DUCK_DB)
        after = max(after, knots[-1][0] if knots else after)
        knots += [(after, 1.0), (after + fall, level)]
    if ends is not None:
        ends = max(ends, knots[-1][0] if knots else ends)
        knots += [(ends, level), (ends + turn, 0.0)]
    return [
        replace(bed, knots=tuple(knots))
        for bed in layer.beds
        if (ends is None or bed.start < ends + turn)
        and (begins is None or bed.start + bed.frames > begins)
    ]
