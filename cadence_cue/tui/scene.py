"""What the play screen shows at a frame, as plain data made from the timeline alone.

Separate from the widgets so that it can be tested without a screen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cadence_cue.coaching.model import Kind, Library, Side
from cadence_cue.coaching.pages import clock
from cadence_cue.coaching.part import Part
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Bus, EventKind, Foot, Mark, text_of

LIT = 0.12
"""Seconds that a lamp stays lit: long enough to see, dark again before the next step at 240."""

ONE_STEP = "One beat is one step."
ONE_STRIDE = "One beat is a step of the {} foot."
_GET_READY = "Get ready"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything on the play screen that follows the sound.

    `figure` is the number that the runner needs now and `unit` what it counts. `how` explains the
    coming drill. `share` is the place of the playhead, 0 to 1. `left` and `right` are whether the
    lamps are lit, `feet` their labels.
    """

    figure: str
    unit: str
    kind: str
    title: str
    place: str
    caption: str
    beat: str
    how: str
    coming: str
    elapsed: str
    total: str
    share: float
    feet: tuple[str, str]
    left: bool
    right: bool


class SceneBuilder:
    """Builds the scenes of one performance."""

    def __init__(self, performance: Performance, library: Library) -> None:
        self.performance = performance
        self._library = library
        timeline = performance.timeline
        self._rate = timeline.rate
        self._marks = timeline.marks
        self._starts = [mark.start for mark in timeline.marks]
        events = timeline.events
        spoken = events[events["bus"] == Bus.VOICE]
        self._said_at = spoken["frame"]
        self._said = [text_of(timeline.sounds[k]) for k in spoken["sound"]]
        clicks = events[(events["kind"] == EventKind.BEAT) | (events["kind"] == EventKind.COUNT_IN)]
        self._clicked_at = clicks["frame"]
        self._feet = clicks["foot"]
        last = self._marks[-1]
        self._begin, self._end = self._marks[0].start, last.start + last.frames

    def pieces(self) -> list[tuple[str, float]]:
        """Each phase's kind, and its start as a share of the whole."""
        whole = self._end - self._begin
        return [(mark.kind, (mark.start - self._begin) / whole) for mark in self._marks]

    def at(self, frame: int) -> Scene:
        """The scene to show while this frame is heard."""
        k = int(np.searchsorted(self._starts, frame, "right")) - 1
        lamps = self._lamps(frame)
        share = (frame - self._begin) / (self._end - self._begin)
        elapsed = clock(max(0, min(frame, self._end) - self._begin) // self._rate)
        total = clock((self._end - self._begin) // self._rate)
        spoken = int(np.searchsorted(self._said_at, frame, "right")) - 1
        caption = self._said[spoken] if spoken >= 0 else ""
        if k < 0:
            figure, unit, kind = self._left(self._begin, frame), "until we start", "rest"
            title, place = _GET_READY, ""
            part = None
        else:
            mark, part = self._marks[k], self.performance.parts[k]
            figure, unit = self._figure(mark, part, frame)
            kind, title = mark.kind, mark.title
            place = f"{mark.place} of {self._marks[-1].place}" if mark.place else ""
            if part.kind is Kind.RUN:
                to_go = f"{self._left(mark.start + mark.frames, frame)} to go"
                place = " · ".join(filter(None, (place, to_go)))
        return Scene(
            figure=figure,
            unit=unit,
            kind=kind,
            title=title,
            place=place,
            caption=caption,
            beat=self._meaning(part),
            how=self._how(k, part),
            coming=self._coming(k),
            elapsed=elapsed,
            total=total,
            share=min(max(share, 0.0), 1.0),
            feet=self._labels(part),
            left=lamps in (Foot.LEFT, Foot.NONE),
            right=lamps in (Foot.RIGHT, Foot.NONE),
        )

    def _figure(self, mark: Mark, part: Part, frame: int) -> tuple[str, str]:
        tempo = self.performance.tempo_at(frame)
        if part.kind is Kind.RUN and tempo is not None:
            return f"{round(tempo)}", f"steps a minute · {_short(tempo / 2)} per foot"
        unit = "to go" if tempo is None else f"to go · {_short(tempo)} beats a minute"
        return self._left(mark.start + mark.frames, frame), unit

    def _left(self, end: int, frame: int) -> str:
        return clock(max(0, math.ceil((end - frame) / self._rate)))

    def _labels(self, part: Part | None) -> tuple[str, str]:
        """The labels of the two lamps: the feet, if the beat has any."""
        if part is None or part.tempo is None:
            return ("", "")
        match part.foot if part.clicked_foot is Side.NONE else part.clicked_foot:
            case Side.LEFT:
                return ("LEFT", "")
            case Side.RIGHT:
                return ("", "RIGHT")
            case Side.ALTERNATING:
                return ("LEFT", "RIGHT")
        return ("BEAT", "BEAT")

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
            return "then finished"
        mark = self._marks[k + 1]
        return f"{mark.title}, {clock(mark.frames // self._rate)}"

    def _lamps(self, frame: int) -> Foot | None:
        """The foot of the beat that is heard now, NONE for both; None if there is no beat."""
        k = int(np.searchsorted(self._clicked_at, frame, "right")) - 1
        if k < 0 or frame - self._clicked_at[k] > LIT * self._rate:
            return None
        return Foot(self._feet[k])


def _short(number: Fraction) -> str:
    """A tempo with at most one decimal: "172", "86.5"."""
    return f"{round(float(number), 1):g}"
