"""Takes our own track out of what a microphone hears of it.

Nothing is blanked: a runner in time steps exactly under the click. What reaches the microphone is
our track through a room, which is learnt by least squares where nobody steps; the gain, which a
laptop changes by itself, is fitted anew all along.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import numpy as np

from cadence_cue.scoring.expected import Floats, Samples

_LENGTH = 4096  # samples of a response
BEFORE = 64
"""Those of them before the direct sound."""
WINDOW = 4 * _LENGTH
"""Samples from which a response is learnt at a time."""

_MEMORY = 0.85  # of a block's weight in the gain of the next
_GAINS = (0.25, 4.0)
_STRONG = 4  # of the loudest blocks, a share of one in so many shows what is left
_SAFE = 3.0  # times the energy that was found to be left
_RECENT, _BETWEEN_STEPS = 12, 40  # blocks with our sound, and the percentile of them without a step
_AUDIBLE = 1e-8  # mean square of our sound in them


def room_response(windows: Iterable[tuple[Floats, Floats]]) -> Floats | None:
    """Return how our sound reaches the microphone, from windows (heard, played) without steps.

    The windows have WINDOW samples. None if nothing of ours was played in them.
    """
    cross, power = np.zeros(WINDOW // 2 + 1, complex), np.zeros(WINDOW // 2 + 1)
    taper = np.hanning(WINDOW)
    for heard, played in windows:
        own = np.fft.rfft(played * taper)
        cross += np.fft.rfft(heard * taper) * own.conj()
        power += abs(own) ** 2
    if not power.any():
        return None
    response = np.fft.irfft(cross / (power + 1e-3 * power.max()), WINDOW)
    response = np.roll(response, BEFORE)[:_LENGTH]
    response[-_LENGTH // 4 :] *= np.linspace(1, 0, _LENGTH // 4)
    return response


class OwnSound:
    """Subtracts what we played, block by block, through a response."""

    def __init__(self, response: Floats, left: float) -> None:
        self._spectrum = np.fft.rfft(response, 2 * _LENGTH)
        self._left = left
        self._shares: deque[float] = deque(maxlen=_RECENT)
        self._played = np.zeros(2 * _LENGTH)
        self._heard, self._own = 0.0, 0.0

    def subtract(self, heard: Samples, played: Samples) -> tuple[Samples, Samples]:
        """Return a block without our sound, and as much of that as may be left in it.

        `played` is what was played BEFORE samples later than `heard`.
        """
        self._played = np.concatenate([self._played[len(played) :], played])
        whole = np.fft.irfft(np.fft.rfft(self._played) * self._spectrum)
        own = whole[-len(played) :]
        self._heard = _MEMORY * self._heard + float(heard @ own)
        self._own = _MEMORY * self._own + float(own @ own)
        gain = np.clip(self._heard / self._own, *_GAINS) if self._own > 1e-9 else 1.0
        own = (gain * own).astype(np.float32)
        rest = heard - own
        strength = float(own @ own)
        if strength > _AUDIBLE * len(own):
            self._shares.append(min(float(rest @ rest) / strength, 1.0))
        left = self._left
        if self._shares:
            left = max(left, _SAFE * float(np.percentile(self._shares, _BETWEEN_STEPS)))
        return rest, (np.sqrt(left) * own).astype(np.float32)


def share_left(response: Floats, windows: Iterable[tuple[Floats, Floats]]) -> float:
    """Return what share of our sound's energy is left after subtracting, where it is loud."""
    shares, strengths = [], []
    for heard, played in windows:
        own = np.fft.irfft(
            np.fft.rfft(played, 2 * WINDOW) * np.fft.rfft(response, 2 * WINDOW), 2 * WINDOW
        )[_LENGTH + BEFORE : WINDOW]
        rest = heard[_LENGTH : WINDOW - BEFORE] - own
        strengths.append(float(own @ own))
        shares.append(float(rest @ rest) / max(strengths[-1], 1e-12))
    loud = np.argsort(strengths)[-max(len(strengths) // _STRONG, 1) :]
    return min(_SAFE * float(np.median(np.array(shares)[loud])), 1.0)
