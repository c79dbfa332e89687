"""Which frames of a timeline a recording holds: found by the samples, bit for bit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

_SHORTEST = 512  # frames; what is shorter may be chance, or a part of a ramp


class Found(NamedTuple):
    """Frames of a track, one after the other, as a recording holds them."""

    at: int
    """Where they begin in the recording."""
    frame: int
    """The first of them, counted from the track's first."""
    frames: int


def found(recording: Samples, track: Samples) -> list[Found]:
    """Every whole piece of `track` that was recorded, in the order of the recording.

    Pieces end where samples were lost, repeated, faded, or replaced by silence.
    """
    places, track_pairs = _pairs(track)
    order = np.argsort(track_pairs, kind="stable")
    at, pairs = _pairs(recording)
    nearest = np.searchsorted(track_pairs, pairs, sorter=order)
    nearest = order[np.minimum(nearest, len(order) - 1)]
    same = track_pairs[nearest] == pairs
    at, frame = at[same], places[nearest[same]]
    cuts = np.flatnonzero((np.diff(at) != 1) | (np.diff(frame) != 1)) + 1
    return [
        Found(int(at[first]), int(frame[first]), int(last - first) + 1)
        for first, last in zip([0, *cuts], [*cuts, len(at)], strict=True)
        if last - first >= _SHORTEST
    ]


def _pairs(samples: Samples) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """The places where a sample and the next stand, and both as one number; no silence."""
    bits = np.ascontiguousarray(samples, np.float32).view(np.uint32).astype(np.uint64)
    pairs = bits[:-1] << np.uint64(32) | bits[1:]
    places = np.flatnonzero(pairs)
    return places, pairs[places]
