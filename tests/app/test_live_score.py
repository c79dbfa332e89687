"""Steps on a performance that plays: what was put in comes out, whatever the clock did meanwhile.

The oracle is the list of clicks that the engine was given; the steps are put beside them.
"""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cadence_cue.app.log import history
from cadence_cue.app.score.data import score_data
from cadence_cue.app.score.hearing import Hearing
from cadence_cue.app.score.lines import phase_line, score_lines
from cadence_cue.app.score.live import LiveScore, Sound
from cadence_cue.app.score.phase_beats import Beats
from cadence_cue.app.score.scoring import (
    BY_KEYS,
    BY_MICROPHONE,
    BY_TAPS,
    PhaseScore,
    Score,
    Source,
    Unheard,
    keep,
)
from cadence_cue.app.score.so_far import LAST, PhaseSoFar, SoFar
from cadence_cue.app.settings import Settings
from cadence_cue.coaching.drill import Listen
from cadence_cue.live.control import State
from cadence_cue.live.position import Position
from cadence_cue.scoring.expected import LEFT, RIGHT, Expected
from cadence_cue.scoring.statistics import Judgement, Spread
from cadence_cue.timing.timeline import EventKind
from cadence_cue.transport.transport import Transport
from tests.transporting import Stage, perform
from tests.transporting import stage as staged

RATE = 48000
BLOCK = 9600  # frames between two looks
RUN = {"run": "Easy", "time": "30s", "tempo": 120, "cues": [], "count_in": False}
OWN = {**RUN, "tempo": "own"}
DROPPED = 8

Offset = Callable[[int], float | None]


class Runner:
    """Steps beside each click of a stage, by an offset in seconds for its number; None: not."""

    def __init__(self, stage: Stage, source: Source = BY_KEYS) -> None:
        self.stage = stage
        self.transport = stage.transport
        self.score = LiveScore(self.transport.performance.session, source)
        self.steps = 0
        self._feet = (LEFT, RIGHT) if source is BY_KEYS else (0, 0)
        self.transport.play()

    def run(self, seconds: float, offset: Offset) -> None:
        for _ in range(round(seconds * RATE / BLOCK)):
            before = self._look()
            self.stage.make(BLOCK)
            after = self._look()
            if before.generation != after.generation:
                continue
            for frame, beat in self._clicks(before.frame, after.frame):
                late = offset(self.steps)
                if late is not None:
                    foot = self._feet[beat % 2]
                    self.step(after.generation, frame + round(late * RATE), foot)
                self.steps += 1

    def _clicks(self, first: int, last: int) -> list[tuple[int, int]]:
        events = self.transport.timeline.events
        events = events[(events["frame"] >= first) & (events["frame"] < last)]
        events = events[events["kind"] == EventKind.BEAT]
        return list(zip(events["frame"].tolist(), events["beat"].tolist(), strict=True))

    def step(self, generation: int, frame: int, foot: int) -> None:
        self.score.step(Position(generation, frame, State.PLAYING), foot)

    def _look(self) -> Position:
        self.stage.poll()
        on = self.transport
        self.score.follow(on.position, on.performance, on.entry, clicks=on.levels.beat)
        return on.position

    @property
    def phases(self) -> tuple[PhaseScore, ...]:
        return self.score.end().phases


@pytest.fixture
def runner() -> Iterator[Runner]:
    with staged(perform(RUN, RUN, announce=False)) as stage:
        yield Runner(stage)


def test_what_was_put_in_comes_out(runner: Runner) -> None:
    late = np.random.default_rng(1).normal(-0.02, 0.015, 200)
    late[::2] -= 0.005
    late[1::2] += 0.005
    runner.run(32, lambda k: late[k])
    (phase,) = runner.score.judged()
    found, put = phase.judgement, late[DROPPED:60]
    assert (found.beats, found.matched, found.missed, found.extra) == (52, 52, 0, 0)
    assert found.asynchrony == pytest.approx(put.mean(), abs=1e-3)
    assert found.left_right == pytest.approx(put[::2].mean() - put[1::2].mean(), abs=1e-3)
    assert found.spread
    assert found.spread.seconds == pytest.approx(put.std(ddof=1), abs=1e-3)
    assert found.tempo_error == pytest.approx(0, abs=1e-3)


