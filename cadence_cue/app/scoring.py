"""Scores a session: how the runner's steps or taps met the beats of its track."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from cadence_cue.app import history
from cadence_cue.app.history import Result, Scored
from cadence_cue.app.preparing import Prepared
from cadence_cue.coaching.model import BeatMode, Kind, Library, Listen
from cadence_cue.coaching.part import Part
from cadence_cue.scoring.expected import Bools, Expected, Floats
from cadence_cue.scoring.labels import Steadiness, steadiness
from cadence_cue.scoring.matching import match
from cadence_cue.scoring.statistics import Judgement, Spread, judge, pooled
from cadence_cue.timing.clicking import foot_of
from cadence_cue.timing.layout import Placed

_FIRST = {Kind.DRILL: 4}
_FIRST_ELSEWHERE = 8
"""Steps at the start of a phase that are not judged: the runner is finding the beat."""


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """The beats of a phase of a track; `expected` is in seconds from the track's first sample.

    `set_of` names the drill or the run whose sets are judged together.
    """

    index: int
    title: str
    side: str
    set_of: str
    listen: Listen
    expected: Expected


@dataclass(frozen=True, slots=True)
class PhaseScore:
    """How the steps of one phase met its beats."""

    index: int
    title: str
    side: str
    set_of: str
    listened: bool
    led: bool
    """Whether there was a click to follow."""
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Source:
    """Where the steps come from, and what is known of its clock.

    `calibrated` says that instants can be compared with those of the beats. `clock_ppm` is by how
    many millionths its clock is faster than the track's, `latency_ms` how late it hears, `noise_db`
    the noise in the room below full scale; None if unknown.
    """

    name: str
    calibrated: bool
    clock_ppm: float | None = None
    latency_ms: float | None = None
    noise_db: float | None = None


BY_TAPS = Source("taps", calibrated=True)


@dataclass(frozen=True, slots=True)
class SetsScore:
    """All sets of a drill, or of runs, together; without a label there were too few steps."""

    title: str
    judged: int
    spread: Spread
    label: Steadiness | None


@dataclass(frozen=True, slots=True)
class Score:
    """How a session went; `steps` are seconds from the track's first sample."""

    session: str
    title: str
    source: Source
    phases: tuple[PhaseScore, ...]
    steps: tuple[tuple[float, int | None, int | None], ...]
    """Each step with its phase's index and the beat that it met, counted from 0 in the phase."""

    @property
    def by_sets(self) -> Iterator[tuple[str, list[PhaseScore]]]:
        """Yield the phases with a click that were listened to, those of a drill together."""
        groups: dict[str, list[PhaseScore]] = {}
        for phase in self.phases:
            if phase.listened and phase.led:
                groups.setdefault(phase.set_of, []).append(phase)
        yield from groups.items()

    @property
    def sets(self) -> Iterator[SetsScore]:
        """Yield what can be said of all sets of each drill together."""
        for title, phases in self.by_sets:
            spread = pooled([each.judgement.spread for each in phases if each.judgement.spread])
            judged = sum(each.judgement.judged for each in phases if each.judgement.spread)
            if spread:
                yield SetsScore(title, judged, spread, steadiness(spread, judged))


def score(
    prepared: Prepared,
    steps: Floats,
    source: Source = BY_TAPS,
    unheard: Mapping[int, Bools] | None = None,
) -> Score:
    """Return how steps, in ascending seconds from the track's first sample, met its beats.

    `unheard` has, for a phase's index, the beats around which no step could be heard.
    """
    masks = unheard or {}
    phases, met = [], np.full((len(steps), 2), -1)
    for beats in track_beats(prepared):
        judgement = Judgement(int(beats.expected.counts.sum()))
        listened = beats.listen is not Listen.NOTHING
        if listened:
            mask = masks.get(beats.index)
            judgement = judge(beats.expected, steps, mask)
            places = match(beats.expected, steps, mask)
            at = np.searchsorted(steps, places.seconds)
            met[at, 0], met[at, 1] = beats.index, places.beats
        phases.append(
            PhaseScore(
                beats.index,
                beats.title,
                beats.side,
                beats.set_of,
                listened,
                beats.expected.led,
                judgement,
            )
        )
    session = prepared.session
    told = tuple(
        (round(float(at), 6), *((int(phase), int(beat)) if phase >= 0 else (None, None)))
        for at, (phase, beat) in zip(steps, met, strict=True)
    )
    return Score(session.name, session.title, source, tuple(phases), told)


def keep(score: Score, folder: Path) -> None:
    """Add a score to the log, unless no step was judged or it is there already. Raises OSError."""
    spreads = {each.title: each for each in score.sets}
    results = []
    for title, phases in score.by_sets:
        found = [each.judgement for each in phases if each.judgement.judged]
        if not found:
            continue
        errors = [(each.tempo_error, each.judged) for each in found if each.tempo_error is not None]
        steps = sum(judged for _, judged in errors)
        label = spreads[title].label if title in spreads else None
        results.append(
            Result(
                title,
                sum(each.beats for each in found),
                sum(each.matched or 0 for each in found),
                round(sum(100 * e * n for e, n in errors) / steps, 3) if steps else None,
                round(1000 * spreads[title].spread.seconds, 1) if title in spreads else None,
                label.value if label else "",
            )
        )
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    entry = Scored(now, score.session, score.title, tuple(results))
    kept = [each for each in history.entries(folder) if isinstance(each, Scored)]
    known = any(replace(each, date=now) == entry for each in kept)
    if results and not known:
        history.append(entry, folder)


def track_beats(prepared: Prepared) -> list[Beats]:
    """Return the beats of each phase that has any in this track."""
    performance, first = prepared.performance, prepared.timeline.start
    since = prepared.start[0] if prepared.start else first
    found = []
    for placed, mark in zip(performance.plan.layout, performance.timeline.marks, strict=True):
        if placed.grid is None:
            continue
        numbers = list(placed.beats())
        frames = np.array(performance.plan.clock.beat_frames(placed.grid, numbers), np.int64)
        kept = frames >= since
        if not kept.any():
            continue
        part = placed.part
        listen = _listened(part, prepared.library)
        led = part.beat.mode is not BeatMode.OFF and prepared.options.beat
        expected = Expected(
            (frames[kept] - first) / performance.spec.rate,
            _counting(placed, listen, led=led)[kept],
            np.array([foot_of(placed, beat) for beat in numbers], np.int64)[kept],
            led,
        )
        found.append(
            Beats(
                mark.index,
                mark.title,
                part.foot.value,
                prepared.library.drills[part.drill].name if part.drill else part.title,
                listen,
                _after_the_first(expected, _FIRST.get(part.kind, _FIRST_ELSEWHERE)),
            )
        )
    return found


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


def _after_the_first(expected: Expected, steps: int) -> Expected:
    counts = expected.counts.copy()
    counts[np.flatnonzero(counts)[:steps]] = False
    return Expected(expected.beats, counts, expected.feet, expected.led)
