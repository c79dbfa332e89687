"""The position of each part and each beat, in exact seconds from the start of the first phase.

Consecutive parts with a tempo share one beat grid, so a tempo change never breaks the rhythm.
This is also the one place where an exact instant is rounded to a frame.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import BeatMode, Kind, Say
from cadence_cue.timing.tempo import TempoMap, TempoSegment

_HALF_MINUTE = 30
_FADE_BLOCK = 8  # beats on, then off, in the second quarter of a fade
_FADE_FIRST = 4  # beats heard of each half minute in the third quarter of a fade


@dataclass(frozen=True, slots=True)
class Clock:
    """Conversion of exact seconds to frames at `rate` per second; frame `zero` is second 0."""

    rate: int
    zero: int

    def frame(self, instant: Fraction) -> int:
        """Return the frame of an exact instant: zero + floor(rate x instant + 1/2)."""
        n, d = instant.as_integer_ratio()
        return self.zero + (2 * self.rate * n + d) // (2 * d)

    def beat_frames(self, grid: TempoMap, beats: Sequence[int]) -> list[int]:
        """Return the frame of each of a grid's beats, given in ascending order, as `frame` does."""
        frames: list[int] = []
        for segment, run in grid.runs(beats):
            if segment.tempo != segment.end_tempo:
                frames += self._ramp_frames(segment, run)
                continue
            # One common denominator: a Fraction for each beat takes ten times as long.
            (start, of_start), (first, of_first), (tempo, of_tempo) = (
                exact.as_integer_ratio() for exact in (segment.start, segment.beat, segment.tempo)
            )
            over = math.lcm(of_start, of_first * tempo)
            each = 60 * of_tempo * (over // tempo)
            n = start * (over // of_start) - first * each // of_first
            # `frame`, written out: a call for each beat takes three times as long.
            n, each, whole = 2 * self.rate * n + over, 2 * self.rate * each, 2 * over
            frames += [self.zero + (n + beat * each) // whole for beat in run]
        return frames

    def _ramp_frames(self, segment: TempoSegment, beats: Sequence[int]) -> list[int]:
        """Return the frames of a ramp's beats, again without a Fraction for each."""
        first = bisect_right(beats, math.floor(segment.beat))
        last = bisect_left(beats, math.ceil(segment.end_beat))
        before = [self.frame(segment.instant(Fraction(beat))) for beat in beats[:first]]
        after = [self.frame(segment.instant(Fraction(beat))) for beat in beats[last:]]
        origin, of_origin = segment.beat.as_integer_ratio()
        # Each difference is rounded once, as that of two Fractions is.
        passed = ((beat * of_origin - origin) / of_origin for beat in beats[first:last])
        start, over = segment.start.as_integer_ratio()
        # `frame`, written out here too.
        start, second, whole = 2 * self.rate * start + over, 2 * self.rate * over, 2 * over
        ratios = map(float.as_integer_ratio, segment.offsets(passed))
        frames = [self.zero + (start * d + n * second) // (whole * d) for n, d in ratios]
        return [*before, *frames, *after]

    def instant(self, frame: int) -> Fraction:
        """Return the exact instant of a frame, in seconds."""
        return Fraction(frame - self.zero, self.rate)

    def frames(self, seconds: Fraction | float) -> int:
        """Return the smallest number of whole frames that lasts this many seconds."""
        return math.ceil(self.rate * seconds)


@dataclass(frozen=True, slots=True)
class Placed:
    """A part and its span: from `start` up to `end` in seconds, `first` up to `last` in beats."""

    index: int
    part: Part
    start: Fraction
    end: Fraction
    grid: TempoMap | None = None
    first: Fraction = Fraction(0)
    last: Fraction = Fraction(0)
    glided_from: int | None = None
    """The first accent of the glide that leads into it, from which its accents go on."""

    def wished(self, say: Say) -> Fraction:
        """Return the instant at which a text of its own is to be said."""
        return self.end - say.at if say.from_end else self.start + say.at

    @property
    def opens_grid(self) -> bool:
        """Whether its beat grid starts with this part."""
        return self.grid is not None and not self.first

    def beats(self) -> range:
        """Return the whole beats inside; a beat on the end belongs to the next part."""
        return range(math.ceil(self.first), math.ceil(self.last))

    @property
    def beats_to_end(self) -> bool:
        """Whether the beat sounds until the end, so that a signal must mark where it stops."""
        beat = self.part.beat
        return beat.mode in (BeatMode.ON, BeatMode.GAPS) or (
            beat.mode is BeatMode.THEN_OFF and beat.on >= len(self.beats())
        )

    def heard(self) -> Iterable[int]:
        """Return the beats that sound: only those of one foot, if only that one has a click."""
        beats = self.led()
        return beats if self.part.clicked_foot is Side.NONE else filter(self.steps_on, beats)

    def steps_on(self, beat: int) -> bool:
        """Return whether the foot of a beat has a click; even beats are left."""
        stride = self.part.clicked_foot
        return stride is Side.NONE or beat % 2 == (stride is Side.RIGHT)

    def led(self) -> Iterable[int]:
        """Return the beats that sound, and those of a foot without a click between them."""
        beats = self.beats()
        beat = self.part.beat
        match beat.mode:
            case BeatMode.ON:
                return beats
            case BeatMode.GAPS:
                return (k for k in beats if (k - beats.start) % (beat.on + beat.off) < beat.on)
            case BeatMode.THEN_OFF:
                return beats[: beat.on]
            case BeatMode.FADE:
                return self._fading(beats)
            case BeatMode.OFF:
                return ()

    def _fading(self, beats: range) -> Iterator[int]:
        """Yield all beats, then blocks, then the first of each half minute, then none."""
        if self.grid is None:
            return
        quarter = self.part.seconds / 4
        second: int | None = None
        half_minute, heard = -1, 0
        for k in beats:
            elapsed = self.grid.instant(k) - self.start
            now = int(elapsed // _HALF_MINUTE)
            heard = heard + 1 if now == half_minute else 0
            half_minute = now
            if elapsed < quarter:
                yield k
            elif elapsed < 2 * quarter:
                second = k if second is None else second
                if (k - second) % (2 * _FADE_BLOCK) < _FADE_BLOCK:
                    yield k
            elif elapsed < 3 * quarter and heard < _FADE_FIRST:
                yield k

    def accent_from(self) -> int:
        """Return the first accented beat."""
        first = self.beats().start
        if self.part.accent_side is Side.LEFT:
            return first + first % 2
        if self.part.accent_side is Side.RIGHT:
            return first + 1 - first % 2
        return first

    def accents(self) -> range:
        """Return the accented beats."""
        accent = self.part.accent
        if not accent:
            return range(0)
        beats = self.beats()
        first = self.accent_from()
        if self.part.clicked_foot is not Side.NONE:  # counted in clicks
            first = next(filter(self.steps_on, beats), beats.stop)
            accent *= 2
        if self.glided_from is not None:
            first = beats.start + (self.glided_from - beats.start) % accent
        return range(first, beats.stop, accent)


def place(parts: Sequence[Part]) -> tuple[Placed, ...]:
    """Return the parts laid out one after another from second 0."""
    layout: list[Placed] = []
    for part in parts:
        layout.append(following(layout, part))
    return tuple(layout)


def following(layout: Sequence[Placed], part: Part, beat: Fraction | None = None) -> Placed:
    """Return a part placed after a layout, on the same grid where that continues.

    On the same grid it starts at the position where the layout ends, or at `beat` if given.
    """
    last = layout[-1] if layout else None
    index, start = len(layout), last.end if last else Fraction(0)
    end = start + part.seconds
    if part.tempo is None:
        return Placed(index, part, start, end)
    grid = last.grid if last else None
    seconds = part.seconds
    if grid is None or part.grid_delay:
        grid = TempoMap(start + part.grid_delay)
        seconds -= part.grid_delay
        beat = None
    segment = grid.extend(seconds, *part.tempo, beat)
    glided = last is not None and last.part.kind is Kind.GLIDE and bool(part.accent)
    since = last.accents().start if last and glided else None
    return Placed(index, part, start, end, grid, segment.beat, segment.end_beat, since)


def count_in_frames(part: Part, beats: int, clock: Clock) -> int:
    """Return the frames that a count-in of this many beats takes at the part's first tempo."""
    return clock.frames(beats * 60 / part.tempo[0]) if part.tempo and beats else 0
