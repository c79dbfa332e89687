"""Reads workouts of other programs (ZWO, FIT) as sessions, and writes them as session files."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Drill, Library, Side
from cadence_cue.coaching.file_kinds import is_fit, is_xml
from cadence_cue.coaching.rules import SWITCH_SECONDS
from cadence_cue.coaching.workout_summary import Summary, read
from cadence_cue.errors import UserError, printable, shown

LARGEST = 5_000_000
"""Bytes of a workout's file; real ones have some thousand."""
MOST_STEPS = 500
_MOST_ROWS = 5 * MOST_STEPS  # with those that only go back

_EFFORT = 0.5
"""Of the threshold: below it one walks or rests."""
_STRIDES_UP_TO = 110
"""A cadence up to here counts strides, two steps each."""
_RESTING = {"rest", "recovery", "cooldown"}


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of a workout; `target` is in steps a minute, from and to."""

    title: str
    seconds: float
    runs: bool
    target: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class _Workout:
    """What a workout's file has, and sentences about what of it no session has."""

    title: str
    description: str
    steps: list[_Step]
    lost: list[str]


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
    if len(data) > LARGEST:
        raise UserError("this is too large for a workout")
    if is_fit(data):
        workout = _fit(data)
    elif is_xml(data):
        workout = _zwo(data)
    else:
        raise UserError("this is no workout: ZWO and FIT files are read")
    if not workout.steps:
        raise UserError("there are no steps with a time in this workout")
    if len(workout.steps) > MOST_STEPS:
        raise UserError(f"this workout has more than the {MOST_STEPS} steps that a session takes")
    steps = [step for step in workout.steps if not _explains(step, library)]
    phases = list(_phases(steps, library))
    names = dict.fromkeys(phase["drill"] for phase in phases if "drill" in phase)
    drills = [library.drills[name] for name in names]
    summary = read(workout.description)
    head = {"title": workout.title} | _head(summary, drills)
    head |= {"explain": "always"} if len(steps) < len(workout.steps) else {}
    lost = tuple(_lost(workout, summary, drills))
    return Imported(workout.title, _text(head, phases), lost)


def _explains(step: _Step, library: Library) -> bool:
    """Return whether a step is an explanation, which the session itself puts before its drill."""
    name = step.title.removeprefix(wording.HOW_TO)
    return name != step.title and _drill(name, library) is not None


def _lost(workout: _Workout, summary: Summary | None, drills: Sequence[Drill]) -> Iterator[str]:
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


def _zwo(data: bytes) -> _Workout:
    from defusedxml import DefusedXmlException  # noqa: PLC0415 - sessions need no XML
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415

    try:
        root = fromstring(data)
    except DefusedXmlException:
        raise UserError("this file defines entities, which no workout does") from None
    except (ParseError, LookupError, ValueError) as error:  # or an unknown encoding
        raise UserError(f"this is no readable XML ({printable(str(error))})") from error
    if (root.findtext("durationType") or "time").strip().casefold() == "distance":
        raise UserError("the steps of this workout have distances; a session needs times")
    steps = [step for each in root.iterfind("workout/*") for step in _zwo_steps(each)]
    lost = ["The effort of each step: a session is about the beat."]
    if texts := len(root.findall(".//textevent")):
        lost.append(f"{texts} timed texts.")
    title = (root.findtext("name") or "Workout").strip()
    return _Workout(title, (root.findtext("description") or "").strip(), steps, lost)


def _zwo_steps(element: Element) -> Iterator[_Step]:
    def number(name: str) -> float:
        try:
            return float(element.get(name, "nan"))
        except ValueError:
            return math.nan

    first = next((each.get("message", "") for each in element.iter("textevent")), "")
    if element.tag == "IntervalsT":
        for _ in range(int(min(_positive(number("Repeat")), MOST_STEPS + 1))):
            yield from _timed("Run", number("OnDuration"), number("Cadence"), runs=True)
            yield from _timed("Walk", number("OffDuration"), number("CadenceResting"), runs=False)
        return
    effort = [number(name) for name in ("Power", "PowerLow", "PowerHigh")]
    runs = max((each for each in effort if not math.isnan(each)), default=1) >= _EFFORT
    title = first if 0 < len(first) <= 40 else ("Run" if runs else "Rest")
    yield from _timed(title, number("Duration"), number("Cadence"), number("CadenceEnd"), runs=runs)


def _timed(
    title: str, seconds: float, cadence: float, end: float = math.nan, *, runs: bool
) -> Iterator[_Step]:
    if _positive(seconds):
        from_, to = _steps(cadence), _steps(cadence if math.isnan(end) else end)
        yield _Step(title, seconds, runs, (from_, to) if from_ and to else None)


def _positive(value: float) -> float:
    return value if math.isfinite(value) and value > 0 else 0.0


def _steps(cadence: float) -> float:
    """Return a cadence in steps a minute, of a file that may count strides; 0 for none."""
    value = _positive(cadence)
    return 2 * value if value <= _STRIDES_UP_TO else value


def _fit(data: bytes) -> _Workout:
    from cadence_cue.coaching.fit_messages import (  # noqa: PLC0415 - sessions need no FIT
        DamagedError,
        fit_messages,
    )

    rows: list[Mapping[str, Any]] = []
    title, description = "Workout", ""
    try:
        for message in fit_messages(data):
            if message.name == "workout":
                title = str(message.get_value("wkt_name", fallback=None) or title)
                description = str(message.get_value("wkt_description", fallback=None) or "")
            elif message.name == "workout_step":
                rows.append({field.name: field.value for field in message.fields})
    except DamagedError as error:
        raise UserError(f"this FIT file is damaged ({printable(str(error))})") from error
    lost = ["How close to a target one has to be."]
    return _Workout(title, description, list(_unrolled(rows)), lost)


def _unrolled(rows: Sequence[Mapping[str, Any]]) -> Iterator[_Step]:
    """Yield the steps in the order in which they are done, at most a few too many."""
    done: dict[int, int] = {}
    at = 0
    for _ in range(_MOST_ROWS):
        if at >= len(rows):
            break
        row = rows[at]
        if row.get("duration_type") == "repeat_until_steps_cmplt":
            done[at] = done.get(at, 1) + 1
            back, times = row.get("duration_step"), row.get("repeat_steps")
            if isinstance(back, int) and isinstance(times, int) and back < at and done[at] <= times:
                at = back
                continue
            del done[at]  # a repeat around this one begins it anew
        elif isinstance(seconds := row.get("duration_time"), int | float) and seconds > 0:
            yield _fit_step(row, float(seconds))
        at += 1


def _fit_step(row: Mapping[str, Any], seconds: float) -> _Step:
    low, high = row.get("custom_target_cadence_low"), row.get("custom_target_cadence_high")
    target = None
    if isinstance(low, int) and isinstance(high, int) and low + high > 0:
        middle = _steps((low + high) / 2)
        target = middle, middle
    title = str(row.get("wkt_step_name") or "Run")
    return _Step(title, seconds, row.get("intensity") not in _RESTING, target)


def _phases(steps: Sequence[_Step], library: Library) -> Iterator[dict[str, Any]]:
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


def _is_pair(steps: Sequence[_Step]) -> bool:
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


def _tempo(step: _Step) -> dict[str, Any]:
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
