"""Reads from the log how far a runner has climbed on each drill's ladder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cadence_cue.app.log.history import EASY, Practice
from cadence_cue.coaching.ladder import Rung

HARD = 2
"""The highest mark, of 1 to 5, at which a drill counts as hard."""

IN_A_ROW = 2
"""After so many easy marks in a row, a drill's tempo goes one rung up."""


def rungs(
    practices: Iterable[Practice], reach: Mapping[str, tuple[int, int]], session: str
) -> dict[str, Rung]:
    """The rungs of the drills that were practised, by their ids.

    One rung up after IN_A_ROW easy marks, one down after a hard one; any other mark, or none, ends
    a row. A rung is new only if the drill was last done in the `session` of this name, as another
    one has other tempos. `reach` are the most rungs, down and up, by which each drill can move in
    the session that comes: nobody stands higher or lower, so that the next mark counts at once.
    """
    found: dict[str, Rung] = {}
    easy = dict.fromkeys(reach, 0)
    for practice in practices:
        mark = practice.mark
        for drill in filter(reach.__contains__, practice.drills):
            above = found.get(drill, Rung(0)).above
            easy[drill] = easy[drill] + 1 if mark is not None and mark >= EASY else 0
            step = -1 if mark is not None and mark <= HARD else 0
            if easy[drill] == IN_A_ROW:
                step, easy[drill] = 1, 0
            down, up = reach[drill]
            to = max(-down, min(up, above + step))
            found[drill] = Rung(to, to - above if practice.session == session else 0)
    return found
