"""When our own sound is heard, found in the sound: in a room, by two clocks, beside steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
import soxr

from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.expected import Samples
from cadence_cue.scoring.onsets import OnsetDetector, within
from cadence_cue.scoring.own_lag import SEARCH, LagSearch, learnt
from cadence_cue.scoring.own_sound import BEFORE, CONTEXT, STEP, OwnSound
from tests.matrix import matrix
from tests.scoring.scenes import RATE as FINE
from tests.scoring.scenes import (
    Wave,
    compared,
    convolved,
    levelled_by_agc,
    noise_of,
    onset_of,
    room,
    sound,
)

LEARNT, BEGIN = 6, 9  # seconds: tones and silence, words, then clicks with steps
SCALE = (196, 220, 262, 294, 330, 392, 440, 523, 587, 659)  # hertz
DELAY = 2000  # samples at FINE


@dataclass(frozen=True)
class Scene:
    """Steps around clicks; `bleed` is their peak to that of the steps in decibels, None: none."""

    kind: str = "toe tap"
    bleed: float | None = -10
    jitter: float = 0.02
    bias: float = -0.02
    ppm: float = 0
    agc: bool = False
    music: bool = False
    seconds: float = 20


def played_in(seconds: float, beats: Wave, *, music: bool) -> Wave:
    """Two tones that rise, some words, and clicks; chords and drums from the words on."""
    rng, whole = np.random.default_rng(4), np.zeros(int((seconds + 1) * FINE))
    t = np.arange(FINE) / FINE
    tone = np.sin(60 * 2 * math.pi / math.log(130) * (np.exp(t * math.log(130)) - 1))
    for first in (0.5, 2.0):
        whole[int(first * FINE) :][:FINE] += 0.1 * tone * np.minimum(1, 50 * np.minimum(t, 1 - t))
    for first in (LEARNT, LEARNT + 0.7, LEARNT + 1.4, *np.arange(BEGIN + 2, seconds - 1, 4.5)):
        word = np.hanning(FINE // 2) * noise_of("pink", FINE // 2, rng)
        whole[int(first * FINE) :][: FINE // 2] += 0.03 * word
    if music:
        for first in np.arange(LEARNT, seconds - 1, 0.5):
            chord = sum(
                np.sin(2 * math.pi * hertz * t + hertz) for hertz in rng.choice(SCALE, 4)
            ) * np.hanning(FINE)
            drum = noise_of("white", FINE, rng) * np.exp(-t / 0.02)
            whole[int(first * FINE) :][:FINE] += 0.02 * chord + 0.03 * drum
    click = np.sin(2 * math.pi * 1800 * t) * np.exp(-t / 0.012)
    for beat in beats:
        whole[int(beat * FINE) :][: FINE // 20] += 0.3 * click[: FINE // 20]
    return whole


def heard_and_played(scene: Scene) -> tuple[Samples, Samples, Wave]:
    """What is heard and what was played, at RATE, and the true onsets in seconds."""
    rng = np.random.default_rng(6)
    beats = np.arange(BEGIN, scene.seconds - 0.5, 1 / 3)
    played, count = played_in(scene.seconds, beats, music=scene.music), int(scene.seconds * FINE)
    dry, truth, peaks = np.zeros(count + FINE), [], []
    for at in beats + scene.bias + rng.normal(0, scene.jitter, len(beats)):
        wave, first = sound(scene.kind, rng), int(at * FINE)
        dry[first : first + len(wave)] += wave
        truth.append((first + onset_of(wave)) / FINE)
        peaks.append(abs(wave).max())
    heard = convolved(dry, room(0.4, rng))[:count] + 0.003 * noise_of("pink", count, rng)
    if scene.bleed is not None:
        late = np.roll(soxr.resample(played, FINE, FINE * (1 + scene.ppm / 1e6)), DELAY)[:count]
        level = 10 ** (scene.bleed / 20) * np.median(peaks) / 0.3
        heard += level * convolved(late, room(0.3, rng))[:count]
    if scene.agc:
        heard = levelled_by_agc(heard)
    heard = (0.3 * heard / abs(heard).max()).astype(np.float32)
    own = soxr.resample(played[:count].astype(np.float32), FINE, RATE)
    return soxr.resample(heard, FINE, RATE), own, np.array(truth)


def blocks(samples: Samples) -> list[Samples]:
    return [samples[k : k + STEP] for k in range(0, len(samples) - STEP + 1, STEP)]


class Found(NamedTuple):
    """What was heard of a scene: onsets, the share of true ones that were hidden, the last lag."""

    onsets: Wave
    hidden: float
    lag: float | None


def found_in(scene: Scene, other: Scene | None = None, ahead: int = 100) -> Found:
    """Learn the room of a scene, and hear it, or another one, from a lag that is wrong."""
    heard, played, truth = heard_and_played(scene)
    first = LEARNT * RATE
    room = learnt(blocks(heard[:first]), blocks(played[:first]))
    assert room
    response, left, delay = room
    if other:
        heard, _, truth = heard_and_played(other)
    search, detector = LagSearch(response), OnsetDetector()
    own: OwnSound | None = None
    padded = np.pad(played, CONTEXT)
    onsets = []
    for number, block in enumerate(blocks(heard[first:])):
        end = CONTEXT + first + (number + 1) * STEP - delay + ahead + BEFORE
        lag = search.feed(block, padded[end + SEARCH - CONTEXT : end + SEARCH])
        if lag is not None and own is None:
            own = OwnSound(response, left)
            own.lag = lag
        if own is None:
            onsets += detector.feed(block)
            continue
        end -= round(own.lag)
        onsets += detector.feed(*own.subtract(block, padded[end - CONTEXT : end]))
    onsets += detector.finish()
    at = np.array([onset.at + LEARNT for onset in onsets])
    hidden = within(detector.hidden(), truth - LEARNT).mean()
    return Found(at[at > BEGIN - 0.5], float(hidden), own.lag if own else None)


SCENES = [
    Scene(),
    Scene(jitter=0.002, bias=0.0),  # each within 5 ms of its click
    Scene("clap", agc=True),
    Scene(music=True),
    Scene("thud with scuff", music=True, seconds=40),
    Scene("thud with scuff", ppm=80),
    Scene("thud", seconds=30),
    Scene("toe tap", bleed=0, ppm=-120),
    Scene("clap", jitter=0.002, bias=0.0),
]


@pytest.mark.parametrize("scene", matrix(SCENES, 2), ids=str)
def test_steps_are_heard_among_our_own_clicks_and_words(scene: Scene) -> None:
    _, _, truth = heard_and_played(scene)
    found = found_in(scene)
    recall, precision, late = compared(found.onsets, truth)
    assert found.hidden <= (0.1 if scene.bleed == 0 else 0.02)
    assert recall >= 0.98
    assert precision >= 0.98
    assert abs(late.mean()) <= 0.003
    assert late.std() <= (0.006 if scene.kind == "thud" else 0.003)
    if not scene.ppm:
        assert found.lag == pytest.approx(100, abs=1)


def test_with_headphones_nothing_of_ours_is_found_and_nothing_is_taken_out() -> None:
    silent = Scene(bleed=None, jitter=0.003, bias=0.0)
    _, _, truth = heard_and_played(silent)
    found = found_in(Scene(), silent)
    assert found.lag is None
    recall, precision, _ = compared(found.onsets, truth)
    assert min(recall, precision) >= 0.98


def test_nothing_is_learnt_of_what_is_not_heard() -> None:
    heard, played, _ = heard_and_played(Scene(bleed=None, seconds=10))
    assert learnt(blocks(heard), blocks(played)) is None
    assert learnt(blocks(heard), blocks(0 * played)) is None
