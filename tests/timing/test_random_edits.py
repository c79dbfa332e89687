"""Edits of random performances: what was stays, what comes is exact, and speech stays in order."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.timeline import Bus, Event, EventKind
from tests.examples import examples
from tests.timing.hands import (
    TempoControl,
    edit_of,
    events,
    fades_of_beats,
    hands,
    legs,
    performed,
    played,
    sessions,
)
from tests.timing.rig import overlaps
from tests.timing.sessions import Phase

ON_BEATS = (EventKind.CUE, EventKind.CHANT, EventKind.COUNT_IN)
"""What is said on beats; chants and counts in one."""
few = examples(10, 100)
# The silence behind what the coach says is kept, too, though the words have begun.
AS_A_REASON_BEGINS: list[Phase] = [
    {"walk": "", "time": "7.2s"},
    {"drill": "cycle-running", "side": "left", "time": "12.5s"},
    {"rest": "", "time": "24.3s", "countdown": "10 3 2 1", "words": ["Relax"]},
    {"rest": "", "time": "4.9s"},
    {"drill": "toe-taps", "side": "left", "time": "7.6s"},
    {"run": "", "time": "33 beats", "tempo": 60},
]
RATES = st.sampled_from([8000, 44100, 48000])


@few
@given(sessions, hands, st.booleans())
def test_what_began_before_an_edit_stays(
    phases: list[Phase], made: list[TempoControl], explain: bool
) -> None:
    performance = performed(phases, explain=explain)
    for hand in made:
        edit = edit_of(performance, hand)
        if edit is None:
            continue
        old, new = performance, played(performance, [hand])[-1]
        frame = old.plan.clock.frame(edit.at)
        assert old.plan.clock == new.plan.clock
        assert events(old, frame) == events(new, frame)
        performance = new


@few
@given(sessions, hands)
@example(AS_A_REASON_BEGINS, [TempoControl(62, phase=False, beside=1)])
def test_an_edit_that_changes_nothing_moves_no_rotation(
    phases: list[Phase], made: list[TempoControl]
) -> None:
    performance = performed(phases)
    for hand in made:
        if edit := edit_of(performance, hand):
            same_tempos = performance.edited(Edit(edit.at, performance.tempi))
            assert cues_of(same_tempos) == cues_of(performance)


def cues_of(performance: Performance) -> list[tuple[int, str]]:
    """The frame and the text of every cue."""
    kinds = (EventKind.CUE, EventKind.CHANT)
    return [(each.frame, each.sound) for each in performance.timeline if each.kind in kinds]


@few
@given(sessions, hands, st.booleans(), RATES)
def test_every_beat_is_where_the_oracle_has_it(
    phases: list[Phase], made: list[TempoControl], explain: bool, rate: int
) -> None:
    performance = played(performed(phases, rate, explain=explain), made)[-1]
    clock, fades = performance.plan.clock, fades_of_beats(performance)
    wanted = [
        (part, clock.zero + frame, number, accented)
        for part, leg in legs(performance, phases)
        for frame, number, accented in leg.clicks(rate)
        if part not in fades
    ]
    heard = [
        (event.phase, event.frame, event.beat, event.accent)
        for event in performance.timeline
        if event.kind is EventKind.BEAT and event.phase not in fades
    ]
    assert heard == wanted


@few
@given(sessions, hands, st.booleans(), RATES)
def test_phases_end_where_the_oracle_has_them(
    phases: list[Phase], made: list[TempoControl], explain: bool, rate: int
) -> None:
    versions = played(performed(phases, rate, explain=explain), made)
    performance, clock = versions[-1], versions[-1].plan.clock
    ends = {part: clock.frame(leg.end) for part, leg in legs(performance, phases)}
    marks = performance.timeline.marks
    assert [mark.start + mark.frames for mark in marks] == list(ends.values())
    assert [mark.start for mark in marks] == [clock.zero, *ends.values()][:-1]
    assert performance.timeline.frames == marks[-1].start + marks[-1].frames + rate
    for old, new in zip(versions[0].plan.layout, performance.plan.layout, strict=True):
        if new.part.beats is None:
            assert new.end - new.start == old.end - old.start
        else:
            assert new.last - new.first == new.part.beats


@few
@given(sessions, hands)
def test_count_ins_are_those_that_had_begun_or_go_back_from_their_phase(
    phases: list[Phase], made: list[TempoControl]
) -> None:
    versions = played(performed(phases), made)
    for old, new in pairwise(versions):
        frame = new.plan.clock.frame(new.edits[-1].at)
        for placed in new.plan.layout:
            were, are = (
                [
                    event
                    for event in version.timeline
                    if event.kind is EventKind.COUNT_IN
                    and event.beat is not None
                    and event.phase == placed.index
                ]
                for version in (old, new)
            )
            counts = [
                {(event.beat or 0, event.frame) for event in events if event.bus is Bus.BEAT}
                for events in (were, are)
            ]
            if any(event.frame < frame for event in were):  # a click, or a word
                assert counts[1] == counts[0]
            elif placed.grid and counts[1]:
                tempo = placed.grid.tempo_at(placed.start)
                instants = {beat: placed.start + beat * 60 / tempo for beat, _ in counts[1]}
                assert counts[1] == {(b, new.plan.clock.frame(i)) for b, i in instants.items()}
                step = 2 if placed.part.clicked_foot else 1  # of one foot only
                assert sorted(instants) == list(range(min(instants), 0, step))
                assert max(instants) >= -step


@few
@given(sessions, hands, RATES)
def test_the_same_edits_make_the_same_performance(
    phases: list[Phase], made: list[TempoControl], rate: int
) -> None:
    last = played(performed(phases), made)[-1]
    assert same(performed(phases).edited(*last.edits), last)
    elsewhere = last.at_rate(rate)
    assert same(elsewhere, performed(phases, rate).edited(*last.edits))
    assert elsewhere.edits == last.edits
    layouts = zip(elsewhere.plan.layout, last.plan.layout, strict=True)
    for here, there in layouts:
        assert (here.start, here.end, here.first, here.last) == (
            there.start,
            there.end,
            there.first,
            there.last,
        )


def same(one: Performance, other: Performance) -> bool:
    return (
        events(one) == events(other)
        and one.timeline.marks == other.timeline.marks
        and one.timeline.dropped == other.timeline.dropped
        and one.parts == other.parts
    )


@few
@given(sessions, hands)
def test_an_edit_that_changes_nothing_moves_nothing(
    phases: list[Phase], made: list[TempoControl]
) -> None:
    assume(not any(map(said_again, phases)))
    old = performed(phases)
    new = played(old, [TempoControl(hand.n, hand.phase, hand.beside) for hand in made])[-1]
    assert on_grids(old) == on_grids(new)
    assert [mark.start for mark in old.timeline.marks] == [m.start for m in new.timeline.marks]


def on_grids(performance: Performance) -> tuple[list[Event], list[str]]:
    """What sounds, and what was left out; but of the words only where there is a beat.

    The name of a rest has no fixed moment: it comes a breath after whatever is in its way.
    """
    beaten = [index for index, part in enumerate(performance.parts) if part.tempo]
    heard = [
        event._replace(duck_db=0)
        for event in events(performance)
        if event.bus is Bus.BEAT or event.phase in beaten
    ]
    dropped = performance.timeline.dropped
    return heard, sorted(str(each) for each in dropped if each.phase in beaten)


def said_again(phase: Phase) -> set[str]:
    """Texts that a phase has twice: if one is left out, the list does not tell which."""
    if "part" in phase:
        return {text for part in phase["part"] for text in said_again(part)}
    texts = Counter((*{*phase.get("words", ())}, *(say["text"] for say in phase.get("say", ()))))
    return {text for text, times in texts.items() if times > 1}


@few
@given(sessions, hands, st.booleans())
def test_nothing_is_said_while_something_else_is_said_or_signalled(
    phases: list[Phase], made: list[TempoControl], explain: bool
) -> None:
    versions = played(performed(phases, explain=explain), made)
    voice = [event for event in versions[-1].timeline if event.bus is Bus.VOICE]
    signals = [event for event in versions[-1].timeline if event.kind is EventKind.SIGNAL]
    signalled = {event.sound for event in signals}
    # What had begun is finished, even where a phase in beats ends earlier than it was meant to.
    kept = {clash for old, new in pairwise(versions) for clash in finished_over_a_signal(old, new)}
    assert [
        pair
        for pair in overlaps([*voice, *signals])
        if not {*pair} <= signalled and pair not in kept
    ] == []


def finished_over_a_signal(old: Performance, new: Performance) -> list[tuple[str, str]]:
    frame = new.plan.clock.frame(new.edits[-1].at)
    begun = {event for event in events(old) if event.bus is Bus.VOICE} & set(events(new))
    signals = [e for e in events(new) if e.kind is EventKind.SIGNAL and e.frame >= frame]
    return overlaps([*begun, *signals])


@few
@given(sessions, hands, st.booleans())
def test_nothing_is_said_twice(
    phases: list[Phase], made: list[TempoControl], explain: bool
) -> None:
    last = played(performed(phases, explain=explain), made)[-1]
    told = Counter(
        (event.phase, event.kind, event.sound)
        for event in last.timeline
        if event.bus is Bus.VOICE and event.kind is not EventKind.CUE
    )
    told += Counter()
    for (phase, kind, text), times in told.items():
        if kind is EventKind.SAFETY:
            assert times == 1
            continue
        part = last.parts[phase]
        texts = Counter(say.text for say in part.say) if kind is EventKind.SAY else Counter()
        texts += Counter((*part.opening, *filter(None, [part.closing])))
        assert times <= max(texts[text], 1)


@few
@given(sessions, hands)
def test_nothing_is_listed_twice_or_both_said_and_listed(
    phases: list[Phase], made: list[TempoControl]
) -> None:
    first, *_, last = (*(versions := played(performed(phases), made)), versions[-1])
    listed, meant = (
        Counter((drop.phase, drop.text) for drop in each.timeline.dropped) for each in (last, first)
    )
    for (phase, text), times in listed.items():
        asked = Counter(say.text for say in last.parts[phase].say)[text]
        assert times <= max(asked, 1, meant[phase, text]), (phase, text)


@few
@given(sessions, hands)
def test_words_fall_on_their_beats(phases: list[Phase], made: list[TempoControl]) -> None:
    for version in played(performed(phases), made):
        layout, clock = version.plan.layout, version.plan.clock
        since = clock.frame(version.edits[-1].at) if version.edits else 0
        begun = {e.phase for e in events(version, since) if e.kind in ON_BEATS[1:]}
        for event in events(version):
            if event.kind not in ON_BEATS or event.bus is not Bus.VOICE or event.beat is None:
                continue
            # What had begun is as it was; so is the rest of a chant or a count.
            if event.frame < since or (event.kind in ON_BEATS[1:] and event.phase in begun):
                continue
            grid = layout[event.phase].grid
            assert grid is not None
            vowel = event.frame + version.lines[event.sound].anchor
            assert vowel == clock.frame(grid.instant(event.beat))


@few
@given(sessions, hands)
def test_a_timeline_stays_ordered_and_closed(phases: list[Phase], made: list[TempoControl]) -> None:
    timeline = played(performed(phases), made)[-1].timeline
    assert not timeline.events.flags.writeable
    assert (np.diff(timeline.events["frame"]) >= 0).all()
    assert (timeline.events["frame"] >= 0).all()
