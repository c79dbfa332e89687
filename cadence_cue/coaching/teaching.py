"""Chooses what the coach says between the sets: checks, reasons, what to feel, encouragement.

A pause has one of them at most; what teaches goes first. Separate from cueing, which is about the
movement while it is done. The numbers are this app's own choice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import zip_longest
from typing import TypeVar

from cadence_cue.coaching.drill import Drill, Library
from cadence_cue.coaching.encouraging import (
    ENCOURAGED,
    FEW,
    PAUSES,
    encouragement,
    is_beside_closed_eyes,
    practises,
    quiet,
    spread,
)
from cadence_cue.coaching.part import ANSWERED, Line, LineKind, Part
from cadence_cue.coaching.session import Announced, Kind, Session

T = TypeVar("T")
_Place = tuple[int, LineKind, str]
"""A part, and what may be said in it."""

_REASON_FROM = 15  # seconds; a shorter pause has no room for a reason
_REASON_BESIDE_FROM = 60  # seconds, if the session has instructions of its own there
_NEAR = 2  # parts between what a reason is about and the pause in which it is told, at most
_AFTER_A_SET_FROM = 60  # seconds of a run that follows a set, and has room for a check
_ASKED = 8  # times in a session; what is owed comes first
_ROUND = 7  # sessions in which everything has been among the first
_AFTER_ITS_NAME = Fraction(3)  # seconds into a pause, so that a check comes first to mind


@dataclass(frozen=True, slots=True)
class _Sets:
    """The sets of one drill: the pauses after each, and the one before the last."""

    after: tuple[int, ...]
    before_last: int | None


def taught(
    parts: Sequence[Part],
    starts: Sequence[Fraction],
    session: Session,
    library: Library,
    turn: int,
    speech: Collection[str],
) -> tuple[Part, ...]:
    """Return the parts with what the coach says between the sets, in session number `turn`.

    `starts` are those of the parts and the session's end, in seconds.
    """
    chosen = _Chosen(parts, quiet(parts, starts), turn, speech)
    practice = practises(parts, starts[-1])
    if Announced.TEACHING in session.announce:
        if practice and chosen.pauses:  # at the end, where all is done
            chosen.add(chosen.pauses[-1], LineKind.QUESTION, _questions(parts, session, library))
        _teach(chosen, parts, session, library, turn)
    if Announced.ENCOURAGEMENT in session.announce:
        many = practice and session.level != "race"
        where = spread(starts, chosen.quiet, ENCOURAGED if many else FEW)
        apart = 0
        for index in where:
            said = {line.text for line in chosen.lines.values()}
            found = encouragement(parts, starts, index, session, library)
            texts = [text for text in found if text not in said]
            chosen.add(index, LineKind.ENCOURAGEMENT, texts, turn + apart)
            apart += 5 + turn // max(len(texts), 1)  # sessions with one line alike differ in others
    return tuple(
        replace(part, lines=(chosen.lines[k],)) if k in chosen.lines else part
        for k, part in enumerate(parts)
    )


def _teach(
    chosen: _Chosen, parts: Sequence[Part], session: Session, library: Library, turn: int
) -> None:
    """Choose what is owed, one reason, and what else there is of the drills, in this order."""

    def give_quietly(index: int, kind: LineKind, text: str) -> None:
        enough = kind in ANSWERED and chosen.asked >= _ASKED
        if len(chosen.quiet) > FEW and not enough:  # that much is left to encourage
            chosen.give(index, kind, text)

    sets = {library.drills[name]: each for name, each in _sets(parts, chosen.lines)}
    for k, (drill, found) in enumerate(sets.items()):
        for each in _owed(drill, found, session, turn + k):
            chosen.give(*each)
    race = session.level == "race"
    if not race:
        _give_reason(chosen, parts, sets, session, library, turn)
    signs, feelings = ([], []) if race else (_signs(sets), _feelings(sets))
    in_between = () if race else _signs_in_between(sets, turn)
    first = _three([*signs, *feelings], turn)
    others = _others(sets, signs, feelings)
    for each in (*in_between, *first, *_from_another(others, turn)):
        give_quietly(*each)


def _give_reason(
    chosen: _Chosen,
    parts: Sequence[Part],
    drills: Collection[Drill],
    session: Session,
    library: Library,
    turn: int,
) -> None:
    """Choose one reason and its pause."""
    long = [k for k in chosen.pauses if _has_time_for_why(parts[k])]
    reasons = _reasons(parts, drills, long, session, library)
    known = [(text, where) for text, where in reasons if chosen.can_say(text) and where]
    if known:
        text, where = known[turn % len(known)]
        again = turn + turn // len(known)  # so that each reason changes places
        chosen.add(where[again % len(where)], LineKind.REASON, [text])


class _Chosen:
    """The line that each part has been given."""

    def __init__(
        self, parts: Sequence[Part], quiet: Sequence[int], turn: int, speech: Collection[str]
    ) -> None:
        self._parts = parts
        self._quiet = quiet
        self._turn = turn
        self._speech = speech
        self.lines: dict[int, Line] = {}

    @property
    def pauses(self) -> list[int]:
        """The rests and walks that have no line yet."""
        parts = enumerate(self._parts)
        return [k for k, part in parts if part.kind in PAUSES and k not in self.lines]

    @property
    def quiet(self) -> list[int]:
        """The parts without a line yet where encouragement disturbs nothing."""
        return [k for k in self._quiet if k not in self.lines]

    @property
    def asked(self) -> int:
        """How many of the lines are to be answered inwardly."""
        return sum(line.kind in ANSWERED for line in self.lines.values())

    def can_say(self, text: str) -> bool:
        """Return whether the voice has a text."""
        return text in self._speech

    def add(
        self, index: int, kind: LineKind, texts: Sequence[str], turn: int | None = None
    ) -> None:
        """Give a part the next of these texts that can be spoken."""
        known = [text for text in texts if text in self._speech]
        if known:
            text = known[(self._turn if turn is None else turn) % len(known)]
            at = _AFTER_ITS_NAME
            if kind is LineKind.ENCOURAGEMENT:  # in a run halfway to its second cue
                at += Fraction(self._parts[index].cueing.seconds or 0, 2)
            self.lines[index] = Line(kind, text, at, late=kind is LineKind.FEEL)

    def give(self, index: int, kind: LineKind, text: str) -> None:
        """Give a part a text, unless it has one."""
        if index not in self.lines:
            self.add(index, kind, [text])


def _sets(parts: Sequence[Part], taken: Collection[int]) -> Iterator[tuple[str, _Sets]]:
    """Yield each drill with its sets; both legs are one set, and a contrast is none.

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
    for name, last in ends.items():
        after = tuple(
            k + 1
            for k in last
            if k + 1 < len(parts) and k + 1 not in taken and _has_room(parts, k + 1)
        )
        before = starts[name][-1] - 1
        several = len(last) > 1 and parts[before].kind in PAUSES
        yield name, _Sets(after, before if several else None)


