"""A tempo changed on the way: when, what stays as it was, and what is planned anew."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from cadence_cue.coaching import wording
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.studio import Performance
from cadence_cue.timing import sounds
from cadence_cue.timing.editing import Edit, at_beat, between_beats
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import Event, EventKind
from tests.timing.hands import performed
from tests.timing.rig import nearest, run

MS = Fraction(1, 1000)
RATE = 48000
REST = {"rest": "", "time": "20s", "announce": False}
SLOW = {**run("12s", 120, announce=False, count_in=False)}


def frame(performance: Performance, seconds: Fraction | float) -> int:
    return performance.plan.clock.zero + nearest(Fraction(seconds) * RATE)


def beat_from(performance: Performance, seconds: Fraction | float) -> Fraction:
    plan = performance.plan
    return at_beat(plan.layout, plan.clock, frame(performance, seconds))


def middle_from(performance: Performance, seconds: Fraction | float) -> Fraction | None:
    plan = performance.plan
    return between_beats(plan.layout, plan.clock, frame(performance, seconds))


def faster(performance: Performance, at: Fraction | float, by: int, phase: int = 0) -> Performance:
    """So many beats more in a phase, from an instant on."""
    tempi = performance.tempi.nudged(performance.parts[phase], Fraction(by))
    return performance.edited(Edit(Fraction(at), tempi))


def moved(performance: Performance, at: Fraction, by: Fraction) -> Performance:
    return performance.edited(Edit(at, performance.tempi, by))


def of_kind(performance: Performance, kind: EventKind, phase: int | None = None) -> list[Event]:
    return [e for e in performance.timeline if e.kind is kind and phase in (None, e.phase)]


def beats(performance: Performance, phase: int | None = None) -> list[Fraction]:
    """The exact instants of the beats."""
    return [
        placed.grid.instant(beat)
        for placed in performance.plan.layout
        if placed.grid and phase in (None, placed.index)
        for beat in placed.heard()
    ]


def said(performance: Performance, kind: EventKind, phase: int | None = None) -> list[str]:
    return [event.sound for event in of_kind(performance, kind, phase) if event.bus]


# When.


def test_a_tempo_changes_on_the_first_beat_from_a_frame_on() -> None:
    plain = performed([run("60s", 173)])
    assert beat_from(plain, 10) == Fraction(29 * 60, 173)
    assert beat_from(plain, 0) == 0


def test_a_beat_whose_frame_it_is_is_reached_whichever_way_it_was_rounded() -> None:
    plain = performed([run("60s", 173)])
    for event in of_kind(plain, EventKind.BEAT):
        assert event.beat is not None
        instant = Fraction(event.beat * 60, 173)
        plan = plain.plan
        assert at_beat(plan.layout, plan.clock, event.frame) == instant
        if event.beat < 172:
            assert at_beat(plan.layout, plan.clock, event.frame + 1) == instant + Fraction(60, 173)


def test_behind_the_last_beat_it_changes_where_the_grid_ends() -> None:
    two = performed([SLOW, REST, SLOW])
    assert beat_from(two, 11.7) == 12


def test_in_a_phase_on_the_same_grid_the_next_beat_may_be_the_next_phases() -> None:
    assert beat_from(performed([SLOW, run("10s", 150)]), 11.7) == 12


def test_where_no_beat_runs_it_changes_at_once() -> None:
    rest = performed([REST, SLOW, {"drill": "fall-to-run", "time": "20s"}])
    for seconds in (Fraction(-1), Fraction(5), Fraction(33), Fraction(41)):
        assert beat_from(rest, seconds) == seconds


def test_the_beat_is_moved_midway_between_two() -> None:
    plain = performed([REST, SLOW])
    assert middle_from(plain, 21) == Fraction(85, 4)
    assert middle_from(plain, 20) == Fraction(81, 4)
    assert middle_from(plain, Fraction(81, 4)) == Fraction(81, 4)


@pytest.mark.parametrize("seconds", [-1, 19, 31.8, 40])
def test_where_no_beat_runs_or_the_last_is_over_none_can_be_moved(seconds: float) -> None:
    assert middle_from(performed([REST, SLOW, REST]), seconds) is None


@pytest.mark.parametrize("by", [5 * MS, -5 * MS])
def test_a_beat_that_was_moved_can_be_moved_again_behind_that(by: Fraction) -> None:
    performance = performed([SLOW])
    for count in range(1, 6):
        at = middle_from(performance, max([Fraction(3), *(e.at for e in performance.edits)]))
        assert at is not None
        assert not performance.edits or at > performance.edits[-1].at
        performance = moved(performance, at, by)
        assert len(performance.edits) == count
    assert beats(performance)[23] == Fraction(23, 2) + 5 * by


# What the beats do.


def test_from_there_on_the_tempo_is_another() -> None:
    performance = faster(performed([run("30s", 120)]), 10, 30)
    steps = [two - one for one, two in pairwise(beats(performance))]
    assert steps[:20] == [Fraction(1, 2)] * 20
    assert steps[20:] == [Fraction(2, 5)] * 49
    assert performance.timeline.marks[-1].tempo == 150


def test_a_phase_in_seconds_keeps_its_end_and_one_in_beats_its_beats() -> None:
    phases = [run("30s", 120), run("40 beats", 120), run("10s", 120)]
    old = performed(phases)
    new = faster(old, 10, 30)
    assert [placed.end for placed in new.plan.layout] == [30, 50, 60]
    new = faster(old, 40, 30, 1)
    assert [placed.end for placed in new.plan.layout] == [30, 40 + 8, 58]
    assert len(beats(new, 1)) == 40


def test_in_a_ramp_it_is_the_new_ramp_from_there_to_its_end() -> None:
    new = faster(performed([run("60s", "120 -> 180")]), 20, 6)
    grid = new.plan.layout[0].grid
    assert grid is not None
    assert grid.tempo_at(Fraction(20) - MS) == pytest.approx(140, abs=0.01)
    assert [grid.tempo_at(Fraction(at)) for at in (20, 40, 60)] == [146, 166, 186]


def test_a_ramp_behind_a_fall_begins_with_its_grid() -> None:
    fall = {"drill": "fall-to-run", "time": "40s", "tempo": "150 -> 180"}
    new = faster(performed([fall]), 25, 6)
    grid = new.plan.layout[0].grid
    assert grid is not None
    assert [grid.tempo_at(Fraction(at)) for at in (25, 40)] == [171, 186]


def test_the_beat_of_an_edit_in_a_ramp_is_exactly_there() -> None:
    performance = performed([run("60s", "120 -> 180")])
    for seconds in (7, 20, 33):
        at = beat_from(performance, seconds)
        performance = faster(performance, at, 1)
        assert at in beats(performance)
        grid = performance.plan.layout[0].grid
        assert grid is not None
        assert grid.position(at).denominator == 1


def test_in_a_glide_its_goal_is_another() -> None:
    old = performed([SLOW, run("30s", 180, glide="15 beats")])
    new = faster(old, 15, 6, 2)
    grid = new.plan.layout[1].grid
    assert grid is not None
    assert [grid.tempo_at(Fraction(at)) for at in (15, 18, 42)] == [153, 186, 186]
    assert [placed.end for placed in new.plan.layout] == [12, 18, 42]


def test_behind_a_glide_feet_accents_and_gaps_count_from_the_same_beat() -> None:
    later = run("30s", 180, beat="4 on, 4 off", accent=3)
    old = performed([SLOW, run("30s", 180, glide="15 beats"), later])
    for seconds in (12, 13.3, 16.9, 17.8):
        new = faster(old, beat_from(old, seconds), 0, 2)
        assert of_kind(new, EventKind.BEAT) == of_kind(old, EventKind.BEAT)


def test_at_the_start_of_a_phase_only_that_one_changes() -> None:
    old = performed([SLOW, run("10s", 150), run("10s", 150)])
    there = beats(old)
    new = faster(old, 12, 30, 1)
    assert beats(new, 0) == there[:24]
    assert beats(new, 1) == [12 + n * Fraction(1, 3) for n in range(30)]
    assert beats(new, 2) == [22 + n * Fraction(2, 5) for n in range(25)]
    assert beats(old) == there
    assert len({id(placed.grid) for placed in new.plan.layout}) == 1


def test_behind_the_last_beat_of_all_nothing_is_left_to_change() -> None:
    plain = performed([run("12s", 173, announce=False)])
    late = faster(plain, 12, 5)
    assert beats(late) == beats(plain)
    assert late.timeline.frames == plain.timeline.frames


def test_the_own_cadence_moves_every_phase_that_follows_it() -> None:
    taps = {"drill": "toe-taps", "side": "left", "time": "20s", "tempo": 90}
    own = [run("20s", "own"), run("20s", "+5%"), taps, run("20s", 150)]
    new = faster(performed(own), 10, 3)
    tempos = [part.tempo[0] for part in new.parts if part.tempo]
    assert tempos == [176, 176 * Fraction(105, 100), 90, 150]


def test_elsewhere_a_drill_is_moved_in_its_later_sets_too() -> None:
    left, right = (
        {"drill": "toe-taps", "side": side, "time": "20s", "tempo": 90}
        for side in ("left", "right")
    )
    new = faster(performed([run("20s", 90), left, REST, right, left]), 30, -4, 1)
    assert [part.tempo[0] for part in new.parts if part.tempo] == [90, 86, 86, 86]


def test_a_phase_of_its_own_tempo_is_moved_alone_but_in_every_repeat() -> None:
    again = {"repeat": 2, "part": [run("20s", 150), {"walk": "", "time": "20s"}]}
    new = faster(performed([again, run("20s", 150)]), 10, 4)
    assert [part.tempo[0] for part in new.parts if part.tempo] == [154, 154, 150]


@pytest.mark.parametrize("by", [7 * MS, -7 * MS])
def test_a_moved_beat_keeps_its_tempo_and_ends_with_its_grid(by: Fraction) -> None:
    old = performed([SLOW, run("10s", 150), REST, SLOW])
    at = middle_from(old, 5)
    assert at is not None
    new = moved(old, at, by)
    there, here = beats(old), beats(new)
    assert here[:11] == there[:11]
    assert here[11:24] == [instant + by for instant in there[11:24]]
    assert here[-24:] == there[-24:]
    assert new.tempi == old.tempi
    assert [mark.tempo for mark in new.timeline.marks] == [120, 150, 0, 120]


def test_a_beat_can_be_moved_where_two_phases_meet_between_beats() -> None:
    old = performed([run("10.25s", 120), run("10s", 120)])
    at = middle_from(old, 10.1)
    assert at == Fraction(41, 4)
    new = moved(old, at, 7 * MS)
    assert beats(new, 0) == beats(old, 0)
    assert beats(new, 1) == [instant + 7 * MS for instant in beats(old, 1)]


def test_feet_accents_and_gaps_go_on_counting() -> None:
    phase = run("30s", 120, beat="4 on, 4 off", accent=3)
    old = performed([phase])
    new = faster(old, 10, 30)
    before, after = (
        [(event.beat, event.foot, event.accent) for event in of_kind(each, EventKind.BEAT)]
        for each in (old, new)
    )
    assert before == after[: len(before)]


# What had begun.


def lead() -> Performance:
    """A rest of 20 s whose end announces and counts in a run at 120."""
    return performed([REST, run("30s", 120, announce=True), REST])


def test_an_announcement_that_has_begun_is_finished_and_not_made_again() -> None:
    old = lead()
    announced = of_kind(old, EventKind.ANNOUNCEMENT, 1)
    new = faster(old, old.plan.clock.instant(announced[0].frame + 1), 6, 1)
    assert of_kind(new, EventKind.ANNOUNCEMENT, 1) == announced
    assert "At 120" in [event.sound for event in announced[1:]]
    assert [e.frame for e in of_kind(new, EventKind.COUNT_IN, 1)] == [
        frame(new, 20 - n * Fraction(60, 126)) for n in (4, 3, 2, 1)
    ]


def test_before_it_the_new_tempo_is_announced() -> None:
    old = lead()
    first, *_ = of_kind(old, EventKind.ANNOUNCEMENT, 1)
    new = faster(old, old.plan.clock.instant(first.frame - RATE), 6, 1)
    assert "At 126" in said(new, EventKind.ANNOUNCEMENT, 1)


def test_a_count_in_that_has_begun_is_finished_and_the_phase_begins_in_the_new_tempo() -> None:
    old = lead()
    counted = of_kind(old, EventKind.COUNT_IN, 1)
    new = faster(old, old.plan.clock.instant(counted[0].frame + 1), 30, 1)
    assert [e._replace(duck_db=0) for e in of_kind(new, EventKind.COUNT_IN, 1)] == [
        e._replace(duck_db=0) for e in counted
    ]
    assert beats(new, 1)[:3] == [20, Fraction(102, 5), Fraction(104, 5)]
    assert new.timeline.marks[1].entry == old.timeline.marks[1].entry


def test_an_explanation_that_has_begun_is_finished() -> None:
    taps = {"drill": "toe-taps", "side": "left", "time": "20s", "tempo": 90}
    old = performed([taps], explain=True)
    told = of_kind(old, EventKind.EXPLANATION, 0)
    new = faster(old, old.plan.clock.instant(told[0].frame + 1), -20, 1)
    assert len(told) == 2
    assert of_kind(new, EventKind.EXPLANATION, 0) == told
    assert new.timeline.marks[0] == old.timeline.marks[0]


def test_nothing_is_said_over_a_signal_that_sounds() -> None:
    walk = {"walk": "", "time": "20s"}
    old = performed([SLOW, walk, SLOW])
    (signal,) = (e for e in old.timeline if e.sound == sounds.PHASE_END and e.phase == 0)
    new = faster(old, old.plan.clock.instant(signal.frame + 1), 6)
    (name,) = of_kind(new, EventKind.ANNOUNCEMENT, 1)
    assert signal in list(new.timeline)
    assert name.frame >= signal.frame + signal.frames


def test_in_the_lead_in_a_longer_count_in_does_not_reach_into_the_ready_signal() -> None:
    old = performed([run("30s", 130, announce=False)])
    (ready,) = (event for event in old.timeline if event.sound == sounds.READY)
    new = faster(old, old.plan.clock.instant(ready.frame + 1), -10)
    first, *_ = of_kind(new, EventKind.COUNT_IN)
    assert [event.beat for event in of_kind(new, EventKind.COUNT_IN)] == [-2, -1]
    assert ready in list(new.timeline)
    assert first.frame > ready.frame + ready.frames
    assert new.plan.clock == old.plan.clock


# What is said.


def test_cues_go_on_in_their_rotation_at_their_distance() -> None:
    phase = run("120s", 150, cues=["lean", "relaxed"], cue_every="10s", announce=False)
    old = performed([phase])
    texts = said(old, EventKind.CUE)
    assert len(texts) > 8
    new = faster(old, beat_from(old, 41), 1)
    new = faster(new, beat_from(new, 43), -1)
    assert said(new, EventKind.CUE) == texts
    vowels = [
        int(event.frame) + new.lines[event.sound].anchor for event in of_kind(new, EventKind.CUE)
    ]
    steps = {two - one for one, two in pairwise(vowels)}
    assert min(steps) >= 10 * RATE
    assert max(steps) <= 10.8 * RATE


def test_a_set_up_line_without_room_changes_nothing_after_an_edit() -> None:
    fall = {"drill": "fall-to-run", "time": "20.7s", "tempo": 173}
    plain = performed([run("0.7s", 173), fall, run("0.5s", 60)])
    (cue,) = of_kind(plain, EventKind.CUE)
    assert Reason.NO_SETUP in {dropped.reason for dropped in plain.timeline.dropped}
    again = plain.edited(Edit(plain.plan.clock.instant(cue.frame), plain.tempi))
    assert of_kind(again, EventKind.CUE) == [cue]


def test_what_a_set_was_to_end_with_stays_its_end() -> None:
    say = [{"at": "19s", "text": "Relax"}]
    keys = {"words": ["Listen to your steps"] * 2, "cue_every": "4s", "announce": "Easy and tall"}
    cycle = {"drill": "cycle-running", "side": "left", "time": "34.3s", "tempo": 150, "say": say}
    old = performed([run("5s", 69), {**cycle, **keys}])
    *_, last = of_kind(old, EventKind.CUE)
    for after in (0.5, 3, 5):
        at = old.plan.clock.instant(last.frame) + Fraction(after)
        new = old.edited(Edit(at, old.tempi))
        assert of_kind(new, EventKind.CUE) == of_kind(old, EventKind.CUE)


def test_the_distance_of_cues_in_whole_beats_is_kept_exactly() -> None:
    taps = {
        "drill": "toe-taps",
        "side": "left",
        "time": "90s",
        "tempo": 120,
        "cue_every": "12 beats",
    }
    old = performed([taps])
    cues = [event.beat for event in of_kind(old, EventKind.CUE)]
    new = faster(old, beat_from(old, 31), 0)
    assert [event.beat for event in of_kind(new, EventKind.CUE)] == cues


TAPS = {"drill": "toe-taps", "side": "left", "time": "90s", "tempo": 96, "announce": False}
CHANT = {**TAPS, "chant": "pull · heel · up", "cue_every": "13 beats", "accent": "none"}


def test_a_chant_that_has_begun_is_finished_and_not_chanted_again() -> None:
    old = performed([CHANT])
    words = of_kind(old, EventKind.CHANT)
    for word in words:
        new = faster(old, old.plan.clock.instant(word.frame + 1), 10)
        assert of_kind(new, EventKind.CHANT) == words
        first = of_kind(new, EventKind.CUE)[0]
        assert first.frame >= words[-1].frame + words[-1].frames + 3 * RATE
        assert first.beat == (words[0].beat or 0) + 13
        assert said(new, EventKind.CUE)[:3] == said(old, EventKind.CUE)[:3]


def test_before_it_a_chant_is_moved_to_the_beats_of_the_new_tempo() -> None:
    old = performed([CHANT])
    new = faster(old, beat_from(old, 1), 10)
    words = of_kind(new, EventKind.CHANT)
    assert [word.beat for word in words] == [4, 5, 6]
    assert [word.frame + new.lines[word.sound].anchor for word in words] == [
        frame(new, Fraction(2 * 60, 96) + n * Fraction(60, 106)) for n in (2, 3, 4)
    ]


@pytest.mark.parametrize("tempo", [60, 96])
def test_a_chant_has_one_turn_whatever_is_edited_later(tempo: int) -> None:
    old = performed([{**CHANT, "tempo": tempo}])
    fits = tempo == 96
    for seconds in (1, 5.1, 12.3, 30, 44, 70):
        new = faster(old, beat_from(old, seconds), 0)
        assert list(new.timeline) == list(old.timeline)
        assert dropped(new) == dropped(old) == [("pull · heel · up", 0)] * (not fits)
        quicker = faster(old, beat_from(old, max(seconds, 5)), 36)
        assert len(of_kind(quicker, EventKind.CHANT)) == 3 * fits


def test_a_count_that_has_begun_is_finished_word_by_word() -> None:
    old = performed([REST, run("30s", 120, announce=False, count_in_voice=True)])
    counted = of_kind(old, EventKind.COUNT_IN, 1)
    spoken = [event for event in counted if event.bus]
    assert [event.sound for event in spoken] == ["1", "2", "3", "4"]
    begun = faster(old, old.plan.clock.instant(spoken[0].frame + 1), 30, 1)
    assert [event for event in of_kind(begun, EventKind.COUNT_IN, 1) if event.bus] == spoken
    before = faster(old, old.plan.clock.instant(spoken[0].frame - RATE), 5, 1)
    assert [e.beat for e in of_kind(before, EventKind.COUNT_IN, 1) if e.bus] == [-4, -3, -2, -1]
    assert [
        event.frame + before.lines[event.sound].anchor
        for event in of_kind(before, EventKind.COUNT_IN, 1)
        if event.bus
    ] == [frame(before, 20 - n * Fraction(60, 125)) for n in (4, 3, 2, 1)]


def test_at_the_very_frame_of_its_first_click_a_count_in_keeps_its_beats() -> None:
    old = performed([REST, run("30s", 173, announce=False)])
    counted = of_kind(old, EventKind.COUNT_IN, 1)
    new = faster(old, old.plan.clock.instant(counted[0].frame), 0, 1)
    assert of_kind(new, EventKind.COUNT_IN, 1) == counted
    assert dropped(new) == dropped(old)


@pytest.mark.parametrize("chant", [False, "pull · heel · up"])
def test_a_set_of_one_cue_has_no_second_one_after_an_edit(chant: Any) -> None:
    taps = {**TAPS, "chant": chant, "cues": [], "words": ["Relax", "Easy and tall"]}
    old = performed([taps, REST, taps, REST, taps])
    kind = EventKind.CHANT if chant else EventKind.CUE
    cue = of_kind(old, kind, 4)
    assert len(cue) == (3 if chant else 1)
    new = faster(old, beat_from(old, old.plan.clock.instant(cue[-1].frame + RATE)), 4, 4)
    assert of_kind(new, EventKind.CUE, 4) + of_kind(new, EventKind.CHANT, 4) == cue


@pytest.mark.parametrize("tempo", [None, 120])
def test_an_edit_without_a_change_keeps_every_word(tempo: int | None) -> None:
    keys = {"cues": ["lean"], "cue_every": "10s", "announce": False}
    own = {"run": "", "time": "60s", **keys} if tempo is None else run("60s", tempo, **keys)
    old = performed([own, SLOW])
    for seconds in (0.5, 11, 13.37, 30.1, 44):
        assert list(faster(old, beat_from(old, seconds), 0, 1).timeline) == list(old.timeline)


def test_an_edit_without_a_change_keeps_every_take() -> None:
    text = "Click stops, keep the rhythm"
    rests = [{**REST, "announce": text}, {**REST, "time": "8s"}]
    fall = {"drill": "fall-to-run", "time": "13s", "announce": text}
    old = performed([rests[0], run("1s", 60), rests[1], fall])
    takes = [event.clip for event in old.timeline if event.sound == text]
    assert len(set(takes)) == 2  # planned in another order than they are heard in
    new = old.edited(Edit(Fraction(15), old.tempi))
    assert [event.clip for event in new.timeline if event.sound == text] == takes


def test_a_text_of_the_file_is_said_although_the_same_cue_was_left_out() -> None:
    say = [{"at": "15s", "text": "Relax"}]
    old = performed([run("19s", "150 -> 160", words=["Relax"], say=say)])
    assert dropped(old) == [("Relax", 0)]
    new = faster(old, beat_from(old, 5), 0)
    assert "Relax" in said(new, EventKind.SAY)


def test_edits_are_taken_back_one_by_one_however_many_there_were() -> None:
    old = performed([run("40s", 173, announce=False)])
    new, instants = old, [Fraction(k, 2) for k in range(1, 61)]
    for k, at in enumerate(instants):
        new = faster(new, beat_from(new, at), 1 - k % 2 * 2)
    assert [len(each.edits) for each in new.earlier] == [0, 16, 32, *range(44, 60)]
    for count in (59, 58, 41, 33, 32, 17, 3, 0):
        again = new.until(new.edits[count].at)
        assert again.edits == new.edits[:count]
        assert list(again.timeline) == list(old.edited(*new.edits[:count]).timeline)


@pytest.mark.parametrize("stride", ["left", None])
def test_accents_that_go_on_through_a_glide_go_on_after_an_edit(stride: str | None) -> None:
    keys = {
        "accent": 4,
        "announce": False,
        "count_in": False,
        **({"stride": stride} if stride else {}),
    }
    old = performed([run("13s", 150, **keys), run("30s", 170, glide="10 beats", **keys)])
    for seconds in (20, 25):
        new = old.edited(Edit(beat_from(old, seconds), old.tempi))
        assert of_kind(new, EventKind.BEAT) == of_kind(old, EventKind.BEAT)


@pytest.mark.parametrize("at", [("21s", "36s"), ("36s", "21s")])
def test_of_the_same_text_twice_the_one_with_room_is_said_after_an_edit(at: Any) -> None:
    say = [{"at": each, "text": "Relax"} for each in at]
    others = [
        {"at": "34.2s", "text": "Listen to your steps"},
        {"at": "35.9s", "text": "Drop your shoulders"},
    ]
    walk = {"walk": "", "time": "37s", "announce": False, "countdown": False}
    old = performed([{**walk, "say": [*others, *say]}])
    told = ["Relax", "Listen to your steps", "Drop your shoulders"]
    assert said(old, EventKind.SAY)[:3] == told
    for seconds in (10, 30):
        new = old.edited(Edit(Fraction(seconds), old.tempi))
        assert list(new.timeline) == list(old.timeline)
        assert dropped(new) == dropped(old) == [("Relax", 0)]


def test_a_text_of_the_file_is_said_once() -> None:
    says = [{"at": "5s", "text": "Relax"}, {"at": "25s", "text": "Relax"}]
    old = performed([run("40s", 150, say=says)])
    new = faster(old, beat_from(old, 12), 5)
    assert said(new, EventKind.SAY) == ["Relax", "Relax", wording.DONE]
    assert of_kind(new, EventKind.SAY)[0] == of_kind(old, EventKind.SAY)[0]


def test_a_countdown_is_told_at_the_new_end() -> None:
    old = performed([run("60 beats", 60, countdown="10")])
    new = faster(old, 30, 30)
    (event,) = of_kind(new, EventKind.COUNTDOWN)
    assert event.frame + new.lines[event.sound].anchor == frame(new, 30 + 20 - 10)


def test_what_has_no_time_left_is_listed_with_the_reason() -> None:
    old = performed([run("60 beats", 60, countdown="10", announce=False)])
    new = faster(old, 45, 60)
    assert said(new, EventKind.COUNTDOWN) == []
    (drop,) = new.timeline.dropped
    assert (drop.text, drop.phase) == ("10 seconds", 0)
    assert drop.reason is Reason.OVER


HURRIED = {**TAPS, "time": "9s", "announce": ["set-up"], "tempo": 80}
"""A set that is too short to be set up in."""


def test_what_a_hurried_set_ends_with_is_said_after_an_edit_too() -> None:
    old = performed([SLOW, HURRIED])
    assert said(old, EventKind.CUE) == ["Hamstring pulls the heel straight up"]
    unsaid = [each.text for each in old.timeline.dropped if each.reason is Reason.NO_SETUP]
    assert unsaid == ["Keep the wall just behind you", "One hand on the wall if you wobble"]
    new = faster(old, beat_from(old, 13), 0)
    assert list(new.timeline) == list(old.timeline)


def dropped(performance: Performance) -> list[tuple[str, int]]:
    return [(each.text, each.phase) for each in performance.timeline.dropped]


@pytest.mark.parametrize(
    ("phases", "at"),
    [
        ([run("15s", "120 -> 150", cues=["lean"])], 8),  # no cues in a short ramp
        ([run("10s", 120), {"rest": "", "time": "2s"}, run("20s", 150, announce=True)], 11.5),
        ([run("10s", 120), {"rest": "", "time": "2s"}, run("20s", 150, announce=True)], 20),
        ([run("2s", 120), run("20s", 150, announce=True)], 1),
        ([run("5s", 120, cues=["lean"])], 3),
        ([run("20s", 60, count_in_voice=True)], 0),  # its words do not fit the beats
        ([SLOW, HURRIED], 13),
    ],
)
def test_what_was_left_out_stays_listed_once(phases: list[dict[str, Any]], at: float) -> None:
    old = performed(phases)
    assert dropped(old)
    new = faster(old, beat_from(old, at), 0)
    assert sorted(dropped(new)) == sorted(dropped(old))


# Entering.


def test_the_count_in_of_an_entry_has_the_tempo_that_follows() -> None:
    old = performed([run("60s", 120)])
    new = faster(old, beat_from(old, 20), 30)
    entered = new.entered(frame(new, 20))
    counted = [event.frame for event in entered if event.kind is EventKind.COUNT_IN]
    assert counted == [frame(new, 20 - n * Fraction(2, 5)) for n in range(8, 0, -1)]
    after = moved(new, Fraction(20) + Fraction(1, 5), 20 * MS)
    entered = after.entered(frame(after, Fraction(202, 10)))
    counted = [event.frame for event in entered if event.kind is EventKind.COUNT_IN]
    first = Fraction(2042, 100)
    assert counted == [frame(after, first - n * Fraction(2, 5)) for n in range(8, 0, -1)]


# The list of edits.


def test_an_edit_takes_the_place_of_those_at_its_instant_and_later() -> None:
    old = performed([run("60s", 120)])
    one, two, three = (
        Edit(Fraction(at), Tempi(Fraction(173), (("1", Fraction(by)),)))
        for at, by in ((10, 10), (20, 20), (20, 30))
    )
    new = old.edited(one, two, three)
    assert new.edits == (one, three)
    assert new.until(Fraction(20)).edits == (one,)
    assert list(new.until(Fraction(10)).timeline) == list(old.timeline)
    assert old.edits == ()
    assert list(new.edited(one).timeline) == list(old.edited(one).timeline)
