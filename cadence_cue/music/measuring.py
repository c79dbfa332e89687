"""How loud a piece of music is, and where it has to be turned down: one pass through it.

Loudness is that of ITU-R BS.1770-4: K-weighted, in blocks of 400 ms, gated at -70 LUFS and 10 LU
below what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.music.decoding import Stereo
from cadence_cue.sound.weighting import K_WEIGHTING
from cadence_cue.sound.weighting import RATE as WEIGHTED_AT
from cadence_cue.timing.by_value import ByValue

CELL = 256
"""Frames whose highest sample is kept: 5 ms, in which the ear hears no change of level."""

_SILENT, _BELOW = -70.0, 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Measured(ByValue):
    """A piece: its frames, its loudness in LUFS, and the highest sample of each cell."""

    frames: int
    lufs: float
    peaks: npt.NDArray[np.float32]


def measure(blocks: Iterable[Stereo], rate: int) -> Measured:
    """Measure a piece from its blocks."""
    tenth = rate // 10
    weights = _weights(tenth, rate)
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
        peaks.append(_highest(for_peak[: whole * CELL].reshape(whole, CELL * 2)))
        for_peak = for_peak[whole * CELL :]
    peaks.append(_highest(for_peak.reshape(1, -1)) if len(for_peak) else np.zeros(0, np.float32))
    return Measured(frames, _gated(np.concatenate(powers)), np.concatenate(peaks))


def _weights(size: int, rate: int) -> npt.NDArray[np.float64]:
    """The K-weighting's power at the frequencies of a block's spectrum, for Parseval's sum."""
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    z = np.exp(-2j * np.pi * np.minimum(frequencies, WEIGHTED_AT / 2) / WEIGHTED_AT)
    response = np.ones_like(z)
    for (b0, b1, b2), (a0, a1, a2) in K_WEIGHTING:
        response *= (b0 + b1 * z + b2 * z * z) / (a0 + a1 * z + a2 * z * z)
    twice = np.where((frequencies == 0) | (frequencies == rate / 2), 1.0, 2.0)
    return np.asarray(np.abs(response) ** 2 * twice / size**2, np.float64)


def _powers(
    tenths: npt.NDArray[np.float32], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The weighted power of each tenth of a second, both channels together."""
    spectrum = np.fft.rfft(tenths, axis=1)
    energy = (spectrum.real**2 + spectrum.imag**2).sum(axis=2)
    return np.asarray(energy @ weights, np.float64)


def _highest(cells: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(np.abs(cells).max(axis=1, initial=0.0), np.float32)


def _gated(tenths: npt.NDArray[np.float64]) -> float:
    """Integrated loudness from the power of each tenth of a second."""
    if len(tenths) < 4:
        blocks = tenths.mean(keepdims=True) if len(tenths) else np.zeros(1)
    else:
        total = np.concatenate([[0.0], np.cumsum(tenths)])
        blocks = (total[4:] - total[:-4]) / 4
    levels = _level(blocks)
    loud = blocks[levels > _SILENT]
    if not len(loud):
        return _SILENT
    loud = blocks[levels > max(_SILENT, float(_level(loud.mean())) - _BELOW)]
    return float(_level(loud.mean()))


def _level(power: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)), np.float64)
