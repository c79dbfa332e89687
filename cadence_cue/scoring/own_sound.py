"""Takes our own track out of what a microphone hears of it.

Nothing is blanked: a runner in time steps exactly under the click. What reaches the microphone is
our track through a room, which is learnt by least squares where nobody steps. The gain, which a
laptop changes by itself, is fitted anew in each block, of thuds and of sharper sounds apart, and
with it the moment, as two devices have two clocks.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable

import numpy as np

from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.expected import Floats, Samples, Spectrum
from cadence_cue.scoring.percentile import percentile

_LENGTH = 4096  # samples of a response
BEFORE = 64
"""Those of them before the direct sound."""
WINDOW = 4 * _LENGTH
"""Samples from which a response is learnt at a time."""
STEP = RATE // 10
"""Samples that are taken out at a time."""
CONTEXT = 2 * _LENGTH
"""Samples of what was played that this needs."""

_AVERAGED = 9  # frequencies over which coherence is averaged
_NOTHING = 1e-30  # so that silence is divided by something

_HERTZ = np.fft.rfftfreq(CONTEXT, 1 / RATE)
_TURN = 2 * np.pi * _HERTZ / RATE  # of each frequency's phase in a sample
_HIGH = np.clip((_HERTZ - 350) / 300, 0, 1)  # clicks and words in it, thuds below
_DIRECT, _NO_ROOM = RATE // 1000, 0.95  # samples around the direct sound; of all energy, in them
_GAIN, _MOST_GAIN = 0.3, 8.0  # that a gain changes from block to block, and the highest
_LAG, _DRIFT = 0.5, 0.15  # samples that a lag is off at first, and that it moves in each block
_LAG_CHANGE, _DRIFT_CHANGE = 0.01, 0.001  # that both change from block to block besides
_FURTHEST = 0.5  # samples by which the lag is set right at a time
_STRONG = 4  # of the loudest blocks, a share of one in so many shows what is left
_SAFE = 3.0  # times the energy that was found to be left
_FAINT = 1e-4  # of a response's energy, anywhere in it: what is fainter is not known of a room
_RECENT, _BETWEEN_STEPS = 12, 40  # blocks with our sound, and the percentile of them without a step
_AUDIBLE = 1e-8  # mean square of our sound in them


def room_response(windows: Iterable[tuple[Floats, Floats]]) -> Floats | None:
    """Return how our sound reaches the microphone, from windows (heard, played) without steps.

    The windows have WINDOW samples. None if nothing of ours was played in them.
    """
    cross = np.zeros(WINDOW // 2 + 1, complex)
    power, whole, count = np.zeros(len(cross)), np.zeros(len(cross)), 0
    taper = np.hanning(WINDOW)
    for heard, played in windows:
        room, own = np.fft.rfft(heard * taper), np.fft.rfft(played * taper)
        cross += room * own.conj()
        power += abs(own) ** 2
        whole += abs(room) ** 2
        count += 1
    if not power.any():
        return None
    # Where hardly anything of a frequency was played, the room's noise is no response. How much of
    # what is heard there is ours, the coherence tells; that of noise alone is 1 / count.
    coherence = abs(cross) ** 2 / (power * whole + _NOTHING)
    around = np.convolve(coherence, np.ones(_AVERAGED) / _AVERAGED, "same")
    ours = np.clip((count * around - 1) / max(count - 1, 1), 0, 1)
    response = np.fft.irfft(ours * cross / (power + _NOTHING), WINDOW)
    response = np.roll(response, BEFORE)[:_LENGTH]
    response[-_LENGTH // 4 :] *= np.linspace(1, 0, _LENGTH // 4)
    return response


def through_no_room(response: Floats) -> bool:
    """Return whether our sound came without any echo, as in a copy of the track or by cable."""
    energy = response**2
    peak = int(np.argmax(energy))
    near = energy[max(peak - _DIRECT, 0) : peak + _DIRECT + 1]
    return bool(near.sum() > _NO_ROOM * energy.sum())


class OwnSound:
    """Subtracts what we played, block by block, through a response."""

    def __init__(self, response: Floats, left: float) -> None:
        whole = np.fft.rfft(response, CONTEXT)
        tail = np.random.default_rng(0).normal(size=_LENGTH)
        tail *= math.sqrt(_FAINT * float(response @ response) / _LENGTH)
        self._spectra = np.array(
            [(1 - _HIGH) * whole, _HIGH * whole, -1j * _TURN * _HIGH * whole], np.complex64
        )
        self._tail = np.fft.rfft(tail, CONTEXT).astype(np.complex64)
        self._left = left
        self._shares: deque[float] = deque(maxlen=_RECENT)
        self._gains = np.array([1.0, 1.0, 0.0])
        self._drift = 0.0
        # The covariance of lag and drift: a Kalman filter, whose measurement is the fit.
        self._doubt = np.diag([_LAG, _DRIFT]) ** 2
        self.lag = 0.0
        """Samples by which our sound is heard later than it was where the response was learnt."""

    def subtract(self, heard: Samples, played: Samples) -> tuple[Samples, Samples]:
        """Return a block without our sound, and as much of that as may be left in it.

        `played` has the CONTEXT samples until BEFORE - round(lag) after the end of `heard`.
        """
        spectrum = np.fft.rfft(played)
        parts = self._parts(spectrum, len(heard))
        own = self._fit(heard, parts) @ parts
        rest = heard - own.astype(np.float32)
        strength = float(own @ own)
        if strength > _AUDIBLE * len(own):
            self._shares.append(min(float(rest @ rest) / strength, 1.0))
        left = self._left
        if self._shares:
            left = max(
                left, _SAFE * float(percentile(np.array([self._shares]), _BETWEEN_STEPS)[0, 0])
            )
        faint = np.fft.irfft(spectrum * self._tail)[-len(heard) :]
        return rest, (np.sqrt(left) * own + faint).astype(np.float32)

    def _parts(self, spectrum: Spectrum, count: int) -> Floats:
        """Return what is expected to be heard: thuds, the rest, and what a moment more changes."""
        angles = (_TURN * (round(self.lag) - self.lag)).astype(np.float32)
        phases = np.empty(len(angles), np.complex64)  # np.exp takes five times as long
        np.cos(angles, out=phases.real)
        np.sin(angles, out=phases.imag)
        turned = spectrum * phases
        # One by one: larger arrays cost more to fetch than to fill.
        return np.array(
            [np.fft.irfft(turned * each)[-count:] for each in self._spectra], np.float64
        )

    def _fit(self, heard: Samples, parts: Floats) -> Floats:
        """Return the gains with which the parts come nearest to what is heard; follow the lag.

        The weaker they are in all else that is heard, the nearer to what was expected: so a step
        under a click hardly changes them.
        """
        apart = heard - self._gains @ parts
        noise = float(apart @ apart) / len(heard) + 1e-12
        sharp = max(self._gains[1], 0.1)
        before = np.array([_GAIN, _GAIN, sharp * math.sqrt(self._doubt[0, 0])]) ** 2
        covariance = np.linalg.inv(parts @ parts.T / noise + np.diag(1 / before))
        gains: Floats = self._gains + covariance @ (parts @ apart) / noise
        self._gains = np.array([*np.clip(gains[:2], 0, _MOST_GAIN), 0.0])
        self._move(float(gains[2]) / sharp, float(covariance[2, 2] / before[2]))
        return gains

    def _move(self, later: float, doubt: float) -> None:
        """Move the lag by what was fitted, of whose variance a share is left; go a block on."""
        across = self._doubt[:, 0] / self._doubt[0, 0]
        lag, drift = across * np.clip(later, -_FURTHEST, _FURTHEST)
        self._drift += drift
        self.lag += lag + self._drift
        self._doubt -= np.outer(across, self._doubt[0]) * (1 - doubt)
        step = np.array([[1.0, 1.0], [0.0, 1.0]])
        self._doubt = step @ self._doubt @ step.T + np.diag([_LAG_CHANGE, _DRIFT_CHANGE]) ** 2


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
