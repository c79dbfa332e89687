"""Writes a session as a workout for a watch."""

from __future__ import annotations

from collections import defaultdict

from cadence_cue.app.preparing import Prepared
from cadence_cue.coaching import workout_summary
from cadence_cue.coaching.drill import Drill
from cadence_cue.coaching.session import STANDING, Kind
from cadence_cue.export.workouts.steps import Effort, Step, Workout
from cadence_cue.timing.timeline import Bus, Mark


def workout(prepared: Prepared) -> Workout:
    """Return the phases of a prepared session as the steps of a workout."""
    timeline, parts = prepared.performance.timeline, prepared.performance.parts
    words: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
    for event in timeline:
        if event.bus is Bus.VOICE and (mark := timeline.mark_at(event.frame)):
            words[mark.index].append(((event.frame - mark.start) / timeline.rate, event.sound))
    drills = prepared.library.drills
    last = timeline.marks[-1].index
    steps = tuple(
        Step(
            mark.title,
            mark.frames / timeline.rate,
            _effort(mark, last),
            mark.step_rate,
            _how(drills.get(part.drill)),
            tuple(words[mark.index]),
        )
        for mark, part in zip(timeline.marks, parts, strict=True)
    )
    return Workout(prepared.session.title, workout_summary.written(prepared.session), steps)


def _effort(mark: Mark, last: int) -> Effort:
    if mark.kind == Kind.DRILL:
        return Effort.WARM_UP
    if mark.kind in STANDING:
        return Effort.COOL_DOWN if mark.index == last else Effort.REST
    return Effort.ACTIVE


def _how(drill: Drill | None) -> str:
    """Return how a drill is done, in a few words."""
    return " ".join(each.text for each in drill.movement) if drill else ""
