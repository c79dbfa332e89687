"""The rows of a timeline while it is being made, and their last step into one array."""

from __future__ import annotations

from collections.abc import Iterable
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


def to_events(drafts: Iterable[Draft]) -> tuple[npt.NDArray[np.void], tuple[str, ...]]:
    """The rows ordered by frame, beats before voice, not writeable; and the names of sounds."""
    ordered = sorted(drafts, key=lambda d: (d.frame, d.bus, d.kind, d.sound))
    sounds = {name: k for k, name in enumerate(sorted({d.sound for d in ordered}))}
    rows = [
        (
            d.frame,
            d.frames,
            d.kind,
            d.bus,
            sounds[d.sound],
            10 ** (d.gain_db / 20),
            d.duck_db,
            d.phase,
            d.beat,
            d.foot,
            d.accent,
        )
        for d in ordered
    ]
    events = np.array(rows, dtype=EVENT)
    events.setflags(write=False)
    return events, tuple(sounds)
