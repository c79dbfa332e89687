"""Cues: on which beats, how far apart, and where there are none."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import EventKind, Utterance
from tests.timing.rig import RATE, Planned, library, plan, run


def quiet(*phases: dict[str, Any], **keys: Any) -> Planned:
    return plan(*phases, announce=False, **keys)


def beat_at(planned: Planned, beat: int, tempo: int = 150) -> int:
    return planned.at(Fraction(beat * 60, tempo))


def cue_beats(planned: Planned, phase: int = 0) -> list[int]:
    return [event.beat or 0 for event in planned.in_phase(phase, EventKind.CUE)]


def test_each_vowel_falls_on_a_beat() -> None:
    planned = quiet(run("3min", 173, cues=["heel-pull"], cue_every="7s"))
    cues = planned.events(EventKind.CUE)
    assert len(cues) > 15
    assert all(planned.vowel(cue) == beat_at(planned, cue.beat or 0, 173) for cue in cues)


def test_where_there_are_accents_it_falls_on_an_accent() -> None:
    planned = quiet(run("2min", accent=3, words=["Relax"], cue_every="7 beats"))
    assert all(beat % 3 == 0 for beat in cue_beats(planned))
    assert min(other - one for one, other in pairwise(cue_beats(planned))) == 9


def test_the_distance_may_be_asked_for_in_beats_and_seconds() -> None:
    beats = cue_beats(quiet(run("2min", cues=["relaxed"], cue_every="24 beats")))
    assert {other - one for one, other in pairwise(beats)} == {24}
    seconds = cue_beats(quiet(run("2min", cues=["relaxed"], cue_every="10s")))
    assert {other - one for one, other in pairwise(seconds)} == {25}


def test_a_run_without_a_distance_has_a_cue_a_minute() -> None:
    beats = cue_beats(quiet(run("5min", cues=["relaxed"])))
    assert {other - one for one, other in pairwise(beats)} == {150}


def test_an_explicit_distance_overrides_the_six_seconds_but_never_overlaps() -> None:
    planned = quiet(run("90s", cues=["relaxed"], cue_every="1s"))
    cues = planned.events(EventKind.CUE)
    silences = [other.frame - one.frame - one.frames for one, other in pairwise(cues)]
    assert len(cues) > 10
    assert all(0 < silence < 6 * RATE for silence in silences)


def test_even_then_a_quarter_of_the_time_at_most_is_spoken() -> None:
    planned = quiet(run(cues=["relaxed"], cue_every="1s"))
    for one, other in pairwise(planned.events(EventKind.CUE)):
        assert other.frame - one.frame >= 4 * one.frames


def test_a_cue_keeps_three_seconds_from_whatever_else_is_said() -> None:
    says = [{"text": "Relax", "at": f"{at}s"} for at in (10, 20, 30, 40, 50)]
    planned = quiet(run(cues=["relaxed"], cue_every="2s", say=says))
    cues, others = planned.events(EventKind.CUE), planned.events(EventKind.SAY)
    assert len(cues) > 3
    for cue in cues:
        for other in others:
            after, before = cue.frame - other.frame - other.frames, other.frame - cue.frame
            assert after >= 3 * RATE or before - cue.frames >= 3 * RATE


def test_a_drills_cues_keep_six_seconds_of_silence() -> None:
    high_knees = {"drill": "high-knees", "time": "3min", "tempo": 300}
    cues = quiet(high_knees).events(EventKind.CUE)
    silences = [other.frame - one.frame - one.frames for one, other in pairwise(cues)]
    assert len(cues) > 15
    assert min(silences) >= 6 * RATE
    assert {(other.beat or 0) - (one.beat or 0) for one, other in pairwise(cues)} != {24}


def test_set_1_is_full_set_2_half_and_set_3_has_one_cue_at_most() -> None:
    taps = {"drill": "toe-taps", "side": "left", "time": "2min"}
    rest = {"rest": "", "time": "20s"}
    planned = quiet(taps, rest, taps, rest, taps, rest, taps)
    first, second = cue_beats(planned, 0), cue_beats(planned, 2)
    # What was said within 90 s is not said again: towards the end of two minutes that leaves gaps.
    assert min(other - one for one, other in pairwise(first)) == 16
    assert min(other - one for one, other in pairwise(second)) == 32
    assert [len(cue_beats(planned, phase)) for phase in (4, 6)] == [1, 1]


def test_both_legs_are_one_set() -> None:
    rest = {"rest": "", "time": "20s"}
    sides = [{"drill": "toe-taps", "side": side, "time": "2min"} for side in ("left", "right")]
    planned = quiet(sides[0], rest, sides[1], rest, sides[0])
    distances = [
        min(other - one for one, other in pairwise(cue_beats(planned, phase)))
        for phase in (0, 2, 4)
    ]
    assert distances == [16, 16, 32]


def test_no_cue_in_the_first_beats_and_the_last_seconds_of_a_drill() -> None:
    relaxing = {"cues": [], "words": ["Relax"], "cue_every": "2s"}
    planned = quiet({"drill": "toe-taps", "side": "left", "time": "60s", **relaxing})
    cues = planned.events(EventKind.CUE)
    assert cues[0].beat == 4
    assert planned.at(51) < cues[-1].frame + cues[-1].frames <= planned.at(56)


@pytest.mark.parametrize(("tempo", "first"), [(120, 4), (150, 8)])
def test_a_run_finds_its_rhythm_before_it_is_spoken_to(tempo: int, first: int) -> None:
    planned = quiet(run(tempo=tempo, words=["Relax"]))
    assert cue_beats(planned)[0] == first


def test_in_a_short_ramp_the_runner_is_left_alone() -> None:
    short = quiet(run("19s", "150 -> 160", cues=["relaxed"], cue_every="3s"))
    assert short.events(EventKind.CUE) == []
    assert [drop.reason for drop in short.dropped] == [Reason.SHORT_RAMP]
    assert quiet(run("20s", "150 -> 160", words=["Relax"], cue_every="3s")).events(EventKind.CUE)


def test_cues_that_find_no_room_at_all_are_listed() -> None:
    planned = quiet(run("5s", words=["Relax"]))
    assert [drop.text for drop in planned.dropped] == ["Relax"]
    assert planned.dropped[0].reason is Reason.NO_MOMENT


def test_without_a_beat_cues_keep_their_distance_in_seconds() -> None:
    planned = quiet({"walk": "", "time": "60s", "words": ["Relax"], "cue_every": "10s"})
    vowels = [planned.vowel(event) for event in planned.events(EventKind.CUE)]
    assert vowels == [planned.at(2 + 10 * n) for n in range(6)]


def chant(tempo: int, **keys: Any) -> Planned:
    taps = {"drill": "toe-taps", "side": "left", "time": "60s", "tempo": tempo}
    return quiet({**taps, "chant": "pull · heel · up", **keys}, lasting=brief)


def brief(text: str, rate: int) -> Utterance:
    """A voice that is quick enough for a word on each beat."""
    return Utterance(text, rate * 3 // 10, rate // 10)


@pytest.mark.parametrize(("tempo", "step"), [(70, 1), (96, 1), (140, 1), (142, 2), (173, 2)])
def test_a_chant_has_a_word_on_each_beat_or_on_every_second(tempo: int, step: int) -> None:
    planned = chant(tempo)
    words = planned.events(EventKind.CHANT)
    assert [word.sound for word in words] == ["pull", "heel", "up"]
    assert {other.beat - one.beat for one, other in pairwise(words)} == {step}  # type: ignore[operator]
    for word in words:
        assert planned.vowel(word) == beat_at(planned, word.beat or 0, tempo)


def test_a_chant_is_said_once_and_comes_first() -> None:
    planned = chant(96, cue_every="4s")
    cues = planned.events(EventKind.CUE, EventKind.CHANT)
    assert [cue.sound for cue in cues[:3]] == ["pull", "heel", "up"]
    assert len(cues) > 5
    assert len(planned.events(EventKind.CHANT)) == 3
    assert planned.dropped == []


@pytest.mark.parametrize("keys", [{}, {"cues": []}])
@pytest.mark.parametrize("tempo", [60, 300])
def test_a_chant_that_fits_no_beats_is_listed(tempo: int, keys: dict[str, Any]) -> None:
    planned = chant(tempo, **keys)
    assert planned.events(EventKind.CHANT) == []
    assert bool(planned.events(EventKind.CUE)) == (not keys)
    assert [drop.text for drop in planned.dropped] == ["pull · heel · up"]
    assert planned.dropped[0].reason is Reason.NO_FIT


def test_a_chant_alone_is_said_once() -> None:
    planned = chant(96, cues=[], cue_every="4s")
    assert len(planned.events(EventKind.CHANT)) == 3
    assert planned.events(EventKind.CUE) == []
    assert planned.dropped == []


@pytest.mark.parametrize("drill", ["high-knees", "change-of-support"])
def test_a_set_ends_with_what_relaxes_or_looks_outside_but_an_only_cue_moves(drill: str) -> None:
    closing = {cue.text for cue in library().cues(drill) if cue.outward}
    moving = {cue.text for cue in library().cues(drill) if cue.type == "movement"}
    many = set()
    for seconds in range(12, 60, 4):
        planned = quiet({"drill": drill, "time": f"{seconds}s", "cue_every": "6s"}, seed=seconds)
        cues = planned.events(EventKind.CUE)
        assert cues[-1].sound in (closing if len(cues) > 1 else moving)
        many.add(len(cues) > 1)
    assert many == {False, True}


def test_a_runs_ideas_take_turns_of_equal_length_and_at_most_five_minutes() -> None:
    two = {name: {cue.text for cue in library().cues(name)} for name in ("lean", "relaxed")}
    for minutes, turn in ((6, 3), (30, 5)):
        planned = quiet(run(f"{minutes}min", cues=list(two), cue_every="30s"))
        spoken = planned.events(EventKind.CUE)
        assert len(spoken) > minutes
        for cue in spoken:
            now = (planned.vowel(cue) - planned.zero) // (60 * turn * RATE)
            assert cue.sound in two[list(two)[now % 2]]


def test_in_a_run_nothing_is_chanted() -> None:
    chants = [cue for cue in library().cues("toe-taps") if cue.chant]
    planned = quiet(run("10min", 96, cues=["toe-taps"], cue_every="8s"), lasting=brief)
    said = {event.sound for event in planned.events(EventKind.CUE)}
    assert {cue.text for cue in chants} & said
    assert planned.events(EventKind.CHANT) == []


def test_in_a_glide_nobody_is_spoken_to() -> None:
    later = run("60s", 170, glide="64 beats", cues=["relaxed"], cue_every="4s")
    planned = quiet(run("30s", 150, cues=[]), later)
    first = planned.in_phase(2, EventKind.CUE)[0]
    assert planned.in_phase(1, EventKind.CUE) == []
    assert first.beat == 75 + 64 + 8
    assert planned.dropped == []


def test_around_a_switch_of_legs_eight_beats_are_silent() -> None:
    planned = quiet({"drill": "toe-taps", "side": "both", "time": "66s", "cue_every": "2s"})
    left, right = planned.in_phase(0, EventKind.CUE), planned.in_phase(2, EventKind.CUE)
    assert left[-1].frame + left[-1].frames <= beat_at(planned, 40 - 8, 80)
    assert planned.vowel(right[0]) >= planned.at(36 + 8 * Fraction(60, 80))


def test_nobody_speaks_in_a_fall() -> None:
    says = [{"text": "Relax", "at": f"{at}s"} for at in (3, 5, 8)]
    planned = quiet({"drill": "fall-to-run", "time": "40s", "say": says}, rate=8000)
    for event in planned.events(EventKind.CUE, EventKind.SAY):
        assert event.frame + event.frames <= planned.at(7) or event.frame >= planned.at(10)


def test_no_cues_are_no_cues() -> None:
    planned = quiet({"drill": "toe-taps", "side": "left", "time": "60s", "cues": []})
    assert planned.events(EventKind.CUE) == []
    assert planned.dropped == []


def test_a_fall_has_one_cue_spoken_before_the_first_tick() -> None:
    planned = quiet(
        {"drill": "fall-to-run", "time": "40s"}, {"drill": "fall-to-run", "time": "40s"}
    )
    for phase in (0, 1):
        (cue,) = planned.in_phase(phase, EventKind.CUE)
        start = planned.marks[phase].start
        assert start < cue.frame
        assert cue.frame + cue.frames <= start + 3 * RATE


def test_a_cue_too_long_for_the_set_of_a_fall_is_listed() -> None:
    def slow(text: str, rate: int) -> Utterance:
        return Utterance(text, 2 * rate, 0)

    planned = quiet({"drill": "fall-to-run", "time": "40s"}, lasting=slow)
    assert planned.events(EventKind.CUE) == []
    assert len(planned.dropped) == 1


def test_corrections_come_from_set_2_on() -> None:
    taps = {"drill": "toe-taps", "side": "left", "time": "4min", "cue_every": "4s"}
    planned = quiet(taps, {"rest": "", "time": "9s"}, taps)
    wrong = {cue.text for cue in library().drills["toe-taps"].cues if cue.type == "correction"}
    heard = [{event.sound for event in planned.in_phase(k, EventKind.CUE)} for k in (0, 2)]
    assert wrong
    assert not wrong & heard[0]
    assert wrong & heard[1]
