"""Scores a performance while it plays: which beats were heard, and which steps met them.

What was heard is kept as runs: each goes on from where playing last started, or from where the beat
was muted or came back. So a pause, a jump or a repeated phase needs no rule of its own. Changes of
tempo need none either: within a run a performance with an edit is equal to the one before, up to
the edit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cadence_cue.app.phase_beats import Beats, phase_beats
from cadence_cue.app.scoring import PhaseScore, Score, Source, Step, score_phase
from cadence_cue.app.so_far import PhaseSoFar, SoFar
from cadence_cue.coaching.model import Listen, Session, Side
from cadence_cue.live.control import State
from cadence_cue.live.position import Position
from cadence_cue.scoring.expected import LEFT, RIGHT, Bools, Floats, Ints
from cadence_cue.scoring.matching import DOUBLE
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


class LiveScore:
    """Collects what is heard and the steps on it. Thread: one."""

    def __init__(self, session: Session, source: Source) -> None:
        self._session, self._source = session, source
        self._runs: list[_Run] = []
        self._steps: list[tuple[int, int, int]] = []  # generation, frame, foot
        self._phases: list[PhaseScore] = []
        self._met: dict[tuple[int, int, int], tuple[int, int]] = {}
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

    def step(self, position: Position, foot: int = 0) -> None:
        """Add a step at the position that was heard at its instant; `foot` is LEFT, RIGHT or 0."""
        if position.state is State.PLAYING:
            self._steps.append((position.generation, position.frame, foot))

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
        return so_far.at(_seconds(run, run.until)) if so_far else SoFar()

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
            generation, frame, foot = step
            if run := self._of(generation):
                phase, beat = self._met.get(step, (None, None))
                at = round(_seconds(run, frame), 6)
                steps.append(Step(at, phase, beat, _SIDES.get(foot, "")))
        title, name = self._session.title, self._session.name
        return Score(name, title, self._source, tuple(self._phases), tuple(steps))

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
        seconds, feet, steps = self._steps_on(run, beats)
        phase, met = score_phase(beats, seconds, feet=feet)
        self._met |= {steps[k]: (beats.index, beat) for k, beat in met.items()}
        return phase

    def _steps_on(self, run: _Run, beats: Beats) -> tuple[Floats, Ints, list[tuple[int, int, int]]]:
        """Return the seconds and the feet of the steps on a run, without a held key's repeats."""
        steps = [
            step
            for step in self._steps
            if step[0] == run.generation and run.since <= step[1] <= run.until
        ]
        seconds = np.array([_seconds(run, frame) for _, frame, _ in steps], np.float64)
        feet = np.array([foot for *_, foot in steps], np.int64)
        kept = ~_repeats(seconds, feet, beats.expected.beats)
        return seconds[kept], feet[kept], [steps[k] for k in np.flatnonzero(kept)]

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
            known = self._present = run, placed, PhaseSoFar(beats) if beats and told else None
            self._taken = 0
        so_far = known[2]
        new, self._taken = self._steps[self._taken :], len(self._steps)
        for generation, frame, foot in new:
            if so_far and generation == run.generation and frame >= run.since:
                so_far.step(_seconds(run, frame), foot)
        return so_far

    def _of(self, generation: int) -> _Run | None:
        return next((run for run in self._runs if run.generation == generation), None)


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
