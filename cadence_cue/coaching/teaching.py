"""Chooses what the coach says between the sets: checks, reasons, what to feel, encouragement.

A pause has one of them at most; what teaches goes first. Separate from cueing, which is about the
movement while it is done. The numbers are this app's own choice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from cadence_cue.coaching.drill import Drill, Library
from cadence_cue.coaching.encouraging import (
    ENCOURAGED,
    FEW,
    PAUSES,
    encouragement,
    practises,
    quiet,
    spread,
)
from cadence_cue.coaching.part import ANSWERED, Line, LineKind, Part
from cadence_cue.coaching.session import Announced, Kind, Session
from cadence_cue.coaching.set_lines import further, owed, sets_of

_REASON_FROM = 15  # seconds; a shorter pause has no room for a reason
_REASON_BESIDE_FROM = 60  # seconds, if the session has instructions of its own there
_NEAR = 2  # parts between what a reason is about and the pause in which it is told, at most
_ASKED = 7  # times in a session; what is owed comes first
_AFTER_ITS_NAME = Fraction(3)  # seconds into a pause, so that a check comes first to mind


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

    sets = sets_of(parts, library, chosen.lines)
    for each in owed(sets, session, turn):
        chosen.give(*each)
    if session.level == "race":  # shortly before one, no more is asked than is owed
        return
    _give_reason(chosen, parts, sets, session, library, turn)
    for each in further(sets, turn):
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


def _has_time_for_why(part: Part) -> bool:
    """Return whether a pause is long enough for a reason, beside what is to be done in it."""
    least = _REASON_FROM if all(say.from_end for say in part.say) else _REASON_BESIDE_FROM
    return part.seconds >= least


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
