"""Writes what a microphone heard, and reads it again: WAV, mono, 16 bits."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

_FULL = 32767


@contextmanager
def new_wave(path: str | Path, rate: int) -> Iterator[wave.Wave_write]:
    """Open a new file for `pcm` at a rate; it is whole after each block. Raises OSError."""
    # Opened here: what `wave` cannot open itself it complains of once more when it is forgotten.
    with Path(path).open("wb") as opened, wave.open(opened, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"")  # it is whole before the first one, too
        yield file


def pcm(samples: npt.NDArray[np.float32]) -> bytes:
    """Return samples of full scale 1 as such a file holds them; louder ones are cut off."""
    return np.round(np.clip(samples, -1, 1) * _FULL).astype("<i2").tobytes()


def samples_in(file: wave.Wave_read) -> npt.NDArray[np.float32]:
    """Return the samples, of full scale 1, from where such a file is to its end."""
    heard = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    samples: npt.NDArray[np.float32] = (heard / _FULL).astype(np.float32)
    return samples
