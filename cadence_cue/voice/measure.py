"""How loud and how high a clip is: the two numbers that every shipped clip must meet.

Apart from the making of clips, so that the tests measure with it what the build has made.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from cadence_cue.sound import weighting

Samples = npt.NDArray[np.floating]

RATE = weighting.RATE
BLOCK = RATE * 400 // 1000
HOP = RATE * 50 // 1000


def loudness(samples: Samples) -> float:
    """LUFS of the loudest 400 ms of a mono clip at 48 kHz, or of all of a shorter one.

    Integrated loudness is of no use here: it is undefined under 400 ms, and changes with the
    silence around a clip.
    """
    power = np.concatenate([[0.0], np.cumsum(_k_weighted(samples) ** 2)])
    block = min(BLOCK, len(samples))
    starts = np.arange(0, len(samples) - block + 1, HOP)
    loudest = float(np.max(power[starts + block] - power[starts])) / block
    return -0.691 + 10 * float(np.log10(max(loudest, 1e-12)))


def true_peak(samples: Samples) -> float:
    """Highest level in dBTP, also between the samples (four times oversampled)."""
    dense = soxr.resample(np.asarray(samples, np.float64), RATE, 4 * RATE, quality="VHQ")
    return 20 * float(np.log10(max(np.max(np.abs(dense)), 1e-9)))


def _k_weighted(samples: Samples) -> npt.NDArray[np.float64]:
    size = 1 << int(np.ceil(np.log2(len(samples) + RATE // 10)))
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    response = np.ones_like(z)
    for (b0, b1, b2), (a0, a1, a2) in weighting.K_WEIGHTING:
        response *= (b0 + b1 * z + b2 * z * z) / (a0 + a1 * z + a2 * z * z)
    weighted = np.fft.irfft(np.fft.rfft(samples, size) * response, size)
    return np.asarray(weighted[: len(samples)], np.float64)