def test_early_and_late_are_told_against_the_usual_only(runner: Runner) -> None:
    runner.run(32, lambda _: -0.09)
    runner.run(32, lambda _: -0.07)
    score = runner.score.end()
    told = "\n".join(score_lines(score))
    assert "+20 ms against your usual" in told
    assert "to the beat" not in told
    assert "early)" not in told
    assert [each["asynchrony_ms"] for each in score_data(score)["phases"]] == [None, None]
    assert [each["drift_per_minute"] for each in score_data(score)["phases"]] == [0, 0]


def test_another_place_in_the_beat_is_no_change_of_a_habit(runner: Runner) -> None:
    runner.run(31, lambda _: -0.18)
    runner.run(31, lambda _: 0.21)
    assert "usual" not in "\n".join(score_lines(runner.score.end()))


def test_many_uneven_steps_are_not_called_too_short(runner: Runner) -> None:
    late = np.random.default_rng(1).uniform(-0.24, 0.24, 200)
    runner.run(32, lambda k: late[k])
    told = "\n".join(score_lines(runner.score.end()))
    assert "no even rhythm to judge" in told
    assert "too short" not in told


def test_a_held_key_is_one_step_and_a_double_tap_one_more(runner: Runner) -> None:
    def held(k: int) -> float:
        if k == 20:
            at = runner.transport.position
            for repeat in range(12):  # thirty a second
                runner.step(at.generation, at.frame + 1600 * repeat, 0)
        return 0.0

    runner.run(32, held)
    (phase,) = runner.score.judged()
    found = phase.judgement
    assert (found.beats, found.matched, found.missed, found.extra) == (52, 52, 0, 1)


def test_after_a_pause_the_first_steps_do_not_count_again(runner: Runner) -> None:
    runner.run(15, lambda _: 0.0)
    runner.transport.pause()
    runner.run(1, lambda _: 0.0)
    runner.transport.go_on()
    runner.run(20, lambda _: 0.0)
    before, after, *_ = runner.phases
    assert (before.index, after.index) == (0, 0)
    assert before.judgement.missed == after.judgement.missed == 0
    assert before.judgement.beats + after.judgement.beats in (60 - 2 * DROPPED, 59 - 2 * DROPPED)
    assert before.judgement.extra == after.judgement.extra == 0


def test_a_changed_tempo_is_the_one_that_counts() -> None:
    with staged(perform({**OWN, "time": "40s"}, announce=False)) as stage:
        runner = Runner(stage)
        runner.run(15, lambda _: -0.01)
        runner.transport.nudge(Fraction(10))
        runner.run(30, lambda _: -0.01)
        (phase,) = runner.phases
        assert runner.transport.performance.edits
        found = phase.judgement
        assert found.beats == found.matched == runner.steps - 2 * DROPPED
        assert found.tempo_error == pytest.approx(0, abs=1e-4)
        assert found.asynchrony == pytest.approx(-0.01, abs=1e-3)


def test_what_was_skipped_is_not_missed(runner: Runner) -> None:
    # The last click is heard, but not for long enough that its step would have come.
    runner.run(9.6, lambda k: None if k == 17 else 0.0)
    assert runner.steps == 18
    runner.transport.next()
    runner.run(20, lambda _: 0.0)
    skipped, second = runner.phases
    assert (skipped.index, second.index) == (0, 1)
    assert (skipped.judgement.beats, skipped.judgement.missed) == (17 - DROPPED, 0)
    assert second.judgement.missed == 0


def test_muting_the_beat_ends_what_is_compared_with_it(runner: Runner) -> None:
    runner.run(15, lambda _: 0.0)
    runner.transport.mute("beat")
    runner.run(17, lambda _: None)
    with_it, without = runner.phases
    assert (with_it.led, without.led) == (True, False)
    assert with_it.judgement.missed == 0


