"""Beats are found where a band plays them, and not where nobody keeps any."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.music import beats as tracker
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
        "off-beat bass": band.OFF_BEAT_BASS,
    }.get(kind)
    return beats, played(beats, pattern, bar=3 if kind == "3/4" else 4, seed=seed)


KINDS = ["steady", "wandering", "human", "syncopated", "half-time", "3/4", "off-beat bass"]


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
    if kind in ("steady", "half-time", "syncopated", "3/4", "off-beat bass"):
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


def test_loud_notes_off_the_beat_draw_no_beat_away() -> None:
    beats, dice = band.steady(172, 60), np.random.default_rng(4)
    quarters = np.arange(0.5, 59, 15 / 172)  # of beats
    notes = np.sort(dice.choice(quarters, len(quarters) // 3, replace=False))
    melody = played(notes, {"low": (0,), "snare": (0,)}, bar=1)
    sound = played(beats)[: len(melody)] + 2 * melody[: len(played(beats))]
    found = heard(sound)
    assert found.followed >= 0.95
    (passage,) = found.passages
    off = [np.abs(beats - time).min() for time in passage.times]
    assert np.mean(np.array(off) <= 0.02) >= 0.95


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


@pytest.mark.parametrize(("beats", "passages"), [(20, 1), (12.5, 1), (20.3, 2)])
def test_through_a_break_the_tempo_goes_on(beats: float, passages: int) -> None:
    step = 60 / 170
    first = band.steady(170, 36)
    second = band.steady(170, 63, begin=float(first[-1]) + beats * step)
    truth = np.concatenate([first, second])
    sound = played(second)
    before = played(first)
    end = round((first[-1] + 0.2) * band.RATE)
    sound[:end] += before[:end]
    found = heard(sound).passages
    assert len(found) == passages
    if beats == 20:
        whole = np.arange(first[0], second[-1], step)
        times = np.array([each for each in found[0].times if each < second[-1]])
        assert np.abs(times[:, np.newaxis] - whole).min(axis=1).max() < 0.02
        assert len(found[0].times) > 0.85 * len(whole)
    if beats == 12.5:  # the longer of two that contradict each other
        assert found[0].times[-1] < first[-1] + step
    assert np.abs(errors(truth, heard(sound), grid(172, 172, 60))).max() < 0.03


def test_a_long_piece_is_tracked_in_parts_with_the_same_beats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    truth, sound = piece("wandering", 168, 70)
    (whole,) = heard(sound).passages
    monkeypatch.setattr(tracker, "_AT_ONCE", 25)
    (parts,) = heard(sound).passages
    inside = np.array([each for each in parts.times if each < truth[-1]])
    near = np.abs(inside[:, np.newaxis] - np.array(whole.times)).min(axis=1)
    assert np.quantile(near, 0.75) < 0.001
    assert near.max() < 0.02
    assert abs(len(parts.times) - len(whole.times)) <= 4


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
