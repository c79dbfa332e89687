"""When the click of a part is heard."""

from __future__ import annotations

import math
from fractions import Fraction

from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import BeatMode, Kind


def runs(part: Part) -> bool:
    """Return whether a part is a run, or a glide into one, with a beat: heard or not."""
    return part.kind in (Kind.RUN, Kind.GLIDE) and part.tempo is not None


def clicks(part: Part) -> bool:
    """Return whether a part is a run with a click, at least at first."""
    return part.kind is Kind.RUN and bool(part.tempo) and part.beat.mode is not BeatMode.OFF


def clicks_at_end(part: Part) -> bool:
    """Return whether the click of a part is still heard when it ends."""
    modes = (BeatMode.ON, BeatMode.GAPS, BeatMode.THEN_OFF)
    return part.beat.mode in modes and clicking(part) == part.seconds


def clicking(part: Part) -> Fraction:
    """Return the seconds until a part's click stops: its length, unless it is "64 then off"."""
    on, tempo = part.beat.on, part.tempo
    if part.beat.mode is not BeatMode.THEN_OFF or tempo is None:
        return part.seconds
    if on >= (tempo[0] + tempo[1]) * part.seconds / 120:
        return part.seconds
    if tempo[0] == tempo[1]:
        return on * 60 / tempo[0]
    a, c = float(tempo[0]) / 60, float((tempo[1] - tempo[0]) / part.seconds) / 120
    return Fraction(2 * on / (a + math.sqrt(a * a + 4 * c * on)))
