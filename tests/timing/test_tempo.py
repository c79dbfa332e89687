"""Beat positions and instants, each other's inverse, against integrals worked out here."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.timing.tempo import TempoMap

tempos = st.fractions(20, 300, max_denominator=1000)
lengths = st.fractions(Fraction(1, 10), 1000, max_denominator=1000)
starts = st.fractions(0, 20000, max_denominator=1000)
constants = st.tuples(lengths, tempos).map(lambda pair: (pair[0], pair[1], pair[1]))
ramps = st.tuples(lengths, tempos, tempos)
NEAR = Fraction(1, 10**9)


def build(start: Fraction, stretches: list[tuple[Fraction, Fraction, Fraction]]) -> TempoMap:
    tempo_map = TempoMap(start)
    for stretch in stretches:
        tempo_map.extend(*stretch)
    return tempo_map


def integral(stretches: list[tuple[Fraction, Fraction, Fraction]], elapsed: Fraction) -> Fraction:
    """Beats since the start: the area under the tempo, which goes on level outside."""
    if elapsed < 0:
        return elapsed * stretches[0][1] / 60
    beats = Fraction(0)
    for seconds, first, last in stretches:
        inside = min(elapsed, seconds)
        reached = first + (last - first) * inside / seconds
        beats += inside * (first + reached) / 2 / 60
        elapsed -= inside
    return beats + elapsed * stretches[-1][2] / 60


@given(
    starts,
    st.lists(constants, min_size=1, max_size=6),
    st.fractions(-50, 7000, max_denominator=1000),
)
def test_with_constant_tempos_position_and_instant_are_exact(
    start: Fraction, stretches: list[tuple[Fraction, Fraction, Fraction]], elapsed: Fraction
) -> None:
    grid = build(start, stretches)
    position = grid.position(start + elapsed)
    assert position == integral(stretches, elapsed)
    assert grid.instant(position) == start + elapsed


@given(
    starts, st.lists(ramps, min_size=1, max_size=6), st.fractions(-50, 7000, max_denominator=1000)
)
def test_with_ramps_the_position_is_exact_and_the_instant_near(
    start: Fraction, stretches: list[tuple[Fraction, Fraction, Fraction]], elapsed: Fraction
) -> None:
    grid = build(start, stretches)
    position = grid.position(start + elapsed)
    assert position == integral(stretches, elapsed)
    assert abs(grid.instant(position) - start - elapsed) < NEAR


@given(starts, st.lists(ramps, min_size=1, max_size=4), st.integers(-40, 5000))
def test_the_instant_of_a_beat_has_that_position(
    start: Fraction, stretches: list[tuple[Fraction, Fraction, Fraction]], beat: int
) -> None:
    instant = build(start, stretches).instant(beat)
    assert abs(integral(stretches, instant - start) - beat) < NEAR


@given(starts, st.lists(ramps, min_size=2, max_size=5), st.data())
def test_where_stretches_meet_nothing_jumps(
    start: Fraction, stretches: list[tuple[Fraction, Fraction, Fraction]], data: st.DataObject
) -> None:
    grid = build(start, stretches)
    k = data.draw(st.integers(1, len(stretches) - 1))
    border = start + sum(seconds for seconds, _, _ in stretches[:k])
    position = sum(
        (seconds * (first + last) / 120 for seconds, first, last in stretches[:k]), Fraction(0)
    )
    assert grid.position(border) == position
    assert grid.instant(position) == border


@given(st.fractions(0, Fraction(1, 10**12), max_denominator=10**15), st.integers(1, 2999))
def test_an_almost_flat_ramp_does_not_cancel(slope: Fraction, beat: int) -> None:
    flat = build(Fraction(0), [(Fraction(1000), Fraction(180), Fraction(180))])
    almost = build(Fraction(0), [(Fraction(1000), Fraction(180), 180 + slope)])
    assert abs(almost.instant(beat) - flat.instant(beat)) < NEAR


def test_before_the_start_the_first_tempo_goes_back() -> None:
    grid = build(Fraction(7), [(Fraction(60), Fraction(150), Fraction(200))])
    assert [grid.instant(-n) for n in (1, 2, 8)] == [7 - n * Fraction(60, 150) for n in (1, 2, 8)]
    assert grid.position(Fraction(5)) == -5


def test_one_segment_says_where_it_ends() -> None:
    grid = build(Fraction(3), [(Fraction(10), Fraction(60), Fraction(120))])
    (segment,) = grid.segments
    assert [segment.end, segment.end_beat] == [13, 15]
