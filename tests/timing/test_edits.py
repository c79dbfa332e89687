"""Edits of random performances: what was stays, what comes is exact, and speech stays in order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence_cue.coaching.errors import SessionError
from cadence_cue.coaching.model import Kind
from cadence_cue.coaching.session_file import parse
from cadence_cue.studio import Performance, Wishes
from cadence_cue.timing.editing import Edit, at_beat, between_beats
from cadence_cue.timing.timeline import NO_BEAT, Bus, EventKind, Timeline
from tests.timing.rig import library
from tests.timing.sessions import sessions

OWN = Fraction(173)
MS = Fraction(1, 1000)
cases = settings(max_examples=8, deadline=None)


@dataclass(frozen=True, slots=True)
class Hand:
    """What a runner does at a share of the whole: more or fewer beats, or a moved beat."""

    share: float
    by: Fraction
    shift: Fraction


hands = st.lists(
    st.one_of(
        st.builds(Hand, st.floats(-0.02, 1.01), st.integers(-9, 9).map(Fraction), st.just(0 * MS)),
        st.builds(Hand, st.floats(0, 1), st.just(Fraction(0)), st.integers(-5, 5).map(MS.__mul__)),
    ),
    min_size=1,
    max_size=5,
).map(lambda made: sorted(made, key=lambda hand: hand.share))


def performed(phases: list[dict[str, Any]], rate: int = 48000) -> Performance:
    session = parse({"title": "x", "phase": phases}, name="x", library=library(), rehearsal=True)
    return Performance(
        session, library(), Wishes(OWN, Fraction(3, 2), rate=rate, seed=7, speaks=False)
    )


def edit_of(performance: Performance, hand: Hand) -> Edit | None:
    """The edit that a hand makes, as the transport would."""
    plan = performance.plan
    frame = round(hand.share * plan.timeline.frames)
    if hand.shift:
        at = between_beats(plan.layout, plan.clock, frame)
        if at is None:
            return None
        return Edit(at, performance.tempi, hand.shift)
    part = performance.part_at(max(frame, plan.clock.zero)) or performance.parts[-1]
    if part.tempo is None:
        part = next((p for p in performance.parts if p.tempo), part)
    tempi = performance.tempi.nudged(part, hand.by)
    return Edit(at_beat(plan.layout, plan.clock, frame), tempi)


def played(performance: Performance, made: list[Hand]) -> list[Performance]:
    """The versions of a performance, one for each hand that could do something."""
    versions = [performance]
    for hand in made:
        now = versions[-1]
        edit = edit_of(now, hand)
        if edit is None or (now.edits and edit.at <= now.edits[-1].at):
            continue
        try:
            versions.append(now.edited(edit))
        except SessionError:  # a tempo outside the limits
            continue
    return versions


def before(timeline: Timeline, frame: int) -> list[Any]:
    """Everything that begins before a frame."""
    return [event for event in timeline if event.frame < frame]


@cases
@given(sessions, hands)
def test_what_began_before_an_edit_stays(phases: list[dict[str, Any]], made: list[Hand]) -> None:
    versions = played(performed(phases), made)
    for old, new in pairwise(versions):
        frame = old.plan.clock.frame(new.edits[-1].at)
        assert old.plan.clock == new.plan.clock
        assert [e._replace(phase=0) for e in before(old.timeline, frame)] == [
            e._replace(phase=0) for e in before(new.timeline, frame)
        ]


@cases
@given(sessions, hands, st.sampled_from([8000, 44100, 48000]))
def test_the_same_edits_make_the_same_performance(
    phases: list[dict[str, Any]], made: list[Hand], rate: int
) -> None:
    last = played(performed(phases), made)[-1]
    again = performed(phases).edited(*last.edits)
    assert np.array_equal(again.timeline.events, last.timeline.events)
    assert again.timeline.sounds == last.timeline.sounds
    elsewhere, fresh = last.at_rate(rate), performed(phases, rate).edited(*last.edits)
    assert np.array_equal(elsewhere.timeline.events, fresh.timeline.events)
    instants = [
        (placed.start, placed.end, [placed.grid.instant(k) for k in placed.heard()])
        for placed in last.plan.layout
        if placed.grid
    ]
    assert instants == [
        (placed.start, placed.end, [placed.grid.instant(k) for k in placed.heard()])
        for placed in elsewhere.plan.layout
        if placed.grid
    ]


class Ear:
    """An oracle that knows no grid: the tempo at any instant, from the phases and the edits."""

    def __init__(self, versions: list[Performance]) -> None:
        self._last = versions[-1]
        self._clock = self._last.plan.clock
        self._tempos = [version._perform() for version in versions]
        self._since = [edit.at for edit in self._last.edits]
        self.shifts = [(edit.at, edit.shift) for edit in self._last.edits if edit.shift]

    def beats(self, start: float, end: float, index: int) -> float:
        """How many beats pass between two instants of one phase: the tempo's integral."""
        cuts = [start, *(float(at) for at in self._since if start < at < end), end]
        return sum((self.tempo((a + b) / 2, index)) * (b - a) / 60 for a, b in pairwise(cuts))

    def tempo(self, instant: float, index: int) -> float:
        version = sum(at <= instant for at in self._since)
        part = self._tempos[version][index]
        placed = self._last.plan.layout[index]
        assert part.tempo is not None
        begin = placed.start + part.grid_delay
        share = (instant - float(begin)) / float(placed.end - begin)
        return float(part.tempo[0]) + float(part.tempo[1] - part.tempo[0]) * share


