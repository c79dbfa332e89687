"""Taking our own sound out of what a microphone hears."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.own_sound import (
    BEFORE,
    CONTEXT,
    STEP,
    WINDOW,
    OwnSound,
    room_response,
    share_left,
    through_no_room,
)

Wave = npt.NDArray[np.float64]


def through(played: Wave, gain: Wave | float = 1.0) -> Wave:
    """What comes through a room of 0.2 s."""
    rng = np.random.default_rng(3)
    room = rng.normal(size=RATE // 5) * 10 ** (-3 * np.arange(RATE // 5) / (RATE // 5)) * 0.03
    room[0] = 0.5
    heard: Wave = gain * np.convolve(played, room)[: len(played)]
    return heard


def power(sound: npt.NDArray[np.floating[Any]]) -> float:
    return float(10 * np.log10(np.mean(np.square(sound)) + 1e-20))


def test_what_we_played_goes_and_what_is_under_it_stays() -> None:
    rng = np.random.default_rng(1)
    played = 0.2 * rng.normal(size=24 * RATE) * (np.arange(24 * RATE) % RATE < RATE // 2)
    gain = np.where(np.arange(len(played)) < 19 * RATE, 1.0, 0.5)  # an AGC turns it down
    heard = through(played, gain) + rng.normal(0, 1e-4, len(played))
    step = np.zeros(len(played))
    step[17 * RATE : 17 * RATE + 800] = 0.3 * rng.normal(size=800)  # exactly under it
    windows = [
        (heard[k : k + WINDOW], played[k : k + WINDOW]) for k in range(0, 14 * RATE, WINDOW // 2)
    ]
    response = room_response(windows)
    assert response is not None
    left = share_left(response, windows)
    assert left < 0.01
    without = OwnSound(response, left)
    ahead = np.concatenate([np.zeros(CONTEXT), played, np.zeros(CONTEXT)]).astype(np.float32)
    both = (heard + step).astype(np.float32)

    def end(k: int) -> int:
        return CONTEXT + k + STEP + BEFORE - round(without.lag)

    rest = np.concatenate(
        [
            without.subtract(both[k : k + STEP], ahead[end(k) - CONTEXT : end(k)])[0]
            for k in range(0, len(both), STEP)
        ]
    )
    before, after = slice(14 * RATE, 16 * RATE), slice(21 * RATE, 24 * RATE)
    assert power(rest[before]) < power(both[before]) - 20
    assert power(rest[after]) < power(both[after]) - 15
    under = slice(17 * RATE, 17 * RATE + 800)
    assert power(rest[under] - step[under]) < power(step[under]) - 15


def test_what_is_played_softly_is_learnt_as_far_as_it_is_heard() -> None:
    rng = np.random.default_rng(2)
    spectrum = np.fft.rfft(0.2 * rng.normal(size=12 * RATE))
    hertz = np.fft.rfftfreq(12 * RATE, 1 / RATE)
    played = np.fft.irfft(spectrum / (1 + np.square(hertz / 200)))  # 40 dB less at 2 kHz
    played[: 2 * RATE] = 0
    heard = through(played) + rng.normal(0, 1e-5, len(played))
    response = room_response(
        (heard[k : k + WINDOW], played[k : k + WINDOW])
        for k in range(0, len(played) - WINDOW, WINDOW // 2)
    )
    assert response is not None
    true, learnt = abs(np.fft.rfft(through(np.eye(1, RATE)[0]))), abs(np.fft.rfft(response, RATE))
    soft, unheard = slice(2000, 3000), slice(7500, 7900)
    assert learnt[soft].mean() == pytest.approx(true[soft].mean(), rel=0.1)
    assert learnt[unheard].mean() < 2 * true[unheard].mean()


def test_without_anything_played_there_is_no_response() -> None:
    assert room_response([(np.ones(WINDOW), np.zeros(WINDOW))]) is None
    assert room_response([]) is None


def test_a_room_is_known_from_a_copy() -> None:
    click = np.eye(1, 4096, BEFORE)[0]
    dull = np.convolve(click, np.hanning(9), "same")  # as a codec leaves it
    assert through_no_room(dull)
    assert not through_no_room(through(click))
