"""Where our own sound lies in a recording, and how the clocks differ."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.clocks import Sound, fit_clocks
from tests.matrix import matrix


def track(seconds: int, seed: int = 1) -> Sound:
    """Clicks every third of a second, and now and then words: bursts of a few hundred ms."""
    rng = np.random.default_rng(seed)
    t = np.arange(1600) / RATE
    sound = np.zeros(seconds * RATE)
    for at in np.arange(2, seconds - 1, 1 / 3):
        sound[int(at * RATE) :][:1600] += 0.3 * np.sin(2 * np.pi * 1800 * t) * np.exp(-t / 0.012)
    for at in np.arange(1, seconds - 2, 6) + rng.uniform(0, 3, len(np.arange(1, seconds - 2, 6))):
        count = int(rng.uniform(0.4, 1.2) * RATE)
        word = np.cumsum(rng.normal(size=count)) * np.hanning(count)
        word = (
            np.diff(word, prepend=0) * (rng.uniform(0.3, 1, count // 800 + 1).repeat(800)[:count])
        )
        sound[int(at * RATE) :][:count] += 0.3 * word / abs(word).max()
    return small(sound)


def small(sound: npt.NDArray[np.float64]) -> Sound:
    whole: Sound = np.round(np.clip(sound, -1, 1) * 32767).astype(np.int16)
    return whole


def recorded(played: Sound, start: float, ppm: float, level: float = 0.1) -> Sound:
    """A recording that begins `start` seconds before the track, by a clock that is faster."""
    rate = 1 + ppm * 1e-6
    heard = soxr.resample(played / 32768, RATE, RATE * rate)
    whole = np.random.default_rng(7).normal(0, 0.003, len(heard) + int((start + 2) * RATE))
    first = round(start * RATE)
    whole[max(first, 0) : first + len(heard)] += level * heard[max(-first, 0) :]
    for k in range(0, len(whole) - 4000, RATE // 3):  # steps, in time with the clicks
        rng = np.random.default_rng(k)
        at = k + int(rng.integers(0, 500))
        whole[at : at + 400] += rng.normal(0, 0.06, 400) * np.linspace(1, 0, 400)
    return small(whole)


@pytest.mark.parametrize(("start", "ppm"), matrix([(3.25, 150.0), (-20.5, -80.0)]))
def test_the_track_is_found_and_the_clocks_are_compared(start: float, ppm: float) -> None:
    played = track(80)
    fit = fit_clocks(recorded(played, start, ppm), played)
    assert fit is not None
    assert fit.start == pytest.approx(start, abs=0.001)
    assert fit.ppm == pytest.approx(ppm, abs=2)
    there_and_back = fit.of_track(fit.of_recording(np.array([1.0, 50.0])))
    assert there_and_back == pytest.approx([1, 50])


@pytest.mark.matrix
def test_half_an_hour_of_another_clock_is_followed() -> None:
    played = track(1800)
    fit = fit_clocks(recorded(played, 12.5, 150), played)
    assert fit is not None
    assert fit.of_recording(np.array([0.0, 1790.0])) == pytest.approx(
        [12.5, 12.5 + 1790 * 1.00015], abs=0.001
    )
    assert fit.ppm == pytest.approx(150, abs=0.5)


def test_what_is_not_in_the_recording_is_not_found_near_a_start_either() -> None:
    played = track(60)
    other = recorded(track(60, seed=2), 3.25, 0, level=0.0)
    assert fit_clocks(other, played) is None
    assert fit_clocks(other, played, 3.25) is None


@pytest.mark.matrix
def test_a_start_that_is_about_right_is_made_exact() -> None:
    played = track(60)
    fit = fit_clocks(recorded(played, 3.25, 30), played, 3.5)
    assert fit is not None
    assert fit.start == pytest.approx(3.25, abs=0.001)
