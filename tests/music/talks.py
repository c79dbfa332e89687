"""A talk whose every frame says which it is, and what is heard of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int16]


def numbered(frames: int) -> Numbers:
    """A talk whose every frame says which it is."""
    at = np.arange(frames)
    return np.stack([at % 20_011 + 1, at // 20_011 + 5000], axis=1).astype(np.int16)


def said(sound: Numbers) -> npt.NDArray[np.int64]:
    """The frames of that talk that are heard at their level, in order."""
    place = (sound[:, 1].astype(np.int64) - 5000) * 20_011 + sound[:, 0] - 1
    follows = np.diff(place) == 1  # in fades it does not
    whole: npt.NDArray[np.int64] = place[np.append(follows, [False]) | np.append([False], follows)]
    return whole
