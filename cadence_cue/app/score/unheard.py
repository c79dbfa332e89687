"""Which steps nobody could have heard, while a microphone listens, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cadence_cue.app.score.phase_beats import Beats
from cadence_cue.app.score.scoring import Unheard
from cadence_cue.scoring.expected import Bools, Floats
from cadence_cue.scoring.onsets import Onset, too_loud

_SOFT = 1 / 3  # of the beats of a phase: with fewer steps, they were too soft to hear
_AROUND = 0.2  # seconds before the first beat and after the last
_THERE = 0.12  # seconds from a beat: a step that was heard is not hidden


def too_soft(beats: Beats, steps: Floats, count: int) -> bool:
    """Return whether so few steps were heard on `count` beats that the others must be softer."""
    first, last = np.searchsorted(steps, beats.expected.beats[[0, -1]] + [-_AROUND, _AROUND])
    return bool(last - first < _SOFT * count)


def near_a_step(beats: Beats, steps: Floats) -> Bools:
    """Return which beats have a step so near that it was not hidden from anyone."""
    clicks = beats.expected.beats
    before, after = np.searchsorted(steps, [clicks - _THERE, clicks + _THERE])
    near: Bools = before < after
    return near


def unheard(
    beats: Beats, steps: Sequence[Onset], listened: Bools, hidden: Bools, *, covered: bool
) -> tuple[Bools, Unheard | None]:
    """Return the beats of a phase around which no step could be heard; the reason if that is all.

    `steps` have the seconds of the beats. `listened` marks the beats on which somebody listened,
    `hidden` those on which our own sound was too loud; `covered` says that it is taken for steps.
    """
    expected = beats.expected
    lost = ~listened
    reason = Unheard.DEAF
    if not lost[expected.counts].all():
        loud = too_loud([*steps], expected.beats)
        heard = expected.counts & listened & ~hidden
        if not heard.any() or (covered and expected.led):
            lost, reason = np.ones(len(lost), np.bool_), Unheard.COVERED
        elif loud[heard].all():
            lost, reason = lost | hidden | loud, Unheard.LOUD
        elif too_soft(beats, np.array([each.at for each in steps]), int(heard.sum())):
            lost, reason = np.ones(len(lost), np.bool_), Unheard.SOFT
        else:
            lost |= hidden | loud
    return lost, reason if lost[expected.counts].all() else None
