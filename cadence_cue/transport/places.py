"""What is at a frame of a performance: the phase, the tempo, the lead-in. Pure functions."""

from __future__ import annotations

from fractions import Fraction

from cadence_cue.coaching.pages import clock
from cadence_cue.studio import Performance
from cadence_cue.timing.layout import Placed
from cadence_cue.timing.timeline import Timeline


def phase_at(timeline: Timeline, frame: int) -> int:
    """The index of the phase that plays, or is announced, at a frame; -1 before the first."""
    return sum(mark.entry <= frame for mark in timeline.marks) - 1


def told_time(performance: Performance, frame: int) -> str:
    """A frame's time from the start of the first phase, in minutes and seconds."""
    seconds = round(_seconds(performance, frame))
    return f"{'-' if seconds < 0 else ''}{clock(abs(seconds))}"


def beating_at(performance: Performance, frame: int) -> Placed | None:
    """The phase with a beat at this frame, or else the next one with a beat; None without any."""
    plan = performance.plan
    later = (placed for placed in plan.layout if plan.clock.frame(placed.end) > frame)
    return next((placed for placed in later if placed.grid is not None), None)


def tempo_at(performance: Performance, frame: int) -> Fraction:
    """Beats a minute at a frame, or those that the next beat starts with; 0 if none follows."""
    if sounding := performance.tempo_at(frame):
        return sounding
    beating = beating_at(performance, frame)
    return beating.part.tempo[0] if beating and beating.part.tempo else Fraction(0)


def tempo_words(performance: Performance, frame: int) -> str:
    """The tempo at a frame in words, after the name of its phase if that is still to come."""
    beating = beating_at(performance, frame)
    coming = beating is not None and performance.plan.clock.frame(beating.start) > frame
    name = f"{beating.part.title}: " if beating and coming else ""
    return f"{name}{tempo_number(tempo_at(performance, frame))} a minute"


def tempo_number(tempo: Fraction) -> str:
    """A tempo with at most one decimal: "172", "86.5"."""
    return f"{round(float(tempo), 1):g}"


def beat_title(tempo: Fraction) -> str:
    """What a plain beat is called at a tempo."""
    return f"Beat {tempo_number(tempo)}"


def led_into(performance: Performance, frame: int) -> int | None:
    """The index of the phase whose lead-in, after a phase without a beat, contains a frame."""
    for mark in performance.timeline.marks:
        if mark.entry <= frame < mark.start:
            beats = mark.index and performance.plan.layout[mark.index - 1].grid is not None
            return None if beats else mark.index
    return None


def rest_before(performance: Performance, phase: int) -> int:
    """The first frame of the phase before `phase`; 0 for the first phase."""
    return performance.timeline.marks[phase - 1].start if phase else 0


def after_rest(performance: Performance, frame: int) -> int | None:
    """The index of the phase after the current or next phase without a beat; None without one."""
    plan = performance.plan
    for placed in plan.layout[:-1]:
        if placed.part.tempo is None and plan.clock.frame(placed.end) > frame:
            return placed.index + 1
    return None


def moved(frame: int, performance: Performance, other: Performance) -> int:
    """The frame of `other`, which has another rate, at the same instant as `frame`."""
    return other.plan.clock.frame(_seconds(performance, frame))


def _seconds(performance: Performance, frame: int) -> Fraction:
    """A frame's time in seconds from the start of the first phase."""
    plan = performance.plan
    return Fraction(frame - plan.clock.zero, plan.clock.rate)
