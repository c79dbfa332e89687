"""What is heard of music that was laid anew: one laying at a time, and lower while it slips."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue.music.layers import Layer, heard
from cadence_cue.sound.bed import Bed

RATE = 1000
AT = np.arange(60_000)


def layer(number: int, since: int | None = None, joins: int | None = None) -> Layer:
    """Three files of 20 s."""
    beds = (Bed(Path(f"{number}"), 20_000, None, start) for start in (0, 20_000, 40_000))
    return Layer(tuple(beds), since, joins)


def factors(layers: list[Layer]) -> dict[str, npt.NDArray[np.float64]]:
    """The factor of each layer at each frame; 0 where it is not heard."""
    found = {each.beds[0].path.name: np.zeros(len(AT)) for each in layers}
    for bed in heard(layers, RATE):
        inside = slice(bed.start, bed.start + bed.frames)
        frames, gains = zip(*(bed.knots or ((0, 1.0),)), strict=True)
        found[bed.path.name][inside] = np.interp(AT[inside], frames, gains)
    return found


def test_it_is_turned_down_from_the_edit_until_it_joins() -> None:
    of = factors([layer(0), layer(1, 25_000, 32_000)])
    assert (of["0"][:25_000] == 1).all()
    assert np.allclose(of["0"][25_100:32_000], 10 ** (-12 / 20))
    assert (of["1"][:32_001] == 0).all()
    assert (of["1"][32_050:] == 1).all()
    assert (of["0"][32_050:] == 0).all()


def test_until_it_joins_it_stays_down() -> None:
    of = factors([layer(0), layer(1, 25_000)])
    assert np.allclose(of["0"][25_100:], 10 ** (-12 / 20))
    assert not of["1"].any()


def test_laid_anew_at_once_it_keeps_its_level() -> None:
    of = factors([layer(0), layer(1, 25_000, 24_950), layer(2, 41_000, 40_950)])
    assert np.allclose(sum(of.values()), 1)
    assert [float(of[name][40_000]) for name in "012"] == [0, 1, 0]


def test_what_an_edit_overtook_is_never_heard() -> None:
    of = factors([layer(0), layer(1, 20_000, 30_000), layer(2, 22_000, 30_000)])
    assert not of["1"].any()
    assert np.allclose(of["0"][20_100:30_000], 10 ** (-12 / 20))
    assert (of["2"][30_050:] == 1).all()


def test_files_that_are_over_are_left_out() -> None:
    beds = heard([layer(0), layer(1, 25_000, 32_000)], RATE)
    assert [(bed.path.name, bed.start) for bed in beds] == [
        ("0", 0), ("0", 20_000), ("1", 20_000), ("1", 40_000)
    ]  # fmt: skip
