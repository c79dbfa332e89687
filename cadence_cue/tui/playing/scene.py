"""What the play screen shows at a frame, as plain data made from the timeline alone.

Separate from the widgets so that it can be tested without a screen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cadence_cue.coaching.drill import Library, Side
from cadence_cue.coaching.pages import clock
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Kind
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Bus, Mark, text_of
from cadence_cue.transport.places import tempo_number
from cadence_cue.tui.playing.lights import LampState, Lights

ONE_STEP = "One beat is one step."
ONE_STRIDE = "One beat is a step of the {} foot."
LAST = "The last phase"
_GET_READY = "Get ready"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything on the play screen that follows the sound.

    `figure` is the number that the runner needs now and `unit` what it counts. `left` is the time
    left in a phase whose figure is another. `how` explains the coming drill. `share` is the place
    of the playhead, 0 to 1, and `seconds` what was played.
    """

    figure: str
    unit: str
    kind: str
    title: str
    place: str
    left: str
    caption: str
    beat: str
    count: str
    how: str
    coming: str
    seconds: int
    elapsed: str
    total: str
    share: float


class SceneBuilder:
    """Builds the scenes of one performance."""

    def __init__(self, performance: Performance, library: Library) -> None:
        self.performance = performance
        self._library = library
        self.lights = Lights(performance, library)
        timeline = performance.timeline
        self._rate = timeline.rate
        self._marks = timeline.marks
        self._starts = [mark.start for mark in timeline.marks]
        events = timeline.events
        spoken = events[events["bus"] == Bus.VOICE]
        self._said_at = spoken["frame"]
        self._said = [text_of(timeline.sounds[k]) for k in spoken["sound"]]
        last = self._marks[-1]
        self._begin, self._end = self._marks[0].start, last.start + last.frames

    def pieces(self) -> list[tuple[str, float]]:
        """Each phase's kind, and its start as a share of the whole."""
        whole = self._end - self._begin
        return [(mark.kind, (mark.start - self._begin) / whole) for mark in self._marks]

    def lamps(self, frame: int, late: int) -> tuple[LampState, LampState]:
        """What the left and the right lamp show while this frame is heard, as in Lights.at."""
        return self.lights.at(frame, self._part(self._phase(frame)), late)

    def at(self, frame: int) -> Scene:
        """The scene to show while this frame is heard."""
        k = self._phase(frame)
        part = self._part(k)
        share = (frame - self._begin) / (self._end - self._begin)
        seconds = max(0, min(frame, self._end) - self._begin) // self._rate
        total = clock((self._end - self._begin) // self._rate)
        spoken = int(np.searchsorted(self._said_at, frame, "right")) - 1
        caption = self._said[spoken] if spoken >= 0 else ""
        left = ""
        if part is None:
            figure, unit, kind = self._left(self._begin, frame), "until we start", "rest"
            title, place = _GET_READY, ""
        else:
            mark = self._marks[k]
            figure, unit = self._figure(mark, part, frame)
            kind, title = mark.kind, mark.title
            place = f"{mark.place} of {self._marks[-1].place}" if mark.place else ""
            if part.kind is Kind.RUN:
                left = self._left(mark.start + mark.frames, frame)
        return Scene(
            figure=figure,
            unit=unit,
            kind=kind,
            title=title,
            place=place,
            left=left,
            caption=caption,
            beat=self._meaning(part),
            count=self.lights.count(frame, part),
            how=self._how(k, part),
            coming=self._coming(k),
            seconds=seconds,
            elapsed=clock(seconds),
            total=total,
            share=min(max(share, 0.0), 1.0),
        )

    def _phase(self, frame: int) -> int:
        """The index of the phase at a frame; -1 before the first."""
        return int(np.searchsorted(self._starts, frame, "right")) - 1

    def _part(self, k: int) -> Part | None:
        return self.performance.parts[k] if k >= 0 else None

    def _figure(self, mark: Mark, part: Part, frame: int) -> tuple[str, str]:
        tempo = self.performance.tempo_at(frame)
        if part.kind is Kind.RUN and tempo is not None:
            return f"{round(tempo)}", per_foot(tempo)
        unit = "to go" if tempo is None else f"to go · {tempo_number(tempo)} beats a minute"
        return self._left(mark.start + mark.frames, frame), unit

    def _left(self, end: int, frame: int) -> str:
        return clock(max(0, math.ceil((end - frame) / self._rate)))

    def _meaning(self, part: Part | None) -> str:
        if part is None or part.tempo is None:
            return ""
        if part.drill:
            return self._library.drills[part.drill].beat.text
        if part.clicked_foot is not Side.NONE:
            return ONE_STRIDE.format(part.clicked_foot.value)
        return ONE_STEP if part.kind is Kind.RUN else ""

    def _how(self, k: int, part: Part | None) -> str:
        """While there is no beat, how to do the coming drill; else ""."""
        if part is not None and (part.tempo is not None or part.kind is Kind.EXPLAIN):
            return ""
        following = self.performance.parts[k + 1 : k + 2]
        if following and following[0].kind is Kind.DRILL:
            return self._library.drills[following[0].drill].explanation
        return ""

    def _coming(self, k: int) -> str:
        if k + 1 >= len(self._marks):
            return LAST
        mark = self._marks[k + 1]
        return f"Next  {mark.title}, {clock(mark.frames // self._rate)}"


def per_foot(tempo: Fraction) -> str:
    """The unit of a cadence, with the steps of each foot."""
    return f"steps a minute · {tempo_number(tempo / 2)} per foot"
