"""A recorded run: cadence and speed over time, as a watch wrote them down.

Nothing of the place is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from cadence_cue.errors import UserError

Array = npt.NDArray[np.float64]

LONGEST_GAP = 5.0
"""Seconds that a sample stands for at most; watches that record smartly leave a few out."""

MOVING_FROM = 1.6  # m/s: above a walk
RUNNING = (120.0, 230.0)  # steps a minute
CUT = "The file is damaged or cut off; what comes before that is used."

_A_DAY = 86_400  # seconds from the others, beyond which a record's time is wrong
_STRIDES = (55.0, 110.0)  # strides a minute: two steps each


@dataclass(frozen=True, slots=True)
class Raw:
    """One record of a file: epoch seconds, the cadence in the file's unit, m/s and metres.

    A cadence that the file does not say is 0, all else NaN.
    """

    time: float
    cadence: float
    speed: float = math.nan
    distance: float = math.nan


@dataclass(frozen=True, slots=True, eq=False)
class RecordedRun:
    """Samples of a run, in order.

    All arrays have one value a sample: `seconds` from the first record, `weights` the seconds that
    the sample stands for, `cadence` in steps a minute and `speed` in m/s, NaN where unknown.
    `coarse` says that the file counts whole strides, so that cadence comes in steps of two.
    `notes` are sentences about what was left out or could not be read.
    """

    started: datetime
    """The time of the first record, with its zone."""
    seconds: Array
    weights: Array
    cadence: Array
    speed: Array
    coarse: bool
    notes: tuple[str, ...] = ()

    @property
    def running(self) -> npt.NDArray[np.bool_]:
        """Which samples are of running: by their cadence, and their speed if it is known."""
        return _runs(self.cadence, self.speed)


def recorded_run(
    records: Iterable[Raw],
    pauses: Iterable[tuple[float, float]] = (),
    *,
    notes: Iterable[str] = (),
) -> RecordedRun:
    """Make a run of a file's records; `pauses` are epoch seconds.

    Records without a cadence count as standing. Raises UserError if there is no cadence in them,
    or none of a runner.
    """
    known = [each for each in records if math.isfinite(each.time)]
    if not known:
        raise UserError("it holds no records of a run")
    rows = np.array([(each.time, each.cadence, each.speed, each.distance) for each in known])
    right = np.abs(rows[:, 0] - np.median(rows[:, 0])) <= _A_DAY
    if not right.all():
        wrong = f"{np.count_nonzero(~right)} of {len(right)} records"
        notes = (*notes, f"Left out for a wrong time: {wrong}.")
    rows = rows[right]
    times, first = np.unique(rows[:, 0], return_index=True)
    raw, told, distance = rows[first, 1], rows[first, 2], rows[first, 3]
    speed = np.where(np.isnan(told), np.append(np.nan, np.diff(distance) / np.diff(times)), told)
    if not np.any(raw > 0):
        raise UserError("it holds no cadence, so there is nothing to compare")
    steps = _steps_per_count(raw, speed)
    whole = bool(np.all(np.mod(raw[raw > 0], 1) == 0))
    return RecordedRun(
        started=_moment(float(times[0])),
        seconds=times - times[0],
        weights=_weights(times, pauses),
        cadence=raw * steps,
        speed=speed,
        coarse=whole and steps == 2,
        notes=tuple(notes),
    )


def _moment(epoch: float) -> datetime:
    try:
        return datetime.fromtimestamp(epoch).astimezone()
    except (OSError, OverflowError, ValueError):
        raise UserError("its times are none of a calendar") from None


def _steps_per_count(raw: Array, speed: Array) -> int:
    """Return 2 for a file that counts strides and 1 for one that counts steps.

    Judged by the median while moving, as files do not say. Raises UserError for what is neither.
    """
    moving = raw > 0
    if np.any(speed > MOVING_FROM):
        moving &= ~(speed <= MOVING_FROM)
    typical = float(np.median(raw[moving])) if np.any(moving) else 0.0
    if _STRIDES[0] <= typical <= _STRIDES[1]:
        return 2
    if RUNNING[0] <= typical <= RUNNING[1]:
        return 1
    raise UserError(
        f"its cadence is {typical:g} a minute in the middle, which is neither the strides nor the "
        "steps of a run"
    )


def _runs(cadence: Array, speed: Array) -> npt.NDArray[np.bool_]:
    steps = (cadence >= RUNNING[0]) & (cadence <= RUNNING[1])
    runs: npt.NDArray[np.bool_] = steps & ~(speed <= MOVING_FROM)
    return runs


def _weights(times: Array, pauses: Iterable[tuple[float, float]]) -> Array:
    """Return how many seconds each sample stands for: until the next, a pause, or a long gap."""
    gaps = np.diff(times)
    last = float(np.median(gaps)) if len(gaps) else 1.0
    ends = times + np.minimum(np.append(gaps, last), LONGEST_GAP)
    for start, end in pauses:
        inside = (times >= start) & (times < end)
        ends[inside] = times[inside]
        before = (times < start) & (ends > start)
        ends[before] = start
    weights: Array = ends - times
    return weights
