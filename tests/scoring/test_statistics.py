"""What the statistics say of taps whose timing is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.scoring.expected import LEFT, Bools, Expected, Floats
from cadence_cue.scoring.labels import Steadiness, TempoLabel, steadiness, tempo_label
from cadence_cue.scoring.matching import match
from cadence_cue.scoring.statistics import Judgement, judge, pooled
from tests.matrix import matrix

START = 12.3
DROPPED = 4


@dataclass(frozen=True)
class Runner:
    """How somebody taps: `bias` and `jitter` in seconds, `error` of tempo as a share."""

    bpm: float = 180
    bias: float = 0.0
    jitter: float = 0.02
    error: float = 0.0
    beats: int = 124
    seed: int = 1

    def expected(self, *, led: bool = True) -> Expected:
        beats = START + np.arange(self.beats) * 60 / self.bpm
        feet = np.arange(self.beats) % 2 + 1
        return Expected(beats, np.arange(self.beats) >= DROPPED, feet, led)

    def taps(self) -> Floats:
        """One tap a beat, whose scatter over the judged ones is exactly what was asked for."""
        interval = 60 / self.bpm / (1 + self.error)
        count = int(self.beats * (1 + self.error))
        scatter = np.random.default_rng(self.seed).normal(size=count)
        judged = scatter[DROPPED:]
        scatter = (scatter - judged.mean()) / judged.std(ddof=1)
        taps = START + np.arange(count) * interval + self.bias + self.jitter * scatter
        return np.sort(taps)


def judged(runner: Runner, taps: Floats | None = None) -> Judgement:
    return matched_and_judged(runner.expected(), runner.taps() if taps is None else taps)


def matched_and_judged(expected: Expected, taps: Floats, unheard: Bools | None = None) -> Judgement:
    return judge(expected, match(expected, taps, unheard), taps)


SCENES = [
    Runner(bpm, bias, jitter, seed=seed)
    for seed, bias in enumerate((-0.06, 0.0, 0.04))
    for bpm in (180, 60, 90, 165)
    for jitter in (0.01, 0.025, 0.04)
]


@pytest.mark.parametrize("runner", matrix(SCENES, few=12), ids=str)
def test_bias_scatter_and_tempo_are_those_of_the_taps(runner: Runner) -> None:
    found = judged(runner)
    assert found.asynchrony == pytest.approx(runner.bias, abs=0.003)
    assert found.spread is not None
    assert found.spread.seconds == pytest.approx(runner.jitter, abs=0.003)
    low, high = found.spread.interval
    assert low < runner.jitter < high
    assert found.tempo_error == pytest.approx(0, abs=0.001)
    assert found.matched is not None
    assert found.matched + (found.missed or 0) == found.beats == runner.beats - DROPPED
    assert found.matched >= found.beats - 1  # at 180 a beat, 40 ms late, may get two


@pytest.mark.parametrize("runner", matrix(SCENES, few=3), ids=str)
def test_missing_and_double_taps_are_counted_and_change_nothing_else(runner: Runner) -> None:
    taps = runner.taps()
    missing, doubled = np.arange(9, 120, 13), np.arange(6, 120, 13)
    kept = np.delete(taps, missing)
    found = judged(runner, np.sort(np.concatenate([kept, taps[doubled] + 0.06])))
    assert found.asynchrony == pytest.approx(
        runner.bias, abs=0.004 if runner.jitter < 0.04 else 0.006
    )
    assert found.spread is not None
    assert found.spread.seconds == pytest.approx(runner.jitter, abs=0.004)
    assert found.missed == pytest.approx(len(missing), abs=runner.jitter > 0.03)
    assert found.extra == pytest.approx(len(doubled), abs=2 * (runner.jitter > 0.03))
    assert found.left_right is None  # after a miss nobody knows which foot it is
    assert found.recovery is not None
    assert 1 <= found.recovery <= 3


@pytest.mark.parametrize("error", [-0.08, -0.03, -0.01, 0.01, 0.02, 0.05, 0.12])
def test_the_tempo_of_one_who_laps_the_beat_is_told(error: float) -> None:
    runner = Runner(165, -0.02, 0.025, error)
    found = judged(runner)
    assert found.tempo_error == pytest.approx(error, abs=0.001)
    assert found.drift == pytest.approx(165 * error, abs=0.2)
    assert found.asynchrony is None
    assert found.spread is not None  # without the slip: nobody else could tell steady from not
    assert found.spread.seconds == pytest.approx(0.025, abs=0.005)


@given(
    error=st.floats(0.01, 0.05),
    sign=st.sampled_from((-1, 1)),
    beats=st.integers(40, 200),
    bias=st.floats(-0.06, 0.04),
    jitter=st.floats(0.0, 0.04),
    bpm=st.sampled_from((60, 90, 165, 180)),
    seed=st.integers(0, 99),
)
def test_no_asynchrony_is_claimed_of_one_who_slips(
    error: float, sign: int, beats: int, bias: float, jitter: float, bpm: float, seed: int
) -> None:
    found = judged(Runner(bpm, bias, jitter, sign * error, beats, seed))
    assert found.asynchrony is None
    assert found.left_right is None


def test_who_wanders_around_the_beat_has_no_asynchrony_either() -> None:
    runner = Runner(beats=300)
    waves = 0.09 * np.sin(np.arange(300) / 300 * 4 * np.pi)
    found = judged(runner, np.sort(runner.taps() + waves))
    assert found.tempo_error == pytest.approx(0, abs=0.005)
    assert found.asynchrony is None


def test_taps_without_a_rhythm_have_no_tempo() -> None:
    runner = Runner(90)
    expected = runner.expected()
    seeds = [np.random.default_rng(seed) for seed in range(20)]
    taps = [np.sort(rng.uniform(expected.beats[0], expected.beats[-1], 124)) for rng in seeds]
    found = [judged(runner, each) for each in taps]
    assert sum(each.tempo_error is not None for each in found) <= 2
    assert all(each.asynchrony is None for each in found if each.tempo_error is None)


def test_a_ramp_is_judged_like_a_steady_beat() -> None:
    beats = np.cumsum(np.linspace(0.5, 0.35, 100))
    expected = Expected(beats, np.arange(100) >= DROPPED, np.zeros(100, np.int64))
    scatter = np.random.default_rng(2).normal(size=100)
    scatter = (scatter - scatter[4:].mean()) / scatter[4:].std(ddof=1)
    found = matched_and_judged(expected, beats - 0.03 + 0.015 * scatter)
    assert found.tempo_error == pytest.approx(0, abs=0.001)
    assert found.asynchrony == pytest.approx(-0.03, abs=0.003)
    assert found.spread is not None
    assert found.spread.seconds == pytest.approx(0.015, abs=0.003)


def test_left_against_right() -> None:
    runner = Runner(beats=64)
    limp = np.where(np.arange(64) % 2 == 0, -0.02, 0.01)  # even beats are left
    assert judged(runner, np.sort(runner.taps() + limp)).left_right == pytest.approx(
        -0.03, abs=0.012
    )


def test_one_leg_has_no_left_against_right_on_whichever_keys() -> None:
    runner = Runner(beats=64)
    expected, taps = runner.expected(), runner.taps()
    found = match(expected, taps)
    keys = np.arange(64) % 2 + 1
    assert judge(expected, found, taps, keys).left_right is not None
    one_leg = replace(expected, feet=np.full(64, LEFT))
    assert judge(one_leg, found, taps, keys).left_right is None


def test_a_rhythm_of_ones_own_is_only_fast_or_slow() -> None:
    runner = Runner(170, error=-0.04)
    found = matched_and_judged(runner.expected(led=False), runner.taps())
    assert found.tempo_error == pytest.approx(-0.04, abs=0.001)
    assert found.drift == pytest.approx(-6.8, abs=0.2)
    known = (found.matched, found.missed, found.extra, found.not_heard, found.asynchrony)
    assert known == (None,) * 5
    assert found.spread is None


def test_what_could_not_be_heard_is_not_missed() -> None:
    runner = Runner()
    deaf = np.zeros(runner.beats, np.bool_)
    deaf[20:40] = True
    found = matched_and_judged(runner.expected(), np.delete(runner.taps(), np.arange(20, 42)), deaf)
    assert (found.matched, found.missed, found.not_heard) == (98, 2, 20)


FEW = [(11, (None, None)), (12, (0.0, None)), (16, (0.0, 0.01))]


@pytest.mark.parametrize(("steps", "told"), FEW)
def test_too_few_steps_are_not_judged(steps: int, told: tuple[float | None, float | None]) -> None:
    found = judged(Runner(60, jitter=0.01, beats=steps + DROPPED))
    assert found.judged == steps
    spread = found.spread.seconds if found.spread else None
    assert (found.tempo_error, spread) == tuple(
        each if each is None else pytest.approx(each, abs=0.004) for each in told
    )


def test_a_label_takes_32_steps_of_all_sets_together() -> None:
    sets = [judged(Runner(60, jitter=0.03, beats=n + DROPPED)).spread for n in (16, 20)]
    together = pooled([each for each in sets if each])
    assert together is not None
    assert together.seconds == pytest.approx(0.03, abs=0.003)
    assert steadiness(together, 31) is None
    assert steadiness(together, 36) is Steadiness.LOCKED


LABELS = [(0.02, "LOCKED"), (0.03, "STEADY"), (0.05, "WANDERING"), (0.07, "NOT_SYNCED")]


@pytest.mark.parametrize(("jitter", "label"), LABELS)
def test_labels_go_by_the_share_of_the_beat(jitter: float, label: str) -> None:
    found = judged(Runner(180, jitter=jitter, beats=400))
    assert found.spread is not None
    assert steadiness(found.spread, found.judged) is Steadiness[label]


def test_labels_of_tempo() -> None:
    told = [tempo_label(error) for error in (0.015, -0.03, 0.05, -0.051)]
    assert told == [
        TempoLabel.ON_TEMPO,
        TempoLabel.CLOSE,
        TempoLabel.OFF,
        TempoLabel.OWN_RHYTHM,
    ]