def test_without_the_beat_it_is_a_rhythm_of_ones_own(runner: Runner) -> None:
    runner.transport.mute("beat")
    runner.run(32, lambda k: 0.002 * k)
    (phase,) = runner.score.judged()
    assert not phase.led
    assert phase.judgement.missed is None
    assert phase.judgement.tempo_error == pytest.approx(0.5 / 0.502 - 1, abs=1e-4)


def test_nothing_is_scored_while_the_clock_stands(runner: Runner) -> None:
    runner.run(1, lambda _: 0.0)
    for state in (State.PAUSED, State.WAITING, State.HELD, State.FINISHED):
        runner.score.step(Position(runner.transport.position.generation, 4800, state))
    assert len(runner.score.end().steps) == runner.steps


def test_what_is_told_of_a_phase_while_it_plays(runner: Runner) -> None:
    runner.run(10, lambda k: None if k == 12 else 0.03 if k % 2 else -0.05)
    found = runner.score.at_present()
    beats = runner.steps - DROPPED
    assert beats - 1 <= found.beats <= beats
    assert found.matched == found.beats - 1
    assert min(found.offsets) == pytest.approx(-0.05, abs=1e-4)
    assert max(found.offsets) == pytest.approx(0.03, abs=1e-4)
    assert len(found.offsets) == LAST


def test_what_is_heard_while_nobody_listens_is_not_missed(runner: Runner) -> None:
    runner.run(10, lambda _: 0)
    runner.score.rest()
    runner.transport.poll()
    runner.stage.make(5 * RATE)
    runner.run(10, lambda _: 0)
    (first, second) = runner.phases
    assert (first.judgement.missed, second.judgement.missed) == (0, 0)
    assert first.judgement.beats + second.judgement.beats < 60 - 2 * DROPPED


def test_a_set_without_the_click_is_kept_beside_the_others() -> None:
    drill = {"drill": "toe-taps", "side": "left", "time": "30s", "tempo": 120, "count_in": False}
    with staged(perform(drill, {**drill, "beat": "off"}, announce=False)) as stage:
        runner = Runner(stage)
        runner.run(66, lambda _: 0.0)
        position = runner.transport.position
        start = runner.transport.timeline.marks[1].start
        for k in range(56):
            runner.step(position.generation, start + round(0.51 * RATE * k), LEFT)
        (result,) = runner.score.end().results
    assert result.tempo_error_percent == pytest.approx(0, abs=0.1)
    assert result.alone_error_percent == pytest.approx(-100 / 51, abs=0.1)
    assert result.matched == result.beats > 40
    assert result.line.endswith("−2.0 % without a click")


def test_tuesday_may_go_as_well_as_monday(runner: Runner, tmp_path: Path) -> None:
    runner.run(40, lambda _: 0.0)
    score = runner.score.end()
    assert keep(score, tmp_path)
    assert keep(score, tmp_path)
    assert len(history.entries(tmp_path)) == 2
    assert keep(score, tmp_path, once=True) is None


def test_a_held_key_is_one_step_on_the_lane_too() -> None:
    seconds = np.arange(20) / 2
    expected = Expected(seconds, np.ones(20, np.bool_), np.zeros(20, np.int64))
    beats = Beats(0, "Run", "", "Run", Listen.CONTACTS, expected)
    phase = PhaseSoFar(beats, keys=True)
    for at in (1.01, *(1.26 + k / 30 for k in range(20))):
        phase.step(at, LEFT)
    phase.step(2.52, RIGHT)
    assert phase.at(3.0).offsets == pytest.approx((0.01, 0.02))
    assert (phase.at(3.0).matched, phase.at(3.0).beats) == (2, 6)
    assert (phase.at(2.0).matched, phase.at(2.0).beats) == (1, 4)


JITTER = np.random.default_rng(3).normal(-0.02, 0.015, 200)