def _has_time_for_why(part: Part) -> bool:
    """Return whether a pause is long enough for a reason, beside what is to be done in it."""
    least = _REASON_FROM if all(say.from_end for say in part.say) else _REASON_BESIDE_FROM
    return part.seconds >= least


def _has_room(parts: Sequence[Part], k: int) -> bool:
    """Return whether a part that follows a set has room for a line about it.

    Not if the session says something of its own there, nor on the way to closed eyes.
    """
    part = parts[k]
    if is_beside_closed_eyes(parts, k) or not all(say.from_end for say in part.say):
        return False
    run = part.kind is Kind.RUN and part.seconds >= _AFTER_A_SET_FROM
    return part.kind in PAUSES or run


def _owed(drill: Drill, sets: _Sets, session: Session, turn: int) -> Iterator[_Place]:
    """Yield which of a drill's checks must be asked, and where.

    In the session that is named after the drill all that have a place. Else what is owed, in every
    second session; in a single place in turns, and if the sign of mastery says all of it, that
    takes every second turn.
    """
    checks, after = drill.checks, sets.after
    named = session.name.startswith(drill.id)
    owed = [check for check in checks if check.owed]
    if named or (len(after) >= len(checks) and turn % 2 == 0):
        for k, check in zip(after, checks, strict=False):
            if named or check.owed:
                yield k, LineKind.CHECK, check.text
    elif owed and len(after) == 1 < len(owed):
        sign = drill.mastered
        if not {each for check in owed for each in check.article} <= {*sign.article}:
            yield after[0], LineKind.CHECK, owed[turn % len(owed)].text
        elif turn % 2:
            yield after[0], LineKind.QUESTION, sign.text
        else:
            yield after[0], LineKind.CHECK, owed[turn // 2 % len(owed)].text
    elif owed and after and turn % 2 == 0:
        yield after[0], LineKind.CHECK, owed[0].text


def _signs_in_between(sets: Mapping[Drill, _Sets], turn: int) -> Iterator[_Place]:
    """Yield the signs of mastery whose single place is taken by a check in every second session."""
    for k, (drill, found) in enumerate(sets.items()):
        if len(found.after) == 1 and (turn + k) % 4 == 1 and any(c.owed for c in drill.checks):
            yield found.after[0], LineKind.QUESTION, drill.mastered.text


def _signs(sets: Mapping[Drill, _Sets]) -> list[_Place]:
    """Return where the signs of mastery belong: after the last set of each drill."""
    return [
        (found.after[-1], LineKind.QUESTION, drill.mastered.text)
        for drill, found in sets.items()
        if found.after
    ]


def _feelings(sets: Mapping[Drill, _Sets]) -> list[_Place]:
    """Return where what to feel belongs: before the last of several sets of each drill."""
    return [
        (found.before_last, LineKind.FEEL, drill.feel)
        for drill, found in sets.items()
        if found.before_last is not None
    ]


def _three(items: Sequence[_Place], turn: int) -> list[_Place]:
    """Return up to three of the items, the next ones in the next session, in another order.

    Going round an odd number, each is among them in odd and in even sessions.
    """
    places = range(len(items) + (len(items) % 2 == 0))
    wanted = dict.fromkeys((3 * turn + (turn + k) % 3) % len(places) for k in range(3))
    return [items[k] for k in wanted if k < len(items)]


def _others(
    sets: Mapping[Drill, _Sets], signs: Sequence[_Place], feelings: Sequence[_Place]
) -> list[_Place]:
    """Return where the other checks belong, with the signs of mastery and what to feel.

    What belongs in the same pause is far apart in this list, so that each has its turn at it: first
    a check of each drill, then the signs, then the second checks.
    """
    checks = [_other_checks(drill, found) for drill, found in sets.items()]
    first, *more = [list(filter(None, row)) for row in zip_longest(*checks)] or [[]]
    later = [place for row in more for place in row]
    return [*first, *signs, *later, *feelings]


def _other_checks(drill: Drill, sets: _Sets) -> list[_Place]:
    """Return the checks that are not owed, each after a set of its own if there are enough."""
    places = [*sets.after, *sets.after[-1:] * len(drill.checks)]
    pairs = zip(places, drill.checks, strict=False)
    return [(k, LineKind.CHECK, check.text) for k, check in pairs if not check.owed]


def _from_another(items: Sequence[T], turn: int) -> Iterator[T]:
    """Yield all items, in each session another seventh of them first, in turns from either end.

    Seven is odd: each is among the first in odd and in even sessions, as checks are due in every
    second one.
    """
    numbers = range(len(items))
    turned = numbers if turn // _ROUND % 2 else reversed(numbers)
    for k in sorted(turned, key=lambda k: (k - turn) % _ROUND):
        yield items[k]


def _reasons(
    parts: Sequence[Part],
    drills: Collection[Drill],
    pauses: Sequence[int],
    session: Session,
    library: Library,
) -> Iterator[tuple[str, list[int]]]:
    """Yield why this session does what it does, and the pauses where that can be told.

    Of each of the drills and of what it trains that is soonest after its sets; of what only runs
    are about, soonest after a run; in general, anywhere.
    """

    def soonest(kind: Kind, drills: Collection[str]) -> list[int]:
        sets = [k for k, p in enumerate(parts) if p.kind is kind and p.drill in drills]
        far = {k: k - sets[bisect_left(sets, k) - 1] for k in pauses if sets and sets[0] < k}
        least = min(far.values(), default=0)
        return [k for k in far if far[k] == least] if least <= _NEAR else []

    elements = dict.fromkeys(name for phase in session.written() for name in phase.cues or ())
    for drill in drills:
        yield from ((each.text, soonest(Kind.DRILL, {drill.id})) for each in drill.reasons)
        elements.update(dict.fromkeys(drill.trains))
    for name in filter(library.elements.__contains__, elements):
        training = {drill.id for drill in drills if name in drill.trains}
        where = soonest(Kind.DRILL, training) if training else soonest(Kind.RUN, {""})
        yield from ((each.text, where) for each in library.elements[name].reasons)
    yield from ((each.text, list(pauses)) for each in library.talk.reasons)


def _questions(parts: Sequence[Part], session: Session, library: Library) -> Sequence[str]:
    """Return the questions of which one is asked at the end."""
    if session.level == "race":
        return library.talk.race
    one_leg = any(part.kind is Kind.SWITCH for part in parts)
    return (*library.talk.questions, *(library.talk.legs if one_leg else ()))
