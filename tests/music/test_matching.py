"""Pieces on the beats of a session: which, where, and along which map."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from cadence_cue.music.beats import Beats, Passage
from cadence_cue.music.grids import Grid
from cadence_cue.music.matching import BAR, Song, Span, fits, laid, nearest, unmatched, until
from cadence_cue.timing.layout import Clock

RATE = 48000
CLOCK = Clock(RATE, 12345)


def grid(tempo: float, beats: int, start: Fraction = Fraction(7, 3)) -> Grid:
    step = 60 / Fraction(tempo)
    return Grid(tuple(start + k * step for k in range(beats)), CLOCK)


def song(place: int, *tempos: float, seconds: float = 60, jitter: float = 0.0) -> Song:
    """A piece with a passage of each tempo, one after another."""
    random, passages, at = np.random.default_rng(place), [], 1.0
    for tempo in tempos:
        times = np.arange(at, at + seconds, 60 / tempo)
        passages.append(Passage(tuple((times + random.normal(0, jitter, len(times))).tolist())))
        at = float(times[-1]) + 2
    return Song(place, Beats(at, tuple(passages)))


def lay(
    grids: list[Grid], *songs: Song, limit: float = 8.0, goes_round: bool = False
) -> list[Span]:
    return laid(grids, songs, limit=limit, goes_round=goes_round)


@pytest.mark.parametrize(("tempo", "factor"), [(172, 1), (165, 1), (86, 2), (92, 2), (344, 0.5)])
def test_the_plainest_factor_within_the_limit_is_taken(tempo: float, factor: float) -> None:
    assert nearest(tempo, 172)[0] == factor
    assert nearest(tempo, 172)[1] == pytest.approx(100 * (172 / (tempo * factor) - 1))
    assert fits(tempo, 172, 8.0)
    assert not fits(tempo, 172 * 1.09, 1.0)


def test_no_tempo_fits_nothing() -> None:
    assert not fits(0.0, 172, 100.0)
    assert not fits(120, 172, 8.0)


def test_laid_anew_a_piece_goes_on_from_where_it_was() -> None:
    songs = (song(0, 170, seconds=20), song(1, 174, seconds=120), song(2, 171, seconds=120))
    before = laid([grid(172, 900)], songs, limit=8.0, goes_round=False)
    frame = before[1].frames[60]
    played = until(before, frame)
    assert [each.frames for each in played] == [before[0].frames, before[1].frames[:61]]
    anew = laid([grid(176, 500).since(frame)], songs, limit=8.0, goes_round=False, heard=played)
    assert [each.place for each in anew] == [1, 2]
    assert anew[0].frames[0] >= frame
    assert anew[0].source[0] == pytest.approx(before[1].source[60], abs=0.06)
    over = until(before, before[2].frames[-1])
    assert laid([grid(172, 500)], songs, limit=8.0, goes_round=False, heard=over) == []
    again = laid([grid(172, 500)], songs, limit=8.0, goes_round=True, heard=over)
    assert [each.place for each in again][:2] == [0, 1]


@pytest.mark.parametrize("seed", range(3))
def test_maps_rise_within_the_limit_and_pieces_meet_on_bars(seed: int) -> None:
    on = [grid(170, 200), grid(176, 300, Fraction(200))]
    songs = [
        song(seed * 10 + k, tempo, jitter=0.006) for k, tempo in enumerate((165, 90, 178, 120))
    ]
    spans = lay(on, *songs, goes_round=True)
    assert {span.place % 10 for span in spans} == {0, 1, 2}
    beats = {
        frame: k for each in on for k, frame in enumerate(each.frames(0, len(each.instants) - 1))
    }
    for span in spans:
        steps, source = np.diff(span.frames) / RATE, np.diff(span.source)
        assert (np.diff(span.frames) > 0).all()
        assert (source > 0).all()
        assert np.abs(source / steps - 1).max() <= 0.08 + 1e-6
        near = [
            min(abs(frame - beat) for beat in beats) for frame in (span.frames[0], span.frames[-1])
        ]
        assert max(near) <= 1
    for before, after in pairwise(spans):
        if after.fades_in:
            assert abs(before.frames[-1 - BAR] - after.frames[0]) <= 1
        else:
            assert before.frames[-1] < after.frames[0]


def test_a_piece_that_does_not_fit_waits_and_one_cut_short_goes_on() -> None:
    spans = lay([grid(170, 90), grid(150, 90, Fraction(60))], song(0, 150), song(1, 170))
    assert [span.place for span in spans] == [1, 0]
    on = [grid(170, 80), grid(170, 80, Fraction(60))]
    first, second = lay(on, song(0, 170, seconds=90), song(1, 171))
    assert first.place == second.place == 0
    assert first.source[-1] <= second.source[0] < first.source[-1] + 1


def test_a_single_piece_ends_unless_it_goes_round() -> None:
    on = [grid(170, 600)]
    assert len(lay(on, song(0, 170))) == 1
    assert len(lay(on, song(0, 170), goes_round=True)) == 4


def test_a_ramp_that_leaves_the_limit_ends_a_piece() -> None:
    tempos = np.linspace(160, 190, 200)
    instants = np.cumsum(60 / tempos)
    ramp = Grid(tuple(Fraction(round(each * 1e6), 10**6) for each in instants), CLOCK)
    spans = lay([ramp], song(0, 160), song(1, 180))
    assert [span.place for span in spans] == [0, 1]
    assert tempos[len(spans[0].frames) - 1] < 160 * 1.08


def test_a_span_is_the_same_wherever_it_begins() -> None:
    spans = [
        lay([replace(grid(173, 100, Fraction(n, 7)), clock=Clock(RATE, n))], song(0, 170))[0]
        for n in (0, 1, 5, 12)
    ]
    apart = {tuple(np.subtract(span.frames, span.frames[0]).tolist()) for span in spans}
    assert len(apart) == 1
    assert len({span.frames for span in spans}) == 4


def test_between_runs_the_piece_goes_on_and_others_follow() -> None:
    matched = Span(1, (10.0, 20.0), (100 * RATE, 110 * RATE))
    lengths = [(0, 30.0), (1, 55.5), (2, 40.0)]
    stretches = [(0, 25 * RATE), (110 * RATE, 190 * RATE)]
    found = unmatched(stretches, [matched], lengths, RATE)
    assert [(each.place, each.source) for each in found] == [
        (2, (0.0, 25.0)),
        (1, (20.0, 55.0)),
        (2, (0.0, 40.0)),
        (0, (0.0, 5.0)),
    ]
    for span in found:
        assert not span.matched
        seconds = span.source[1] - span.source[0]
        assert span.frames[1] - span.frames[0] == round(seconds * RATE)


def test_a_piece_too_short_to_play_freely_is_left_behind() -> None:
    matched = Span(1, (0.0, 12.0), (100 * RATE, 112 * RATE))
    stretches = [(112 * RATE, 140 * RATE)]
    (found,) = unmatched(stretches, [matched], [(0, 30.0)], RATE)
    assert (found.place, found.source) == (0, (0.0, 28.0))
    assert unmatched(stretches, [matched], [], RATE) == []
