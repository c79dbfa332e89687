"""Entering a performance in the middle: after a pause, after a jump, or at a chosen place.

Frame numbers stay those of the whole performance; only what came earlier is left out, and where a
beat is running a count-in is put in front, at the tempo of the beat that follows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from cadence_cue.coaching.cueing import count_in_beats
from cadence_cue.timing import sounds
from cadence_cue.timing.drafting import Draft, Names, in_order, to_rows
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.planner import OPENING_GAP, Plan
from cadence_cue.timing.timeline import NO_BEAT, OPENING, Bus, EventKind, Timeline

_BEFORE = 0.25  # seconds of quiet before the first sound


def entering(
    plan: Plan, frame: int, lengths: Mapping[str, int], get_ready: Fraction = Fraction(0)
) -> Timeline:
    """Return a timeline that starts shortly before `frame` and continues as the whole one does.

    Sounds that started earlier are left out, but a sentence or a count-in that is in progress is
    repeated from its start. If `get_ready` is not 0, that many seconds and the ready signal come
    first, with the texts that open the whole performance. The new `start` may be
    negative. `lengths` holds the frames of each sound of the beat bus.
    """
    whole, clock = plan.timeline, plan.clock
    frame = _start_under_way(whole, frame)
    drafts = _count_in(plan, frame, lengths)
    first = min((draft.frame for draft in drafts), default=frame)
    start = first - clock.frames(_BEFORE)
    if get_ready:
        opening, start = _opening(plan, start, lengths, get_ready)
        drafts += opening
    kept = whole.events[whole.events["frame"] >= frame]
    names = Names({name: k for k, name in enumerate(whole.sounds)})
    events = in_order([to_rows(drafts, names), kept])
    return replace(whole, start=start, events=events, sounds=tuple(names))


def _start_under_way(timeline: Timeline, frame: int) -> int:
    """Return the start of the sentence or count-in in progress at a frame; else the frame."""
    events = timeline.events[timeline.events["frame"] < frame]
    ends = events["frame"] + events["frames"]
    counted = (events["kind"] == EventKind.COUNT_IN) & (events["beat"] != NO_BEAT)
    starts = np.array([mark.start for mark in timeline.marks])
    ends[counted] = starts[events["phase"][counted]]
    running = events["frame"][(counted | (events["bus"] == Bus.VOICE)) & (ends > frame)]
    return int(running.min(initial=frame))


def _opening(
    plan: Plan, end: int, lengths: Mapping[str, int], get_ready: Fraction
) -> tuple[list[Draft], int]:
    """Return what comes before everything else and ends at frame `end`, and its first frame."""
    clock, events = plan.clock, plan.timeline.events
    lead = clock.frames(get_ready)
    ready = end - lengths[sounds.READY]
    drafts = [Draft(ready, lengths[sounds.READY], EventKind.SIGNAL, Bus.BEAT, sounds.READY, -1)]
    lines = events[np.isin(events["kind"], OPENING)]
    if len(lines):
        end = int(lines[-1]["frame"] + lines[-1]["frames"]) - plan.timeline.start
        lead = max(lead, end + clock.frames(OPENING_GAP))
    for line in lines:
        at = ready - lead + int(line["frame"]) - plan.timeline.start
        kind, text = EventKind(line["kind"]), plan.timeline.sounds[line["sound"]]
        drafts.append(Draft(at, int(line["frames"]), kind, Bus.VOICE, text, -1))
    return drafts, ready - lead


def _count_in(plan: Plan, frame: int, lengths: Mapping[str, int]) -> list[Draft]:
    """Return the clicks before the first beat from `frame` on, if a beat is running there."""
    placed = _at(plan, frame)
    if placed is None or placed.grid is None:
        return []
    clock = plan.clock
    if frame < clock.frame(placed.grid.start):
        return []
    elapsed = Fraction(frame - clock.zero, clock.rate)
    # Round down: a beat shortly before this instant may have been rounded up to this frame.
    following = math.floor(placed.grid.position(elapsed))
    while clock.frame(placed.grid.instant(following)) < frame:
        following += 1
    instant = placed.grid.instant(following)
    tempo = placed.grid.tempo_at(instant)
    beats = count_in_beats(tempo)
    return [
        Draft(
            clock.frame(instant - (following - beat) * 60 / tempo),
            lengths[sounds.COUNT_IN],
            EventKind.COUNT_IN,
            Bus.BEAT,
            sounds.COUNT_IN,
            placed.index,
            placed.part.beat_level,
            beat=beat,
        )
        for beat in range(following - beats, following)
    ]


def _at(plan: Plan, frame: int) -> Placed | None:
    mark = plan.timeline.mark_at(frame)
    return plan.layout[mark.index] if mark else None
