"""What holds for every session, checked on random ones; the oracle knows where beats lie."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

import cadence_cue
from cadence_cue.coaching import wording
from cadence_cue.timing import sounds
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import Bus, EventKind
from tests.examples import examples
from tests.oracle import Score
from tests.reading import read
from tests.timing.rig import nearest, overlaps, plan
from tests.timing.sessions import sessions

DRILLS = Path(cadence_cue.__file__).parent / "coaching" / "library" / "drills"
OWN = 173

Phases = list[dict[str, Any]]
few = examples(12, 100)
rates = st.sampled_from([8000, 44100, 48000])


def score_of(phases: Phases) -> Score:
    return read(tomli_w.dumps({"title": "x", "phase": phases}), OWN, DRILLS)


@few
@given(sessions, rates)
def test_every_click_and_tick_is_where_the_oracle_has_it(phases: Phases, rate: int) -> None:
    planned = plan(*phases, own=OWN, rate=rate)
    wanted = [(click.frame, click.accented) for click in score_of(phases).clicks(rate)]
    heard = [
        (event.frame - planned.zero, None if event.sound == sounds.TICK else event.accent)
        for event in planned.events(EventKind.BEAT, EventKind.COUNT_IN)
        if event.bus is Bus.BEAT and event.sound != sounds.COUNT_IN
    ]
    assert heard == wanted


@few
@given(sessions, rates)
def test_count_ins_go_back_from_the_grids_start(phases: Phases, rate: int) -> None:
    planned = plan(*phases, own=OWN, rate=rate)
    frames = {
        (event.phase, event.frame - planned.zero)
        for event in planned.events(EventKind.COUNT_IN)
        if event.sound == sounds.COUNT_IN
    }
    allowed = [set(count.frames) for count in score_of(phases).count_ins(rate)]
    assert all(any(frame in grid for grid in allowed) for _, frame in frames)


@few
@given(sessions, rates)
def test_the_length_is_lead_in_phases_and_one_second(phases: Phases, rate: int) -> None:
    planned = plan(*phases, own=OWN, rate=rate)
    seconds = score_of(phases).seconds
    assert planned.timeline.frames == planned.zero + nearest(seconds * rate) + rate
    end = planned.zero
    for mark in planned.marks:
        assert mark.start == end
        assert 0 <= mark.entry <= mark.start
        end += mark.frames
    assert end == planned.timeline.frames - rate


@few
@given(sessions)
def test_nothing_is_said_while_something_else_is_said_or_signalled(phases: Phases) -> None:
    planned = plan(*phases, own=OWN)
    voice = [event for event in planned.timeline if event.bus is Bus.VOICE]
    signals = planned.events(EventKind.SIGNAL)
    clashes = overlaps([*voice, *signals])
    assert [pair for pair in clashes if not {*pair} <= {event.sound for event in signals}] == []


@few
@given(sessions)
def test_every_vowel_that_belongs_to_a_beat_is_on_one(phases: Phases) -> None:
    planned = plan(*phases, own=OWN)
    spans = [span for span in score_of(phases).spans if span.tempo]
    beats = {span.frame(n, 48000) for span in spans for n in span.numbers()}
    kinds = (EventKind.CUE, EventKind.CHANT, EventKind.SAY, EventKind.ANNOUNCEMENT)
    for event in planned.events(*kinds):
        if event.beat is not None:
            assert planned.vowel(event) - planned.zero in beats
        elif event.kind is not EventKind.ANNOUNCEMENT:
            part = planned.parts[event.phase]
            assert part.tempo is None or part.ticks


@few
@given(sessions)
def test_whoever_counts_in_counts_the_beats_before_the_grid(phases: Phases) -> None:
    planned = plan(*phases, own=OWN)
    for phase, part in enumerate(planned.parts):
        aloud = [e for e in planned.in_phase(phase, EventKind.COUNT_IN) if e.bus is Bus.VOICE]
        assert [event.sound for event in aloud] == [str(n) for n in range(1, len(aloud) + 1)]
        for left, event in enumerate(reversed(aloud), 1):
            assert part.tempo
            step = 1 if part.tempo[0] <= 140 else 2
            before = sum((p.seconds for p in planned.parts[:phase]), Fraction(0))
            instant = before - left * step * 60 / part.tempo[0]
            assert planned.vowel(event) == planned.at(instant)


@few
@given(sessions)
def test_each_countdown_is_exact(phases: Phases) -> None:
    planned = plan(*phases, own=OWN)
    ends = [sum((part.seconds for part in planned.parts[: k + 1]), Fraction(0)) for k in range(99)]
    for event in planned.events(EventKind.COUNTDOWN):
        seconds = int(event.sound.split()[0])
        assert planned.vowel(event) == planned.at(ends[event.phase] - seconds)


@few
@given(sessions)
def test_whatever_is_asked_for_is_said_or_listed(phases: Phases) -> None:
    planned = plan(*phases, own=OWN)
    told = Counter(
        (event.phase, event.sound) for event in planned.timeline if event.bus is Bus.VOICE
    ) + Counter(
        (drop.phase, text)
        for drop in planned.dropped
        # The seconds of a countdown that a count-in takes the place of are listed together.
        for text in (drop.text.split(", ") if drop.reason is Reason.COUNTED_IN else [drop.text])
    )
    for phase, part in enumerate(planned.parts):
        announced, short = part.announcement.full, part.announcement.short
        if announced in ((wording.REST,), (wording.WALK,)):
            announced = ()  # a pause is named where it lasts
        if short and announced[:1] != short and told[phase, short[0]]:
            announced = (*short, *announced[1:])  # reworded, not left out
        texts = [
            *announced,
            *part.opening,
            *filter(None, (part.closing,)),
            *(say.text for say in part.say),
            *map(wording.countdown_phrase, part.countdown),
        ]
        missing = Counter((phase, text) for text in texts) - told
        assert not missing


@few
@given(sessions)
def test_speech_stays_within_its_phase_or_the_one_before(phases: Phases) -> None:
    planned = plan(*phases, own=OWN)
    for event in planned.timeline:
        if event.bus is not Bus.VOICE:
            continue
        mark = planned.marks[event.phase]
        earliest = mark.start
        if event.kind in (EventKind.ANNOUNCEMENT, EventKind.COUNT_IN):
            earliest = planned.marks[event.phase - 1].start if event.phase else 0
        assert earliest <= event.frame
        assert event.frame + event.frames <= mark.start + mark.frames


@few
@given(sessions, st.integers(0, 5))
def test_a_timeline_is_ordered_closed_and_the_same_every_time(phases: Phases, seed: int) -> None:
    one, two = (plan(*phases, own=OWN, seed=seed).timeline for _ in range(2))
    assert (one.events == two.events).all()
    assert (one.sounds, one.marks, one.dropped) == (two.sounds, two.marks, two.dropped)
    assert not one.events.flags.writeable
    assert (np.diff(one.events["frame"]) >= 0).all()
    assert (one.events["frame"] >= 0).all()
    assert (one.events["frame"] + one.events["frames"] <= one.frames).all()
