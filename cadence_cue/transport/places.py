"""Where a frame of a performance is: which phase, which tempo, which announcement."""

from __future__ import annotations

from fractions import Fraction

from cadence_cue.coaching.pages import clock
from cadence_cue.studio import Performance
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.timeline import Timeline


def phase_at(timeline: Timeline, frame: int) -> int:
    """The index of the phase that is heard, or announced, at a frame; -1 before the first."""
    return sum(mark.entry <= frame for mark in timeline.marks) - 1


def told_time(performance: Performance, frame: int) -> str:
    """The minutes and seconds of a frame, counted from the first phase."""
    seconds = round(_seconds(performance, frame))
    return f"{'-' if seconds < 0 else ''}{clock(abs(seconds))}"


def beating_at(performance: Performance, frame: int) -> Placed | None:
    """The phase with a beat that holds this frame, else the next that has one."""
    plan = performance.plan
    later = (placed for placed in plan.layout if plan.clock.frame(placed.end) > frame)
    return next((placed for placed in later if placed.grid is not None), None)


def tempo_at(performance: Performance, frame: int) -> Fraction:
    """Beats a minute at a frame, or with which the next beat begins; 0 if none comes."""
    if sounding := performance.tempo_at(frame):
        return sounding
    beating = beating_at(performance, frame)
    return beating.part.tempo[0] if beating and beating.part.tempo else Fraction(0)


def tempo_words(performance: Performance, frame: int) -> str:
    """The tempo at a frame in words, with the name of the phase if it is still to come."""
    beating = beating_at(performance, frame)
    coming = beating is not None and performance.plan.clock.frame(beating.start) > frame
    name = f"{beating.part.title}: " if beating and coming else ""
    return f"{name}{round(float(tempo_at(performance, frame)), 1):g} a minute"


def led_into(performance: Performance, frame: int) -> int | None:
    """The index of the phase whose lead-in, with no beat before it, holds a frame."""
    for mark in performance.timeline.marks:
        if mark.entry <= frame < mark.start:
            beats = mark.index and performance.plan.layout[mark.index - 1].grid is not None
            return None if beats else mark.index
    return None


def rest_before(performance: Performance, phase: int) -> int:
    """The first frame of the phase before this one; of the track, before the first."""
    return performance.timeline.marks[phase - 1].start if phase else 0


def after_rest(performance: Performance, frame: int) -> int | None:
    """The index of the phase that follows the present or the next one without a beat."""
    plan = performance.plan
    for placed in plan.layout[:-1]:
        if placed.part.tempo is None and plan.clock.frame(placed.end) > frame:
            return placed.index + 1
    return None


def moved(frame: int, performance: Performance, other: Performance) -> int:
    """The frame of the other performance, of another rate, at the same instant."""
    return other.plan.clock.frame(_seconds(performance, frame))


def _seconds(performance: Performance, frame: int) -> Fraction:
    """The instant of a frame, from the first phase's start."""
    plan = performance.plan
    return Fraction(frame - plan.clock.zero, plan.clock.rate)
