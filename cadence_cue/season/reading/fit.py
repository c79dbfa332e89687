"""Reads FIT files: the records, pauses and sports of an activity."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cadence_cue.coaching.fit_messages import DamagedError, fit_messages
from cadence_cue.errors import UserError
from cadence_cue.season.recording import CUT, Raw, RecordedRun, recorded_run

_RUNS = {"running", "walking", "hiking", "training", "fitness_equipment", "generic", "transition"}
"""Sports in which somebody may have run; older watches have no treadmill."""

_STOPS = {"stop", "stop_all", "stop_disable", "stop_disable_all"}

# Numbers of fields of a record. Developer fields may bear the same names, with zeros.
_TIME, _CADENCE, _FRACTION, _CADENCE_256, _DISTANCE = 253, 4, 53, 52, 5
_SPEED, _ENHANCED_SPEED = 6, 73

_FIT_EPOCH = 631_065_600  # 1989-12-31 00:00 UTC


def read(data: bytes) -> RecordedRun:
    """Return the run in a FIT file, of several sports the parts that may be running.

    What comes before the damage in a damaged file is used. Raises UserError if there is no run.
    """
    activity = _Activity()
    notes = []
    try:
        for message in fit_messages(data):
            activity.take(message)
    except DamagedError:
        notes.append(CUT)
    if activity.spans and not any(sport in _RUNS for sport, *_ in activity.spans):
        raise UserError(f"it is a recording of {activity.spans[0][0]}, not of a run")
    return recorded_run(activity.records(), activity.pauses(), notes=notes)


class _Activity:
    """What a file said so far."""

    def __init__(self) -> None:
        self._records: list[Raw] = []
        self._timer: list[tuple[float, bool]] = []
        """Times at which the timer went on (True) or stopped."""
        self.spans: list[tuple[str, float, float]] = []
        """The sports, each with its start and end."""

    def take(self, message: Any) -> None:  # noqa: ANN401 - fitdecode has no types
        """Note what a message says."""
        fields = {
            each.def_num: each.value
            for each in message.fields
            if each.field_def is None or not each.field_def.is_dev
        }
        time = _epoch(fields.get(_TIME))
        if message.name == "record":
            speed = _number(fields.get(_ENHANCED_SPEED, fields.get(_SPEED)))
            distance = _number(fields.get(_DISTANCE))
            self._records.append(Raw(time, _cadence(fields), speed, distance))
        elif message.name == "event" and message.get_value("event", fallback=None) == "timer":
            self._timer.append((time, message.get_value("event_type", fallback="") not in _STOPS))
        elif message.name == "session":
            sport = str(message.get_value("sport", fallback="generic"))
            start = _epoch(message.get_value("start_time", fallback=None))
            self.spans.append((sport, start, time))

    def records(self) -> Iterator[Raw]:
        """Yield the records of those sports that may be running."""
        others = [(start, end) for sport, start, end in self.spans if sport not in _RUNS]
        for each in self._records:
            if not any(start <= each.time <= end for start, end in others):
                yield each

    def pauses(self) -> Iterator[tuple[float, float]]:
        """Yield when the timer stood still."""
        stopped: float | None = None
        for time, goes in self._timer:
            if goes and stopped is not None:
                yield stopped, time
                stopped = None
            elif not goes and stopped is None:
                stopped = time


def _cadence(fields: dict[int, Any]) -> float:
    """Return the cadence of a record in the file's unit, with its fraction; 0 where it has none."""
    whole, fine = _number(fields.get(_CADENCE)), _number(fields.get(_CADENCE_256))
    if fine > 0:
        return fine
    if math.isnan(whole):
        return 0.0
    fraction = _number(fields.get(_FRACTION))
    return whole + (0.0 if math.isnan(fraction) else fraction)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _epoch(value: object) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    # A watch that does not know the time counts from when it was switched on.
    return _FIT_EPOCH + value if isinstance(value, int) else math.nan
