"""What was really heard of a performance: for how long, and which phases."""

from __future__ import annotations

from cadence_cue.live.control import State
from cadence_cue.live.position import Position
from cadence_cue.studio import Performance


class Practised:
    """Counts what was heard; jumps and pauses add nothing."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """Seconds heard, without what comes before the first phase."""
        self.phases: set[int] = set()
        """The indices of the phases that were heard, wholly or in part."""
        self._before = Position()

    def poll(self, position: Position, performance: Performance, entry: int) -> None:
        """Count what was heard since the last call; frames before `entry` are only a lead-in."""
        before, self._before = self._before, position
        timeline = performance.timeline
        first = max(before.frame, timeline.marks[0].start, entry)
        if position.generation != before.generation or position.frame <= first:
            return
        if position.state not in (State.PLAYING, State.FINISHED):
            return
        self.seconds += (position.frame - first) / timeline.rate
        if mark := timeline.mark_at(position.frame):
            self.phases.add(mark.index)

    def share(self, performance: Performance) -> float:
        """The share of the performance that was heard, 0 to 1."""
        timeline = performance.timeline
        marks = timeline.marks
        whole = (marks[-1].start + marks[-1].frames - marks[0].start) / timeline.rate
        return min(self.seconds / whole, 1.0)
