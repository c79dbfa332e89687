"""Levels pieces of music and joins them into one stretch that can be looped.

Works on blocks of samples of shape (n, 2), full scale 1.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from cadence_cue.media.samples import Samples
from cadence_cue.music.measuring import CELL, Measured
from cadence_cue.timing.decibels import gain_of

LOUDNESS = -23.0
"""LUFS of every piece, after EBU R 128: 9 LU below the voice before ducking, 21 under it."""

CEILING = -14.8
"""dBFS of the highest sample: the true peak, which in stretched music was measured up to 2 dB above
it, is then below -12.7 dBTP, so that voice (-5.3), a ducked click (-10.8) and ducked music (-24.7)
together stay below -1 dBTP."""

MOST_GAIN = 20.0
"""The most dB by which a quiet piece is raised: more would bring up its noise."""


def levelled(piece: Iterator[Samples], measured: Measured) -> Iterator[Samples]:
    """Yield a piece at the common loudness, turned down around its peaks."""
    gain = gain_of(min(LOUDNESS - measured.lufs, MOST_GAIN))
    cells = limits(measured.peaks * gain) * gain
    centres = (np.arange(len(cells)) + 0.5) * CELL
    at = 0
    for block in piece:
        gains = np.interp(np.arange(at, at + len(block)), centres, cells)
        at += len(block)
        yield block * gains.astype(np.float32)[:, np.newaxis]


def limits(peaks: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return the gain at the centre of each cell that keeps peaks below CEILING; shape (cells,).

    It is the minimum over five cells, averaged over three: interpolated between two centres it
    stays below what either cell needs, and the level falls 10 ms before a peak.
    """
    needed = np.minimum(1.0, gain_of(CEILING) / np.maximum(peaks.astype(np.float64), 1e-9))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(needed, 3, mode="edge"), 5).min(axis=1)
    return np.convolve(around, np.full(3, 1 / 3), mode="valid")


def joined(pieces: Iterator[Iterator[Samples]], fade: int) -> Iterator[Samples]:
    """Yield the pieces one after another, crossfaded."""
    held = _empty()
    for piece in pieces:
        start, held = held, _empty()
        for block in piece:
            held = np.concatenate([held, block])
            if len(start):
                if len(held) < 2 * fade:
                    continue
                held = np.concatenate([_crossfaded(start, held[: len(start)]), held[len(start) :]])
                start = _empty()
            if len(held) > fade:
                yield held[:-fade]
                held = held[-fade:]
        if len(start):  # the piece was shorter than two fades
            many = min(len(start), len(held))
            held = np.concatenate([start[: len(start) - many],
                                   _crossfaded(start[len(start) - many :], held[:many]),
                                   held[many:]])  # fmt: skip
    yield held


def looped(
    blocks: Iterator[Samples], fade: int, frames: int, *, goes_round: bool
) -> Iterator[Samples]:
    """Yield at most `frames` frames that can be looped.

    The last `fade` frames are crossfaded into the first ones, so that playing continues at frame
    `fade`. Music shorter than two fades is not crossfaded and continues at its start. Unless it
    `goes_round`, music shorter than `frames` ends as it ends.
    """
    head, held, done, full = _empty(), _empty(), 0, False
    for block in blocks:
        held = np.concatenate([held, block])[: frames - done]
        full = done + len(held) >= frames
        if len(held) > fade:
            out, held = held[:-fade], held[-fade:]
            head = np.concatenate([head, out])[:fade] if len(head) < fade else head
            yield out
            done += len(out)
        if full:
            break
    yield _crossfaded(held, head) if len(head) == fade and (full or goes_round) else held


def _crossfaded(goes: Samples, comes: Samples) -> Samples:
    """Fade one block into another; the gains add up to 1, so no peak rises above the ceiling."""
    share = (np.arange(len(goes), dtype=np.float32) + np.float32(0.5)) / np.float32(len(goes))
    return np.asarray(goes + (comes - goes) * share[:, np.newaxis], np.float32)


def _empty() -> Samples:
    return np.zeros((0, 2), np.float32)
