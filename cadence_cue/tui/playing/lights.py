"""Which lamp shows which beat of a timeline, and what it says, as plain data.

No lamp flashes more than three times a second (WCAG 2.2, success criterion 2.3.1): beats without a
foot light the lamps in turn, and where one lamp would still be too fast, a mark moves in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadence_cue.coaching.drill import Library, Side
from cadence_cue.coaching.part import Part
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import EventKind, Foot

LIT = 0.12
"""Seconds that a lamp stays lit: long enough to see, dark again before the next step at 240."""

SLOWEST_FLASH = 1 / 3
"""Seconds from one flash of a lamp to the next, at least."""

PLACES = 4
"""Places of the mark that moves where flashes would be too fast."""

_LATEST = 0.2  # seconds after a beat up to which its lamp still lights if nobody looked before
_LASTING = 2.0  # seconds after a beat in which the lamps still say what its phase says
_ACCENT = "▲"  # the accented click is the higher one


@dataclass(frozen=True, slots=True)
class LampState:
    """What one lamp shows.

    `label` is the foot or the movement, `word` what the beat that lights it is; `mark` is the place
    of a moving mark, -1 for none.
    """

    label: str = ""
    word: str = ""
    lit: bool = False
    mark: int = -1


class Lights:
    """The lamps of one performance."""

    def __init__(self, performance: Performance, library: Library) -> None:
        timeline = performance.timeline
        self._parts = performance.parts
        self._library = library
        self._rate = timeline.rate
        events = timeline.events
        beats = events[(events["kind"] == EventKind.BEAT) | (events["kind"] == EventKind.COUNT_IN)]
        self._at = beats["frame"]
        self._phase = beats["phase"]
        self._accent = beats["accent"]
        self._counts = beats["kind"] == EventKind.BEAT
        self._lamp = self._lamps(beats["foot"])
        self._fast = np.zeros(len(beats), np.bool_)
        self._latest = np.full(len(beats), _LATEST * self._rate)
        for lamp in (0, 1):
            (its,) = np.nonzero(self._lamp == lamp)
            spare = np.diff(self._at[its]) - SLOWEST_FLASH * self._rate  # before the next flash
            self._fast[its[1:]] = spare < 0
            self._latest[its[:-1]] = np.clip(spare, 0, _LATEST * self._rate)
        self._latest[self._fast] = 0

    def beat(self, frame: int) -> tuple[int, int]:
        """The frame of the beat that is heard, and by how many frames its lamp may light later.

        So late is the lamp if nobody has looked since the beat; 0 where it would flash too often.
        """
        k = self._last(frame)
        if k < 0:
            return -1, 0
        late = frame - int(self._at[k])
        return int(self._at[k]), late if late <= self._latest[k] else 0

    def at(self, frame: int, part: Part | None, late: int = 0) -> tuple[LampState, LampState]:
        """What the left and the right lamp show while a frame is heard, in this part.

        The lamp of the beat that is heard lights so many frames `late`, and as long as any other.
        """
        k = self._last(frame)
        if k >= 0 and frame - self._at[k] < _LASTING * self._rate and self._phase[k] >= 0:
            part = self._parts[self._phase[k]]
        labels = self._labels(part)
        lamps = [LampState(label) for label in labels]
        since = (frame - late - self._at[k]) / self._rate if k >= 0 else _LASTING
        if k >= 0 and since < (_LASTING if self._fast[k] else LIT):
            lamp = int(self._lamp[k])
            word = self._word(part, bool(self._accent[k]))
            word = "" if word == labels[lamp] else word
            mark = k % PLACES if self._fast[k] else -1
            lamps[lamp] = LampState(labels[lamp], word, lit=mark < 0, mark=mark)
        return lamps[0], lamps[1]

    def next_change(self, frame: int, late: int = 0) -> int | None:
        """The next frame at which a lamp changes, as in `at`; None if none does any more."""
        k = self._last(frame)
        changes = [int(each) for each in self._at[k + 1 : k + 2]]
        if k >= 0:
            changes.append(int(self._at[k]) + late + round(LIT * self._rate))
        return min((each for each in changes if each > frame), default=None)

    def count(self, frame: int, part: Part | None) -> str:
        """The beat of its phase that is heard, such as "tap 7 of 20"; "" if nobody counts them."""
        k = self._last(frame)
        if part is None or k < 0 or not self._counts[k]:
            return ""
        drill = self._library.drills.get(part.drill)
        phase = self._phase[k]
        if drill is None or not drill.counted or self._parts[phase] is not part:
            return ""
        (its,) = np.nonzero((self._phase == phase) & self._counts)
        return f"{drill.counted} {k - its[0] + 1} of {len(its)}"

    def _last(self, frame: int) -> int:
        """The number of the last beat up to a frame; -1 before the first."""
        return int(np.searchsorted(self._at, frame, "right")) - 1

    def _lamps(self, feet: np.ndarray) -> np.ndarray:
        """The lamp of each beat: 0 for the left one, 1 for the right one."""
        lamps = np.arange(len(feet)) % 2
        for index, part in enumerate(self._parts):
            its = self._phase == index
            drill = self._library.drills.get(part.drill)
            if part.clicked_foot in (Side.LEFT, Side.RIGHT):
                lamps[its] = part.clicked_foot is Side.RIGHT
            elif drill and drill.lamps:
                lamps[its] = self._accent[its]
        lamps[feet == Foot.LEFT] = 0
        lamps[feet == Foot.RIGHT] = 1
        return lamps

    def _labels(self, part: Part | None) -> tuple[str, str]:
        """The labels of the two lamps: the feet if the beat has any, or the two movements."""
        if part is None or part.tempo is None:
            return ("", "")
        match part.foot if part.clicked_foot is Side.NONE else part.clicked_foot:
            case Side.LEFT:
                return ("LEFT", "")
            case Side.RIGHT:
                return ("", "RIGHT")
            case Side.ALTERNATING:
                return ("LEFT", "RIGHT")
        drill = self._library.drills.get(part.drill)
        if drill and drill.lamps:
            accented, other = drill.lamps
            return (other.upper(), accented.upper())
        return ("BEAT", "BEAT")

    def _word(self, part: Part | None, accented: bool) -> str:
        drill = self._library.drills.get(part.drill) if part else None
        if drill and drill.lamps:
            return drill.lamps[0 if accented else 1].upper()
        return _ACCENT if accented else ""
