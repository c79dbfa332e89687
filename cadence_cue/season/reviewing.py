"""How a recorded run met the steps that its session asked for.

The bounds and what is left out follow the studies that paced runners by a click: people follow one
within 2 to 3 % (Bertram & Moran 2015), and find it within some seconds (Moens et al. 2014).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.season.planned import PlannedPhase
from cadence_cue.season.recording import Array, RecordedRun

BANDS = (2, 3, 5)
"""Per cent around the target; the middle one is the headline."""

FINDING = 20.0
"""Seconds at the start of a phase that do not count: in them the step is found."""

_SETTLED = 2.0  # per cent
_SETTLING = 10.0  # seconds, of the mean and of how long it has to stay
_STEPS_PER_SPEED = 6.0  # steps a minute more for each m/s: 5.6 to 6.6 (Burns et al. 2019)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was run in some seconds; what cannot be told is None.

    `moving_s` are the seconds of running that count, `bias_percent` how far the mean is from the
    target, `within` the shares of BANDS in per cent, `speed` in m/s.
    """

    moving_s: float = 0.0
    mean_spm: float | None = None
    median_spm: float | None = None
    bias_percent: float | None = None
    within: tuple[float | None, ...] = (None,) * len(BANDS)
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class PhaseFigures:
    """The figures of a phase; `settle_s` is when the step was found, from the phase's start."""

    phase: PlannedPhase
    figures: Figures
    settle_s: float | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """A run held against its session.

    `whole` is of all that was run to a steady click. `carry_over` is how many steps a minute the
    mean without a click lies above that with one at the same target, `drift` how many more there
    were in the last third of the time at the longest target than in the first, and
    `drift_at_speed` the same as it would have been at one speed. `alone` is all that was run
    without a click, `own` what of it had no target either.
    """

    start: float
    phases: tuple[PhaseFigures, ...]
    whole: Figures
    carry_over: float | None
    drift: float | None
    drift_at_speed: float | None
    alone: Figures
    own: Figures


def review(run: RecordedRun, phases: Sequence[PlannedPhase], start: float) -> Review:
    """Hold a run against its phases; `start` is where in the recording the track began."""
    samples = _Samples.of(run, phases, start)
    steady = [k for k, phase in enumerate(phases) if phase.clicks and phase.steady]
    free = [k for k, phase in enumerate(phases) if not phase.clicks and phase.runs]
    on = samples.counting(_at_longest_target(phases, steady))
    return Review(
        start=start,
        phases=tuple(
            PhaseFigures(phase, samples.figures([k]), samples.settled(k))
            for k, phase in enumerate(phases)
        ),
        whole=samples.figures(steady),
        carry_over=_carry_over(samples, phases, steady),
        drift=_drift(samples, on, samples.cadence),
        drift_at_speed=_drift(samples, on, samples.cadence_at_one_speed(on)),
        alone=samples.figures(free),
        own=samples.figures([k for k in free if phases[k].target is None]),
    )


