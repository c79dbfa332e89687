"""Changes of tempo while a plan is being played: where they may happen, and the layout after them.

What came before an edit stays bit for bit; the beat grid goes on from there at another tempo, or
moved a little. Phases in seconds keep their ends, phases in beats their number of beats.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cadence_cue.coaching.part import Part
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.timing.layout import Clock, Placed, following
from cadence_cue.timing.tempo import TempoMap

# An instant inside a ramp is floating point: so near to a whole beat it is that beat.
_DUST = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True)
class Edit:
    """What a runner's hand changed: from `at` on tempos follow `tempi`.

    `at` is in exact seconds from the start of the first phase, negative in the lead-in. `shift`
    seconds move the beat grid that runs there (positive: later) without changing its tempo; it
    ends with that grid.
    """

    at: Fraction
    tempi: Tempi
    shift: Fraction = Fraction(0)


def at_beat(layout: Sequence[Placed], clock: Clock, frame: int) -> Fraction:
    """The first instant from a frame on at which a tempo may change.

    The first beat where a grid runs (or the end of that grid), else the frame's own instant.
    """
    grid = running(layout, clock.instant(frame))
    if grid is None:
        return clock.instant(frame)
    return min(next(_from(grid, clock, frame, Fraction(0))), _end(layout, grid))


def between_beats(layout: Sequence[Placed], clock: Clock, frame: int) -> Fraction | None:
    """The first instant from a frame on at which the beat may be moved: midway between two beats.

    None where no grid runs, or none goes on so long.
    """
    grid = running(layout, clock.instant(frame))
    if grid is None:
        return None
    instant = next(_from(grid, clock, frame, Fraction(1, 2)))
    return instant if instant < _end(layout, grid) else None


def running(layout: Sequence[Placed], instant: Fraction) -> TempoMap | None:
    """The grid that runs at this instant; None where none has begun."""
    grid = next((placed.grid for placed in layout if placed.start <= instant < placed.end), None)
    return grid if grid and grid.start <= instant else None


def _from(grid: TempoMap, clock: Clock, frame: int, offset: Fraction) -> Iterator[Fraction]:
    """The instants of the positions so far behind each beat, from a frame on."""
    # Down first: a beat shortly before this frame's instant may have been rounded up to it.
    for beat in itertools.count(math.floor(grid.position(clock.instant(frame)))):
        instant = grid.instant(beat + offset)
        # Where the beat was moved earlier there is a position that it never had.
        passed = abs(grid.position(instant) - beat - offset) < _DUST
        if passed and clock.frame(instant) >= frame:
            yield instant


def _end(layout: Sequence[Placed], grid: TempoMap) -> Fraction:
    return max(placed.end for placed in layout if placed.grid is grid)


def edited(layout: Sequence[Placed], parts: Sequence[Part], edit: Edit) -> tuple[Placed, ...]:
    """The layout as it goes on after an edit; `parts` are those that follow its tempi."""
    at = edit.at
    new: list[Placed] = []
    beat: Fraction | None = None
    for old, part in zip(layout, parts, strict=True):
        if old.end <= at:
            new.append(old)
            continue
        if old.grid and old.start <= at and old.grid.start < at:
            grid, tempo = old.grid.until(at), _tempo(old, part, at)
            beat = _whole(old.grid.position(at)) - edit.shift * tempo / 60
            new = [replace(p, grid=grid) if p.grid is old.grid else p for p in new]
            if old.start < at:
                left = _left(old, part, at, beat, tempo)
                stretch = grid.extend(left, tempo, _ends(part)[1], beat)
                lasting = replace(part, seconds=at - old.start + left)
                end, beat = at + left, _whole(stretch.end_beat)
                new.append(Placed(old.index, lasting, old.start, end, grid, old.first, beat))
                continue
        # What lasts seconds lasts as long as before: an explanation was measured at first.
        whole = part if part.beats else replace(part, seconds=old.part.seconds)
        new.append(following(new, whole, beat))
        beat = None
    return tuple(new)


def _ends(part: Part) -> tuple[Fraction, Fraction]:
    if part.tempo is None:
        raise ValueError(part.title)
    return part.tempo


def _tempo(old: Placed, part: Part, at: Fraction) -> Fraction:
    """The tempo that a part has at an instant within the old one's span."""
    first, last = _ends(part)
    begin = old.start + part.grid_delay
    return first + (last - first) * max(at - begin, Fraction(0)) / (old.end - begin)


def _left(old: Placed, part: Part, at: Fraction, beat: Fraction, tempo: Fraction) -> Fraction:
    """The seconds that remain of a part after an instant, at which it has this position."""
    if part.beats is None:
        return old.end - at
    return (old.first + part.beats - beat) * 120 / (tempo + _ends(part)[1])


def _whole(position: Fraction) -> Fraction:
    nearest = Fraction(round(position))
    return nearest if abs(position - nearest) < _DUST else position
