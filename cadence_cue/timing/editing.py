"""Changes of a plan that is playing: where the tempo may change, and the layout after that.

Everything before an edit stays bit for bit; from there the beat grid continues at another tempo, or
slightly shifted. Phases in seconds keep their ends, phases in beats their number of beats.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import attrgetter

from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import Say, Session
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.timing.layout import Clock, Placed, following
from cadence_cue.timing.tempo import TempoMap

# Instants inside a ramp are floating point: a position this near to a whole beat is that beat.
_TOLERANCE = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change while something plays: from `at` on, tempos follow `tempi`.

    `at` is in exact seconds from the start of the first phase, negative in the lead-in. `shift`, in
    seconds, moves the beat grid that is running there (positive: later) without changing its tempo,
    and lasts until that grid ends. From `at` on `session` is what is performed, with other clicks
    or cues in the same phases; None for the session that it began with.
    """

    at: Fraction
    tempi: Tempi
    shift: Fraction = Fraction(0)
    session: Session | None = None
    says: tuple[tuple[int, Say], ...] = ()
    """What is said besides, each in the phase with this index, if there is room."""
    joins: Fraction | None = None
    """When music on the beat was on it again, after it was turned down; None: at once."""


def at_beat(layout: Sequence[Placed], clock: Clock, frame: int) -> Fraction:
    """Return the first instant from a frame on at which a tempo may change.

    Where a grid is running, that is its next beat or its end, else the instant of the frame.
    """
    grid = running(layout, clock.instant(frame))
    if grid is None:
        return clock.instant(frame)
    return min(next(_from(grid, clock, frame, Fraction(0))), _end(layout, grid))


def between_beats(layout: Sequence[Placed], clock: Clock, frame: int) -> Fraction | None:
    """Return the first instant from a frame on at which the beat may be shifted.

    That is midway between two beats; None if no grid is running, or if it ends before that.
    """
    grid = running(layout, clock.instant(frame))
    if grid is None:
        return None
    instant = next(_from(grid, clock, frame, Fraction(1, 2)))
    return instant if instant < _end(layout, grid) else None


def running(layout: Sequence[Placed], instant: Fraction) -> TempoMap | None:
    """Return the grid that is running at this instant; None if none has started."""
    grid = next((placed.grid for placed in layout if placed.start <= instant < placed.end), None)
    return grid if grid and grid.start <= instant else None


def _from(grid: TempoMap, clock: Clock, frame: int, offset: Fraction) -> Iterator[Fraction]:
    """Yield the instants `offset` beats after each beat, from a frame on."""
    # Round down: a beat shortly before this frame's instant may have been rounded up to it.
    for beat in itertools.count(math.floor(grid.position(clock.instant(frame)))):
        instant = grid.instant(beat + offset)
        # Where the beat was shifted earlier, some positions are skipped and have no instant.
        passed = abs(grid.position(instant) - beat - offset) < _TOLERANCE
        if passed and clock.frame(instant) >= frame:
            yield instant


def _end(layout: Sequence[Placed], grid: TempoMap) -> Fraction:
    return max(placed.end for placed in layout if placed.grid is grid)


def edited(layout: Sequence[Placed], parts: Sequence[Part], edit: Edit) -> tuple[Placed, ...]:
    """Return the layout after an edit; `parts` are all parts at the tempos of `edit.tempi`."""
    at = edit.at
    finished = bisect_right(layout, at, key=attrgetter("end"))
    new = list(layout[:finished])
    beat: Fraction | None = None
    for old, part in zip(layout[finished:], parts[finished:], strict=True):
        if old.grid and old.start <= at and old.grid.start < at:
            grid, tempo = old.grid.until(at), _tempo(old, part, at)
            beat = _snapped(old.grid.position(at)) - edit.shift * tempo / 60
            new = [replace(p, grid=grid) if p.grid is old.grid else p for p in new]
            if old.start < at:
                left = _seconds_left(old, part, at, beat, tempo)
                segment = grid.extend(left, tempo, _end_tempos(part)[1], beat)
                lasting = replace(part, seconds=at - old.start + left)
                end, beat = at + left, _snapped(segment.end_beat)
                new.append(replace(old, part=lasting, end=end, grid=grid, last=beat))
                continue
        if not part.beats and part.seconds != old.part.seconds:
            # A length in seconds stays as it was; that of an explanation was measured at the start.
            part = replace(part, seconds=old.part.seconds)  # noqa: PLW2901
        new.append(following(new, part, beat))
        beat = None
    return tuple(new)


def _end_tempos(part: Part) -> tuple[Fraction, Fraction]:
    if part.tempo is None:
        raise ValueError(part.title)
    return part.tempo


def _tempo(old: Placed, part: Part, at: Fraction) -> Fraction:
    """Return the tempo that a part has at an instant within the old one's span."""
    first, last = _end_tempos(part)
    begin = old.start + part.grid_delay
    return first + (last - first) * max(at - begin, Fraction(0)) / (old.end - begin)


def _seconds_left(
    old: Placed, part: Part, at: Fraction, beat: Fraction, tempo: Fraction
) -> Fraction:
    """Return the seconds that remain of a part from `at` on, where it has this beat and tempo."""
    if part.beats is None:
        return old.end - at
    return (old.first + part.beats - beat) * 120 / (tempo + _end_tempos(part)[1])


def _snapped(position: Fraction) -> Fraction:
    nearest = Fraction(round(position))
    return nearest if abs(position - nearest) < _TOLERANCE else position
