"""Beats are found where a band plays them, and not where nobody keeps any."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.music.beats import Beats, beats_of
from cadence_cue.music.grids import Grid
from cadence_cue.music.matching import Song, laid
from cadence_cue.timing.layout import Clock
from cadence_cue.timing.tempo import TempoMap
from tests.matrix import matrix
from tests.music import band
from tests.music.band import Floats, played

RATE = 48000
Piece = tuple[Floats, npt.NDArray[np.float32]]


def heard(sound: npt.NDArray[np.float32]) -> Beats:
    return beats_of(sound[at : at + 8192, np.newaxis] for at in range(0, len(sound), 8192))


def grid(tempo: float, to: float, seconds: int) -> Grid:
    """Beats of a run along a ramp."""
    tempos = TempoMap(Fraction(0))
    segment = tempos.extend(Fraction(seconds), Fraction(tempo), Fraction(to))
    beats = range(int(segment.end_beat))
    return Grid(tuple(tempos.instant(Fraction(k)) for k in beats), Clock(RATE, 0))


def errors(truth: Floats, found: Beats, on: Grid) -> Floats:
    """How far from a beat of the session each true beat of a piece is heard, in seconds."""
    spans = laid([on], [Song(0, found)], limit=8.0, goes_round=False)
    beats = np.array(on.instants, float)
    off: list[float] = []
    for span in spans:
        inside = truth[(truth >= span.source[0] - 0.05) & (truth <= span.source[-1] + 0.05)]
        at = np.interp(inside, span.source, np.array(span.frames) / RATE)
        nearest = beats[np.abs(beats - at[:, np.newaxis]).argmin(axis=1)]
        off += (at - nearest).tolist()
    return np.array(off)


def piece(kind: str, tempo: float, seconds: float, seed: int = 0) -> Piece:
    beats = {
        "wandering": lambda: band.wandering(tempo, seconds),
        "human": lambda: band.human(tempo, seconds, seed=seed + 1),
    }.get(kind, lambda: band.steady(tempo, seconds))()
    pattern = {
        "half-time": band.HALF_TIME,
        "syncopated": band.SYNCOPATED,
        "3/4": band.WALTZ,
    }.get(kind)
    return beats, played(beats, pattern, bar=3 if kind == "3/4" else 4, seed=seed)


KINDS = ["steady", "wandering", "human", "syncopated", "half-time", "3/4"]


def judged(kind: str, tempo: float, seconds: int, on: Grid, seed: int = 0) -> None:
    truth, sound = piece(kind, tempo, seconds, seed)
    found = heard(sound)
    off = errors(truth, found, on)
    assert len(off) >= 0.85 * min(len(truth), len(on.instants)), (kind, found.tempo, len(off))
    near = np.abs(off) <= 0.02
    assert near.mean() >= (0.9 if kind == "human" else 0.95), (kind, near.mean(), found.tempo)
    assert abs(np.median(off)) <= 0.003, (kind, np.median(off))
    sixth = len(off) // 6
    assert abs(np.median(off[:sixth]) - np.median(off[-sixth:])) <= 0.005
    if kind in ("steady", "half-time", "syncopated", "3/4"):
        assert np.abs(off).max() < 0.05, "locked to what is no beat"


@pytest.mark.parametrize("kind", KINDS)
def test_true_beats_fall_on_those_of_a_run(kind: str) -> None:
    judged(kind, 168, 50, grid(172, 172, 48))


@pytest.mark.parametrize("seed", matrix(range(2), 0))
@pytest.mark.parametrize("kind", KINDS)
def test_over_five_minutes_and_along_a_ramp(kind: str, seed: int) -> None:
    judged(kind, 172, 300, grid(172, 172, 290), seed)
    judged(kind, 168, 300, grid(160, 176, 290), seed)


def test_half_and_double_tempos_serve_as_well() -> None:
    for tempo in (86, 89):
        judged("steady", tempo, 50, grid(172, 172, 48))


def test_speech_is_not_followed() -> None:
    assert heard(band.talk(60)).passages == ()
    assert heard(np.zeros(60 * band.RATE, np.float32)).passages == ()
    for seconds in (0.5, 2, 5):
        sound = played(band.steady(170, 8))[: round(seconds * band.RATE)]
        found = heard(sound)
        assert found.passages == ()
        assert found.seconds == pytest.approx(seconds, abs=0.05)


def test_a_free_beginning_is_left_out() -> None:
    beats = band.steady(171, 50, begin=25.0)
    free = np.sort(np.random.default_rng(5).uniform(0.5, 24, 40))
    sound = played(beats)
    intro = played(np.append(free, 24.5), {"bass": (0,), "hat": (0,)}, bar=1)
    sound[: len(intro)] += intro[: len(sound)]
    found = heard(sound)
    assert len(found.passages) == 1
    assert 22 < found.passages[0].times[0] < 30
    assert np.abs(errors(beats, found, grid(172, 172, 20))).max() < 0.02


def test_both_sides_of_a_silence_and_of_a_change_of_tempo_are_followed() -> None:
    before = band.steady(170, 30)
    for after in (band.steady(170, 76, begin=45.13), band.steady(178, 60, begin=30.2)):
        truth = np.concatenate([before, after])
        sound = played(after)
        first = played(before)
        sound[: len(first)] += first
        found = heard(sound)
        assert len(found.passages) == 2, [each.tempo for each in found.passages]
        ends = [(each.times[0], each.times[-1]) for each in found.passages]
        assert ends[0][1] < 31.5
        assert ends[1][0] > after[0] - 1
        off = errors(truth, found, grid(172, 172, 50))
        assert (np.abs(off) <= 0.02).mean() >= 0.95
