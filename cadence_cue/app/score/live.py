"""Scores a performance while it plays: which beats were heard, and which steps met them.

What was heard is kept as runs: each goes on from where playing last started, or from where the beat
was muted or came back. So a pause, a jump or a repeated phase needs no rule of its own. Changes of
tempo need none either: within a run a performance with an edit is equal to the one before, up to
the edit.

With a microphone, what was heard of the room counts too: where nobody listened, no step is missed.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from cadence_cue.app.score.phase_beats import Beats, phase_beats
from cadence_cue.app.score.scoring import (
    BY_MICROPHONE,
    PhaseScore,
    Score,
    Source,
    Step,
    Unheard,
    landing_of,
    score_phase,
)
from cadence_cue.app.score.so_far import PhaseSoFar, SoFar
from cadence_cue.app.score.unheard import near_a_step, unheard
from cadence_cue.coaching.drill import Listen, Side
from cadence_cue.coaching.session import Session
from cadence_cue.live.control import State
from cadence_cue.live.position import Position
from cadence_cue.scoring.expected import LEFT, RIGHT, Bools, Floats, Ints
from cadence_cue.scoring.matching import DOUBLE
from cadence_cue.scoring.onsets import Onset, within
from cadence_cue.scoring.own_clicks import FEWEST, hears_clicks
from cadence_cue.studio import Performance
from cadence_cue.timing.layout import Placed

_SIDES = {LEFT: Side.LEFT.value, RIGHT: Side.RIGHT.value}


@dataclass(slots=True)
class _Run:
    """Frames that were heard in one go, from `since` to `until`, with the steps on them.

    `clicks` says whether the beat was on. `judged` counts the phases that were judged.
    """

    generation: int
    performance: Performance
    since: int
    until: int
    clicks: bool
    over: bool = False
    judged: int = 0


class Sound(NamedTuple):
    """How a step was heard: decibels above what can be heard, and below full scale.

    Steps are as loud as one another only where the same microphone heard them: at one `place`.
    `apart` says that our own sound was taken out before.
    """

    contrast: float = math.inf
    loudness: float = math.nan
    place: int = 0
    apart: bool = False


class _Step(NamedTuple):
    """A step at a frame."""

    generation: int
    frame: int
    foot: int
    sound: Sound


_UNHEARD = Sound()

_Spans = dict[int, "array[int]"]
"""For a generation the first and last frame of each span: one a click, for hours."""


class LiveScore:
    """Collects what is heard and the steps on it. Thread: one."""

    def __init__(self, session: Session, source: Source) -> None:
        self.source = source
        """Where the steps come from; what is known of it by the end is what is told."""
        self.title = session.title
        """What it is called; a plain beat by the tempo that it has by now."""
        self._name = session.name
        self._runs: list[_Run] = []
        self._steps: list[_Step] = []
        self._listened: _Spans = {}
        self._hidden: _Spans = {}
        self._lags: list[Floats] = []  # of the steps of each phase after the nearest click
        self._phases: list[PhaseScore] = []
        self._met: dict[_Step, tuple[int, int]] = {}
        self._resting = True
        self._present: tuple[_Run, Placed, PhaseSoFar | None] | None = None
        self._taken = 0  # steps that the present phase knows of

    def follow(
        self, position: Position, performance: Performance, entry: int, *, clicks: bool
    ) -> None:
        """Note what is heard: a position in a performance whose frames count from `entry` on.

        To be called regularly; `clicks` says whether the beat can be heard.
        """
        run = self._runs[-1] if self._runs else None
        if position.state is not State.PLAYING:
            if run and position.state is not State.HELD:
                run.over = True
                if position.state is State.FINISHED and position.generation == run.generation:
                    run.until = position.frame
            return
        if run is None or run.over or (run.generation, run.clicks) != (position.generation, clicks):
            joined = self._resting or (run and run.generation == position.generation)
            since = max(entry, position.frame) if joined else entry
            self._resting = False
            if run:
                run.over = True
            run = _Run(position.generation, performance, since, position.frame, clicks)
            self._runs.append(run)
        run.performance, run.until = performance, position.frame

    def rest(self) -> None:
        """Leave out what is heard until the next `follow`: nobody listens for steps on it."""
        self._resting = True
        if self._runs:
            self._runs[-1].over = True

    def step(self, position: Position, foot: int = 0, sound: Sound = _UNHEARD) -> None:
        """Add a step at the position that was heard at its instant; `foot` is LEFT, RIGHT or 0.

        A microphone adds how it was heard.
        """
        if position.state is State.PLAYING:
            self._steps.append(_Step(position.generation, position.frame, foot, sound))

    def listened(self, since: Position, until: Position) -> None:
        """Note that all steps between two positions are known, if they come from a microphone."""
        _add(self._listened, since, until)

    def hide(self, since: Position, until: Position) -> None:
        """Note that between two positions a step would be lost in our own sound."""
        _add(self._hidden, since, until)

    def count(self) -> tuple[int, int]:
        """Return how many beats of the phase that plays met a step so far, and how many count."""
        found = self.at_present()
        return found.matched, found.beats

    def at_present(self) -> SoFar:
        """Return how the steps meet the beats of the phase that plays."""
        run = self._runs[-1] if self._runs else None
        if run is None or run.over or not (phase := self._playing(run)):
            return SoFar()
        so_far = self._so_far(run, phase)
        if so_far is None or (self._by_microphone and self._may_be_clicks(so_far)):
            return SoFar()
        return so_far.at(_seconds(run, run.until))

    def _may_be_clicks(self, so_far: PhaseSoFar) -> bool:
        """Return whether a microphone may hear our clicks as steps, or too few of both to tell."""
        lags = np.array([*so_far.lags])
        if len(lags) < FEWEST and self._lags:
            lags = np.concatenate([self._lags[-1], lags])
        if len(lags) < FEWEST:
            return not (self._steps and self._steps[-1].sound.apart)
        return hears_clicks(lags)

    def judged(self) -> list[PhaseScore]:
        """Return the phases that have ended since the last call, each time that it was heard."""
        found = []
        for run in self._runs:
            layout = run.performance.plan.layout
            while run.judged < len(layout) and (run.over or _past(run, layout[run.judged])):
                if score := self._judge(run, layout[run.judged]):
                    found.append(score)
                run.judged += 1
        self._phases += found
        return found

    def so_far(self) -> Score:
        """Return the score of the phases that have ended."""
        steps = []
        for step in self._steps:
            if run := self._of(step.generation):
                phase, beat = self._met.get(step, (None, None))
                at = round(_seconds(run, step.frame), 6)
                steps.append(Step(at, phase, beat, _SIDES.get(step.foot, "")))
        return Score(self._name, self.title, self.source, tuple(self._phases), tuple(steps))

    def end(self) -> Score:
        """Return the score of all that was heard; nothing is added any more."""
        for run in self._runs:
            run.over = True
        self.judged()
        return self.so_far()

    def _judge(self, run: _Run, placed: Placed) -> PhaseScore | None:
        beats = _beats(run, placed)
        if beats is None or not beats.expected.counts.any():
            return None
        seconds, steps = self._steps_on(run, beats)
        feet = np.array([step.foot for step in steps], np.int64)
        lost, reason = self._unheard(run, beats, seconds, steps)
        phase, met = score_phase(beats, seconds, lost, feet if feet.any() else None)
        sounds = [steps[k].sound for k in met]
        if len({each.place for each in sounds}) == 1 and self._by_microphone:
            landing = landing_of(beats, [each.loudness for each in sounds], sounds[0].place)
            phase = replace(phase, landing=landing)
        self._met |= {steps[k]: (beats.index, beat) for k, beat in met.items()}
        return replace(phase, unheard=reason)

    def _unheard(
        self, run: _Run, beats: Beats, seconds: Floats, steps: list[_Step]
    ) -> tuple[Bools | None, Unheard | None]:
        """Return the beats on which no step could be heard; the reason if these are all."""
        if not self._by_microphone or beats.listen is Listen.NOTHING:
            return None, None
        if beats.expected.led:
            self._lags.append(beats.expected.lags(seconds))
        listened, hidden = (
            self._within(spans, run, beats) for spans in (self._listened, self._hidden)
        )
        hidden &= ~near_a_step(beats, seconds)
        onsets = [Onset(at, step.sound.contrast) for at, step in zip(seconds, steps, strict=True)]
        covered = bool(self._lags) and hears_clicks(np.concatenate(self._lags))
        return unheard(beats, onsets, listened, hidden, covered=covered)

    def _within(self, spans: _Spans, run: _Run, beats: Beats) -> Bools:
        """Return which beats of a run lie in one of these spans."""
        frames = np.array(spans.get(run.generation, []), np.float64).reshape(-1, 2)
        start, rate = run.performance.timeline.start, run.performance.spec.rate
        return within((frames - start) / rate, beats.expected.beats)

    @property
    def _by_microphone(self) -> bool:
        return self.source.name == BY_MICROPHONE.name

    def _steps_on(self, run: _Run, beats: Beats) -> tuple[Floats, list[_Step]]:
        """Return the seconds of the steps on a run, and the steps, in order."""
        steps = [
            step
            for step in self._steps
            if step.generation == run.generation and run.since <= step.frame <= run.until
        ]
        seconds = np.array([_seconds(run, step.frame) for step in steps], np.float64)
        if self._by_microphone:
            return seconds, steps
        feet = np.array([step.foot for step in steps], np.int64)
        kept = np.flatnonzero(~_repeats(seconds, feet, beats.expected.beats))
        return seconds[kept], [steps[k] for k in kept]

    def _playing(self, run: _Run) -> Placed | None:
        mark = run.performance.timeline.mark_at(run.until)
        return run.performance.plan.layout[mark.index] if mark else None

    def _so_far(self, run: _Run, placed: Placed) -> PhaseSoFar | None:
        """Return what the steps have met of a phase; None if nothing of it can be told."""
        known = self._present
        if known is None or known[0] is not run or known[1] is not placed:
            first = run.performance.timeline.start
            beats = phase_beats(run.performance, placed, first, run.since, clicks=run.clicks)
            told = beats and beats.expected.led and beats.listen is not Listen.NOTHING
            so_far = PhaseSoFar(beats, keys=not self._by_microphone) if beats and told else None
            known = self._present = run, placed, so_far
            self._taken = 0
        so_far = known[2]
        new, self._taken = self._steps[self._taken :], len(self._steps)
        for step in new:
            if so_far and step.generation == run.generation and step.frame >= run.since:
                so_far.step(_seconds(run, step.frame), step.foot)
        return so_far

    def _of(self, generation: int) -> _Run | None:
        return next((run for run in self._runs if run.generation == generation), None)


def _add(spans: _Spans, since: Position, until: Position) -> None:
    """Add a span, to the one before if that ends where it begins; none across generations."""
    if since.generation != until.generation:
        return
    frames = spans.setdefault(since.generation, array("q"))
    if frames and frames[-1] == since.frame:
        frames[-1] = until.frame
    else:
        frames.extend((since.frame, until.frame))


def _beats(run: _Run, placed: Placed) -> Beats | None:
    first = run.performance.timeline.start
    return phase_beats(run.performance, placed, first, run.since, run.until, clicks=run.clicks)


def _past(run: _Run, placed: Placed) -> bool:
    """Return whether a phase has ended, and the last step of its beat would have come."""
    clock, late = run.performance.plan.clock, 0.0
    if placed.grid is not None and placed.part.tempo is not None:
        late = float(60 / placed.grid.tempo_at(placed.end))
    return run.until >= clock.frame(placed.end) + clock.frames(late)


def _seconds(run: _Run, frame: int) -> float:
    return (frame - run.performance.timeline.start) / run.performance.spec.rate


def _repeats(seconds: Floats, feet: Ints, beats: Floats) -> Bools:
    """Return which steps are repeats of a held key: the same key again, too soon after itself."""
    repeats = np.zeros(len(seconds), np.bool_)
    least = DOUBLE * np.interp(seconds, beats, np.gradient(beats))
    for foot in np.unique(feet):
        these = np.flatnonzero(feet == foot)
        repeats[these[1:]] = np.diff(seconds[these]) < least[these[1:]]
    return repeats
