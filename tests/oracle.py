"""When every click of a session must sound, worked out again with Fractions and brute force.

Kept apart from the product on purpose: nothing here imports it, and no square root is taken.
A beat position is the exact integral of the tempo, and the frame of a beat is the one frame
whose half-frame neighbourhood holds it, found by bisection on that integral. Whoever breaks the
product's arithmetic, or improves it wrongly, disagrees with this file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with one tempo law: from `start`, for `seconds`, at `tempo`.

    `tempo` is beats per second at both ends, None where there is no beat; `position` is the beat
    position at the start, counted from where the grid began, in span `grid`.
    """

    start: Fraction
    seconds: Fraction
    tempo: tuple[Fraction, Fraction] | None
    position: Fraction
    grid: int
    beat: str
    accent: int
    foot: int | None
    """The parity of the beats that accents begin on (0 for left), where one side runs."""
    gain_db: Fraction
    count_in: int | None
    """Beats that are asked for; None where the rules choose."""
    ticks: tuple[int, ...] = ()
    stride: int | None = None
    """The parity of the beats that have a click, where only one foot has one."""
    accents_from: Fraction | None = None
    """The position from which accents are counted, where it follows a glide: the glide's."""
    may_count: bool = True
    """Whether a count-in may stand in the tail of this span (never in a lean)."""

    @property
    def end(self) -> Fraction:
        """The first instant after it."""
        return self.start + self.seconds

    def at(self, instant: Fraction) -> Fraction:
        """The beat position at an instant, exactly: the integral of a tempo linear in time."""
        assert self.tempo is not None
        first, last = self.tempo
        inside = instant - self.start
        if first == last:
            return self.position + first * inside
        return self.position + first * inside + (last - first) / self.seconds / 2 * inside**2

    def numbers(self) -> range:
        """The whole beat positions from the start up to, not including, the end."""
        return range(ceil(self.position), ceil(self.at(self.end)))

    def frame(self, number: int, rate: int) -> int:
        """floor(rate x instant + 1/2) of a beat: the frame f with f - 1/2 <= rate x t < f + 1/2."""
        assert self.tempo is not None
        first, last = self.tempo
        if first == last:
            return nearest((self.start + (number - self.position) / first) * rate)
        low, high = nearest(self.start * rate), nearest(self.end * rate)
        while low < high:
            middle = (low + high + 1) // 2
            if (middle - HALF) / rate <= self.start or self.at((middle - HALF) / rate) <= number:
                low = middle
            else:
                high = middle - 1
        return low

    def heard(self, number: int) -> bool:
        """Whether the beat is among those that the span's foot and pattern let sound."""
        if self.stride is not None and number % 2 != self.stride:
            return False
        since = number - ceil(self.position)
        if self.beat in ("on", "off"):
            return self.beat == "on"
        if gaps := re.fullmatch(r"(\d+) on, (\d+) off", self.beat):
            on, off = int(gaps[1]), int(gaps[2])
            return since % (on + off) < on
        if head := re.fullmatch(r"(\d+) then off", self.beat):
            return since < int(head[1])
        assert self.beat == "fade", self.beat
        return self._fading(number)

    def _fading(self, number: int) -> bool:
        quarters = [self.at(self.start + self.seconds * n / 4) for n in (1, 2, 3)]
        if number < quarters[0]:
            return True
        if number < quarters[1]:
            return (number - ceil(quarters[0])) // 8 % 2 == 0
        if number >= quarters[2]:
            return False
        minute = 0
        while 30 * (minute + 1) < self.seconds and (
            self.at(self.start + 30 * (minute + 1)) <= number
        ):
            minute += 1
        return number - ceil(self.at(self.start + 30 * minute)) < 4

    def accented(self, number: int) -> bool:
        """Whether the beat is one of every `accent`, from the span's (or its side's) first beat.

        What follows a glide goes on with the glide's.
        """
        first = ceil(self.position if self.accents_from is None else self.accents_from)
        foot = self.foot if self.stride is None else self.stride
        if foot is not None and first % 2 != foot:
            first += 1
        every = self.accent if self.stride is None else 2 * self.accent  # counted in clicks
        return self.accent > 0 and number >= first and (number - first) % every == 0