@pytest.fixture
def heard() -> Iterator[Runner]:
    """A runner whom a microphone hears."""
    with staged(perform(RUN, announce=False)) as stage:
        yield Runner(stage, BY_MICROPHONE)


def listen(runner: Runner, first: float, last: float) -> None:
    """Say that somebody listened between these seconds of the run."""
    position = runner.transport.position
    begun = runner.transport.timeline.marks[0].start
    frames = (begun + round(seconds * RATE) for seconds in (first, last))
    runner.score.listened(*(position._replace(frame=frame) for frame in frames))


def test_where_nobody_listened_no_step_is_missed(heard: Runner) -> None:
    heard.run(32, lambda k: JITTER[k] if k < 20 else None)
    listen(heard, -5, 5)
    listen(heard, 5, 9.9)  # twenty beats
    (phase,) = heard.phases
    found = phase.judgement
    assert (found.matched, found.missed, found.not_heard) == (20 - DROPPED, 0, 40)
    assert phase.unheard is None


def test_who_hears_nothing_but_zeros_does_not_listen(
    heard: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard.run(32, lambda _: None)
    position, begun = heard.transport.position, heard.transport.timeline.marks[0].start
    monkeypatch.setattr(
        Transport,
        "position_at",
        lambda _, at: position._replace(frame=begun + round(at * RATE)),
    )
    ear: Any = SimpleNamespace(opened=None, noise_db=None, hidden=(), poll=list, zeros=True)
    hearing = Hearing(heard.score, heard.transport, heard.stage.player, ear, Settings())
    for until in (-4.0, 40.0):
        ear.heard = (-5.0, until)
        hearing.poll()
    (phase,) = heard.phases
    assert phase.unheard is Unheard.DEAF


def test_a_microphone_knows_no_foot_but_that_of_the_beat(heard: Runner) -> None:
    late = JITTER[:60].copy()
    late[::2] -= 0.01
    heard.run(32, lambda k: late[k])
    listen(heard, -5, 40)
    (phase,) = heard.phases
    put = late[DROPPED:60]
    assert phase.judgement.left_right == pytest.approx(put[::2].mean() - put[1::2].mean(), abs=1e-3)


def contrast_of(runner: Runner, decibels: float) -> None:
    runner.step = lambda generation, frame, foot: runner.score.step(  # type: ignore[method-assign]
        Position(generation, frame, State.PLAYING), foot, Sound(decibels)
    )


def test_steps_hardly_louder_than_the_room_are_not_told(heard: Runner) -> None:
    contrast_of(heard, 1)
    heard.run(32, lambda k: JITTER[k])
    listen(heard, -5, 40)
    (phase,) = heard.phases
    assert phase.unheard is Unheard.LOUD
    assert "too loud here" in "\n".join(score_lines(heard.score.end()))


def test_nothing_is_told_before_clicks_would_be_known_from_steps(heard: Runner) -> None:
    heard.run(3, lambda k: JITTER[k])
    assert heard.score.at_present() == SoFar()
    heard.run(7, lambda k: JITTER[k])
    assert heard.score.count()[0] > 5


def test_clicks_left_over_after_subtracting_are_not_counted_meanwhile_either(heard: Runner) -> None:
    heard.step = lambda generation, frame, foot: heard.score.step(  # type: ignore[method-assign]
        Position(generation, frame, State.PLAYING), foot, Sound(apart=True)
    )
    heard.run(16, lambda _: 0.03)
    assert heard.score.at_present() == SoFar()


def test_soft_steps_are_not_missed(heard: Runner) -> None:
    heard.run(32, lambda k: None if k % 5 else JITTER[k])
    listen(heard, -5, 40)
    (phase,) = heard.phases
    assert phase.unheard is Unheard.SOFT
    assert phase.judgement.missed == 0


def test_our_own_clicks_are_no_steps(heard: Runner) -> None:
    for _ in range(2):
        heard.run(16, lambda _: 0.03)
        assert heard.score.count() == (0, 0)
        assert heard.score.at_present().offsets == ()
    listen(heard, -5, 40)
    (phase,) = heard.phases
    assert phase.unheard is Unheard.COVERED
    assert phase.judgement.matched == 0


def test_what_our_own_sound_hides_is_not_missed(heard: Runner) -> None:
    heard.run(32, lambda k: JITTER[k] if k < 30 else None)
    listen(heard, -5, 40)
    position, begun = heard.transport.position, heard.transport.timeline.marks[0].start
    spans = (begun + RATE * second for second in (10, 25))
    heard.score.hide(*(position._replace(frame=frame) for frame in spans))
    (phase,) = heard.phases
    found = phase.judgement
    assert (found.matched, found.not_heard, found.missed) == (30 - DROPPED, 20, 10)
    heard.score.hide(*(position._replace(frame=begun + RATE * second) for second in (-5, 40)))


def test_what_is_hidden_for_hours_takes_little_memory(heard: Runner) -> None:
    position, clicks = heard.transport.position, 20_000
    tracemalloc.start()
    for click in range(clicks):
        since = position._replace(frame=20_000 * click)
        heard.score.hide(since, since._replace(frame=since.frame + 4800))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < 32 * clicks  # bytes


def test_where_our_own_sound_hides_all_it_covers_the_steps(heard: Runner) -> None:
    heard.run(32, lambda _: None)
    listen(heard, -5, 40)
    position, begun = heard.transport.position, heard.transport.timeline.marks[0].start
    spans = (begun + RATE * second for second in (-5, 40))
    heard.score.hide(*(position._replace(frame=frame) for frame in spans))
    (phase,) = heard.phases
    assert phase.unheard is Unheard.COVERED
    assert "calibrate" in phase_line(phase, heard.score.so_far())
    heard.score.source = replace(BY_MICROPHONE, calibrated=True)
    assert "; turn the sound down, or use" in phase_line(phase, heard.score.so_far())


@pytest.mark.parametrize(
    ("place", "told"), [(1, "landing 6 dB softer than in the first set"), (2, None)]
)
def test_a_set_lands_softer_than_the_first(place: int, told: str | None) -> None:
    with staged(perform(RUN, RUN, announce=False)) as stage:
        runner = Runner(stage, BY_MICROPHONE)
        for loudness, where in ((-30.0, 1), (-36.0, place)):
            sound = Sound(20, loudness, where)
            runner.step = lambda generation, frame, foot, sound=sound: runner.score.step(  # type: ignore[method-assign,misc]
                Position(generation, frame, State.PLAYING), foot, sound
            )
            runner.run(31 if where == 1 and loudness == -30 else 33, lambda k: JITTER[k])
        listen(runner, -5, 80)
        score = runner.score.end()
    data = [each["landing_db"] for each in score_data(score)["phases"]]
    assert data == [None, -6 if told else None]
    assert ("landing" in "\n".join(score_lines(score))) is bool(told)
    assert not told or told in "\n".join(score_lines(score))


def test_a_usual_delay_of_taps_is_what_they_are_held_against(runner: Runner) -> None:
    runner.score.source = Source("keys", calibrated=False, one_clock=True, latency_ms=-40)
    runner.run(32, lambda _: -0.03)
    score = runner.score.end()
    assert "+10 ms against your usual" in "\n".join(score_lines(score))
    assert score_data(score)["phases"][0]["asynchrony_ms"] is None


@pytest.mark.parametrize(
    ("apart", "told"), [(0.008, "left and right alike"), (-0.012, "left 12 ms earlier than right")]
)
def test_feet_that_differ_by_accident_are_alike(apart: float, told: str) -> None:
    # Of 64 steps that scatter by 20 ms, the difference of two halves scatters by 5 ms.
    spread = Spread(0.06, 0.02, 63)
    found = Judgement(64, 64, 0, 0, 0, 64, 0.0, spread=spread, left_right=apart)
    phase = PhaseScore(0, "Run", "", "Run", listened=True, led=True, judgement=found)
    assert told in phase_line(phase, Score("run", "Run", BY_TAPS, (phase,), ()))
