"""Reads from the log how far a runner has climbed on each drill's ladder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cadence_cue.app.history import EASY, Practice
from cadence_cue.coaching.ladder import Rung
from cadence_cue.coaching.model import Drill

HARD = 2
"""The highest mark, of 1 to 5, at which a drill counts as hard."""

IN_A_ROW = 2
"""After so many easy marks in a row, a drill's tempo goes one rung up."""


def rungs(practices: Iterable[Practice], drills: Mapping[str, Drill]) -> dict[str, Rung]:
    """The rungs of the drills that have a ladder and were practised, by their ids.

    One rung up after IN_A_ROW easy marks, one down after a hard one; a session without a mark
    changes nothing.
    """
    found: dict[str, Rung] = {}
    easy = dict.fromkeys(drills, 0)
    for practice in practices:
        for drill in practice.drills:
            if drill not in drills or not drills[drill].tempo.ladder:
                continue
            above = found.get(drill, Rung(0)).above
            mark = practice.mark
            easy[drill] = easy[drill] + 1 if mark is not None and mark >= EASY else 0
            step = -1 if mark is not None and mark <= HARD else 0
            if easy[drill] == IN_A_ROW:
                step, easy[drill] = 1, 0
            most = len(drills[drill].tempo.ladder)
            to = max(-most, min(most, above + step))
            found[drill] = Rung(to, to - above)
    return found
