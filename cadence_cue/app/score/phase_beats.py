"""The beats of a performance's phases, as they are compared with the runner's steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cadence_cue.app.preparing import Prepared
from cadence_cue.coaching.drill import Library, Listen
from cadence_cue.coaching.part import Part
from cadence_cue.coaching.session import BeatMode, Kind
from cadence_cue.scoring.expected import Bools, Expected, Floats
from cadence_cue.studio import Performance
from cadence_cue.timing.clicking import foot_of
from cadence_cue.timing.layout import Placed

_FIRST = {Kind.DRILL: 4}
_FIRST_ELSEWHERE = 8
"""Steps after a count-in or a change of tempo that do not count: the runner is finding the beat."""

_FEWEST = 2  # beats with a distance between them


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """The beats of a phase; `expected` is in seconds from the track's first sample.

    `set_of` names the drill or the run whose sets are judged together; `place` is the number that
    the phase is told by, 0 if it has none.
    """

    index: int
    title: str
    side: str
    set_of: str
    listen: Listen
    expected: Expected
    place: int = 0


def track_beats(prepared: Prepared) -> list[Beats]:
    """Return the beats of each phase that has any in this track."""
    performance, first = prepared.performance, prepared.timeline.start
    since = prepared.start[0] if prepared.start else first
    phases = (
        phase_beats(performance, placed, first, since, clicks=prepared.options.beat)
        for placed in performance.plan.layout
    )
    return [beats for beats in phases if beats]


def phase_beats(
    performance: Performance,
    placed: Placed,
    first: int,
    since: int,
    until: int | None = None,
    *,
    clicks: bool,
) -> Beats | None:
    """Return the beats of a phase from frame `since` to `until`; None if they are too few.

    Their seconds are counted from frame `first`. A step is expected on those that are over by
    `until`, up to midway to the next beat. Without `clicks` the beat is muted.
    """
    if placed.grid is None:
        return None
    numbers = list(placed.beats())
    frames = np.array(performance.plan.clock.beat_frames(placed.grid, numbers), np.int64)
    kept = frames >= since
    if until is not None:
        kept &= frames <= until
    if np.count_nonzero(kept) < _FEWEST:
        return None
    part, library = placed.part, performance.library
    rate = performance.spec.rate
    beats = (frames[kept] - first) / rate
    listen = _listened(part, library)
    led = part.beat.mode is not BeatMode.OFF and clicks
    counts = _counting(placed, listen, led=led)[kept]
    if until is not None:
        counts &= beats + np.gradient(beats) / 2 <= (until - first) / rate
    clock = performance.plan.clock
    changes = [(clock.frame(edit.at) - first) / rate for edit in performance.edits]
    drop = _FIRST.get(part.kind, _FIRST_ELSEWHERE)
    mark = performance.timeline.marks[placed.index]
    return Beats(
        mark.index,
        mark.title,
        part.foot.value,
        library.drills[part.drill].name if part.drill else part.title,
        listen,
        Expected(
            beats,
            _after_the_first(beats, counts, changes, drop),
            np.array([foot_of(placed, beat) for beat in numbers], np.int64)[kept],
            led,
        ),
        mark.place,
    )


def _listened(part: Part, library: Library) -> Listen:
    if part.kind is Kind.DRILL:
        return library.drills[part.drill].listen
    return Listen.CONTACTS if part.kind in (Kind.RUN, Kind.WALK) else Listen.NOTHING


def _counting(placed: Placed, listen: Listen, *, led: bool) -> Bools:
    """Return on which of a phase's beats a step is expected."""
    beats = np.array(placed.beats())
    counts = np.isin(beats, list(placed.led())) if led else np.ones(len(beats), np.bool_)
    if listen is Listen.SCRAPE:
        counts &= np.isin(beats, placed.accents())
    return counts


def _after_the_first(beats: Floats, counts: Bools, changes: Sequence[float], drop: int) -> Bools:
    """Leave out the first steps of the phase, and as many after each change of tempo."""
    kept = counts.copy()
    for begin in (beats[0], *(at for at in changes if beats[0] <= at <= beats[-1])):
        kept[np.flatnonzero(counts & (beats >= begin))[:drop]] = False
    return kept