def _at_longest_target(phases: Sequence[PlannedPhase], steady: Sequence[int]) -> list[int]:
    """Return the steady phases at the target that is asked for the longest.

    Over phases with several targets a change from first to last would be that of the targets.
    """
    times: dict[tuple[float, float] | None, float] = {}
    for k in steady:
        times[phases[k].target] = times.get(phases[k].target, 0) + phases[k].seconds
    longest = max(times, key=lambda target: times[target], default=None)
    return [k for k in steady if phases[k].target == longest]


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    """The samples of running, with the phase and the target of each."""

    seconds: Array
    """From the start of its phase."""
    weights: Array
    cadence: Array
    speed: Array
    target: Array
    """NaN where there is none."""
    phase: npt.NDArray[np.int64]
    """Index into the phases, -1 outside all."""
    counts: npt.NDArray[np.bool_]
    """Whether a sample counts: not while the step is being found."""

    @classmethod
    def of(cls, run: RecordedRun, phases: Sequence[PlannedPhase], start: float) -> _Samples:
        runs = run.running & (run.weights > 0)
        at = run.seconds[runs] - start
        phase, target = np.full(len(at), -1), np.full(len(at), np.nan)
        since, counts = np.zeros(len(at)), np.zeros(len(at), np.bool_)
        for k, each in enumerate(phases):
            inside = (at >= each.start) & (at < each.end)
            phase[inside], since[inside] = k, at[inside] - each.start
            target[inside] = each.target_at(since[inside])
            counts[inside] = since[inside] >= (FINDING if each.steady else 0)
        return cls(since, run.weights[runs], run.cadence[runs], run.speed[runs], target, phase,
                   counts)  # fmt: skip

    def counting(self, of: Iterable[int]) -> npt.NDArray[np.bool_]:
        """Return which samples count, of some phases."""
        return self.counts & np.isin(self.phase, list(of))

    def figures(self, of: Iterable[int]) -> Figures:
        """Return the figures of some phases together."""
        on = self.counting(of)
        weights, cadence = self.weights[on], self.cadence[on]
        if not len(weights):
            return Figures()
        mean = float(np.average(cadence, weights=weights))
        off = 100 * (cadence / self.target[on] - 1)
        aimed = bool(np.isfinite(off).all())
        return Figures(
            moving_s=float(weights.sum()),
            mean_spm=mean,
            median_spm=_median(cadence, weights),
            bias_percent=float(np.average(off, weights=weights)) if aimed else None,
            within=tuple(
                float(100 * np.average(np.abs(off) <= band, weights=weights)) if aimed else None
                for band in BANDS
            ),
            speed=self._mean_speed(on),
        )

    def settled(self, k: int) -> float | None:
        """Return when a phase's target was found: where its means of 10 s stay inside for 10 s."""
        on = (self.phase == k) & np.isfinite(self.target)
        at, weights = self.seconds[on], self.weights[on]
        off = 100 * (self.cadence[on] / self.target[on] - 1)
        first = np.arange(len(at))
        after = np.searchsorted(at, at + _SETTLING)  # where the 10 s from each sample end
        sums = np.cumsum(np.append(0, weights * off))
        times = np.cumsum(np.append(0, weights))
        means = (sums[after] - sums[first]) / (times[after] - times[first])
        outside = np.cumsum(np.append(0, np.abs(means) > _SETTLED))
        stays = (outside[after] == outside[first]) & (at + 2 * _SETTLING - 1 <= at[-1:])
        return float(at[np.argmax(stays)]) if stays.any() else None

    def cadence_at_one_speed(self, on: npt.NDArray[np.bool_]) -> Array:
        """Return the cadence less what the speed at the moment adds to it; NaN without a speed."""
        mean = self._mean_speed(on)
        if mean is None:
            return np.full(len(self.cadence), np.nan)
        slower: Array = self.cadence - _STEPS_PER_SPEED * (self.speed - mean)
        return slower

    def _mean_speed(self, on: npt.NDArray[np.bool_]) -> float | None:
        known = on & np.isfinite(self.speed)
        if not known.any():
            return None
        return float(np.average(self.speed[known], weights=self.weights[known]))


def _median(values: Array, weights: Array) -> float:
    """Return the value with half of the weight below it."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])


def _carry_over(
    samples: _Samples, phases: Sequence[PlannedPhase], steady: Sequence[int]
) -> float | None:
    """Return the mean without a click less the mean with one, where both had the same target."""
    silent = [k for k, each in enumerate(phases) if each.steady and not each.clicks]
    aimed = {phases[k].target for k in silent}
    off = samples.figures(silent).mean_spm
    on = samples.figures([k for k in steady if phases[k].target in aimed]).mean_spm
    return None if off is None or on is None else off - on


def _drift(samples: _Samples, on: npt.NDArray[np.bool_], cadence: Array) -> float | None:
    """Return how much the cadence rose from the first third of some samples to the last."""
    known = on & np.isfinite(cadence)
    weights, steps = samples.weights[known], cadence[known]
    total = float(weights.sum())
    if total < 3 * FINDING:
        return None
    reached = np.cumsum(weights)
    first, last = reached <= total / 3, reached > 2 * total / 3
    return float(
        np.average(steps[last], weights=weights[last])
        - np.average(steps[first], weights=weights[first])
    )
