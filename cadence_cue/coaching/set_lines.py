"""What can be said of drills around their sets: checks, signs of mastery, and what to feel.

Each comes with the pause where it belongs; which of them are said, `teaching` chooses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from cadence_cue.coaching.drill import Drill, Library
from cadence_cue.coaching.encouraging import PAUSES, is_beside_closed_eyes
from cadence_cue.coaching.part import LineKind, Part
from cadence_cue.coaching.session import Kind, Session

Place = tuple[int, LineKind, str]
"""A part, and what may be said in it."""

_AFTER_A_SET_FROM = 60  # seconds of a run that follows a set, and has room for a check
_ROUND = 7  # sessions in which everything has been among the first


@dataclass(frozen=True, slots=True)
class Sets:
    """The sets of one drill: the pauses after each, and the one before the last."""

    after: tuple[int, ...]
    before_last: int | None


def sets_of(parts: Sequence[Part], library: Library, taken: Collection[int]) -> dict[Drill, Sets]:
    """Return each drill with its sets; both legs are one set, and a contrast is none.

    There is no time for a drill in the parts that are `taken`.
    """
    ends: dict[str, list[int]] = {}
    starts: dict[str, list[int]] = {}
    for k, part in enumerate(parts):
        if part.kind is not Kind.DRILL or part.contrast:
            continue
        if k == 0 or parts[k - 1].kind is not Kind.SWITCH:
            starts.setdefault(part.drill, []).append(k)
        if k + 1 == len(parts) or parts[k + 1].kind is not Kind.SWITCH:
            ends.setdefault(part.drill, []).append(k)
    found: dict[Drill, Sets] = {}
    for name, last in ends.items():
        after = tuple(
            k + 1
            for k in last
            if k + 1 < len(parts) and k + 1 not in taken and _has_room(parts, k + 1)
        )
        before = starts[name][-1] - 1
        several = len(last) > 1 and parts[before].kind in PAUSES
        found[library.drills[name]] = Sets(after, before if several else None)
    return found


def owed(sets: Mapping[Drill, Sets], session: Session, turn: int) -> Iterator[Place]:
    """Yield which checks must be asked in a session, and where."""
    for k, (drill, found) in enumerate(sets.items()):
        yield from _owed_of(drill, found, session, turn + k)


def further(sets: Mapping[Drill, Sets], turn: int) -> Iterator[Place]:
    """Yield what else there is to say of the drills, in the order in which it is to be chosen."""
    signs, feelings = _signs(sets), _feelings(sets)
    yield from _signs_in_between(sets, turn)
    yield from _three([*signs, *feelings], turn)
    yield from _from_another(_others(sets, signs, feelings), turn)


def _has_room(parts: Sequence[Part], k: int) -> bool:
    """Return whether a part that follows a set has room for a line about it.

    Not if the session says something of its own there, nor on the way to closed eyes.
    """
    part = parts[k]
    if is_beside_closed_eyes(parts, k) or not all(say.from_end for say in part.say):
        return False
    run = part.kind is Kind.RUN and part.seconds >= _AFTER_A_SET_FROM
    return part.kind in PAUSES or run


def _owed_of(drill: Drill, sets: Sets, session: Session, turn: int) -> Iterator[Place]:
    """Yield which of a drill's checks must be asked, and where.

    In the session that is named after the drill all that have a place. Else what is owed, in every
    second session; in a single place in turns, and if the sign of mastery says all of it, that
    takes every second turn.
    """
    checks, after = drill.checks, sets.after
    named = session.name.startswith(drill.id)
    due = [check for check in checks if check.owed]
    if named or (len(after) >= len(checks) and turn % 2 == 0):
        for k, check in zip(after, checks, strict=False):
            if named or check.owed:
                yield k, LineKind.CHECK, check.text
    elif due and len(after) == 1 < len(due):
        sign = drill.mastered
        if not {each for check in due for each in check.article} <= {*sign.article}:
            yield after[0], LineKind.CHECK, due[turn % len(due)].text
        elif turn % 2:
            yield after[0], LineKind.QUESTION, sign.text
        else:
            yield after[0], LineKind.CHECK, due[turn // 2 % len(due)].text
    elif due and after and turn % 2 == 0:
        yield after[0], LineKind.CHECK, due[0].text


def _signs_in_between(sets: Mapping[Drill, Sets], turn: int) -> Iterator[Place]:
    """Yield the signs of mastery whose single place is taken by a check in every second session."""
    for k, (drill, found) in enumerate(sets.items()):
        if len(found.after) == 1 and (turn + k) % 4 == 1 and any(c.owed for c in drill.checks):
            yield found.after[0], LineKind.QUESTION, drill.mastered.text


def _signs(sets: Mapping[Drill, Sets]) -> list[Place]:
    """Return where the signs of mastery belong: after the last set of each drill."""
    return [
        (found.after[-1], LineKind.QUESTION, drill.mastered.text)
        for drill, found in sets.items()
        if found.after
    ]


def _feelings(sets: Mapping[Drill, Sets]) -> list[Place]:
    """Return where what to feel belongs: before the last of several sets of each drill."""
    return [
        (found.before_last, LineKind.FEEL, drill.feel)
        for drill, found in sets.items()
        if found.before_last is not None
    ]


def _three(items: Sequence[Place], turn: int) -> list[Place]:
    """Return up to three of the items, the next ones in the next session, in another order.

    Going round an odd number, each is among them in odd and in even sessions.
    """
    places = range(len(items) + (len(items) % 2 == 0))
    wanted = dict.fromkeys((3 * turn + (turn + k) % 3) % len(places) for k in range(3))
    return [items[k] for k in wanted if k < len(items)]


def _others(
    sets: Mapping[Drill, Sets], signs: Sequence[Place], feelings: Sequence[Place]
) -> list[Place]:
    """Return where the other checks belong, with the signs of mastery and what to feel.

    What belongs in the same pause is far apart in this list, so that each has its turn at it: first
    a check of each drill, then the signs, then the second checks.
    """
    checks = [_other_checks(drill, found) for drill, found in sets.items()]
    first, *more = [list(filter(None, row)) for row in zip_longest(*checks)] or [[]]
    later = [place for row in more for place in row]
    return [*first, *signs, *later, *feelings]


def _other_checks(drill: Drill, sets: Sets) -> list[Place]:
    """Return the checks that are not owed, each after a set of its own if there are enough."""
    places = [*sets.after, *sets.after[-1:] * len(drill.checks)]
    pairs = zip(places, drill.checks, strict=False)
    return [(k, LineKind.CHECK, check.text) for k, check in pairs if not check.owed]


def _from_another(items: Sequence[Place], turn: int) -> Iterator[Place]:
    """Yield all items, in each session another seventh of them first, in turns from either end.

    Seven is odd: each is among the first in odd and in even sessions, as checks are due in every
    second one.
    """
    numbers = range(len(items))
    turned = numbers if turn // _ROUND % 2 else reversed(numbers)
    for k in sorted(turned, key=lambda k: (k - turn) % _ROUND):
        yield items[k]
