"""A stand-in for the model that speaks, for tests of everything around it."""

from __future__ import annotations

import numpy as np

from cadence_cue.voice.kokoro import RATE, Phone, Speech


class StandIn:
    """Speaks at once: a noise of its own for each voice and sentence, always the same."""

    def __init__(self, name: str) -> None:
        self._name = name

    def speak(self, sentence: str, speed: float, longer: int = 0) -> Speech:
        """Without pace and melody, which it has not."""
        del speed, longer
        numbers = np.random.default_rng(list(f"{self._name}: {sentence.casefold()}".encode()))
        said = numbers.normal(0, 0.1, numbers.integers(RATE // 4, RATE // 2))
        quiet = np.zeros(RATE // 10)
        vowel = len(quiet) / RATE
        return Speech(
            np.concatenate([quiet, said, quiet]).astype(np.float32),
            (Phone("ˈ", vowel, vowel), Phone("a", vowel, vowel + len(said) / RATE)),
        )
