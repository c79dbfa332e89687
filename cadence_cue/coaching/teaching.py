"""Chooses what the coach says between the sets: checks, reasons, what to feel, encouragement.

A pause has one of them at most; what teaches goes first. Separate from
cueing, which is about the movement while it is done. The numbers are this app's own choice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate

from cadence_cue.coaching.model import Announced, Drill, Kind, Library, Session
from cadence_cue.coaching.part import Line, LineKind, Part
from cadence_cue.coaching.rules import FALL

_PAUSES = (Kind.REST, Kind.WALK)
_REASON_FROM = 15  # seconds; a shorter pause has no room for a reason
_REASON_BESIDE_FROM = 60  # seconds, if the session has instructions of its own there
_ENCOURAGED = 4  # times in a practice of drills ...
_FEW = 2  # ... and otherwise, or before a race
_PRACTICE = 3  # sets from which a session is a practice of drills, if it is not mostly running
_NOT_BEFORE = 60  # seconds into the session
_AFTER_A_SET_FROM = 60  # seconds of a run that follows a set, and has room for a check
_IN_A_RUN_FROM = 120  # seconds; a shorter run is left to its cues
_AFTER_ITS_NAME = Fraction(3)  # seconds into a pause, so that a check comes first to mind


@dataclass(frozen=True, slots=True)
class _Sets:
    """The sets of one drill: the pauses after each, and the one before the last."""

    after: tuple[int, ...]
    before_last: int | None


def taught(
    parts: Sequence[Part],
    session: Session,
    library: Library,
    turn: int,
    speech: Collection[str],
) -> list[Part]:
    """Return the parts with what the coach says between the sets, in session number `turn`."""
    chosen = _Chosen(parts, turn, speech)
    sets = dict(_sets(parts))
    practice = _practises(parts)
    if Announced.TEACHING in session.announce:
        if practice and chosen.pauses:  # at the end, where all is done
            chosen.add(chosen.pauses[-1], LineKind.QUESTION, _questions(parts, session, library))
        for k, (name, found) in enumerate(sets.items()):
            chosen.give(_checks(library.drills[name], found, session, turn + k))
        long = [k for k in chosen.pauses if _has_time_for_why(parts[k])]
        if long and session.level != "race":
            reasons = _reasons(parts, sets, long, session, library)
            known = [(text, where) for text, where in reasons if text in speech and where]
            if known:
                text, where = known[turn % len(known)]
                chosen.add(where[turn % len(where)], LineKind.REASON, [text])
        for k, (name, found) in enumerate(sets.items()):
            left = len(_quiet(parts, chosen.lines))
            if left > _FEW and session.level != "race":  # leave room to encourage
                each_time = left > _ENCOURAGED
                chosen.give(_awareness(library.drills[name], found, turn + k, each_time))
    if Announced.ENCOURAGEMENT in session.announce:
        many = practice and session.level != "race"
        quiet = _spread(_quiet(parts, chosen.lines), _ENCOURAGED if many else _FEW)
        for k, index in enumerate(quiet):
            texts = _encouragement(parts, index, session, library)
            chosen.add(index, LineKind.ENCOURAGEMENT, texts, turn + 5 * k)
    return [
        replace(part, lines=(chosen.lines[k],)) if k in chosen.lines else part
        for k, part in enumerate(parts)
    ]


def _practises(parts: Sequence[Part]) -> bool:
    """Return whether a session is a practice of drills."""
    running = sum(part.seconds for part in parts if part.kind is Kind.RUN)
    sets = sum(part.kind is Kind.DRILL for part in parts)
    return sets >= _PRACTICE and 2 * running < sum(part.seconds for part in parts)


class _Chosen:
    """The line that each part has been given."""

    def __init__(self, parts: Sequence[Part], turn: int, speech: Collection[str]) -> None:
        self._parts = parts
        self._turn = turn
        self._speech = speech
        self.lines: dict[int, Line] = {}

    @property
    def pauses(self) -> list[int]:
        """The rests and walks that have no line yet."""
        parts = enumerate(self._parts)
        return [k for k, part in parts if part.kind in _PAUSES and k not in self.lines]

    def add(
        self, index: int, kind: LineKind, texts: Sequence[str], turn: int | None = None
    ) -> None:
        """Give a part the next of these texts that can be spoken."""
        known = [text for text in texts if text in self._speech]
        if known:
            text = known[(self._turn if turn is None else turn) % len(known)]
            self.lines[index] = Line(kind, text, _AFTER_ITS_NAME)

    def give(self, due: Iterable[tuple[int, LineKind, str]]) -> None:
        """Give each part the line that is due there, unless it has one."""
        for index, kind, text in due:
            if index not in self.lines:
                self.add(index, kind, [text])


def _sets(parts: Sequence[Part]) -> Iterator[tuple[str, _Sets]]:
    """Yield each drill with its sets; both legs are one set."""
    ends: dict[str, list[int]] = {}
    starts: dict[str, list[int]] = {}
    for k, part in enumerate(parts):
        if part.kind is not Kind.DRILL:
            continue
        if k == 0 or parts[k - 1].kind is not Kind.SWITCH:
            starts.setdefault(part.drill, []).append(k)
        if k + 1 == len(parts) or parts[k + 1].kind is not Kind.SWITCH:
            ends.setdefault(part.drill, []).append(k)
    for name, last in ends.items():
        taught = [k for k in last if parts[k].cueing.blocks] or last  # not after a mere contrast
        after = tuple(k + 1 for k in taught if k + 1 < len(parts) and _has_room(parts[k + 1]))
        before = starts[name][-1] - 1
        several = len(last) > 1 and parts[before].kind in _PAUSES
        yield name, _Sets(after, before if several else None)


def _has_time_for_why(part: Part) -> bool:
    """Return whether a pause is long enough for a reason, beside what is to be done in it."""
    least = _REASON_FROM if all(say.from_end for say in part.say) else _REASON_BESIDE_FROM
    return part.seconds >= least


def _has_room(part: Part) -> bool:
    """Return whether a part that follows a set has room for a line about it."""
    run = part.kind is Kind.RUN and part.seconds >= _AFTER_A_SET_FROM
    return part.kind in _PAUSES or run


def _checks(
    drill: Drill, sets: _Sets, session: Session, turn: int
) -> Iterator[tuple[int, LineKind, str]]:
    """Yield where which of a drill's checks is due.

    Half of the drills have theirs in each session, and if a drill has two, each comes within two.
    The session that is named after a drill has all of them.
    """
    checks, after = drill.checks, sets.after
    own = session.name.startswith(drill.id)
    if checks and after:
        if own or (len(after) >= len(checks) and turn % 2 == 0):
            for check, index in zip(checks, after, strict=False):
                yield index, LineKind.CHECK, check.text
        elif len(after) < len(checks):
            yield after[0], LineKind.CHECK, checks[turn % len(checks)].text


def _awareness(
    drill: Drill, sets: _Sets, turn: int, each_time: bool
) -> Iterator[tuple[int, LineKind, str]]:
    """Yield where a drill's feeling and the sign of its mastery are due, in turn.

    Each is once in four sessions, unless there is time for both `each_time`.
    """
    if (each_time or turn % 4 == 1) and sets.before_last is not None:
        yield sets.before_last, LineKind.FEEL, drill.feel
    if (each_time or turn % 4 == 3) and sets.after:
        yield sets.after[-1], LineKind.QUESTION, drill.mastered


def _reasons(
    parts: Sequence[Part],
    names: Iterable[str],
    pauses: Sequence[int],
    session: Session,
    library: Library,
) -> Iterator[tuple[str, list[int]]]:
    """Yield why this session does what it does, and the pauses where that can be told.

    Of each drill in `names` and of what it trains that is nearest to its sets; of what only runs
    are about, nearest to a run; in general, anywhere.
    """

    def nearest(kind: Kind, drills: Collection[str]) -> list[int]:
        sets = [k for k, p in enumerate(parts) if p.kind is kind and p.drill in drills]
        far = {k: min(abs(k - each) for each in sets) for k in pauses if sets}
        least = min(far.values(), default=0)
        return [k for k in far if far[k] == least]

    drills = [library.drills[name] for name in names]
    elements = dict.fromkeys(name for phase in session.written() for name in phase.cues or ())
    for drill in drills:
        yield from ((each.text, nearest(Kind.DRILL, {drill.id})) for each in drill.reasons)
        elements.update(dict.fromkeys(drill.trains))
    for name in filter(library.elements.__contains__, elements):
        training = {drill.id for drill in drills if name in drill.trains}
        where = nearest(Kind.DRILL, training) if training else nearest(Kind.RUN, {""})
        yield from ((each.text, where) for each in library.elements[name].reasons)
    yield from ((each.text, list(pauses)) for each in library.talk.reasons)


def _questions(parts: Sequence[Part], session: Session, library: Library) -> Sequence[str]:
    """Return the questions of which one is asked at the end."""
    if session.level == "race":
        return library.talk.race
    one_leg = any(part.kind is Kind.SWITCH for part in parts)
    return (*library.talk.questions, *(library.talk.legs if one_leg else ()))


def _quiet(parts: Sequence[Part], taken: Collection[int]) -> list[int]:
    """Return the pauses and long runs where encouragement disturbs nothing else."""
    starts = [Fraction(0), *accumulate(part.seconds for part in parts)]
    return [
        k
        for k, part in enumerate(parts)
        if k not in taken and starts[k] >= _NOT_BEFORE and not part.say
        and (part.kind in _PAUSES or _long_run(part))
        and not _beside_closed_eyes(parts, k)
    ]  # fmt: skip


def _spread(items: Sequence[int], most: int) -> list[int]:
    """Return so many of the items at most, as far from each other as they can be."""
    if len(items) <= most:
        return list(items)
    return [items[(2 * n + 1) * len(items) // (2 * most)] for n in range(most)]


def _long_run(part: Part) -> bool:
    return part.kind is Kind.RUN and part.seconds >= _IN_A_RUN_FROM


def _beside_closed_eyes(parts: Sequence[Part], k: int) -> bool:
    return k + 1 < len(parts) and bool(parts[k + 1].closing)


def _encouragement(
    parts: Sequence[Part], index: int, session: Session, library: Library
) -> Sequence[str]:
    """Return the encouragement that is true at a part of the session."""
    talk = library.talk
    if parts[index].kind is Kind.RUN:
        return talk.running
    sets = [k for k, part in enumerate(parts) if part.kind is Kind.DRILL]
    coming = [k for k in sets if k > index]
    if len(coming) == 1 and len(sets) >= _PRACTICE:
        names = [parts[k].drill for k in (sets[-2], sets[-1])]
        if names[0] == names[1] != FALL:
            return talk.last
    passed, total = (sum(part.seconds for part in some) for some in (parts[:index], parts))
    if 2 * passed >= total:
        return talk.late
    return (*talk.encouragement, *(() if session.level == "race" else talk.learning))
