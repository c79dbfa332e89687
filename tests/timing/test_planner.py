"""A whole plan: lead-in, length, priorities, drops, seeds, marks."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cadence_cue.coaching import wording
from cadence_cue.timing import sounds
from cadence_cue.timing.timeline import Bus, EventKind
from tests.timing.rig import RATE, Planned, library, plan, run, sound_lengths

REST = {"rest": "", "time": "20s"}
TAPS = {"drill": "toe-taps", "side": "left", "time": "60s"}
READY = sound_lengths(RATE)[sounds.READY]
AFTER_READY = 3 * RATE // 10


def ready(planned: Planned) -> int:
    return planned.events(EventKind.SIGNAL)[0].frame


# Lead-in and length.


def test_without_a_beat_the_lead_in_is_get_ready_and_its_signal() -> None:
    planned = plan(REST, get_ready=Fraction(10))
    assert ready(planned) == 10 * RATE
    assert planned.zero == 10 * RATE + READY + AFTER_READY


@pytest.mark.parametrize("tempo", [80, 97, 173, "145 -> 160"])
def test_with_a_beat_the_first_announcement_and_count_in_come_after_it(tempo: Any) -> None:
    planned = plan(run(tempo=tempo))
    texts = planned.events(EventKind.ANNOUNCEMENT)
    clicks = planned.events(EventKind.COUNT_IN)
    first = Fraction(str(tempo).split(" -> ", maxsplit=1)[0])
    counted = len(clicks) * 60 / first
    assert texts[0].frame == ready(planned) + READY + AFTER_READY
    begin = texts[-1].frame + texts[-1].frames + 2 * RATE // 5
    assert planned.zero == begin + -(-counted.numerator * RATE // counted.denominator)
    assert clicks[0].frame == planned.zero + (-counted * RATE + Fraction(1, 2)).__floor__()
    assert planned.dropped == []


def test_the_lead_in_without_announcements_is_only_counted() -> None:
    planned = plan(run(tempo=150), announce=False)
    assert planned.zero == 2 * RATE + READY + AFTER_READY + 8 * RATE * 60 // 150


def test_get_ready_may_be_nothing() -> None:
    assert ready(plan(run(), get_ready=Fraction(0))) == 0


def test_the_length_is_lead_in_phases_and_a_second_of_tail() -> None:
    planned = plan(run("7.3s"), REST, run("31 beats", "150 -> 161"))
    seconds = Fraction(273, 10) + Fraction(31 * 60 * 2, 311)
    assert planned.timeline.frames == planned.at(seconds) + RATE
    assert planned.events(EventKind.SIGNAL)[-1].frame == planned.at(seconds)


def test_explanations_count_in_the_length() -> None:
    with_it, without = (plan(TAPS, explain=explain) for explain in (True, False))
    (explanation, _) = with_it.marks
    assert explanation.kind == "explain"
    assert with_it.timeline.frames - with_it.zero == (
        without.timeline.frames - without.zero + explanation.frames
    )


def test_an_explanation_has_time_for_all_that_is_heard_before_its_drill() -> None:
    for before in ([], [run("20s")], [REST]):
        for drill in ({**TAPS, "tempo": 61}, {"drill": "fall-to-run", "time": "20s"}):
            planned = plan(*before, drill, explain=True)
            named, explained = planned.events(EventKind.EXPLANATION)
            name = {"toe-taps": "toe taps", "fall-to-run": "fall to run"}[str(drill["drill"])]
            assert named.sound.split(" ", 1)[1].removeprefix("to ") == name
            phase = len(before)
            assert planned.marks[phase].kind == "explain"
            assert explained.phase == phase
            assert explained.sound == library().drills[str(drill["drill"])].explanation
            announced = planned.in_phase(phase + 1, EventKind.ANNOUNCEMENT)
            assert all(event.frame > explained.frame + explained.frames for event in announced)
            assert planned.dropped == []


NEEDS = "You need a wall"


def test_the_safety_line_comes_first_and_ready_waits_for_it() -> None:
    planned = plan(run(), get_ready=Fraction(1), opening={wording.SAFETY: EventKind.SAFETY})
    (line,) = planned.events(EventKind.SAFETY)
    assert (line.sound, line.frame, line.phase) == (wording.SAFETY, RATE, -1)
    assert ready(planned) == line.frame + line.frames + RATE // 2
    unhurried = plan(run(), get_ready=Fraction(10), opening={wording.SAFETY: EventKind.SAFETY})
    assert ready(unhurried) == 10 * RATE
    assert plan(run()).events(EventKind.SAFETY) == []


def test_what_is_needed_follows_the_safety_line_and_nothing_waits_for_what_has_no_clip() -> None:
    opening = {wording.SAFETY: EventKind.SAFETY, NEEDS: EventKind.NEEDS}
    planned = plan(run(), get_ready=Fraction(1), opening=opening, spoken=[NEEDS])
    (line,), (needs,) = planned.events(EventKind.SAFETY), planned.events(EventKind.NEEDS)
    assert (needs.sound, needs.phase) == (NEEDS, -1)
    assert needs.frame == line.frame + line.frames + RATE // 2
    assert ready(planned) == needs.frame + needs.frames + RATE // 2
    unspoken = plan(run(), get_ready=Fraction(1), opening=opening)
    assert unspoken.events(EventKind.NEEDS) == []
    assert ready(unspoken) == line.frame + line.frames + RATE // 2
    assert unspoken.dropped == []


# Levels, ducks, seeds.


def test_beats_and_count_ins_give_way_to_speech() -> None:
    planned = plan(run(words=["Relax"], cue_every="10s"), duck_db=9)
    spans = [(e.frame, e.frame + e.frames) for e in planned.timeline if e.bus is Bus.VOICE]
    fall, rise = 80 * RATE // 1000, 300 * RATE // 1000
    ducked = 0
    for event in planned.events(EventKind.BEAT, EventKind.COUNT_IN):
        shares = [
            1 - max((start - event.frame) / fall, (event.frame - end) / rise, 0.0)
            for start, end in spans
        ]
        wanted = -9 * max(0.0, *shares)
        assert event.duck_db == pytest.approx(wanted, abs=1e-4)
        ducked += wanted < 0
    assert 5 < ducked < 50


def test_the_voice_level_is_a_gain() -> None:
    planned = plan(run(words=["Relax"], voice_level="-6 dB"))
    gains = {round(event.gain, 4) for event in planned.timeline if event.bus is Bus.VOICE}
    assert gains == {0.5012}


def test_one_seed_gives_one_timeline_and_other_seeds_other_rotations() -> None:
    phases = (TAPS, REST, run("5min", cues=["relaxed", "heel-pull"], cue_every="10s"))
    one, same = (plan(*phases, seed=20260101).timeline for _ in range(2))
    assert (one.events == same.events).all()
    assert one.sounds == same.sounds
    assert one.seed == 20260101
    rotations = {
        tuple(event.sound for event in plan(*phases, seed=seed).events(EventKind.CUE))
        for seed in range(5)
    }
    assert len(rotations) == 5


def test_beats_do_not_depend_on_the_seed_or_the_voice() -> None:
    phases = (TAPS, REST, run(cues=["relaxed"], cue_every="10s"))

    def beats(planned: Planned) -> list[int]:
        return [event.frame for event in planned.timeline if event.bus is Bus.BEAT]

    assert beats(plan(*phases, seed=1)) == beats(plan(*phases, seed=2))
    of_ideas = [cue for name in ("toe-taps", "relaxed") for cue in library().cues(name)]
    all_cues = {cue.text for cue in of_ideas if cue.type != "setup"}
    cues = [text for text in plan(*phases).speech if text in all_cues]
    assert beats(plan(*phases)) == beats(plan(*phases, silent=cues))


def test_the_same_instants_at_every_rate() -> None:
    phases = (run("20s", 173, words=["Relax"], cue_every="6s"), REST)
    for rate in (44100, 48000):
        planned = plan(*phases, rate=rate)
        beats = [e.frame - planned.zero for e in planned.events(EventKind.BEAT)]
        assert beats == [
            (Fraction(rate * k * 60, 173) + Fraction(1, 2)).__floor__() for k in range(len(beats))
        ]


# Marks, and what cannot be changed.


def test_marks_tell_kind_title_tempo_and_place() -> None:
    planned = plan(
        run("10s", "150 -> 160", title="Build"),
        {"repeat": 2, "part": [{"walk": "Walk back", "time": "5s"}]},
    )
    seen = [(m.index, m.kind, m.title, m.tempo, m.end_tempo, m.place) for m in planned.marks]
    assert seen == [
        (0, "run", "Build", 150, 160, 1),
        (1, "walk", "Walk back", 0, 0, 2),
        (2, "walk", "Walk back", 0, 0, 3),
    ]


def test_a_marks_entry_is_its_first_sound() -> None:
    planned = plan(REST, TAPS, run(), REST)
    for mark in planned.marks:
        leading = planned.in_phase(mark.index, EventKind.ANNOUNCEMENT, EventKind.COUNT_IN)
        assert mark.entry == min([mark.start, *(event.frame for event in leading)])


def test_a_frame_is_in_the_phase_that_it_sounds_in() -> None:
    timeline = plan(REST, TAPS).timeline
    first, second = timeline.marks
    assert timeline.mark_at(first.start - 1) is None
    assert timeline.mark_at(first.start) is first
    assert timeline.mark_at(second.start - 1) is first
    assert timeline.mark_at(second.start) is second
    assert timeline.mark_at(second.start + second.frames) is None


def test_a_timeline_cannot_be_changed() -> None:
    timeline = plan(TAPS).timeline
    with pytest.raises(FrozenInstanceError):
        timeline.seed = 3  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        timeline.events["frame"] += 1
    assert replace(timeline, seed=3).seed == 3


def test_the_events_are_rows_that_read_back() -> None:
    planned = plan(TAPS)
    rows = planned.timeline.events
    assert len(rows) == len(list(planned.timeline))
    assert (np.diff(rows["frame"]) >= 0).all()
    assert {event.sound for event in planned.timeline} == set(planned.timeline.sounds)


def test_takes_are_names_of_sounds_and_an_event_tells_its_text() -> None:
    say = [{"at": at, "text": "Shake"} for at in ("5s", "25s", "45s")]
    planned = plan(run("60s", say=say, announce=False), spoken=["Shake", "Shake\x001"])
    assert [event.sound for event in planned.said("Shake")] == ["Shake"] * 3
    names = [planned.timeline.sounds[k] for k in planned.timeline.events["sound"]]
    spoken = [name for name in names if name.startswith("Shake")]
    assert spoken in (
        ["Shake", "Shake\x001", "Shake"],
        ["Shake\x001", "Shake", "Shake\x001"],
    )
    lengths = [event.frames for event in planned.said("Shake")]
    assert lengths[0] == lengths[2] != lengths[1]
