"""The tempo map: beat position as the integral of tempo over time, and its inverse.

Everything is an exact fraction. Only the instant of a beat inside a ramp is irrational; it is
computed from the ramp's start in the form that does not cancel as the ramp becomes flat.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from operator import attrgetter


@dataclass(frozen=True, slots=True)
class TempoSegment:
    """A span with one tempo or one ramp, linear in time.

    `start`, `seconds` and `end` are seconds; tempos are beats per minute; `beat` is the position at
    `start`, `end_beat` that at its end, and `whole_beat` the first whole one.
    """

    start: Fraction
    seconds: Fraction
    tempo: Fraction
    end_tempo: Fraction
    beat: Fraction
    end: Fraction = field(init=False)
    end_beat: Fraction = field(init=False)
    whole_beat: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "end", self.start + self.seconds)
        passed = (self.tempo + self.end_tempo) / 120 * self.seconds
        object.__setattr__(self, "end_beat", self.beat + passed)
        object.__setattr__(self, "whole_beat", math.ceil(self.beat))

    def tempo_at(self, instant: Fraction) -> Fraction:
        """Return the beats per minute at an instant; outside, its edge tempos continue."""
        if instant >= self.end:
            return self.end_tempo
        elapsed = max(instant - self.start, Fraction(0))
        return self.tempo + (self.end_tempo - self.tempo) * elapsed / self.seconds

    def position(self, instant: Fraction) -> Fraction:
        """Return the beat position at an instant; outside, its edge tempos continue."""
        elapsed = instant - self.start
        if self.tempo == self.end_tempo or elapsed <= 0:
            return self.beat + elapsed * self.tempo / 60
        if elapsed >= self.seconds:
            return self.end_beat + (elapsed - self.seconds) * self.end_tempo / 60
        slope = (self.end_tempo - self.tempo) / self.seconds
        return self.beat + (self.tempo + slope * elapsed / 2) * elapsed / 60

    def instant(self, position: Fraction) -> Fraction:
        """Return the instant of a beat position; outside, its edge tempos continue."""
        beats = position - self.beat
        if self.tempo == self.end_tempo or beats <= 0:
            return self.start + beats * 60 / self.tempo
        if position >= self.end_beat:
            return self.end + (position - self.end_beat) * 60 / self.end_tempo
        return self.start + Fraction(next(self.offsets([float(beats)])))

    def offsets(self, beats: Iterable[float]) -> Iterator[float]:
        """Yield the seconds from the start of a ramp until so many beats of it have passed."""
        a = float(self.tempo) / 60
        c = float((self.end_tempo - self.tempo) / self.seconds) / 120
        return (2 * n / (a + math.sqrt(a * a + 4 * c * n)) for n in beats)


@dataclass(slots=True)
class TempoMap:
    """One beat grid: consecutive segments without gaps, with beat 0 at `start`."""

    start: Fraction
    segments: list[TempoSegment] = field(default_factory=list)

    def extend(
        self,
        seconds: Fraction,
        tempo: Fraction,
        end_tempo: Fraction,
        beat: Fraction | None = None,
    ) -> TempoSegment:
        """Append a segment of this many seconds and return it.

        It starts at the position where the segment before ends, or at `beat` if given.
        """
        last = self.segments[-1] if self.segments else None
        if beat is None:
            beat = last.end_beat if last else Fraction(0)
        segment = TempoSegment(last.end if last else self.start, seconds, tempo, end_tempo, beat)
        self.segments.append(segment)
        return segment

    def until(self, instant: Fraction) -> TempoMap:
        """Return a copy of this grid up to an instant, with the same beats, bit for bit."""
        grid = TempoMap(self.start)
        for segment in self.segments:
            if segment.end <= instant:
                grid.segments.append(segment)
            elif segment.start < instant:
                seconds, tempo = instant - segment.start, segment.tempo_at(instant)
                grid.segments.append(replace(segment, seconds=seconds, end_tempo=tempo))
        return grid

    def tempo_at(self, instant: Fraction) -> Fraction:
        """Return the beats per minute at an instant."""
        return self._over(instant).tempo_at(instant)

    def position(self, instant: Fraction) -> Fraction:
        """Return the exact beat position at an instant in seconds."""
        return self._over(instant).position(instant)

    def runs(self, beats: Sequence[int]) -> Iterator[tuple[TempoSegment, Sequence[int]]]:
        """Yield ascending beats in runs, each with the segment that gives their instants."""
        done, k = 0, self._at_beat(beats[0]) if beats else 0
        while done < len(beats):
            after = self.segments[k + 1 : k + 2]
            end = bisect_left(beats, after[0].whole_beat, done) if after else len(beats)
            if end > done:
                yield self.segments[k], beats[done:end]
            done, k = end, k + 1

    def _over(self, instant: Fraction) -> TempoSegment:
        k = bisect_right(self.segments, instant, lo=1, key=attrgetter("start"))
        return self.segments[k - 1]

    def instant(self, position: Fraction | int) -> Fraction:
        """Return the instant in seconds of a beat position; exact except inside ramps."""
        return self.segments[self._at_beat(position)].instant(Fraction(position))

    def _at_beat(self, position: Fraction | int) -> int:
        """Return the index of the segment that gives the instant of a beat position."""
        # Whole beats are compared with whole numbers: Fractions take ten times as long.
        begins = attrgetter("whole_beat" if isinstance(position, int) else "beat")
        return bisect_right(self.segments, position, lo=1, key=begins) - 1
