"""Finds where in a recording a session began: by when one ran and stood, and by the cadence.

For each possible start, running and standing as planned are held against the recording (the phi
coefficient of the two), and the cadence against the targets (Pearson's r). The best start is
believed only where chance hardly reaches: of 1,500 made-up runs that had nothing to do with a
session, these bounds let 12 pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from cadence_cue.season.planned import PlannedPhase
from cadence_cue.season.recording import LONGEST_GAP, Array, RecordedRun

_SMOOTH = 7  # seconds
_LEAST_OVERLAP = 60  # seconds
_LEAST_SHARE = 0.5  # of what is planned, with the recording beside it
_LEAST_CADENCE = 120  # seconds of running with a target
_LATEST = 6  # seconds by which a runner may follow
_ALIKE = 0.002  # a coefficient's difference of no meaning
_LONGEST_STOP = 30  # seconds at a traffic light, say, that may be no part of the plan


@dataclass(frozen=True, slots=True)
class Alignment:
    """Seconds from the first record to the track's first sample, and how well it fits, 0 to 1."""

    start: float
    score: float
    believable: bool


def align(
    run: RecordedRun, phases: Sequence[PlannedPhase], near: float | None = None, within: float = 0
) -> Alignment | None:
    """Return the best start, `within` so many seconds of `near` if that is given.

    None if too little of the session can be in the recording.
    """
    plan, recorded = _Planned.of(phases), _Recorded.of(run, _longest_stop(phases))
    first = 1 - len(plan.runs)  # the lag of the first entry of each correlation

    known = _correlate(plan.known, recorded.there)
    ran, planned = _correlate(plan.known, recorded.runs), _correlate(plan.runs, recorded.there)
    together = _correlate(plan.runs, recorded.runs)
    phi = _coefficient(known, planned, ran, planned, ran, together)

    timed = _correlate(plan.timed, recorded.timed)
    r = _coefficient(
        timed,
        _correlate(plan.target, recorded.timed),
        _correlate(plan.timed, recorded.cadence),
        _correlate(plan.target**2, recorded.timed),
        _correlate(plan.timed, recorded.cadence**2),
        _correlate(plan.target, recorded.cadence),
    )
    r[timed < _LEAST_CADENCE] = 0

    share = known / max(plan.known.sum(), 1)
    fit = (phi + 0.3 * np.maximum(r, 0)) * np.minimum(1, 0.7 + 0.3 * share)
    lags = first + np.arange(len(fit))
    possible = (share >= _LEAST_SHARE) & (known >= _LEAST_OVERLAP)
    if near is not None:
        possible &= np.abs(lags - near) <= within
    if not possible.any():
        return None
    best = _earliest(np.where(possible, phi, -np.inf), int(np.argmax(np.where(possible, fit, -1))))
    lag = int(lags[best])
    edges = plan.edges(max(0, -lag), len(recorded.runs) - lag)
    return Alignment(
        float(lag), float(max(phi[best], 0)), _believable(float(phi[best]), float(r[best]), edges)
    )


def _earliest(phi: Array, best: int) -> int:
    """Return the earliest of the starts just before the best one that fit as well.

    Between a change that was followed at once and one that was followed late all starts fit alike.
    Who runs to a voice may follow it late, but never early.
    """
    first = max(best - _LATEST, 0)
    near = phi[first : best + 1]
    return first + int(np.argmax(near >= near.max() - _ALIKE))


