"""The samples of a WAV, read by hand: its header with struct, its frames in pieces.

Apart from listening, which knows no file format. Nothing of the product is imported.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
BLOCK = 1 << 20


class Recording:
    """The left channel of a WAV (PCM 16, 24 bit or float 32), read in pieces.

    With `minus`, the samples of a second file of the same length are taken away first: the same
    export without beats, whose noise is the same, leaves the clicks alone.
    """

    def __init__(self, path: Path, minus: Path | None = None) -> None:
        """Open the files; raises AssertionError where they are not such a WAV."""
        self.rate, self._data, self._scale = _open(path)
        self._minus = None
        if minus is not None:
            rate, self._minus, scale = _open(minus)
            assert (rate, scale, len(self._minus)) == (self.rate, self._scale, len(self._data))
        self.frames = len(self._data)

    def read(self, start: int, frames: int) -> Samples:
        """Samples from `start` on, full scale 1; zeros outside the file."""
        out = np.zeros(frames, np.float32)
        low, high = max(start, 0), min(start + frames, self.frames)
        if low < high:
            part = self._one(self._data, low, high)
            if self._minus is not None:
                part = part - self._one(self._minus, low, high)
            out[low - start : high - start] = part
        return out

    def same_channels(self) -> bool:
        """Whether left and right are equal, sample for sample."""
        return all(
            np.array_equal(self._data[at : at + BLOCK, 0], self._data[at : at + BLOCK, 1])
            for at in range(0, self.frames, BLOCK)
        )

    def bursts(self, quiet: float) -> npt.NDArray[np.int64]:
        """(first, last) frames of stretches louder than `quiet`, 10 ms or more apart."""
        pieces = range(0, self.frames, BLOCK)
        loud = [np.flatnonzero(np.abs(self.read(at, BLOCK)) > quiet) + at for at in pieces]
        frames = np.concatenate(loud)
        if not len(frames):
            return np.empty((0, 2), np.int64)
        cuts = np.flatnonzero(np.diff(frames) > self.rate // 100)
        firsts = frames[np.concatenate([[0], cuts + 1])]
        lasts = frames[np.concatenate([cuts, [len(frames) - 1]])]
        return np.stack([firsts, lasts], axis=1)

    def _one(self, data: npt.NDArray[np.generic], low: int, high: int) -> Samples:
        if data.dtype == np.uint8:  # 24 bit, little-endian bytes
            raw = np.zeros((high - low, 4), np.uint8)
            raw[:, 1:] = data[low:high, 0]
            return (raw.view("<i4")[:, 0] / 2.0**31).astype(np.float32)
        return data[low:high, 0].astype(np.float32) * np.float32(self._scale)


def _open(path: Path) -> tuple[int, npt.NDArray[np.generic], float]:
    """Rate, samples (frames, 2) as they lie in the file, and the value of one step."""
    with path.open("rb") as file:
        riff, _, wave = struct.unpack("<4sI4s", file.read(12))
        assert riff in (b"RIFF", b"RF64"), riff
        assert wave == b"WAVE", wave
        shape: tuple[int, int, int, int] | None = None
        big = 0
        while True:
            name, size = struct.unpack("<4sI", file.read(8))
            if name == b"data":
                break
            body = file.read(size + size % 2)
            if name == b"fmt ":
                code, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
                shape = (
                    (struct.unpack("<H", body[24:26])[0] if code == 0xFFFE else code),
                    (channels),
                    rate,
                    bits,
                )
            elif name == b"ds64":
                big = struct.unpack("<Q", body[8:16])[0]
        offset = file.tell()
    assert shape is not None, "no format chunk"
    code, channels, rate, bits = shape
    assert channels == 2, channels
    size = big if size == 0xFFFFFFFF else size
    frames, rest = divmod(size, channels * bits // 8)
    assert rest == 0, "a part of a frame"
    kind, scale = {(1, 16): ("<i2", 2.0**-15), (1, 24): ("u1", 2.0**-23), (3, 32): ("<f4", 1.0)}[
        (code, bits)
    ]
    dims = (frames, channels, 3) if bits == 24 else (frames, channels)
    return rate, np.memmap(path, np.dtype(kind), "r", offset, dims), scale
