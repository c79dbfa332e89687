"""What the steps of one phase say about the runner's timing, and how sure that is.

Circular statistics, as a step a whole beat late is on the beat. The spread is measured in windows
of 32 steps from which a straight slip is removed: over a longer time a slip of 1 % spreads the
steps evenly, however steady they are. Where the steps slip away from the beat, how early or late
they were means nothing, and is not told.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cadence_cue.scoring.expected import LEFT, RIGHT, Expected, Floats, Ints
from cadence_cue.scoring.matching import Matched
from cadence_cue.scoring.rhythm import rhythm, slope_of

FEWEST_FOR_TEMPO = 12
FEWEST_FOR_SPREAD = 16
FEWEST_FOR_LABEL = 32
_WINDOW = 32  # steps
_SLIP = 0.005  # of the tempo: with more the steps move a beat's sixth against it in 32 beats
_WANDERED = 0.25  # beats that the steps may move against the beat while one figure describes them
_FEWEST_OF_A_FOOT = 8
_AS_FAR = 0.75  # of the steps, to say that they come on every second beat
_WITHIN_95 = 1.96  # standard errors


@dataclass(frozen=True, slots=True)
class Spread:
    """How far steps scatter around their own rhythm.

    `beats` is the standard deviation in beats, `seconds` the same in seconds; `freedom` counts the
    degrees of freedom behind it.
    """

    beats: float
    seconds: float
    freedom: int

    @property
    def consistency(self) -> float:
        """The length of the mean resultant vector, R: 1 for no scatter at all."""
        return math.exp(-((2 * math.pi * self.beats) ** 2) / 2)

    @property
    def interval(self) -> tuple[float, float]:
        """The seconds between which the true standard deviation lies with 95 % certainty."""
        factor = math.exp(_WITHIN_95 / math.sqrt(2 * self.freedom))
        return self.seconds / factor, self.seconds * factor


@dataclass(frozen=True, slots=True)
class Judgement:
    """How the steps of a phase met its beats; None for what the data cannot bear.

    Negative seconds are early. `beats` are those that a step was expected on; `judged` counts the
    steps behind the figures. `tempo_error` is a share of the beat's rate, `drift` the beats gained
    a minute, `left_right` how much earlier (negative) left steps came than right ones. `recovery`
    is how many beats after a miss a step was as close as usual, at the median. `every` is 2 for
    steps on every second beat, and so on.
    """

    beats: int
    matched: int | None = None
    missed: int | None = None
    extra: int | None = None
    not_heard: int | None = None
    judged: int = 0
    tempo_error: float | None = None
    drift: float | None = None
    asynchrony: float | None = None
    spread: Spread | None = None
    left_right: float | None = None
    recovery: float | None = None
    every: int = 1


def judge(
    expected: Expected, matched: Matched, steps: Floats, feet: Ints | None = None
) -> Judgement:
    """Judge the steps, ascending seconds, that were matched to the beats of a phase.

    `feet` are those of the steps; if they are not known, they are those of the beats, as long as no
    step is missing.
    """
    places, beats = matched.positions, matched.beats
    # Whether there is a rhythm is a question to all steps: of random ones, too, those nearest to
    # the beats seem to follow them.
    numbers = rhythm(matched.candidates)
    if numbers is not None:
        numbers = numbers[matched.chosen]
    if numbers is not None and len(numbers) < FEWEST_FOR_TEMPO:
        numbers = None
    error = None if numbers is None else 1 / slope_of(numbers, places) - 1
    drift = error / expected.minutes if error is not None else None
    count = int(expected.counts.sum())
    if not expected.led:
        return Judgement(count, judged=len(places), tempo_error=error, drift=drift)
    missed = int(matched.missed.sum())
    offsets = places - beats
    lengths = np.gradient(expected.beats)[beats]
    spread = None if numbers is None else _spread(places, numbers, float(lengths.mean()))
    mean = None if error is None or abs(error) > _SLIP or _wanders(offsets) else _direction(offsets)
    if feet is None:
        stepped = expected.feet[beats] if not missed and len(places) == count else None
    else:  # of one leg's drill all are that foot's, whatever the keys
        both = not expected.feet.all() or len(set(expected.feet)) > 1
        stepped = feet[np.searchsorted(steps, matched.seconds)] if both else None
    return Judgement(
        count,
        len(places),
        missed,
        matched.extra,
        count - len(places) - missed,
        len(places),
        error,
        drift,
        None if mean is None else mean * float(lengths.mean()),
        spread,
        None if stepped is None or mean is None else _left_right(offsets * lengths, stepped),
        _recovery(matched, mean, spread) if mean is not None and spread else None,
        1 if numbers is None else _every(beats),
    )


def pooled(spreads: list[Spread]) -> Spread | None:
    """Return the spread of several sets of a drill together; None for none."""
    freedom = sum(each.freedom for each in spreads)
    if not freedom:
        return None
    beats, seconds = (
        math.sqrt(sum(getattr(each, name) ** 2 * each.freedom for each in spreads) / freedom)
        for name in ("beats", "seconds")
    )
    return Spread(beats, seconds, freedom)


def _spread(places: Floats, numbers: Floats, length: float) -> Spread | None:
    """Return the spread in windows without their slip; `length` is a beat's, in seconds."""
    count = len(places)
    if count < FEWEST_FOR_SPREAD:
        return None
    windows = max(round(count / _WINDOW), 1)
    along = 0.0
    for x, y in zip(np.array_split(numbers, windows), np.array_split(places, windows), strict=True):
        rest = y - slope_of(x, y) * x
        along += abs(np.exp(2j * math.pi * (rest - rest.mean())).sum())
    freedom = count - 2 * windows
    radius = max(min(along / count, 1.0), 1e-9)
    beats = math.sqrt(2 * math.log(1 / radius) * count / freedom) / (2 * math.pi)
    return Spread(beats, beats * length, freedom)


def _direction(offsets: Floats) -> float:
    """Return the circular mean of offsets in beats, from -0.5 to 0.5."""
    return float(np.angle(np.exp(2j * math.pi * offsets).mean())) / (2 * math.pi)


def _wanders(offsets: Floats) -> bool:
    """Return whether the steps moved too far against the beat for one mean to describe them."""
    windows = np.array_split(offsets, max(len(offsets) // (_WINDOW // 2), 1))
    means = np.unwrap([2 * math.pi * _direction(each) for each in windows]) / (2 * math.pi)
    return float(np.ptp(means)) > _WANDERED


def _left_right(seconds: Floats, feet: Ints) -> float | None:
    left, right = seconds[feet == LEFT], seconds[feet == RIGHT]
    if min(len(left), len(right)) < _FEWEST_OF_A_FOOT:
        return None
    return float(left.mean() - right.mean())


def _every(beats: Ints) -> int:
    """Return how many beats nearly all steps are apart; 1 if they differ."""
    gaps = np.diff(beats)
    usual = int(np.median(gaps))
    return usual if np.mean(gaps == usual) >= _AS_FAR else 1


def _recovery(matched: Matched, mean: float, spread: Spread) -> float | None:
    """Return the median of beats from the last one missed to the first step that is close again."""
    missed = np.flatnonzero(matched.missed)
    gaps = missed[~np.isin(missed + 1, missed)]
    apart = matched.positions - matched.beats - mean
    near = matched.beats[abs(apart - np.round(apart)) <= 2 * spread.beats]
    waits = [float(near[near > gap][0] - gap) for gap in gaps if (near > gap).any()]
    return float(np.median(waits)) if waits else None
