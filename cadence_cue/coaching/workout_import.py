"""Makes session files from workouts of other programs, and says what is not carried over."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cadence_cue.coaching import wording, workout_file, workout_summary
from cadence_cue.coaching.drill import Drill, Library, Side
from cadence_cue.coaching.explaining import HOW_TO
from cadence_cue.coaching.rules import SWITCH_SECONDS
from cadence_cue.coaching.workout_file import Step, Workout
from cadence_cue.coaching.workout_summary import Summary
from cadence_cue.errors import UserError, shown


@dataclass(frozen=True, slots=True)
class Imported:
    """A workout as the text of a session file, and sentences about what was not carried over."""

    title: str
    text: str
    lost: tuple[str, ...]


def imported(data: bytes, library: Library) -> Imported:
    """Return the session that a ZWO or FIT workout describes.

    Raises UserError for what is neither, or has no steps with a time.
    """
    workout = workout_file.read(data)
    steps = [step for step in workout.steps if not _explains(step, library)]
    phases = list(_phases(steps, library))
    names = dict.fromkeys(phase["drill"] for phase in phases if "drill" in phase)
    drills = [library.drills[name] for name in names]
    summary = workout_summary.read(workout.description)
    head = {"title": workout.title} | _head(summary, drills)
    head |= {"explain": "always"} if len(steps) < len(workout.steps) else {}
    lost = tuple(_lost(workout, summary, drills))
    return Imported(workout.title, _text(head, phases), lost)


def _explains(step: Step, library: Library) -> bool:
    """Return whether a step is an explanation, which the session itself puts before its drill."""
    name = step.title.removeprefix(HOW_TO)
    return name != step.title and _drill(name, library) is not None


def _lost(workout: Workout, summary: Summary | None, drills: Sequence[Drill]) -> Iterator[str]:
    """Yield what of the session behind a workout its copy does not have."""
    yield from workout.lost
    if summary is None:
        if workout.description:
            yield "Its description."
        yield "How hard it is, where it is done and what it needs: write them into the file."
    if drills:
        yield "The tempos of its drills: each has its usual one."
    yield "Where the click stops, cues and other words: write them into the file."


def _head(summary: Summary | None, drills: Sequence[Drill]) -> dict[str, Any]:
    """Return the keys of a session file above its phases."""
    if summary is None:
        names = [drill.name for drill in drills if drill.equipment not in ("", "none")]
        return {"needs": f"what is needed for {', '.join(names)}"} if names else {}
    head = {
        "summary": summary.summary,
        "level": summary.level,
        "place": summary.place,
        "needs": summary.needs,
    }
    return {key: value for key, value in head.items() if value}


def _phases(steps: Sequence[Step], library: Library) -> Iterator[dict[str, Any]]:
    """Yield each step as a phase of a session file; two legs with a switch between are one."""
    at = 0
    while at < len(steps):
        step = steps[at]
        found = _drill(step.title, library)
        if found and _is_pair(steps[at : at + 3]):
            total = sum(each.seconds for each in steps[at : at + 3])
            yield {"drill": found["drill"], "side": "both", "time": _time(total)}
            at += 3
            continue
        at += 1
        if found:
            yield {**found, "time": _time(step.seconds)}
        elif step.runs:
            yield {"run": step.title, "time": _time(step.seconds)} | _tempo(step)
        else:
            kind = "walk" if "walk" in step.title.casefold() else "rest"
            yield {kind: step.title, "time": _time(step.seconds)}


def _is_pair(steps: Sequence[Step]) -> bool:
    if len(steps) < 3:
        return False
    left, switch, right = steps
    return (
        left.title.endswith(wording.SIDES[Side.LEFT])
        and right.title == left.title.replace("left leg", "right leg")
        and switch.title == wording.SWITCH_LEGS
        and switch.seconds == SWITCH_SECONDS
        and left.seconds == right.seconds
    )


def _drill(title: str, library: Library) -> dict[str, str] | None:
    """Return the drill that a title names, with its side or variant; None if it names none."""
    name, _, more = title.partition(", ")
    for drill in library.drills.values():
        if drill.name.casefold() != name.casefold():
            continue
        side = next((side for side, phrase in wording.SIDES.items() if phrase == more), None)
        if side in drill.sides and side is not None:
            return {"drill": drill.id, "side": side.value}
        if more in {variant.name for variant in drill.variants}:
            return {"drill": drill.id, "variant": more}
        if not more:
            return {"drill": drill.id}
    return None


def _tempo(step: Step) -> dict[str, Any]:
    if step.target is None:
        return {}
    begin, end = step.target
    return {"tempo": begin if begin == end else f"{begin:g} -> {end:g}"}


def _time(seconds: float) -> str:
    return f"{round(seconds, 3):g}s"


def _text(head: Mapping[str, Any], phases: Sequence[Mapping[str, Any]]) -> str:
    """Return a session file as a person would write it."""
    lines = [f"{key} = {_quoted(value)}" for key, value in head.items()]
    for phase in phases:
        lines += ["", "[[phase]]"]
        lines += [f"{key} = {_quoted(value)}" for key, value in phase.items()]
    return "\n".join(lines) + "\n"


def _quoted(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_quoted, value))}]"
    text = str(value)
    if not text.isprintable():
        raise UserError(f"{shown(text)} cannot be a title")
    return json.dumps(text, ensure_ascii=False)
