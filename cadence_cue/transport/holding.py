"""A talk that is held for the words of a performance, also for those that an edit moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cadence_cue.music.holding import held
from cadence_cue.sound.bed import Bed
from cadence_cue.sound.held import Held
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit


@dataclass(frozen=True, slots=True)
class _Stage:
    """How the talk is held after an edit; None for what was performed at first."""

    edit: Edit | None
    held: Held


class HeldTalk:
    """A talk that follows the edits of a performance: what was heard of it stays. Thread: one."""

    def __init__(self, bed: Bed) -> None:
        """`bed` begins with the timeline."""
        self._bed = bed
        self._stages: list[_Stage] = []

    def under(self, performance: Performance) -> Held:
        """Return what is heard of it under a performance. Raises OSError."""
        edits = [None, *(replace(each, joins=None) for each in performance.edits)]
        count = 0
        while count < min(len(edits), len(self._stages)):
            if self._stages[count].edit != edits[count]:
                break
            count += 1
        del self._stages[count:]
        if coming := edits[count:]:
            clock, start = performance.plan.clock, performance.timeline.start
            for edit, stage in zip(coming, performance.stages_from(count), strict=True):
                since = start if edit is None else clock.frame(edit.at)
                before = self._stages[-1].held if self._stages else None
                self._stages.append(_Stage(edit, held(self._bed, stage.timeline, since, before)))
        return self._stages[-1].held
