"""Scores a session: how the runner's steps or taps met the beats of its track."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np

from cadence_cue.app.log import history
from cadence_cue.app.log.history import Result, Scored
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.score.phase_beats import Beats, track_beats
from cadence_cue.coaching.drill import Listen
from cadence_cue.scoring.expected import Bools, Floats, Ints
from cadence_cue.scoring.labels import Steadiness, TempoLabel, steadiness, tempo_label
from cadence_cue.scoring.matching import match
from cadence_cue.scoring.statistics import FEWEST_FOR_TEMPO, Judgement, Spread, judge, pooled

_SAME_TEMPO = 0.02  # of it: who runs faster lands harder


class Unheard(StrEnum):
    """Why none of a phase's steps can be told."""

    SOFT = "soft"
    LOUD = "loud"
    """The room is."""
    COVERED = "covered"
    """By our own clicks, which the microphone hears."""
    DEAF = "deaf"
    """Nobody listened."""


@dataclass(frozen=True, slots=True)
class Landing:
    """The median loudness of steps in decibels, at a tempo, as one microphone heard them."""

    decibels: float
    per_minute: float
    place: int = 0


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
    unheard: Unheard | None = None
    """Why nothing is told of it."""
    landing: Landing | None = None
    """How loud the steps were, if a microphone heard them land."""
    place: int = 0
    """The number that it is told by; 0 if it has none."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the steps come from, and what is known of its clock.

    `calibrated` says that instants can be compared with those of the beats, `one_clock` that they
    can but for a constant delay. `clock_ppm` is by how many millionths its clock is faster than the
    track's, `latency_ms` how late it hears, or how late the runner's taps usually are, habit and
    all; `noise_db` the noise in the room below full scale; None if unknown.
    """

    name: str
    calibrated: bool
    one_clock: bool
    clock_ppm: float | None = None
    latency_ms: float | None = None
    noise_db: float | None = None


BY_TAPS = Source("taps", calibrated=True, one_clock=True)
BY_KEYS = Source("keys", calibrated=False, one_clock=True)
BY_MICROPHONE = Source("mic", calibrated=False, one_clock=True)


