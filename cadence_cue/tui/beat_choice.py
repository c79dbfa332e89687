"""The plain beat that a runner has chosen on the beat screen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cadence_cue.coaching.drill import Side

EVERY = "60s"
"""The distance between cues unless another is chosen."""


@dataclass(frozen=True, slots=True)
class BeatChoice:
    """A tempo in beats a minute (None: the runner's own cadence), and what is heard with it.

    `accent` is the number of clicks from one accent to the next, 0 for none; `foot` the one foot
    that clicks, NONE for both; `cues` the ids whose cues are spoken, one `every` so long.
    """

    tempo: Fraction | None = None
    accent: int = 0
    foot: Side = Side.NONE
    cues: tuple[str, ...] = ()
    every: str = EVERY
