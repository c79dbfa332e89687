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


_NO_ROWS = np.empty(0, EVENT)


def to_events(
    drafts: Iterable[Draft], sounds: Sequence[str] = (), rows: npt.NDArray[np.void] = _NO_ROWS
) -> tuple[npt.NDArray[np.void], tuple[str, ...]]:
    """Rows of EVENT ordered by frame, beats before voice, and the names of their sounds.

    They stand among the given `rows`, and their names continue `sounds`. Drafts are taken one by
    one, so that a long session never has all of them in memory. The rows are not writeable.
    """
    index = {name: k for k, name in enumerate(sounds)}
    new = np.fromiter(
        (
            (
                d.frame,
                d.frames,
                d.kind,
                d.bus,
                index.setdefault(d.sound, len(index)),
                10 ** (d.gain_db / 20),
                d.duck_db,
                d.phase,
                d.beat,
                d.foot,
                d.accent,
            )
            for d in drafts
        ),
        EVENT,
    )
    rows = np.concatenate([rows, new])
    events = rows[np.lexsort((rows["sound"], rows["kind"], rows["bus"], rows["frame"]))]
    events.setflags(write=False)
    return events, tuple(index)