@dataclass(frozen=True, slots=True)
class SetsScore:
    """All sets of a drill, or of runs, together; without a label there were too few steps."""

    title: str
    judged: int
    spread: Spread
    label: Steadiness | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step: seconds from the track's first sample, and what it met.

    `beat` is counted from 0 in the phase with this index; both are None if it met none. `side` is
    the foot, if it is known from the key that was pressed.
    """

    at: float
    phase: int | None = None
    beat: int | None = None
    side: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """How a session went."""

    session: str
    title: str
    source: Source
    phases: tuple[PhaseScore, ...]
    steps: tuple[Step, ...]

    def louder(self, phase: PhaseScore) -> float | None:
        """Return by how many decibels a set landed louder than the first of its drill and side.

        None for the first one, and where the tempo or the microphone is another.
        """
        here = phase.landing
        alike = (
            each for each in self.phases if (each.set_of, each.side) == (phase.set_of, phase.side)
        )
        first = next((each.landing for each in alike if each.landing), None)
        if here is None or first is None or first is here or first.place != here.place:
            return None
        same = abs(here.per_minute / first.per_minute - 1) <= _SAME_TEMPO
        return here.decibels - first.decibels if same else None

    @property
    def by_sets(self) -> Iterator[tuple[str, list[PhaseScore]]]:
        """Yield the phases with a click that were listened to, those of a drill together."""
        for title, phases in self._listened():
            if led := [phase for phase in phases if phase.led]:
                yield title, led

    @property
    def results(self) -> Iterator[Result]:
        """Yield what is kept of each drill, or run, whose steps were judged."""
        spreads = {each.title: each for each in self.sets}
        for title, phases in self._listened():
            judged = [each for each in phases if each.judgement.judged]
            if not judged:
                continue
            led = [each.judgement for each in judged if each.led]
            followed = [each for each in led if _followed(each)] or led
            label = spreads[title].label if title in spreads else None
            yield Result(
                title,
                sum(each.beats for each in followed),
                sum(each.matched or 0 for each in followed),
                _tempo_error(followed),
                round(1000 * spreads[title].spread.seconds, 1) if title in spreads else None,
                label.value if label else _other_tempo(followed),
                _tempo_error([each.judgement for each in judged if not each.led]),
                len(led) - len(followed),
            )

    def _listened(self) -> Iterator[tuple[str, list[PhaseScore]]]:
        groups: dict[str, list[PhaseScore]] = {}
        for phase in self.phases:
            if phase.listened:
                groups.setdefault(phase.set_of, []).append(phase)
        yield from groups.items()

    @property
    def sets(self) -> Iterator[SetsScore]:
        """Yield what can be said together of those sets of each drill that followed the beat."""
        for title, phases in self.by_sets:
            followed = [each.judgement for each in phases if _followed(each.judgement)]
            spread = pooled([each.spread for each in followed if each.spread])
            judged = sum(each.judged for each in followed if each.spread)
            if spread:
                yield SetsScore(title, judged, spread, steadiness(spread, judged))


def score(
    prepared: Prepared,
    steps: Floats,
    source: Source = BY_TAPS,
    unheard: Mapping[int, Bools] | None = None,
    loudness: Floats | None = None,
) -> Score:
    """Return how steps, in ascending seconds from the track's first sample, met its beats.

    `unheard` has, for a phase's index, the beats around which no step could be heard; `loudness` is
    that of the steps in decibels, if one microphone heard them.
    """
    masks = unheard or {}
    told = [Step(round(float(at), 6)) for at in steps]
    phases = []
    for beats in track_beats(prepared):
        phase, met = score_phase(beats, steps, masks.get(beats.index))
        if loudness is not None:
            phase = replace(phase, landing=landing_of(beats, loudness[list(met)]))
        phases.append(phase)
        for k, beat in met.items():
            told[k] = replace(told[k], phase=beats.index, beat=beat)
    session = prepared.session
    return Score(session.name, session.title, source, tuple(phases), tuple(told))


def score_phase(
    beats: Beats, steps: Floats, unheard: Bools | None = None, feet: Ints | None = None
) -> tuple[PhaseScore, dict[int, int]]:
    """Return how steps met the beats of one phase, and for the index of each that did, its beat.

    `unheard` marks the beats around which no step could be heard; `feet` are those of the steps,
    if they are known.
    """
    judgement, met = Judgement(int(beats.expected.counts.sum())), {}
    listened = beats.listen is not Listen.NOTHING
    if listened:
        matched = match(beats.expected, steps, unheard)
        judgement = judge(beats.expected, matched, steps, feet)
        at = np.searchsorted(steps, matched.seconds)
        met = dict(zip(at.tolist(), matched.beats.tolist(), strict=True))
    phase = PhaseScore(
        beats.index,
        beats.title,
        beats.side,
        beats.set_of,
        listened,
        beats.expected.led,
        judgement,
        place=beats.place,
    )
    return phase, met


def landing_of(beats: Beats, loudness: Sequence[float] | Floats, place: int = 0) -> Landing | None:
    """Return how loud the steps that met beats of a phase landed; None if too few did."""
    if beats.listen is not Listen.CONTACTS or len(loudness) < FEWEST_FOR_TEMPO:
        return None
    return Landing(float(np.median(loudness)), 1 / beats.expected.minutes, place)


def keep(score: Score, folder: Path, *, once: bool = False) -> Scored | None:
    """Add a score to the log and return its entry. Raises OSError.

    None if no step was judged, or if the same is to be there only `once` and is there already.
    """
    results = tuple(score.results)
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    entry = Scored(now, score.session, score.title, results)
    if not results:
        return None
    kept = [each for each in history.entries(folder) if isinstance(each, Scored)] if once else []
    if any(replace(each, date=now) == entry for each in kept):
        return None
    history.append(entry, folder)
    return entry


def _followed(found: Judgement) -> bool:
    """Whether the steps had the beat's tempo; in another, steadiness says nothing of the beat."""
    error = found.tempo_error
    return error is None or tempo_label(error) in (TempoLabel.ON_TEMPO, TempoLabel.CLOSE)


def _other_tempo(found: Sequence[Judgement]) -> str:
    """Return what the tempo of sets is called that did not follow the beat; "" if some did."""
    errors = [each.tempo_error for each in found if each.tempo_error is not None]
    if not errors or any(map(_followed, found)):
        return ""
    return tempo_label(max(errors, key=abs)).value


def _tempo_error(found: Sequence[Judgement]) -> float | None:
    """Return the tempo error of several phases together, in per cent."""
    errors = [(each.tempo_error, each.judged) for each in found if each.tempo_error is not None]
    steps = sum(judged for _, judged in errors)
    return round(sum(100 * error * n for error, n in errors) / steps, 3) if steps else None
