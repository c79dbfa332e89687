"""Loudness and true peak after ITU-R BS.1770-4, in LUFS and dBTP.

The only implementation, for clips, music and exported tracks.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cadence_cue.timing import RATE

Samples = npt.NDArray[np.floating]
Numbers = npt.NDArray[np.float64]

_K_WEIGHTING = (  # each filter's numerator and denominator; the standard's, for 48 kHz
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1.0, -1.69065929318241, 0.73248077421585),
    ),
    ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)),
)
_BLOCK = RATE * 400 // 1000
_HOP = RATE * 50 // 1000
_SILENT = -70.0  # LUFS: the absolute gate, below which a block does not count
_BELOW = 10.0  # LU: the relative gate, this far below the mean of the remaining blocks


def loudness(samples: Samples) -> float:
    """Return the LUFS of the loudest 400 ms of a mono clip at 48 kHz, or of all of a shorter one.

    Integrated loudness is no use for clips: it is undefined under 400 ms, and changes with the
    silence around a clip.
    """
    power = np.concatenate([[0.0], np.cumsum(_k_weighted(samples) ** 2)])
    block = min(_BLOCK, len(samples))
    starts = np.arange(0, len(samples) - block + 1, _HOP)
    return float(_lufs(float(np.max(power[starts + block] - power[starts])) / block))


def true_peak(samples: Samples) -> float:
    """Return the highest level of a mono clip at 48 kHz, also between its samples, in dBTP."""
    import soxr  # noqa: PLC0415 - who exports prepared music measures nothing

    dense = soxr.resample(np.asarray(samples, np.float64), RATE, 4 * RATE, quality="VHQ")
    return 20 * float(np.log10(max(np.max(np.abs(dense)), 1e-9)))


def power_weights(size: int, rate: int) -> Numbers:
    """Return the weight of each frequency in the K-weighted power of `size` frames at `rate`.

    The shape is (size // 2 + 1,). The power spectrum times these weights sums up to the mean square
    after K-weighting (Parseval).
    """
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    response = _response(np.exp(-2j * np.pi * np.minimum(frequencies, RATE / 2) / RATE))
    twice = np.where((frequencies == 0) | (frequencies == rate / 2), 1.0, 2.0)
    return np.asarray(np.abs(response) ** 2 * twice / size**2, np.float64)


def integrated(tenths: Numbers) -> float:
    """Return the integrated loudness in LUFS from the K-weighted power of each tenth of a second.

    Blocks of 400 ms are gated at -70 LUFS and at 10 LU below the mean of what is left.
    """
    if len(tenths) < 4:
        blocks = tenths.mean(keepdims=True) if len(tenths) else np.zeros(1)
    else:
        total = np.concatenate([[0.0], np.cumsum(tenths)])
        blocks = (total[4:] - total[:-4]) / 4
    levels = _lufs(blocks)
    loud = blocks[levels > _SILENT]
    if not len(loud):
        return _SILENT
    loud = blocks[levels > max(_SILENT, float(_lufs(loud.mean())) - _BELOW)]
    return float(_lufs(loud.mean()))


def _k_weighted(samples: Samples) -> Numbers:
    size = 1 << int(np.ceil(np.log2(len(samples) + RATE // 10)))
    response = _response(np.exp(-2j * np.pi * np.fft.rfftfreq(size)))
    weighted = np.fft.irfft(np.fft.rfft(samples, size) * response, size)
    return np.asarray(weighted[: len(samples)], np.float64)


def _response(z: npt.NDArray[np.complex128]) -> npt.NDArray[np.complex128]:
    """Return the K-weighting at points of the unit circle, one turn of which is 48 kHz."""
    response = np.ones_like(z)
    for (b0, b1, b2), (a0, a1, a2) in _K_WEIGHTING:
        response *= (b0 + b1 * z + b2 * z * z) / (a0 + a1 * z + a2 * z * z)
    return response


def _lufs(power: npt.ArrayLike) -> Numbers:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(power, 1e-12)), np.float64)
