"""When the beats of a session must sound after its tempo was changed on the way.

As the oracle, apart from the product: the tempo that holds at each moment, integrated exactly;
each frame found by bisection on that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from tests.oracle import Span

DUST = Fraction(1, 10**9)
"""An instant inside a ramp is known to so many beats."""


@dataclass(frozen=True, slots=True)
class Change:
    """From an instant on: the spans' tempos in beats per second, and a beat so much later."""

    at: Fraction
    tempos: tuple[tuple[Fraction, Fraction] | None, ...]
    shift: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Leg:
    """A span as it was performed: `pieces` of one tempo law each, or none without a beat."""

    span: Span
    pieces: tuple[Span, ...]
    end: Fraction
    last: Fraction
    """The beat position at its end."""

    def numbers(self) -> range:
        """The whole beat positions from the start up to, not including, the end."""
        return range(ceil(self.pieces[0].position), ceil(self.last)) if self.pieces else range(0)

    def frame(self, number: int, rate: int) -> int:
        """The frame of a beat."""
        return [p for p in self.pieces if p.position <= number][-1].frame(number, rate)

    def clicks(self, rate: int) -> Iterator[tuple[int, int, bool]]:
        """The beats that sound: frame, number, accent."""
        pattern = replace(self.span, position=self.pieces[0].position) if self.pieces else self.span
        stride = pattern.stride
        for number in self.numbers():
            heard = self._fading(number) if pattern.beat == "fade" else pattern.heard(number)
            if heard and (stride is None or number % 2 == stride):
                yield self.frame(number, rate), number, pattern.accented(number)

    def _at(self, instant: Fraction) -> Fraction:
        return [p for p in self.pieces if p.start <= instant][-1].at(instant)

    def _fading(self, number: int) -> bool:
        start = self.span.start
        quarter = (self.end - start) / 4
        if number < self._at(start + quarter):
            return True
        if number < self._at(start + 2 * quarter):
            return (number - ceil(self._at(start + quarter))) // 8 % 2 == 0
        if number >= self._at(start + 3 * quarter):
            return False
        minutes = [start + 30 * n for n in range(ceil((self.end - start) / 30))]
        begun = [minute for minute in minutes if self._at(minute) <= number]
        return number - ceil(self._at(begun[-1])) < 4


def performed(
    spans: Sequence[Span], beats: Sequence[int | None], changes: Sequence[Change]
) -> list[Leg]:
    """The spans one after the other; `beats` are the lengths of those that are given in beats.

    The first change holds from the beginning on.
    """
    legs: list[Leg] = []
    for index, span in enumerate(spans):
        before = legs[-1] if legs else None
        start = before.end if before else Fraction(0)
        joined = before is not None and before.pieces and spans[index - 1].grid == span.grid
        position = before.last if before is not None and joined else Fraction(0)
        placed = replace(span, start=start)
        if before and before.pieces and span.accents_from is not None:
            placed = replace(placed, accents_from=before.pieces[0].position)
        legs.append(_leg(placed, index, position, beats[index], changes))
    return legs


def _leg(
    span: Span, index: int, position: Fraction, beats: int | None, changes: Sequence[Change]
) -> Leg:
    begun = [change for change in changes if change.at <= span.start]
    tempo = (begun or changes)[-1 if begun else 0].tempos[index]
    if tempo is None:
        return Leg(span, (), span.end, Fraction(0))
    now, last = tempo
    first, begin = position, span.start
    if position:  # on the grid of the span before, moved where they meet
        moved = sum((change.shift for change in begun if change.at == begin), Fraction(0))
        position -= moved * now
    end = begin + (beats * 2 / (now + last) if beats else span.seconds)
    pieces: list[Span] = []
    for change in changes:
        if not begin < change.at < end:
            continue
        then = now + (last - now) * (change.at - begin) / (end - begin)
        piece = replace(
            span, start=begin, seconds=change.at - begin, tempo=(now, then), position=position
        )
        pieces.append(piece)
        tempo = change.tempos[index]
        assert tempo is not None
        now = tempo[0] + (tempo[1] - tempo[0]) * (change.at - span.start) / (end - span.start)
        last, begin = tempo[1], change.at
        position = _whole(piece.at(begin)) - change.shift * now
        if beats:
            end = begin + (first + beats - position) * 2 / (now + last)
    piece = replace(span, start=begin, seconds=end - begin, tempo=(now, last), position=position)
    return Leg(span, (*pieces, piece), end, _whole(piece.at(end)))


def _whole(position: Fraction) -> Fraction:
    near = Fraction(round(position))
    return near if abs(position - near) < DUST else position
