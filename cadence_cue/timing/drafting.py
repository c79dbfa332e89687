"""The events of a timeline under construction, and their conversion into one array.

Separate from `timeline`, whose values are immutable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.timing.decibels import gain_of
from cadence_cue.timing.timeline import EVENT, NO_BEAT, Bus, EventKind, Foot

Rows = npt.NDArray[np.void]
"""Rows of EVENT."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One event to be added to a timeline; the fields are those of EVENT, with levels in dB."""

    frame: int
    frames: int
    kind: EventKind
    bus: Bus
    sound: str
    phase: int
    gain_db: float = 0.0
    beat: int = NO_BEAT


class Names(dict[str, int]):
    """The names of a timeline's sounds, numbered in the order of their first use."""

    def __missing__(self, sound: str) -> int:
        return self.setdefault(sound, len(self))


def to_rows(drafts: Iterable[Draft], names: Names) -> Rows:
    """Return drafts as rows of EVENT, their sounds numbered by `names`."""
    return np.array(
        [
            (
                d.frame,
                d.frames,
                d.kind,
                d.bus,
                names[d.sound],
                gain_of(d.gain_db),
                0.0,
                d.phase,
                d.beat,
                Foot.NONE,
                False,
            )
            for d in drafts
        ],
        EVENT,
    )


def in_order(blocks: Iterable[Rows]) -> Rows:
    """Return all rows in one array, ordered by frame, beats before voice."""
    rows = np.concatenate(list(blocks))
    order = np.lexsort((rows["sound"], rows["kind"], rows["bus"], rows["frame"]))
    return rows[order]