@cases
@given(sessions, hands)
def test_beats_follow_the_tempo_that_holds_at_each_moment(
    phases: list[dict[str, Any]], made: list[Hand]
) -> None:
    versions = played(performed(phases), made)
    ear, last = Ear(versions), versions[-1]
    clock = last.plan.clock
    clicks = [e for e in last.timeline if e.kind is EventKind.BEAT and e.beat is not None]
    for one, two in pairwise(clicks):
        part = last.parts[one.phase]
        ramp_of_beats = part.beats is not None and part.tempo and part.tempo[0] != part.tempo[1]
        if one.phase != two.phase or ramp_of_beats or one.beat is None or two.beat is None:
            continue
        start, end = float(clock.instant(one.frame)), float(clock.instant(two.frame))
        tempo = 60 * (two.beat - one.beat) / (end - start)
        moved = sum(
            float(shift) * ear.tempo(float(at), one.phase) / 60
            for at, shift in ear.shifts
            if start < at < end
        )
        frame = tempo / 60 / clock.rate
        assert abs(ear.beats(start, end, one.phase) - moved - (two.beat - one.beat)) < 1.2 * frame


@cases
@given(sessions, hands)
def test_every_beat_of_a_grid_counts_once(phases: list[dict[str, Any]], made: list[Hand]) -> None:
    last = played(performed(phases), made)[-1]
    grids: dict[int, list[int]] = {}
    for placed in last.plan.layout:
        if placed.grid:
            grids.setdefault(id(placed.grid), []).extend(placed.beats())
    for beats in grids.values():
        assert beats == list(range(len(beats)))
    frames = Counter(e.frame for e in last.timeline if e.kind is EventKind.BEAT)
    assert not frames or max(frames.values()) == 1


@cases
@given(sessions, hands)
def test_seconds_keep_their_ends_and_beats_their_number(
    phases: list[dict[str, Any]], made: list[Hand]
) -> None:
    versions = played(performed(phases), made)
    first, last = versions[0], versions[-1]
    for old, new in zip(first.plan.layout, last.plan.layout, strict=True):
        if new.part.beats is None:
            assert new.end - new.start == old.end - old.start
        else:
            assert abs(new.last - new.first - new.part.beats) < Fraction(1, 10**6)
    assert last.plan.layout[0].start == 0
    for one, two in pairwise(last.plan.layout):
        assert one.end == two.start


@cases
@given(sessions, hands)
def test_nothing_new_is_said_over_anything(phases: list[dict[str, Any]], made: list[Hand]) -> None:
    last = played(performed(phases), made)[-1]
    voice = sorted(
        (e.frame, e.frame + e.frames, e.sound) for e in last.timeline if e.bus is Bus.VOICE
    )
    for one, two in pairwise(voice):
        assert one[1] <= two[0], (one, two)


@cases
@given(sessions, hands)
def test_nothing_is_said_twice(phases: list[dict[str, Any]], made: list[Hand]) -> None:
    versions = played(performed(phases), made)
    first, last = versions[0], versions[-1]
    once = (EventKind.SAY, EventKind.COUNTDOWN, EventKind.EXPLANATION, EventKind.TALK)
    told, meant = (
        Counter((e.phase, e.kind, e.sound) for e in version.timeline if e.kind in once)
        for version in (last, first)
    )
    # Never more often than the whole session has it; what found no room before may find some now.
    for (phase, kind, text), times in told.items():
        left_out = sum((d.phase, d.text) == (phase, text) for d in first.timeline.dropped)
        assert times <= meant[phase, kind, text] + left_out
    announced = Counter(
        (e.phase, e.sound) for e in last.timeline if e.kind is EventKind.ANNOUNCEMENT
    )
    assert not announced or max(announced.values()) == 1


@cases
@given(sessions, hands)
def test_words_fall_on_their_beats(phases: list[dict[str, Any]], made: list[Hand]) -> None:
    performance = played(performed(phases), made)[-1]
    layout, clock = performance.plan.layout, performance.plan.clock
    rows = performance.timeline.events
    cues = rows[(rows["kind"] == EventKind.CUE) & (rows["beat"] != NO_BEAT)]
    for row in cues:
        grid = layout[row["phase"]].grid
        assert grid is not None
        anchor = performance._lines[performance.timeline.sounds[row["sound"]]].anchor
        assert abs(clock.frame(grid.instant(int(row["beat"]))) - (row["frame"] + anchor)) <= 1


def test_a_rest_lets_the_next_phase_be_planned_anew() -> None:
    performance = performed(
        [
            {"rest": "", "time": "40s"},
            {"run": "", "time": "60s", "tempo": "own"},
            {"rest": "", "time": "10s"},
            {"run": "", "time": "60s", "tempo": "+5%"},
        ]
    )
    clock = performance.plan.clock
    frame = clock.frame(Fraction(5))
    run = performance.parts[1]
    assert run.own
    at = at_beat(performance.plan.layout, clock, frame)
    assert at == 5
    new = performance.edited(Edit(at, performance.tempi.nudged(run, Fraction(3))))
    assert [part.tempo for part in new.parts if part.kind is Kind.RUN] == [
        (176, 176),
        (Fraction(105, 100) * 176,) * 2,
    ]
    said = [e.sound for e in new.timeline if e.kind is EventKind.ANNOUNCEMENT and e.phase == 1]
    assert "176" in " ".join(said) or "hundred seventy-six" in " ".join(said)
