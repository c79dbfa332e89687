"""The tempo map: beat position as the integral of tempo over time, and back.

Kept in exact fractions. Only the instant of a beat inside a ramp is irrational; it is computed
from the ramp's start in the form that does not cancel as the ramp becomes flat.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class TempoSegment:
    """A span with one tempo or one ramp, linear in time.

    `start` and `seconds` are seconds; tempos are beats per minute; `beat` is the position at
    `start`.
    """

    start: Fraction
    seconds: Fraction
    tempo: Fraction
    end_tempo: Fraction
    beat: Fraction

    @property
    def end(self) -> Fraction:
        """The instant at which it ends."""
        return self.start + self.seconds

    @property
    def end_beat(self) -> Fraction:
        """The position at its end: the mean tempo over its length."""
        return self.beat + (self.tempo + self.end_tempo) / 120 * self.seconds

    def tempo_at(self, instant: Fraction) -> Fraction:
        """Beats per minute at an instant; outside, its edge tempos go on."""
        if instant >= self.end:
            return self.end_tempo
        elapsed = max(instant - self.start, Fraction(0))
        return self.tempo + (self.end_tempo - self.tempo) * elapsed / self.seconds

    def position(self, instant: Fraction) -> Fraction:
        """The beat position at an instant; outside, its edge tempos go on."""
        elapsed = instant - self.start
        if elapsed <= 0:
            return self.beat + elapsed * self.tempo / 60
        if elapsed >= self.seconds:
            return self.end_beat + (elapsed - self.seconds) * self.end_tempo / 60
        slope = (self.end_tempo - self.tempo) / self.seconds
        return self.beat + (self.tempo + slope * elapsed / 2) * elapsed / 60

    def instant(self, position: Fraction) -> Fraction:
        """The instant of a beat position; outside, its edge tempos go on."""
        beats = position - self.beat
        if beats <= 0 or self.tempo == self.end_tempo:
            return self.start + beats * 60 / self.tempo
        if position >= self.end_beat:
            return self.end + (position - self.end_beat) * 60 / self.end_tempo
        return self.start + Fraction(next(self.offsets([position])))

    def offsets(self, positions: Iterable[Fraction | int]) -> Iterator[float]:
        """Seconds from the start of a ramp to each of these positions inside it."""
        a = float(self.tempo) / 60
        c = float((self.end_tempo - self.tempo) / self.seconds) / 120
        first, over = self.beat.numerator, self.beat.denominator
        for position in positions:
            # The difference as a float, rounded once: ten times as fast as a fraction.
            p, d = position.numerator, position.denominator
            n = (p * over - first * d) / (d * over)
            yield 2 * n / (a + math.sqrt(a * a + 4 * c * n))


@dataclass(slots=True)
class TempoMap:
    """One beat grid: stretches that follow each other without a gap, beat 0 at its start."""

    start: Fraction
    stretches: list[TempoSegment] = field(default_factory=list)

    def extend(
        self,
        seconds: Fraction,
        tempo: Fraction,
        end_tempo: Fraction,
        beat: Fraction | None = None,
    ) -> TempoSegment:
        """Append a stretch of so many seconds and return it.

        It begins at the position that the one before ends at, or at `beat` where given.
        """
        last = self.stretches[-1] if self.stretches else None
        if beat is None:
            beat = last.end_beat if last else Fraction(0)
        stretch = TempoSegment(last.end if last else self.start, seconds, tempo, end_tempo, beat)
        self.stretches.append(stretch)
        return stretch

    def until(self, instant: Fraction) -> TempoMap:
        """A grid of its own that is this one up to an instant: the same beats, bit for bit."""
        grid = TempoMap(self.start)
        for stretch in self.stretches:
            if stretch.end <= instant:
                grid.stretches.append(stretch)
            elif stretch.start < instant:
                seconds, tempo = instant - stretch.start, stretch.tempo_at(instant)
                grid.stretches.append(replace(stretch, seconds=seconds, end_tempo=tempo))
        return grid

    def tempo_at(self, instant: Fraction) -> Fraction:
        """Beats per minute at an instant."""
        return self._over(instant).tempo_at(instant)

    def position(self, instant: Fraction) -> Fraction:
        """The beat position at an instant in seconds, exactly."""
        return self._over(instant).position(instant)

    def runs(self, beats: Sequence[int]) -> Iterator[tuple[TempoSegment, Sequence[int]]]:
        """Rising beats, by the stretch that each of them has its instant from."""
        done = 0
        for k, stretch in enumerate(self.stretches):
            after = self.stretches[k + 1 : k + 2]
            end = bisect_left(beats, after[0].beat) if after else len(beats)
            if end > done:
                yield stretch, beats[done:end]
                done = end

    def _over(self, instant: Fraction) -> TempoSegment:
        k = bisect_right(self.stretches, instant, key=lambda s: s.start) - 1
        return self.stretches[max(k, 0)]

    def instant(self, position: Fraction | int) -> Fraction:
        """The instant in seconds of a beat position; exact but inside ramps."""
        beat = Fraction(position)
        k = bisect_right(self.stretches, beat, key=lambda s: s.beat) - 1
        return self.stretches[max(k, 0)].instant(beat)
