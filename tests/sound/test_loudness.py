from __future__ import annotations

import numpy as np
import pytest

from cadence_cue.sound.loudness import Samples, loudness, true_peak


def sine(hertz: float, seconds: float, level: float = 1.0, phase: float = 0.0) -> Samples:
    at = np.arange(round(48000 * seconds)) / 48000
    return level * np.sin(2 * np.pi * hertz * at + phase)


def test_a_full_sine_of_997_hertz_has_minus_3_lufs() -> None:
    # The value that ITU-R BS.1770 gives for one channel.
    assert loudness(sine(997, 2)) == pytest.approx(-3.01, abs=0.02)


def test_low_notes_count_less() -> None:
    assert loudness(sine(60, 2)) < loudness(sine(997, 2)) - 1.5
    assert loudness(sine(4000, 2)) > loudness(sine(997, 2)) + 2.5


def test_silence_around_a_clip_changes_nothing() -> None:
    clip = sine(997, 1, 0.1)
    padded = np.concatenate([np.zeros(9600), clip, np.zeros(24000)])
    assert loudness(padded) == pytest.approx(loudness(clip), abs=0.05)


def test_the_loudest_moment_counts() -> None:
    quiet, loud = sine(997, 1, 0.05), sine(997, 0.6, 0.2)
    assert loudness(np.concatenate([quiet, loud, quiet])) == pytest.approx(-16.99, abs=0.05)


def test_a_clip_shorter_than_a_block_is_measured_over_its_own_length() -> None:
    assert loudness(sine(997, 0.2, 0.1)) == pytest.approx(-23.01, abs=0.2)


def test_the_true_peak_lies_between_the_samples() -> None:
    # Sampled at 45 degrees this sine shows 0.707 of its height.
    between = sine(12000, 0.5, 0.5, np.pi / 4)
    between *= np.hanning(len(between))
    assert np.max(np.abs(between)) < 0.36
    assert true_peak(between) == pytest.approx(20 * np.log10(0.5), abs=0.05)
