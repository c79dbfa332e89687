"""Blocks of decoded samples, and how those of another rate or other channels are made alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Shape (frames, channels), full scale 1."""

BLOCK = 16384
"""Frames that are decoded at a time."""


def conformed(
    blocks: Iterable[Samples], native: float, *, rate: int, channels: int
) -> Iterator[Samples]:
    """Yield blocks at the frame rate `native` as blocks at `rate`, with this many channels.

    A `native` rate that is not whole sets one clock right by another.
    """
    alike = (with_channels(block, channels) for block in blocks)
    if native == rate:
        yield from alike
        return
    import soxr  # noqa: PLC0415 - who exports prepared music resamples nothing

    stream = soxr.ResampleStream(native, rate, channels, dtype="float32")
    for block in alike:
        yield stream.resample_chunk(np.ascontiguousarray(block))
    yield stream.resample_chunk(np.zeros((0, channels), np.float32), last=True)


def since(blocks: Iterable[Samples], skip: int) -> Iterator[Samples]:
    """Yield what comes from frame `skip` on."""
    for block in blocks:
        drop = min(skip, len(block))
        skip -= drop
        if drop < len(block):
            yield block[drop:]


def with_channels(block: Samples, channels: int) -> Samples:
    """Return a block with this many channels: the same ones, or the mean of them in each."""
    if block.shape[1] == channels:
        return block
    mono = block if block.shape[1] == 1 else block.mean(axis=1, keepdims=True, dtype=np.float32)
    return np.repeat(mono, channels, axis=1)
