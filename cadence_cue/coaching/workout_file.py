"""Reads the files of workouts of other programs, ZWO and FIT: their steps in order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from cadence_cue.coaching.file_kinds import is_fit, is_xml
from cadence_cue.errors import UserError, printable

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
class Step:
    """A step of a workout; `target` is in steps a minute, from and to."""

    title: str
    seconds: float
    runs: bool
    target: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Workout:
    """What a workout's file has, and sentences about what of it no session has."""

    title: str
    description: str
    steps: tuple[Step, ...]
    lost: tuple[str, ...]


def read(data: bytes) -> Workout:
    """Return the workout of a ZWO or FIT file.

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
    return workout


def _zwo(data: bytes) -> Workout:
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
    return Workout(title, (root.findtext("description") or "").strip(), tuple(steps), tuple(lost))


def _zwo_steps(element: Element) -> Iterator[Step]:
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
) -> Iterator[Step]:
    if _positive(seconds):
        from_, to = _steps(cadence), _steps(cadence if math.isnan(end) else end)
        yield Step(title, seconds, runs, (from_, to) if from_ and to else None)


def _positive(value: float) -> float:
    return value if math.isfinite(value) and value > 0 else 0.0


def _steps(cadence: float) -> float:
    """Return a cadence in steps a minute, of a file that may count strides; 0 for none."""
    value = _positive(cadence)
    return 2 * value if value <= _STRIDES_UP_TO else value


def _fit(data: bytes) -> Workout:
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
    lost = ("How close to a target one has to be.",)
    return Workout(title, description, tuple(_unrolled(rows)), lost)


def _unrolled(rows: Sequence[Mapping[str, Any]]) -> Iterator[Step]:
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


def _fit_step(row: Mapping[str, Any], seconds: float) -> Step:
    low, high = row.get("custom_target_cadence_low"), row.get("custom_target_cadence_high")
    target = None
    if isinstance(low, int) and isinstance(high, int) and low + high > 0:
        middle = _steps((low + high) / 2)
        target = middle, middle
    title = str(row.get("wkt_step_name") or "Run")
    return Step(title, seconds, row.get("intensity") not in _RESTING, target)