@dataclass(frozen=True, slots=True)
class Click:
    """A click that must be heard, `frame` frames after the lead-in."""

    frame: int
    instant: str
    accented: bool | None
    """None for a tick, which has neither accent nor foot."""
    parity: int
    gain: float
    span: int
    accents: bool = False
    """Whether its span has accents."""


@dataclass(frozen=True, slots=True)
class CountIn:
    """The count-in before a grid: the frames of positions -1, -2, ... and the counts allowed."""

    frames: tuple[int, ...]
    counts: tuple[int, ...]
    gain: float
    span: int


@dataclass(frozen=True, slots=True)
class Score:
    """A session written out: spans back to back from instant 0."""

    spans: tuple[Span, ...]
    announced: bool = True
    wishes: tuple[tuple[str, Fraction], ...] = ()
    """Texts of `say` and the instants that are wished for their vowels."""
    countdown: tuple[tuple[str, Fraction], ...] = ()
    """Seconds left, as they are said, and the exact instants of their vowels."""

    @property
    def seconds(self) -> Fraction:
        """The sum of all phases' times."""
        return self.spans[-1].end

    def frames(self, rate: int) -> int:
        """From the end of the lead-in to the end of the last phase."""
        return nearest(self.seconds * rate)

    def clicks(self, rate: int) -> list[Click]:
        """Every click of a beat, and every tick, in order."""
        found = []
        for index, span in enumerate(self.spans):
            gain = 10 ** (float(span.gain_db) / 20)
            for tick in span.ticks:
                frame = nearest((span.start + tick) * rate)
                found.append(Click(frame, f"tick {tick} s", None, 0, gain, index))
            if span.tempo is None:
                continue
            for number in span.numbers():
                if span.heard(number):
                    frame = span.frame(number, rate)
                    what = f"beat {number} of span {index}"
                    accented, accents = span.accented(number), span.accent > 0
                    found.append(Click(frame, what, accented, number % 2, gain, index, accents))
        return found

    def silent(self, rate: int) -> list[int]:
        """The frames of beats that must not sound: patterned away, or on a grid's very end."""
        frames = []
        for index, span in enumerate(self.spans):
            if span.tempo is None:
                continue
            frames += [span.frame(n, rate) for n in span.numbers() if not span.heard(n)]
            following = self.spans[index + 1 : index + 2]
            ends = not following or following[0].grid != span.grid
            if ends and span.at(span.end).denominator == 1:
                frames.append(nearest(span.end * rate))
        return frames

    def stops(self, rate: int) -> list[int]:
        """The frames at which a beat may be told to have stopped: the end of spans with one."""
        return [nearest(span.end * rate) for span in self.spans if span.tempo is not None]

    def count_ins(self, rate: int) -> list[CountIn]:
        """One for each grid, certain where nothing is announced and there is room."""
        found = []
        for index, span in enumerate(self.spans):
            before = self.spans[index - 1] if index else None
            if span.tempo is None or (before and before.grid == span.grid):
                continue
            first = span.tempo[0]
            usual = 8 if first * 60 >= 140 else 4
            most = usual if span.count_in is None else span.count_in
            if before and not before.may_count:
                most = 0
            on = [n for n in range(1, most + 1) if span.stride is None or n % 2 == span.stride]
            frames = tuple(nearest((span.start - n / first) * rate) for n in on)
            room = before is None or before.seconds > most / first + 3
            certain = not self.announced and room
            counts = (most,) if certain else tuple({0, *(n for n in (2, 4, most) if n <= most)})
            counts = tuple(sum(n <= count for n in on) for count in counts)
            gain = 10 ** (float(span.gain_db) / 20)
            found.append(CountIn(frames, counts, gain, index))
        return found


def nearest(number: Fraction) -> int:
    """floor(number + 1/2)."""
    return floor(number + HALF)