def _believable(phi: float, r: float, edges: int) -> bool:
    """Return whether so good a fit is no accident; `edges` are the changes of run and rest in it.

    A run between two walks may be as long as another by chance, but hardly to a few seconds.
    """
    return (
        (edges >= 6 and phi >= 0.8)
        or (edges >= 2 and phi >= 0.95)
        or (edges >= 2 and phi >= 0.9 and r >= 0.2)
        or (phi >= 0.95 and r >= 0.25)
        or (phi >= 0.85 and r >= 0.6)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Planned:
    """The plan second by second; `known` where one is to run or to stand, not to drill."""

    known: Array
    runs: Array
    timed: Array
    target: Array
    """Less the mean of all."""

    @classmethod
    def of(cls, phases: Sequence[PlannedPhase]) -> _Planned:
        length = int(max((phase.end for phase in phases), default=0)) + 1
        second = np.arange(length, dtype=np.float64)
        known, runs, target = np.zeros(length), np.zeros(length), np.full(length, np.nan)
        for phase in phases:
            inside = (second >= phase.start) & (second < phase.end)
            known[inside] = phase.runs or phase.stands
            runs[inside] = phase.runs
            if phase.runs:
                target[inside] = phase.target_at(second[inside] - phase.start)
        return cls(known, runs, *_centred(target))

    def edges(self, begin: int, end: int) -> int:
        """Return how often running begins or ends between two seconds, as far as is known."""
        states = self.runs[begin:end][self.known[begin:end] > 0]
        return int(np.count_nonzero(np.diff(states)))


@dataclass(frozen=True, slots=True, eq=False)
class _Recorded:
    """The recording second by second."""

    there: Array
    runs: Array
    timed: Array
    cadence: Array
    """Smoothed, less the mean of all."""

    @classmethod
    def of(cls, run: RecordedRun, longest_stop: int) -> _Recorded:
        length = int(run.seconds[-1]) + 1
        second = np.arange(length)
        latest = np.searchsorted(run.seconds, second, side="right") - 1
        fresh = second - run.seconds[latest] <= LONGEST_GAP
        runs = run.running[latest] & fresh
        cadence = _smooth(np.where(runs, run.cadence[latest], np.nan))
        return cls(
            np.ones(length),
            _without_stops(runs, longest_stop).astype(np.float64),
            *_centred(np.where(runs, cadence, np.nan)),
        )


def _longest_stop(phases: Sequence[PlannedPhase]) -> int:
    """Return how long a stop may be to be no part of the plan: half of the shortest planned one."""
    ran = [k for k, phase in enumerate(phases) if phase.runs]
    between = phases[ran[0] : ran[-1]] if ran else ()
    shortest = min((phase.seconds for phase in between if phase.stands), default=np.inf)
    return int(min(_LONGEST_STOP, shortest / 2))


def _without_stops(runs: npt.NDArray[np.bool_], longest: int) -> npt.NDArray[np.bool_]:
    """Return the running with stops of at most so many seconds counted as running."""
    edges = np.flatnonzero(np.diff(runs.astype(np.int8))) + 1
    filled = runs.copy()
    for begin, end in pairwise(edges):
        if not runs[begin] and end - begin <= longest:
            filled[begin:end] = True
    return filled


def _smooth(values: Array) -> Array:
    """Return the mean of what is known within a few seconds of each place."""
    known, window = np.isfinite(values), np.ones(_SMOOTH)
    total = np.convolve(np.where(known, values, 0), window, "same")
    count = np.convolve(known, window, "same")
    smoothed: Array = np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)
    return smoothed


def _centred(values: Array) -> tuple[Array, Array]:
    """Return where values are known, and the values less their mean, 0 where unknown."""
    known = np.isfinite(values)
    mean = values[known].mean() if known.any() else 0.0
    return known.astype(np.float64), np.where(known, values - mean, 0.0)


def _correlate(a: Array, b: Array) -> Array:
    """Return the sums of a[t] * b[t + lag] for each lag from 1 - len(a) to len(b) - 1."""
    length = len(a) + len(b) - 1
    size = 1 << length.bit_length()
    spectrum = np.conj(np.fft.rfft(a, size)) * np.fft.rfft(b, size)
    return np.roll(np.fft.irfft(spectrum, size), len(a) - 1)[:length]


def _coefficient(n: Array, a: Array, b: Array, aa: Array, bb: Array, ab: Array, /) -> Array:
    """Return Pearson's coefficient from the count and the sums, 0 where nothing varies."""
    spread = (n * aa - a * a) * (n * bb - b * b)
    return np.divide(n * ab - a * b, np.sqrt(np.maximum(spread, 1)), where=spread > 1,
                     out=np.zeros(len(n)))  # fmt: skip
