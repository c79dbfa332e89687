"""Entering a performance in the middle: after a pause, a jump, or from a chosen place.

The frames of the performance stay what they are; only what came before is left away, and where a
beat is running its count-in is put in front, on the very grid that follows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from cadence_cue.coaching.program import count_in_beats
from cadence_cue.timing import sounds
from cadence_cue.timing.drafting import Draft, to_rows
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.planner import Plan
from cadence_cue.timing.timeline import Bus, EventKind, Timeline

_BEFORE = 0.25  # seconds of quiet before the first sound


def entering(
    plan: Plan, frame: int, lengths: Mapping[str, int], get_ready: Fraction = Fraction(0)
) -> Timeline:
    """The timeline that starts shortly before `frame` and goes on as the whole one does.

    Sounds that began earlier are left away, but a sentence that is under way is said again from
    its start. `get_ready` seconds and the ready signal come first if it is not 0. The new `start`
    may be negative.
    """
    whole, clock = plan.timeline, plan.clock
    frame = _sentence_start(whole, frame)
    drafts = _count_in(plan, frame, lengths)
    first = min((draft.frame for draft in drafts), default=frame)
    start = first - clock.frames(_BEFORE)
    if get_ready:
        ready = start - lengths[sounds.READY]
        start = ready - clock.frames(get_ready)
        drafts.append(
            Draft(ready, lengths[sounds.READY], EventKind.SIGNAL, Bus.BEAT, sounds.READY, -1)
        )
    kept = whole.events[whole.events["frame"] >= frame]
    names = (*whole.sounds, *sorted({draft.sound for draft in drafts} - set(whole.sounds)))
    events = np.concatenate([to_rows(drafts, names), kept])
    events.setflags(write=False)
    return replace(whole, start=start, events=events, sounds=names)


def _sentence_start(timeline: Timeline, frame: int) -> int:
    events = timeline.events
    spoken = events[events["bus"] == Bus.VOICE]
    running = spoken[(spoken["frame"] < frame) & (frame < spoken["frame"] + spoken["frames"])]
    return int(running["frame"].min()) if len(running) else frame


def _count_in(plan: Plan, frame: int, lengths: Mapping[str, int]) -> list[Draft]:
    placed = _at(plan, frame)
    if placed is None or placed.grid is None:
        return []
    clock = plan.clock
    if frame < clock.frame(placed.grid.start):
        return []
    elapsed = Fraction(frame - clock.zero, clock.rate)
    following = math.ceil(placed.grid.position(elapsed))
    while clock.frame(placed.grid.instant(following)) < frame:
        following += 1
    ahead = placed.grid.instant(following + 1) - placed.grid.instant(following)
    beats = range(following - count_in_beats(60 / ahead), following)
    return [
        Draft(
            clock.frame(placed.grid.instant(beat)),
            lengths[sounds.COUNT_IN],
            EventKind.COUNT_IN,
            Bus.BEAT,
            sounds.COUNT_IN,
            placed.index,
            placed.part.beat_level,
            beat=beat,
        )
        for beat in beats
    ]


def _at(plan: Plan, frame: int) -> Placed | None:
    mark = plan.timeline.mark_at(frame)
    return plan.layout[mark.index] if mark else None
