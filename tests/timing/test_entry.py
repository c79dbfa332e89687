"""Entering a performance anywhere: what follows is unchanged, what precedes counts in."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.timing import sounds
from cadence_cue.timing.entry import entering
from cadence_cue.timing.timeline import Bus, Event, EventKind, Timeline
from tests.timing.rig import RATE, Planned, plan, run, sound_lengths
from tests.timing.sessions import sessions

BEFORE = RATE // 4
REST = {"rest": "", "time": "20s", "announce": False}


def enter(planned: Planned, frame: int, get_ready: Fraction = Fraction(0)) -> Timeline:
    return entering(planned.plan, frame, sound_lengths(planned.timeline.rate), get_ready)


def added(planned: Planned, entered: Timeline) -> list[Event]:
    whole = set(planned.timeline)
    return [event for event in entered if event not in whole]


@given(sessions, st.floats(0, 1))
def test_from_the_entry_on_every_sound_is_as_it_was(
    phases: list[dict[str, Any]], share: float
) -> None:
    planned = plan(*phases)
    frame = int(share * planned.timeline.frames)
    entered = enter(planned, frame)
    kept = [event for event in planned.timeline if event.frame >= frame]
    assert list(entered)[len(entered.events) - len(kept) :] == kept
    assert (entered.frames, entered.marks) == (planned.timeline.frames, planned.marks)
    assert not entered.events.flags.writeable
    assert all(event.frame >= entered.start for event in entered)
    clicks = [
        event.frame for event in entered if event.kind in (EventKind.BEAT, EventKind.COUNT_IN)
    ]
    assert len(clicks) == len(set(clicks))


@given(st.integers(61, 299), st.integers(0, 10 * RATE))
def test_the_count_in_is_on_the_very_grid_that_follows(tempo: int, offset: int) -> None:
    planned = plan(run("20s", tempo, cues=[], count_in=False), announce=False)
    frame = planned.zero + 3 * RATE + offset
    clicks = added(planned, enter(planned, frame))
    following = next(e for e in planned.events(EventKind.BEAT) if e.frame >= frame)
    assert following.beat is not None
    number = 8 if tempo >= 140 else 4
    beats = range(following.beat - number, following.beat)
    assert [event.beat for event in clicks] == list(beats)
    assert [event.frame for event in clicks] == [
        planned.at(Fraction(beat * 60, tempo)) for beat in beats
    ]
    assert {event.sound for event in clicks} == {sounds.COUNT_IN}


@pytest.mark.parametrize("beat", range(20, 40))
def test_a_beat_on_the_very_frame_is_not_counted_in(beat: int) -> None:
    planned = plan(run("20s", 173, cues=[]), announce=False)
    frame = next(e.frame for e in planned.events(EventKind.BEAT) if e.beat == beat)
    clicks = added(planned, enter(planned, frame))
    assert [event.beat for event in clicks] == list(range(beat - 8, beat))


def test_the_start_is_a_quarter_second_earlier_and_may_be_negative() -> None:
    planned = plan(run("20s", 60, cues=[]), announce=False, get_ready=Fraction(0))
    entered = enter(planned, planned.zero)
    assert entered.start == planned.zero - 4 * RATE - BEFORE
    planned = plan(REST, get_ready=Fraction(0))
    assert enter(planned, 0).start == -BEFORE


def test_a_silent_phase_is_counted_in_too() -> None:
    planned = plan(run("20s"), run("20s", beat="off"), announce=False)
    clicks = added(planned, enter(planned, planned.at(30)))
    assert [event.beat for event in clicks] == list(range(67, 75))


def test_where_no_beat_is_running_nothing_is_counted() -> None:
    planned = plan(REST, run("20s"), announce=False)
    entered = enter(planned, planned.at(5))
    assert added(planned, entered) == []
    assert entered.start == planned.at(5) - BEFORE


def test_the_set_and_the_lean_of_a_fall_are_not_counted_in() -> None:
    planned = plan({"drill": "fall-to-run", "time": "30s", "cues": []}, announce=False)
    assert added(planned, enter(planned, planned.at(8))) == []
    assert len(added(planned, enter(planned, planned.at(15)))) == 8


def test_a_sentence_that_is_under_way_is_said_again() -> None:
    planned = plan({"talk": "Well done", "time": "10s"}, run())
    (talk,) = planned.events(EventKind.TALK)
    entered = enter(planned, talk.frame + 100)
    assert next(iter(entered)) == talk
    assert entered.start == talk.frame - BEFORE
    after = enter(planned, talk.frame + talk.frames)
    assert talk not in list(after)


def test_a_count_in_that_is_under_way_comes_again() -> None:
    planned = plan(REST, run(announce=False))
    clicks = planned.in_phase(1, EventKind.COUNT_IN)
    for frame in (clicks[0].frame + 1, clicks[3].frame, planned.marks[1].start - 1):
        entered = enter(planned, frame)
        assert list(entered)[:8] == clicks
        assert entered.start == clicks[0].frame - BEFORE


def test_at_a_marks_entry_the_phase_begins_as_it_does_in_the_whole() -> None:
    planned = plan(REST, {"drill": "toe-taps", "side": "left", "time": "30s"})
    mark = planned.marks[1]
    entered = enter(planned, mark.entry)
    assert added(planned, entered) == []
    assert next(iter(entered)).sound == "On to toe taps, left leg"


def test_get_ready_and_its_signal_come_first() -> None:
    planned = plan(run(cues=[]), announce=False)
    entered = enter(planned, planned.at(30), Fraction(3))
    first, second, *_ = entered
    length = sound_lengths(RATE)[sounds.READY]
    assert (first.sound, second.sound) == (sounds.READY, sounds.COUNT_IN)
    assert first.frame == entered.start + 3 * RATE
    assert second.frame == first.frame + length + BEFORE


def test_an_export_from_the_middle_opens_as_the_whole_does() -> None:
    said = {"Stop if anything hurts": EventKind.SAFETY, "You need a wall": EventKind.NEEDS}
    planned = plan(run(cues=[]), announce=False, opening=said, spoken=["You need a wall"])
    entered = enter(planned, planned.at(30), Fraction(1))
    line, needs, ready, *_ = entered
    assert {each.sound: each.kind for each in (line, needs)} == said
    assert line.bus is needs.bus is Bus.VOICE
    assert line.frame == entered.start + RATE
    assert needs.frame == line.frame + line.frames + RATE // 2
    assert ready.frame == needs.frame + needs.frames + RATE // 2
    unhurried, *_ = enter(planned, planned.at(30), Fraction(20))
    assert unhurried.frame == enter(planned, planned.at(30), Fraction(20)).start + RATE
    resumed = enter(planned, planned.at(30))
    assert not {event.kind for event in resumed} & {EventKind.SAFETY, EventKind.NEEDS}


def test_the_entered_timeline_names_its_sounds() -> None:
    planned = plan(REST, run(announce=False, count_in=False, cues=[]), announce=False)
    assert sounds.COUNT_IN not in planned.timeline.sounds
    entered = enter(planned, planned.at(40))
    assert {event.sound for event in entered} <= set(entered.sounds)
    assert sounds.COUNT_IN in entered.sounds
