"""The rows of a timeline while it is being made, and their last step into one array."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cadence_cue.timing.timeline import EVENT, NO_BEAT, Bus, EventKind, Foot


@dataclass(frozen=True, slots=True)
class Draft:
    """One sound to be; the fields are those of EVENT."""

    frame: int
    frames: int
    kind: EventKind
    bus: Bus
    sound: str
    phase: int
    gain_db: float = 0.0
    duck_db: float = 0.0
    beat: int = NO_BEAT
    foot: Foot = Foot.NONE
    accent: bool = False


def to_rows(drafts: Iterable[Draft], sounds: Sequence[str]) -> npt.NDArray[np.void]:
    """Rows of EVENT ordered by frame, beats before voice; `sounds` holds every name once."""
    index = {name: k for k, name in enumerate(sounds)}
    rows = [
        (
            d.frame,
            d.frames,
            d.kind,
            d.bus,
            index[d.sound],
            10 ** (d.gain_db / 20),
            d.duck_db,
            d.phase,
            d.beat,
            d.foot,
            d.accent,
        )
        for d in sorted(drafts, key=lambda d: (d.frame, d.bus, d.kind, d.sound))
    ]
    return np.array(rows, dtype=EVENT)


def to_events(drafts: Sequence[Draft]) -> tuple[npt.NDArray[np.void], tuple[str, ...]]:
    """All rows of a timeline, not writeable, and the names of their sounds."""
    sounds = tuple(sorted({d.sound for d in drafts}))
    events = to_rows(drafts, sounds)
    events.setflags(write=False)
    return events, sounds
