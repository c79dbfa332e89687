"""How late our own sound is heard: roughly by the clocks of two devices, exactly by the sound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.expected import Floats, Samples, Spectrum
from cadence_cue.scoring.own_sound import CONTEXT, STEP, WINDOW, room_response, share_left

SEARCH = RATE // 20
"""Samples on both sides of the lag expected in which it is looked for."""

LOUD = 0.01
"""Of full scale: the least peak of our sound. Below is the noise that keeps headphones awake."""

_SIZE = 1 << (STEP + 2 * SEARCH).bit_length()
_INSIDE = (np.fft.rfftfreq(_SIZE, 1 / RATE) > 300) & (np.fft.rfftfreq(_SIZE, 1 / RATE) < 6000)
_WINDOW_INSIDE = np.fft.rfftfreq(WINDOW, 1 / RATE) > 300
_FINE = 8  # parts of a sample
_BLOCKS = 8  # blocks with our sound from which a lag is found
_IN_VAIN = 5  # searches
_CLEAR = 8.0  # times the scatter of a deconvolution by which its peak shows a sound
_ALIKE = 4  # samples within which two lags in a row are one, as clocks drift
_AUDIBLE = 1e-8  # mean square of what is expected
_LATEST = RATE * 6 // 10  # samples: no device is later
_NOTHING = 0.5  # of the energy: where so much is left, nothing was learnt
_NEAR = 40  # samples by which two clocks may drift in half a minute of learning


class LagSearch:
    """Finds how much later (samples) our sound is heard than is expected; steps are heard, too."""

    def __init__(self, response: Floats) -> None:
        self._spectrum = np.fft.rfft(response, CONTEXT)
        self._last: int | None = None
        self._searches = 0
        self._forget()
        self.audible = False
        """Whether our sound was played, of what was fed last."""

    @property
    def in_vain(self) -> bool:
        """Whether our sound was played for so long that it is in headphones if it is not found.

        Steps in time with the clicks are found, too, but at another lag each time.
        """
        return self._searches >= _IN_VAIN

    def feed(self, heard: Samples, played: Samples) -> int | None:
        """Take STEP samples, and the CONTEXT ones played until BEFORE + SEARCH after their end.

        Returns the lag when it is certain.
        """
        own = np.fft.irfft(np.fft.rfft(played) * self._spectrum)[-(STEP + 2 * SEARCH) :]
        self.audible = bool(own @ own >= _AUDIBLE * len(own))
        if not self.audible:
            return None
        spectrum = np.fft.rfft(own, _SIZE)
        self._cross += np.fft.rfft(np.pad(heard, SEARCH), _SIZE) * spectrum.conj()
        self._power += abs(spectrum) ** 2
        self._blocks += 1
        if self._blocks < _BLOCKS:
            return None
        found = _peak(self._cross * _INSIDE, self._power, _SIZE, -SEARCH, SEARCH)
        self._forget()
        self._searches += 1
        before, self._last = self._last, found
        alike = found is not None and before is not None and abs(found - before) <= _ALIKE
        return found if alike else None

    def _forget(self) -> None:
        self._cross, self._power = np.zeros(_SIZE // 2 + 1, complex), np.zeros(_SIZE // 2 + 1)
        self._blocks = 0


def learnt(heard: Sequence[Samples], played: Sequence[Samples]) -> tuple[Floats, float, int] | None:
    """Return what is known of a room from blocks of STEP samples, at most half a minute of them.

    That is the response, the share of our sound's energy that is left after subtracting, and how
    many samples later than played the direct sound is heard. None if it is not.
    """
    loud = np.flatnonzero([abs(block).max() > LOUD for block in played])
    if not len(loud):
        return None
    since = max(int(loud[0]) - 2, 0)
    whole = np.concatenate(heard[since:]).astype(np.float64)
    own = np.concatenate(played[since:]).astype(np.float64)
    size = 1 << (2 * len(whole)).bit_length()
    spectrum = np.fft.rfft(own, size)
    cross, power = np.fft.rfft(whole, size) * spectrum.conj(), np.square(abs(spectrum))
    delay = _peak(cross, power, size, -_LATEST, _LATEST)
    if delay is None:
        return None
    own = np.roll(np.pad(own, _LATEST), delay)[_LATEST:-_LATEST]
    windows = [
        _in_time(whole[first : first + WINDOW], own[first : first + WINDOW])
        for first in range(0, len(whole) - WINDOW + 1, WINDOW // 2)
        if abs(own[first : first + WINDOW]).max() > LOUD
    ]
    response = room_response(windows)
    if response is None:
        return None
    left = share_left(response, windows)
    return (response, left, delay) if left < _NOTHING else None


def _in_time(heard: Floats, played: Floats) -> tuple[Floats, Floats]:
    """Return a window in which the direct sound is heard at the moment it is played."""
    own = np.fft.rfft(played)
    cross = np.fft.irfft(np.fft.rfft(heard) * own.conj() * _WINDOW_INSIDE, _FINE * WINDOW)
    reach = _FINE * _NEAR
    late = int(np.argmax(abs(np.concatenate([cross[-reach:], cross[: reach + 1]])))) - reach
    turn = np.exp(-2j * np.pi * np.arange(len(own)) / WINDOW * late / _FINE)
    return heard, np.fft.irfft(own * turn)


def _peak(cross: Spectrum, power: Floats, size: int, first: int, last: int) -> int | None:
    """Return where a response has its peak, from `first` to `last`; None if it has no clear one."""
    response = np.fft.irfft(cross / (power + 0.03 * power.max()), size)
    response = np.concatenate([response[first:], response[: last + 1]])
    peak = int(np.argmax(abs(response)))
    scatter = float(np.median(abs(response))) / 0.6745
    return first + peak if abs(response[peak]) >= _CLEAR * scatter else None
