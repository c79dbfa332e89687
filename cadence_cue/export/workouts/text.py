"""Workouts as text for the workout builder of intervals.icu, which sends them to watches."""

from __future__ import annotations

from collections.abc import Iterator

from cadence_cue.errors import printable
from cadence_cue.export.workouts.steps import Round, Step, Workout, folded, strides


def encoded(workout: Workout) -> bytes:
    """Return a workout as lines to paste: a step each, repeats under their count."""
    lines = [printable(workout.title), ""]
    for each in folded(workout.steps):
        if isinstance(each, Round):
            lines += ["", f"{each.times}x", *map(_line, each.steps), ""]
        else:
            lines.append(_line(each))
    return ("\n".join(_without_double_blanks(lines)).rstrip() + "\n").encode()


def _line(step: Step) -> str:
    minutes, seconds = divmod(round(step.seconds), 60)
    time = (f"{minutes}m" if minutes else "") + (f"{seconds}s" if seconds or not minutes else "")
    low, high = strides(step.target) if step.target else (0, 0)
    target = f" {low}-{high}rpm" if step.target else ""
    return f"- {_words(step.title)} {time}{target}"


def _words(title: str) -> str:
    """Return a title that cannot be taken for a time or a target, which digits begin."""
    return printable("".join("-" if c.isdigit() else c for c in title))


def _without_double_blanks(lines: list[str]) -> Iterator[str]:
    before = "-"
    for line in lines:
        if line or before:
            yield line
        before = line
