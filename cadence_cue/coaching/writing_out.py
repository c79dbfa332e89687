"""Writes out a session: every phase in playing order, with its number among repetitions or sets.

Separate from the program, which turns each of these phases into a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.rules import SWITCH_SECONDS
from cadence_cue.coaching.session import Announced, Kind, Length, Phase, Repeat, Session

Numbered = tuple[int, int]
"""The number of a repetition or set, and their total; (1, 1) for a single one."""


class Counting:
    """Numbers rounds and sets only where the first of them is numbered aloud."""

    def __init__(self) -> None:
        self._begun: dict[object, bool] = {}

    def told(self, phase: Phase, number: Numbered, announced: frozenset[Announced]) -> Numbered:
        """Return the number that may be told of a phase, given what is announced of it."""
        if number[1] == 1:
            return number
        row = _row(phase)
        if number[0] == 1:
            aloud = Announced.NUMBER in announced and not isinstance(phase.announce, str)
            self._begun[row] = aloud
        return number if self._begun.get(row) else (1, 1)


def _row(phase: Phase) -> tuple[object, ...]:
    """Return what the phases have in common that are numbered together."""
    alike = phase.side, phase.variant, phase.tempo, phase.length, phase.beat
    return phase.kind, phase.drill or phase.title or phase.number, alike


def written_out(session: Session) -> list[tuple[Phase, Numbered]]:
    """Return every phase in playing order, with repeats written out and `both` split into sides.

    Each phase comes with the number of the repetition if its first drill or run is this phase, else
    with its number among equal sets in a row.
    """
    phases = list(_phases(session))
    return list(zip((phase for phase, _ in phases), _sets(phases), strict=True))


def _phases(session: Session) -> Iterator[tuple[Phase, Numbered]]:
    for item in session.phases:
        times, phases = (item.times, item.parts) if isinstance(item, Repeat) else (1, (item,))
        active = (k for k, phase in enumerate(phases) if phase.kind in (Kind.DRILL, Kind.RUN))
        first = next(active, 0)  # pauses are not counted
        for number in range(1, times + 1):
            for k, phase in enumerate(phases):
                numbered = (number, times) if k == first else (1, 1)
                for each in _sides(phase):
                    yield each, numbered
                    numbered = (1, 1)


def _sides(phase: Phase) -> Iterator[Phase]:
    if phase.side is not Side.BOTH or phase.length.seconds is None:
        yield phase
        return
    half = replace(phase.length, seconds=(phase.length.seconds - SWITCH_SECONDS) / 2)
    switch = replace(phase.length, seconds=Fraction(SWITCH_SECONDS))
    announce = frozenset(Announced) if isinstance(phase.announce, str) else phase.announce
    yield replace(phase, side=Side.LEFT, length=half)
    yield Phase(Kind.SWITCH, switch, wording.SWITCH_LEGS, announce=announce, number=phase.number)
    yield replace(phase, side=Side.RIGHT, length=half, announce=announce)


def _sets(phases: Sequence[tuple[Phase, Numbered]]) -> list[Numbered]:
    """Return each phase's number among repetitions, else among equal sets or runs in a row."""
    numbers = [numbered for _, numbered in phases]
    row: dict[tuple[object, ...], list[int]] = {}
    now: object = None
    for k, (phase, _) in enumerate((*phases, (Phase(Kind.DRILL, Length()), (1, 1)))):
        if phase.kind not in (Kind.DRILL, Kind.RUN):
            continue
        what = phase.drill or (phase.title or k)
        if what != now:
            for places in row.values():
                for number, place in enumerate(places, 1):
                    if len(places) >= numbers[place][1]:
                        numbers[place] = number, len(places)
            row, now = {}, what
        row.setdefault(_row(phase), []).append(k)
    return numbers
