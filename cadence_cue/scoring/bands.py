"""How strong a sound is in a few bands, millisecond by millisecond, as it comes in.

Samples of any number at a time are gathered into chunks that begin at fixed places, so the result
does not depend on how they came.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cadence_cue.scoring.expected import Floats, Samples

RATE = 16_000
"""Samples a second that are listened to."""

HOP = 16  # samples: 1 ms
CHUNK = 100  # hops

_MARGIN = 50  # hops on both sides of a chunk, longer than any filter rings
_SIZE = (CHUNK + 2 * _MARGIN) * HOP
_HERTZ = np.arange(_SIZE // 2) * RATE / _SIZE


def _band(low: float, high: float) -> Samples:
    """Return a filter that passes a band's positive frequencies, with soft edges."""
    edge = low / 3
    rise = np.clip((_HERTZ - low + edge) / (2 * edge), 0, 1)
    fall = np.clip((high + edge - _HERTZ) / (2 * edge), 0, 1)
    passed = np.sin(np.pi / 2 * rise) * np.sin(np.pi / 2 * fall)
    return passed.astype(np.float32)


_LOW = _band(48, 180)
BANDS = np.array([_LOW, _band(1000, 2000), _band(2000, 4000), _band(4000, 7600)])
"""Thuds; and scuff, taps and claps in three octaves, so that noise in one leaves the others."""

_WINDOW = np.hanning(3 * HOP + 2)[1:-1]
_SMOOTH = (_WINDOW / _WINDOW.sum()).astype(np.float32).reshape(3, HOP)  # over three hops


class Bands:
    """Turns samples into the energies of BANDS."""

    def __init__(self) -> None:
        self._waiting = np.zeros(_MARGIN * HOP, np.float32)

    def feed(self, samples: Samples) -> Iterator[Floats]:
        """Take in mono samples, and yield a chunk of shape (bands, CHUNK) for each that is full."""
        self._waiting = np.concatenate([self._waiting, samples])
        while len(self._waiting) >= _SIZE:
            yield self._energies(self._waiting[:_SIZE])
            self._waiting = self._waiting[CHUNK * HOP :]

    def finish(self) -> Iterator[Floats]:
        """Yield the chunks that are left, as if silence followed."""
        rest = len(self._waiting) - _MARGIN * HOP
        if rest > 0:
            missing = -rest % (CHUNK * HOP) + _MARGIN * HOP
            yield from self.feed(np.zeros(missing, np.float32))

    def _energies(self, samples: Samples) -> Floats:
        if not samples.any():
            return np.zeros((len(BANDS), CHUNK))
        spectra = np.zeros((len(BANDS), _SIZE), np.complex64)  # ifft pads at twice the cost
        spectra[:, : _SIZE // 2] = 2 * np.fft.rfft(samples)[:-1] * BANDS
        energy = abs(np.fft.ifft(spectra, axis=1)) ** 2
        first = _MARGIN * HOP - _SMOOTH.size // 2
        hops = energy[:, first : first + (CHUNK + 2) * HOP].reshape(-1, HOP)
        thirds = (hops @ _SMOOTH.T).reshape(len(BANDS), -1, 3)
        smoothed: Floats = thirds[:, :-2, 0] + thirds[:, 1:-1, 1] + thirds[:, 2:, 2]
        return smoothed.astype(np.float64)
