"""Measures how strong the onsets of a piece are, from hop to hop, in bands of frequency.

Their strength is the rise of energy (Bello et al. 2005), less what is usual around.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

RATE = 22050
"""Frames a second at which music is analysed."""

_HOP = 128  # frames: 5.8 ms
_WINDOW = 1024
HOPS = RATE / _HOP
"""Hops a second."""

_EDGES = (30, 120, 250, 500, 1000, 2000, 4000, 8000)  # Hz, of the bands
_LOW_BANDS = slice(0, 2)  # of them, where drums and bass are
_MIDDLE_BANDS = slice(2, 5)  # where the snare is too, and hardly a hi-hat
_COMPRESSION = 100.0  # so that quiet onsets count as well


@dataclass(frozen=True, slots=True)
class Strengths:
    """How strong onsets are per hop: in all bands, in the lowest alone, and in the middle."""

    all: Array
    low: Array
    middle: Array


class Onsets:
    """Gathers a piece block by block into the strength of its onsets, in little memory."""

    def __init__(self) -> None:
        self._held = np.zeros(_WINDOW // 2, np.float64)  # so that frame k lies at k hops
        self._rows: list[npt.NDArray[np.float32]] = []
        self._window = np.hanning(_WINDOW + 1)[:-1]
        frequencies = np.fft.rfftfreq(_WINDOW, 1 / RATE)
        self._bands = np.array([
            (frequencies >= low) & (frequencies < high)
            for low, high in pairwise(_EDGES)
        ], np.float64)  # fmt: skip
        self._bands /= np.maximum(self._bands.sum(axis=1, keepdims=True), 1)

    @property
    def hops(self) -> int:
        """How many are gathered."""
        return sum(map(len, self._rows))

    def add(self, mono: npt.NDArray[np.floating]) -> None:
        """Take the next samples, full scale 1, at RATE."""
        held = np.concatenate([self._held, mono])
        count = max((len(held) - _WINDOW) // _HOP + 1, 0)
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(held, _WINDOW)[: count * _HOP : _HOP]
            spectra = np.abs(np.fft.rfft(frames * self._window, axis=1))
            energy = np.log1p(_COMPRESSION * spectra @ self._bands.T / _WINDOW)
            self._rows.append(energy.astype(np.float32))
        self._held = held[count * _HOP :]

    def taken(self) -> Strengths:
        """Return the strength of the onsets gathered, and begin to gather anew from there."""
        energy = np.concatenate(self._rows)
        self._rows = []
        rise = np.maximum(np.diff(energy, axis=0, prepend=energy[:1]), 0).astype(np.float64)
        rise /= np.maximum(rise.mean(axis=0), 1e-9) + np.mean(rise) * 0.1
        bands = (slice(None), _LOW_BANDS, _MIDDLE_BANDS)
        return Strengths(*(_flattened(rise[:, each].sum(axis=1)) for each in bands))


def _flattened(strength: Array) -> Array:
    """Return strengths less what is usual around, at a common scale."""
    raised = np.maximum(strength - _averaged(strength, 0.4), 0)
    loud = _averaged(raised, 5.0)
    flat: Array = raised / (loud + 0.1 * max(raised.mean(), 1e-9))
    return flat


def _averaged(strength: Array, seconds: float) -> Array:
    width = min(int(seconds * HOPS), len(strength))
    return np.convolve(strength, np.full(width, 1 / width), "same")
