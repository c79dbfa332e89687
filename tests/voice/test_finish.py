from __future__ import annotations

import numpy as np
import pytest

from cadence_cue.voice import finish
from cadence_cue.voice.finish import MS, Samples


def tone(milliseconds: int, level: float, hertz: float = 1000.0) -> Samples:
    return level * np.sin(2 * np.pi * hertz * np.arange(milliseconds * MS) / 48000)


def test_silence_before_and_after_speech_is_cut() -> None:
    hiss = np.random.default_rng(0).normal(0, 1e-4, 1000 * MS)
    hiss[300 * MS : 700 * MS] += tone(400, 0.3)
    piece, start = finish.cut(hiss)
    assert start == pytest.approx(295 * MS, abs=5 * MS)
    assert start + len(piece) == pytest.approx(730 * MS, abs=10 * MS)
    assert abs(piece[0]) < 1e-6
    assert abs(piece[-1]) < 1e-6


def test_a_soft_sound_at_the_end_of_a_word_is_kept() -> None:
    word = np.concatenate(
        [np.zeros(100 * MS), tone(200, 0.5), tone(80, 0.02, 5000), np.zeros(9600)]
    )
    _, end = finish.speech_span(word)
    assert end == pytest.approx(380 * MS, abs=5 * MS)


def test_the_limiter_leaves_alone_what_is_below_the_ceiling() -> None:
    samples = tone(100, 0.5)
    assert finish.limit(samples, 0.6) is samples


def test_the_limiter_keeps_the_ceiling_and_touches_only_what_is_near() -> None:
    samples = np.concatenate([tone(100, 0.4), tone(2, 1.0), tone(100, 0.4)])
    limited = finish.limit(samples, 0.5)
    assert np.max(np.abs(limited)) <= 0.5
    assert np.array_equal(limited[: 85 * MS], samples[: 85 * MS])
    assert np.array_equal(limited[-85 * MS :], samples[-85 * MS :])


def test_the_vowel_is_found_behind_its_consonants() -> None:
    hiss = np.random.default_rng(0).normal(0, 1.0, 150 * MS)
    hiss = np.diff(hiss, prepend=0.0) * 0.1  # high, as an s is
    word = np.concatenate([np.zeros(50 * MS), hiss, tone(200, 0.3, 900), np.zeros(50 * MS)])
    assert finish.steepest_rise(word, 0, len(word)) == pytest.approx(200 * MS, abs=10 * MS)


def test_the_vowel_is_sought_only_where_it_must_be() -> None:
    word = np.concatenate([np.zeros(4800), tone(100, 0.5), np.zeros(4800), tone(100, 0.2)])
    assert finish.steepest_rise(word, 250 * MS, 350 * MS) == pytest.approx(300 * MS, abs=10 * MS)
