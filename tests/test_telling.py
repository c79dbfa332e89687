"""What is told of a set in the pause after it: an edit that the engine takes, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from cadence_cue.app.score.key_steps import KeySteps
from cadence_cue.app.score.live import LiveScore
from cadence_cue.app.score.scoring import BY_KEYS, PhaseScore
from cadence_cue.app.score.spoken import SpokenScore
from cadence_cue.app.tracks.performed import _without_scores
from cadence_cue.cli.steps import Steps
from cadence_cue.coaching import wording
from cadence_cue.scoring.expected import LEFT
from cadence_cue.scoring.statistics import Judgement, Spread
from cadence_cue.timing.timeline import Bus, EventKind, Timeline, text_of
from tests.transporting import Stage, perform, stage, within

SET = {"drill": "toe-taps", "side": "left", "time": "20s", "count_in": False}
REST = {"rest": "", "time": "20s"}
AFTER = 3 * 48000  # frames into the pause


@pytest.fixture
def playing() -> Iterator[Stage]:
    with stage(perform(SET, REST, SET, REST, SET)) as on:
        on.transport.play()
        yield on


def said(timeline: Timeline, phase: int) -> list[tuple[int, EventKind, str]]:
    """What is said in a phase: frames into it, why, and what."""
    events = timeline.events[timeline.events["phase"] == phase]
    start = timeline.marks[phase].start
    return [
        (
            int(each["frame"]) - start,
            EventKind(each["kind"]),
            text_of(timeline.sounds[each["sound"]]),
        )
        for each in events[events["bus"] == Bus.VOICE]
    ]


def told(on: Stage, phase: int) -> list[int]:
    """When it is told in a phase that the runner was on the beat."""
    return [at for at, _, text in said(on.transport.timeline, phase) if text == wording.ON_THE_BEAT]


def to(on: Stage, phase: int, seconds: float) -> None:
    """Play until so long into a phase."""
    frames = on.transport.timeline.marks[phase].start - on.transport.position.frame
    on.run(frames / 48000 + seconds)


def test_it_is_said_three_seconds_into_the_pause_and_nothing_else_changes(playing: Stage) -> None:
    before = playing.transport.timeline
    to(playing, 1, 0.8)
    playing.transport.telling.after(0, wording.ON_THE_BEAT)
    playing.run(25)
    (at,) = told(playing, 1)
    assert abs(at - AFTER) <= 0.5 * 48000
    after = playing.transport.timeline
    assert not told(playing, 3)
    assert within(after, 0, before.marks[1].start) == within(before, 0, before.marks[1].start)
    assert after.marks == before.marks
    lines = [at for at, kind, _ in said(after, 1) if kind >= EventKind.CHECK]
    assert min(lines) > at + 48000, "the coach's line comes later"
    playing.check()


def test_plain_lines_let_the_voice_say_it(playing: Stage) -> None:
    on = playing.transport
    score = LiveScore(on.performance.session, BY_KEYS)
    steps, lines = Steps(on, score, KeySteps(score, on), speaks=True), []
    clicks = on.timeline.events[on.timeline.events["kind"] == EventKind.BEAT]
    for frame in clicks["frame"][clicks["phase"] == 0].tolist():
        playing.run((frame - on.position.frame) / 48000)
        score.step(on.position, LEFT)
        lines += steps.lines()
    for _ in range(30):
        playing.run(0.1)
        lines += steps.lines()
    playing.run(2)
    assert "on tempo" in "".join(lines)
    assert len(told(playing, 1)) == 1


@pytest.mark.parametrize("into", [3.5, 12.0, 21.0])
def test_too_late_it_is_not_said(playing: Stage, into: float) -> None:
    before = playing.transport.performance
    to(playing, 1, into)
    playing.transport.telling.after(0, wording.ON_THE_BEAT)
    playing.run(3)
    assert playing.transport.performance is before


def test_what_was_said_stays_said_when_the_tempo_changes(playing: Stage) -> None:
    to(playing, 1, 0.8)
    playing.transport.telling.after(0, wording.ON_THE_BEAT)
    playing.run(8)
    playing.transport.nudge(Fraction(4))
    playing.run(20)
    assert len(told(playing, 1)) == 1
    assert playing.transport.performance.edits[-1].says
    playing.check()
    plain = _without_scores(playing.transport.performance)
    assert wording.ON_THE_BEAT not in plain.spoken
    assert [edit.tempi for edit in plain.edits] == [playing.transport.performance.tempi]


def score(
    error: float | None, sd: float = 0.02, *, led: bool = True, judged: int = 40
) -> PhaseScore:
    """A set with this tempo error and scatter."""
    spread = Spread(sd / 0.75, sd, judged - 2)
    return PhaseScore(
        0, "", "left", "Toe taps", listened=True, led=led,
        judgement=Judgement(judged, judged=judged, tempo_error=error, spread=spread),
    )  # fmt: skip


def sentences(*sets: PhaseScore) -> list[str]:
    with stage(perform(SET)) as on:
        spoken = SpokenScore(on.transport)
        return [spoken.sentence(each) for each in sets]


def test_what_stands_out_is_told_in_every_second_set_at_most() -> None:
    on, off = score(0.01), score(0.04)
    assert sentences(on, on, on, on) == [wording.ON_THE_BEAT, "", "", ""]
    assert sentences(off, off, off) == [wording.AHEAD, "", wording.AHEAD]
    assert sentences(score(-0.031), off, on) == [wording.BEHIND, "", wording.ON_THE_BEAT]
    assert sentences(score(0.02), score(0.029)) == ["", ""]


def test_only_a_clear_change_of_scatter_is_told() -> None:
    wide, narrow, between = score(0.02, 0.04), score(0.02, 0.02), score(0.02, 0.035)
    assert sentences(wide, narrow) == ["", wording.STEADIER]
    assert sentences(wide, between, narrow) == ["", "", wording.STEADIER]
    assert sentences(narrow, wide) == ["", ""]
    assert sentences(wide, replace(narrow, side="right")) == ["", ""]


def test_it_waits_for_a_pause() -> None:
    with stage(perform({**SET, "side": "both", "time": "46s"}, REST, SET)) as on:
        assert [on.transport.telling.can_follow(k) for k in range(5)] == [0, 0, 1, 0, 0]


def test_nothing_is_told_of_a_rhythm_of_ones_own_or_of_too_few_steps() -> None:
    assert sentences(score(0.05, led=False), score(None)) == ["", ""]
