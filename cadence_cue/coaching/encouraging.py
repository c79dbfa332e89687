"""Chooses where and how the coach encourages: in quiet, and only with what is true there.

The numbers are this app's own choice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate

from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.rules import FALL
from cadence_cue.coaching.session import Kind, Session

PAUSES = (Kind.REST, Kind.WALK)
ENCOURAGED = 4
"""Times in a practice of drills ..."""

FEW = 2
"""... and otherwise, or before a race."""

_PRACTICE = 3  # sets from which a session is a practice of drills, if it is not mostly running
_NOT_BEFORE = 60  # seconds into the session
_IN_A_RUN_FROM = 120  # seconds; a shorter run is left to its cues


def starts_of(parts: Sequence[Part]) -> list[Fraction]:
    """Return when each part starts, in seconds, and at last when the session ends."""
    return list(accumulate((part.seconds for part in parts), initial=Fraction(0)))


def practises(parts: Sequence[Part], seconds: Fraction) -> bool:
    """Return whether a session of so many seconds is a practice of drills."""
    running = sum(part.seconds for part in parts if part.kind is Kind.RUN)
    sets = sum(part.kind is Kind.DRILL for part in parts)
    return sets >= _PRACTICE and 2 * running < seconds


def quiet(parts: Sequence[Part], starts: Sequence[Fraction]) -> list[int]:
    """Return the pauses and long runs where encouragement disturbs no other text."""
    first = bisect_left(starts, _NOT_BEFORE)
    return [
        k
        for k, part in enumerate(parts[first:], first)
        if not part.say
        and (part.kind in PAUSES or _long_run(part))
        and not is_beside_closed_eyes(parts, k)
    ]


def spread(starts: Sequence[Fraction], items: Sequence[int], most: int) -> list[int]:
    """Return so many of the items at most, spread over the time of the parts."""
    left, found = list(items), []
    for n in range(min(most, len(left))):
        wished = starts[-1] * (2 * n + 1) / (2 * most)
        nearest = min(left, key=lambda k: abs(starts[k] - wished))
        left.remove(nearest)
        found.append(nearest)
    return sorted(found)


def _long_run(part: Part) -> bool:
    return part.kind is Kind.RUN and part.seconds >= _IN_A_RUN_FROM


def is_beside_closed_eyes(parts: Sequence[Part], k: int) -> bool:
    """Return whether eyes are closed in the part after this one."""
    return k + 1 < len(parts) and bool(parts[k + 1].closing)


def encouragement(
    parts: Sequence[Part],
    starts: Sequence[Fraction],
    index: int,
    session: Session,
    library: Library,
) -> Sequence[str]:
    """Return the encouragement that is true at a part of the session."""
    talk, race = library.talk, session.level == "race"
    if parts[index].kind is Kind.RUN:
        return talk.running
    sets = [part for part in parts if part.kind in (Kind.DRILL, Kind.RUN)]
    coming = [part for part in parts[index:] if part.kind in (Kind.DRILL, Kind.RUN)]
    if len(coming) == 1 and len(sets) >= _PRACTICE:
        before, last = ((part.drill, part.title) for part in sets[-2:])
        if before == last and coming[0].drill != FALL:
            return (*talk.last, *(() if race else talk.best))
    if 2 * starts[index] >= starts[-1]:
        return (*talk.late, *talk.half) if 3 * starts[index] < 2 * starts[-1] else talk.late
    return (*talk.encouragement, *(() if race else talk.learning))
