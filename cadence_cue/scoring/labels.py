"""The words for figures, by thresholds: of tempo from studies of running, of the rest our choice.

Tempo: the best human threshold is 1.5 % (Drake & Botte 1993), runners follow a beat up to 3 % away
from their own (Van Dyck 2015).
"""

from __future__ import annotations

import math
from enum import Enum

from cadence_cue.scoring.statistics import FEWEST_FOR_LABEL, Spread


class TempoLabel(Enum):
    """How close the steps' tempo was to the beat's."""

    ON_TEMPO = "on tempo"
    CLOSE = "close"
    OFF = "off the tempo"
    OWN_RHYTHM = "own rhythm"


class Steadiness(Enum):
    """How little the steps scattered."""

    LOCKED = "locked"
    STEADY = "steady"
    WANDERING = "wandering"
    NOT_SYNCED = "not synced"


EARLY, LATE = -0.080, 0.030
"""Seconds between which it is normal to be early or late: people tap a little before a beat."""

STABLE = 0.5
"""Beats a minute: a smaller drift is none."""


def tempo_label(error: float) -> TempoLabel:
    """Return the label for a tempo error, given as a share."""
    percent = round(abs(error) * 100, 6)
    if percent <= 1.5:
        return TempoLabel.ON_TEMPO
    if percent <= 3:
        return TempoLabel.CLOSE
    return TempoLabel.OFF if percent <= 5 else TempoLabel.OWN_RHYTHM


def steadiness(spread: Spread, judged: int) -> Steadiness | None:
    """Return the label for a spread over this many steps; None if they are too few."""
    if judged < FEWEST_FOR_LABEL:
        return None
    radius = spread.consistency
    by_chance = math.sqrt(-math.log(0.05) / judged)  # Rayleigh's test
    if radius < max(0.5, by_chance):
        return Steadiness.NOT_SYNCED
    if radius >= 0.9:
        return Steadiness.LOCKED
    return Steadiness.STEADY if radius >= 0.75 else Steadiness.WANDERING
