"""Measures a piece of music in one pass: its loudness, and its peaks for the limiter.

Separate from preparing because a piece is measured before it is turned up or down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.media.samples import Samples
from cadence_cue.sound.loudness import integrated, power_weights
from cadence_cue.timing.by_value import ByValue

CELL = 256
"""Frames per stored peak: 5 ms, within which the ear hears no change of level."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured(ByValue):
    """A piece's length in frames, its loudness in LUFS and the highest sample of each cell.

    `peaks` has shape (cells,), full scale 1; a cell is CELL frames, the last one maybe fewer.
    """

    frames: int
    lufs: float
    peaks: npt.NDArray[np.float32]


def measure(blocks: Iterable[Samples], rate: int) -> Measured:
    """Measure a piece, given in blocks of shape (n, 2) at `rate` frames per second."""
    tenth = rate // 10
    weights = power_weights(tenth, rate)
    powers: list[npt.NDArray[np.float64]] = []
    peaks: list[npt.NDArray[np.float32]] = []
    frames = 0
    for_power, for_peak = (np.zeros((0, 2), np.float32) for _ in range(2))
    for block in blocks:
        frames += len(block)
        for_power = np.concatenate([for_power, block])
        whole = len(for_power) // tenth
        powers.append(_powers(for_power[: whole * tenth].reshape(whole, tenth, 2), weights))
        for_power = for_power[whole * tenth :]
        for_peak = np.concatenate([for_peak, block])
        whole = len(for_peak) // CELL
        peaks.append(_peaks(for_peak[: whole * CELL].reshape(whole, CELL * 2)))
        for_peak = for_peak[whole * CELL :]
    peaks.append(peaks_of(for_peak))
    return Measured(frames, integrated(np.concatenate(powers)), np.concatenate(peaks))


def peaks_of(sound: Samples) -> npt.NDArray[np.float32]:
    """Return the highest sample of each cell of a sound, as `Measured` has them."""
    whole = len(sound) // CELL
    rest = sound[whole * CELL :]
    cells = _peaks(sound[: whole * CELL].reshape(whole, CELL * 2))
    return np.concatenate([cells, _peaks(rest.reshape(1, -1))]) if len(rest) else cells


def _powers(
    tenths: npt.NDArray[np.float32], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the weighted power of each tenth of a second, summed over both channels."""
    spectrum = np.fft.rfft(tenths, axis=1)
    energy = (spectrum.real**2 + spectrum.imag**2).sum(axis=2)
    return np.asarray(energy @ weights, np.float64)


def _peaks(cells: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(np.abs(cells).max(axis=1, initial=0.0), np.float32)
