"""Music under beats and words: no sum is above the ceiling, and words keep their distance."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cadence_cue.sound.bed import Bed
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.levels import BEAT_CEILING, FULL_SCALE, MUSIC_CEILING, VOICE_CEILING
from cadence_cue.sound.mix import mix
from cadence_cue.timing.decibels import gain_of
from cadence_cue.timing.timeline import Bus
from tests.sound.test_renderer import Note, timeline

CLICK, WORD = slice(145_000, 147_000), slice(200_000, 202_000)


def loudest(peak: float) -> Clip:
    return Clip(np.full(2000, round(FULL_SCALE * gain_of(peak)), np.int16), 0)


def heard(folder: Path, level: float, *, spoken: bool = True) -> np.ndarray[tuple[int, int]]:
    """A click, and a word over a ducked click, with music under all, each as loud as it may be."""
    path = folder / "bed.pcm"
    np.full((300_000, 2), round(FULL_SCALE * gain_of(MUSIC_CEILING)), np.int16).tofile(path)
    notes = [
        Note(145_000, "click", frames=2000),
        Note(200_000, "click", duck_db=-6.0, frames=2000),
        Note(200_000, "go", Bus.VOICE, frames=2000),
    ]
    of = timeline(*notes)
    object.__setattr__(of, "frames", 600_000)
    music, beats = Bed(path, 300_000, None, 0, level), {"click": loudest(BEAT_CEILING)}
    out = np.zeros((300_000, 2), np.float32)
    with mix(of, beats, {"go": loudest(VOICE_CEILING)}, beat=spoken, music=music) as (render, _):
        render(0, out)
    return out


@pytest.mark.parametrize("level", [-60, 0, 2, 4, 6])
def test_the_loudest_moment_stays_below_the_ceiling(tmp_path: Path, level: float) -> None:
    peaks = {
        "click": np.abs(heard(tmp_path, level)[CLICK]).max(),
        "word": np.abs(heard(tmp_path, level)[WORD]).max(),
    }
    assert max(20 * np.log10(each) for each in peaks.values()) < -0.98
    if level >= 4:  # no more is turned down than is needed
        assert 20 * np.log10(peaks["click"]) == pytest.approx(-1, abs=0.02)


def test_raised_music_is_louder_between_words_and_not_under_them(tmp_path: Path) -> None:
    usual, raised = (heard(tmp_path, level, spoken=False) for level in (0, 6))
    lower = usual[WORD].max() / raised[WORD].max()  # that of the word
    between = raised[150_000, 0] * lower / usual[150_000, 0]
    assert 20 * np.log10(between) == pytest.approx(6, abs=0.02)
    np.testing.assert_allclose(raised[WORD] * lower, usual[WORD], atol=1e-3)
    assert 20 * np.log10(lower) == pytest.approx(1.32, abs=0.01)
