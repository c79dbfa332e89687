"""Where each part and each beat lies, in exact seconds from the session's start.

Consecutive parts with a tempo share one beat grid, so a tempo change never breaks the rhythm.
This is also the one place where an exact instant becomes a frame.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cadence_cue.coaching.model import BeatMode, Side
from cadence_cue.coaching.part import Part
from cadence_cue.timing.tempo import TempoMap, TempoSegment

_HALF_MINUTE = 30
_FADE_BLOCK = 8  # beats on, then off, in the second quarter of a fade
_FADE_FIRST = 4  # beats of each half minute in its third quarter


@dataclass(frozen=True, slots=True)
class Clock:
    """Frames at `rate` per second; the session's first phase starts at frame `zero`."""

    rate: int
    zero: int

    def frame(self, instant: Fraction) -> int:
        """The exact instant, rounded once: zero + floor(rate x instant + 1/2)."""
        return self._round(instant.numerator, instant.denominator)

    def beat_frames(self, grid: TempoMap, beats: Sequence[int]) -> list[int]:
        """The frames of rising beats of a grid: of each what `frame` makes of its instant."""
        frames: list[int] = []
        for stretch, run in grid.runs(beats):
            if stretch.tempo != stretch.end_tempo:
                frames += self._ramp_frames(stretch, run)
                continue
            # All over one denominator: a fraction for each beat takes ten times as long.
            first, step = stretch.instant(Fraction(0)), 60 / stretch.tempo
            over = math.lcm(first.denominator, step.denominator)
            n, each = int(first * over), int(step * over)
            frames += [self._round(n + beat * each, over) for beat in run]
        return frames

    def _ramp_frames(self, stretch: TempoSegment, beats: Sequence[int]) -> list[int]:
        """The frames of a ramp's beats; again without a fraction for each."""
        first = bisect_right(beats, stretch.beat)
        last = bisect_left(beats, stretch.end_beat)
        before = [self.frame(stretch.instant(Fraction(beat))) for beat in beats[:first]]
        after = [self.frame(stretch.instant(Fraction(beat))) for beat in beats[last:]]
        start, over = stretch.start.numerator, stretch.start.denominator
        frames = []
        for seconds in stretch.offsets(beats[first:last]):
            n, d = seconds.as_integer_ratio()
            frames.append(self._round(start * d + n * over, d * over))
        return [*before, *frames, *after]

    def _round(self, n: int, d: int) -> int:
        return self.zero + (2 * self.rate * n + d) // (2 * d)

    def instant(self, frame: int) -> Fraction:
        """The exact instant of a frame."""
        return Fraction(frame - self.zero, self.rate)

    def frames(self, seconds: Fraction | float) -> int:
        """The whole frames that hold so many seconds."""
        return math.ceil(self.rate * seconds)


@dataclass(frozen=True, slots=True)
class Placed:
    """A part in its place: half-open in seconds, and in positions of its grid."""

    index: int
    part: Part
    start: Fraction
    end: Fraction
    grid: TempoMap | None = None
    first: Fraction = Fraction(0)
    last: Fraction = Fraction(0)

    @property
    def opens_grid(self) -> bool:
        """Whether its beat grid begins here."""
        return self.grid is not None and self.first == 0

    def beats(self) -> range:
        """The whole beat positions inside; one on the end belongs to the next part."""
        return range(math.ceil(self.first), math.ceil(self.last))

    @property
    def beats_to_end(self) -> bool:
        """Whether the beat sounds to the end, so that the runner must be told where it stops."""
        beat = self.part.beat
        return beat.mode in (BeatMode.ON, BeatMode.GAPS) or (
            beat.mode is BeatMode.THEN_OFF and beat.on >= len(self.beats())
        )

    def heard(self) -> Iterator[int]:
        """The beats that sound: where only one foot has a click, those of its foot."""
        return filter(self.steps_on, self._patterned())

    def steps_on(self, beat: int) -> bool:
        """Whether the foot of a beat has a click; even beats are left."""
        stride = self.part.clicked_foot
        return stride is Side.NONE or beat % 2 == (stride is Side.RIGHT)

    def _patterned(self) -> Iterator[int]:
        beats = self.beats()
        beat = self.part.beat
        match beat.mode:
            case BeatMode.ON:
                yield from beats
            case BeatMode.GAPS:
                yield from (k for k in beats if (k - beats.start) % (beat.on + beat.off) < beat.on)
            case BeatMode.THEN_OFF:
                yield from beats[: beat.on]
            case BeatMode.FADE:
                yield from self._fading(beats)

    def _fading(self, beats: range) -> Iterator[int]:
        """Full, then blocks, then the first beats of each half minute, then silence."""
        if self.grid is None:
            return
        quarter = self.part.seconds / 4
        second: int | None = None
        half_minute, told = -1, 0
        for k in beats:
            elapsed = self.grid.instant(k) - self.start
            now = int(elapsed // _HALF_MINUTE)
            told = told + 1 if now == half_minute else 0
            half_minute = now
            if elapsed < quarter:
                yield k
            elif elapsed < 2 * quarter:
                second = k if second is None else second
                if (k - second) % (2 * _FADE_BLOCK) < _FADE_BLOCK:
                    yield k
            elif elapsed < 3 * quarter and told < _FADE_FIRST:
                yield k

    def accent_from(self) -> int:
        """The beat on which accents begin to count."""
        first = self.beats().start
        if self.part.accent_side is Side.LEFT:
            return first + first % 2
        if self.part.accent_side is Side.RIGHT:
            return first + 1 - first % 2
        return first

    def accents(self) -> range:
        """The beat positions that carry the accent."""
        accent = self.part.accent
        if self.part.clicked_foot is not Side.NONE:  # counted in clicks
            first = next(filter(self.steps_on, self.beats()), self.beats().stop)
            return range(first, self.beats().stop, 2 * accent) if accent else range(0)
        return range(self.accent_from(), self.beats().stop, accent) if accent else range(0)


def place(parts: Sequence[Part]) -> tuple[Placed, ...]:
    """Lay the parts out one after another from instant 0."""
    layout: list[Placed] = []
    for part in parts:
        layout.append(following(layout, part))
    return tuple(layout)


def following(layout: Sequence[Placed], part: Part, beat: Fraction | None = None) -> Placed:
    """The part behind those that are laid out, on their grid where that goes on.

    There it begins at the position where they end, or at `beat` where given.
    """
    last = layout[-1] if layout else None
    index, start = len(layout), last.end if last else Fraction(0)
    end = start + part.seconds
    if part.tempo is None:
        return Placed(index, part, start, end)
    grid = last.grid if last else None
    if grid is None or part.grid_delay:
        grid = TempoMap(start + part.grid_delay)
        beat = None
    stretch = grid.extend(part.seconds - part.grid_delay, *part.tempo, beat)
    return Placed(index, part, start, end, grid, stretch.beat, stretch.end_beat)
