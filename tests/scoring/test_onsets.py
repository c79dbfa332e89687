"""What the detector finds in rooms in which the truth is known."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.onsets import OnsetDetector, too_loud, within
from cadence_cue.scoring.own_sound import STEP
from tests.scoring.scenes import KINDS, Scene, Wave, compared, noise_of, played

NOISES = ("white", "pink", "babble")
ROOMS = ((180, 0.2), (165, 0.6), (180, 0.4), (90, 0.6))
SHORT = [
    Scene(kind, bpm, 15, noise, reverberation, jitter, seconds=60 / bpm * 24 + 3, seed=seed)
    for seed, (kind, noise, (bpm, reverberation), jitter) in enumerate(
        zip(
            KINDS, ("white", "pink", "babble", "pink"), ROOMS, (0.04, 0.02, 0.01, 0.03), strict=True
        )
    )
]


def detected(scene: Scene) -> tuple[Wave, Wave, float]:
    """What was found and what is true, where it can be heard, and the share of steps that can."""
    heard, truth, _ = played(scene)
    detector = OnsetDetector()
    onsets = [*detector.feed(heard), *detector.finish()]
    found = np.array([onset.at for onset in onsets])
    clear = ~too_loud(onsets, truth)
    return found[~too_loud(onsets, found)], truth[clear], float(clear.mean())


def check(scene: Scene) -> float:
    """Compare what was found with the truth; return the share of steps that can be heard."""
    found, truth, clear = detected(scene)
    recall, precision, late = compared(found, truth)
    assert recall >= 0.98
    assert precision >= 0.98
    assert abs(late.mean()) <= 0.003
    assert late.std() <= (0.006 if scene.kind == "thud" else 0.003)
    return clear


@pytest.mark.parametrize("scene", SHORT, ids=lambda scene: f"{scene.kind}-{scene.noise}")
def test_steps_are_found_where_they_are(scene: Scene) -> None:
    assert check(scene) == 1


@pytest.mark.matrix
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("bpm", "bias", "jitter"), [(60, -0.06, 0.01), (165, 0.04, 0.04)])
def test_steps_are_found_at_any_tempo_however_early_or_late(
    kind: str, bpm: int, bias: float, jitter: float
) -> None:
    check(Scene(kind, bpm, 18, "pink", 0.3, jitter, bias, seconds=60 / bpm * 70, seed=6))


@pytest.mark.matrix
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("snr", [15, 30])
def test_steps_are_found_in_any_room_and_noise(kind: str, snr: int) -> None:
    counts, late = np.zeros(3), []
    for seed, (noise, (bpm, reverberation)) in enumerate(product(NOISES, ROOMS[:2])):
        scene = Scene(kind, bpm, snr, noise, reverberation, 0.02, -0.03, seconds=16, seed=seed)
        found, truth, _ = detected(scene)
        _, _, each = compared(found, truth)
        counts += len(each), len(truth), len(found)
        late.append(each)
    assert counts[0] >= 0.98 * counts[1:].max()
    assert abs(np.concatenate(late).mean()) <= 0.003
    assert np.concatenate(late).std() <= (0.006 if kind == "thud" else 0.003)


@pytest.mark.matrix
def test_at_12_db_hardly_a_scene_is_too_loud_and_at_6_none_is_wrong() -> None:
    scenes = [Scene(kind, bpm, 12, noise, reverberation, seconds=60 / bpm * 40 + 3, seed=seed)
              for seed, (kind, noise, (bpm, reverberation)) in
              enumerate(product(KINDS, NOISES, ROOMS[:2]))]  # fmt: skip
    too_loud_to_hear = 0
    for scene in scenes:
        too_loud_to_hear += detected(scene)[2] < 0.5
    assert too_loud_to_hear <= 0.05 * len(scenes)
    for scene in scenes[::2]:
        found, truth, clear = detected(replace(scene, snr=6))
        recall, precision, _ = compared(found, truth) if clear >= 0.5 else (1.0, 1.0, None)
        assert min(recall, precision) >= 0.95 or clear < 0.5


def test_the_same_samples_give_the_same_onsets_at_any_block_size() -> None:
    heard, _, _ = played(SHORT[0])
    whole = OnsetDetector()
    expected = [*whole.feed(heard), *whole.finish()]
    assert len(expected) > 20
    for seed in range(3):
        cuts = np.sort(np.random.default_rng(seed).integers(0, len(heard), 300))
        detector = OnsetDetector()
        found = [onset for block in np.split(heard, cuts) for onset in detector.feed(block)]
        assert [*found, *detector.finish()] == expected
        assert detector.noise_db == whole.noise_db


def test_an_onset_is_told_before_the_next_step() -> None:
    heard, truth, _ = played(SHORT[1])
    detector = OnsetDetector()
    told = []
    for first in range(0, len(heard), 256):
        told += [
            (first + 256) / RATE - onset.at for onset in detector.feed(heard[first : first + 256])
        ]
    assert len(told) > 0.9 * len(truth)
    assert max(told) < 0.3


@pytest.mark.parametrize("level", [0, 1e-6, 0.1])
def test_in_silence_and_in_steady_noise_nobody_steps(level: float) -> None:
    noise = level * noise_of("pink", 12 * RATE, np.random.default_rng(1))
    detector = OnsetDetector()
    onsets = [*detector.feed(noise.astype(np.float32)), *detector.finish()]
    found = np.array([onset.at for onset in onsets])
    assert len(found[~too_loud(onsets, found)]) == 0
    assert detector.noise_db is not None
    if level == 0.1:
        assert detector.noise_db == pytest.approx(-23, abs=4)


def test_a_step_that_our_own_sound_may_cover_is_hidden_and_no_noise_is_a_step() -> None:
    heard, truth, _ = played(SHORT[2])
    left = np.zeros(len(heard), np.float32)
    loud = slice(5 * RATE, 6 * RATE)
    left[loud] = 0.5 * noise_of("white", RATE, np.random.default_rng(2))
    detector = OnsetDetector()
    onsets = [*detector.feed(heard, left), *detector.finish()]
    inside = [onset for onset in onsets if 5 <= onset.at < 5.95]
    assert inside == []
    assert list(within(detector.hidden(), np.array([4.5, 5.5, 6.5]))) == [False, True, False]
    assert detector.hidden() == []  # whoever listens for hours keeps none
    assert len(onsets) > len(truth) / 2

    detector = OnsetDetector()
    spans: list[tuple[float, float]] = []
    for first in range(0, len(heard), STEP):
        detector.feed(heard[first : first + STEP], left[first : first + STEP])
        spans += detector.hidden()
    assert (spans[0][0], spans[-1][1]) == pytest.approx((5, 6), abs=0.1)
    assert len(spans) <= 12  # in one piece, but for the chunks


def test_an_instant_is_in_any_of_the_spans_whatever_their_order() -> None:
    spans = [(5.0, 7.0), (1.0, 3.0), (2.0, 2.5), (6.0, 8.0)]
    instants = np.arange(0.0, 9.0, 0.5)
    truth = [any(since <= at < until for since, until in spans) for at in instants]
    assert list(within(spans, instants)) == truth
    assert list(within(np.array(spans), instants)) == truth
    assert not within([], instants).any()
