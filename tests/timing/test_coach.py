"""What is said inside a phase: fixed words, countdown, own texts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cadence_cue.coaching import wording
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import Dropped, EventKind, Utterance
from tests.timing.rig import RATE, Planned, plan, run, utterance


def said(text: str, at: str) -> dict[str, str]:
    return {"text": text, "at": at}


def quiet(*phases: dict[str, Any], **keys: Any) -> Planned:
    return plan(*phases, announce=False, **keys)


def beat_at(planned: Planned, beat: int, tempo: int = 150) -> int:
    return planned.at(Fraction(beat * 60, tempo))


# Fixed words.


def test_a_talk_speaks_its_text_as_it_begins() -> None:
    planned = quiet({"talk": "Well done", "time": "10s"})
    (event,) = planned.events(EventKind.TALK)
    assert event.sound == "Well done"
    assert planned.zero < event.frame < planned.at(1)


def test_a_talk_that_is_too_short_for_its_text_is_listed() -> None:
    planned = quiet({"talk": "Well done", "time": "0.5s"})
    assert [(drop.text, drop.phase) for drop in planned.dropped] == [("Well done", 0)]


def test_closed_eyes_are_closed_first_and_opened_last_on_beats() -> None:
    planned = quiet({"drill": "perception", "variant": "eyes closed", "time": "30s"})
    voice = planned.events(EventKind.SAY, EventKind.CUE)
    assert (voice[0].sound, voice[-1].sound) == (wording.CLOSE_EYES, wording.OPEN_EYES)
    assert [planned.vowel(voice[k]) for k in (0, -1)] == [
        beat_at(planned, voice[k].beat or 0, 40) for k in (0, -1)
    ]
    assert voice[0].beat == 1
    assert voice[-1].beat == 19
    assert voice[-1].frame + voice[-1].frames <= planned.at(30)


def test_neither_is_ever_in_a_rotation() -> None:
    for seed in range(5):
        phase = {"drill": "perception", "variant": "eyes closed", "time": "4min"}
        planned = quiet(phase, phase, seed=seed)
        for text in (wording.CLOSE_EYES, wording.OPEN_EYES):
            assert [event.kind for event in planned.said(text)] == [EventKind.SAY] * 2


def test_before_the_eyes_open_there_are_ten_quiet_seconds() -> None:
    phase = {"drill": "perception", "variant": "eyes closed", "time": "60s", "cue_every": "2s"}
    planned = quiet({**phase, "cues": [], "words": ["Relax"]})
    last = planned.events(EventKind.CUE)[-1]
    assert planned.at(45) < last.frame + last.frames <= planned.at(50)


# Countdown.


def test_a_countdown_tells_exact_seconds_off_the_grid() -> None:
    planned = quiet(run("61.3s", 171, countdown="30 10 3 2 1"))
    told = planned.events(EventKind.COUNTDOWN)
    assert [event.sound for event in told] == ["30 seconds", "10 seconds", "3", "2", "1"]
    end = Fraction(613, 10)
    assert [planned.vowel(event) for event in told] == [
        planned.at(end - seconds) for seconds in (30, 10, 3, 2, 1)
    ]
    assert {event.beat for event in told} == {None}


def test_a_countdown_longer_than_its_phase_is_listed() -> None:
    planned = quiet(run("10s", countdown=False), {"rest": "", "time": "8s"}, countdown="10 3")
    assert [(drop.text, drop.phase) for drop in planned.dropped] == [("10 seconds", 1)]
    assert [event.sound for event in planned.events(EventKind.COUNTDOWN)] == ["3"]


def test_a_countdown_does_not_run_across_a_count_in_and_that_is_listed_once() -> None:
    rest = {"rest": "", "time": "20s", "countdown": "10 3 2 1"}
    planned = quiet(run("20s", countdown=False), rest, run(tempo=150, count_in=8))
    assert [event.sound for event in planned.events(EventKind.COUNTDOWN)] == ["10 seconds"]
    assert [(drop.text, drop.phase) for drop in planned.dropped] == [("3, 2, 1", 1)]
    two = quiet(run("20s", countdown=False), rest, run(tempo=150, count_in=2))
    assert [event.sound for event in two.events(EventKind.COUNTDOWN)] == ["10 seconds", "3", "2"]
    assert [(drop.text, drop.phase) for drop in two.dropped] == [("1", 1)]
    uncounted = quiet(run("20s", countdown=False), rest, run(tempo=150, count_in=False))
    assert len(uncounted.events(EventKind.COUNTDOWN)) == 4


# The file's own texts.


@pytest.mark.parametrize(
    ("at", "beat"), [("10s", 25), ("10.1s", 25), ("10.3s", 26), ("-14s", 115), ("-13.9s", 115)]
)
def test_a_wish_is_moved_to_the_nearest_beat(at: str, beat: int) -> None:
    planned = quiet(run(cues=[], say=[said("Soften your hands", at)]))
    (event,) = planned.events(EventKind.SAY)
    assert (event.beat, planned.vowel(event)) == (beat, beat_at(planned, beat))


def test_a_wish_keeps_to_the_beats_of_a_silent_phase() -> None:
    planned = quiet(run("7.1s"), run(beat="off", say=[said("Listen to your steps", "10s")]))
    (event,) = planned.events(EventKind.SAY)
    assert (event.beat, planned.vowel(event)) == (43, beat_at(planned, 43))


def test_a_wish_is_moved_at_most_two_seconds() -> None:
    def lasting(text: str, rate: int) -> Utterance:
        long = text == "A long story"
        return Utterance(text, 12 * rate, 0) if long else utterance(text, rate)

    story, late = said("A long story", "10s"), said("Relax", "20.1s")
    planned = quiet(run(say=[story, late]), lasting=lasting)
    assert [event.sound for event in planned.events(EventKind.SAY)] == ["A long story"]
    (drop,) = planned.dropped
    assert drop == Dropped("Relax", 0, Reason.OVERLAP, other="A long story", say=1)
    near = quiet(run(say=[story, said("Relax", "20.5s")]), lasting=lasting)
    assert near.dropped == []
    assert planned.at(22) < near.vowel(near.said("Relax")[0]) <= near.at(Fraction(45, 2))


def test_without_a_beat_a_wish_is_at_its_very_instant() -> None:
    planned = quiet({"walk": "", "time": "20s", "say": [said("Relax", "7.77s")]})
    (event,) = planned.events(EventKind.SAY)
    assert (planned.vowel(event), event.beat) == (planned.at(Fraction(777, 100)), None)


def test_without_a_beat_a_wish_gives_way_too() -> None:
    wishes = [said("Relax", "7s"), said("Drop your shoulders", "7s")]
    planned = quiet({"walk": "", "time": "20s", "say": wishes})
    first, second = sorted(planned.events(EventKind.SAY))
    assert abs(planned.vowel(second) - planned.vowel(first)) <= 2 * RATE
    assert first.frame + first.frames < second.frame
    assert planned.dropped == []


def test_a_wish_in_the_set_of_a_fall_needs_no_beat() -> None:
    fall = {"drill": "fall-to-run", "time": "20s", "cues": [], "say": [said("Relax", "1.5s")]}
    planned = quiet(fall)
    (event,) = planned.events(EventKind.SAY)
    assert planned.vowel(event) == planned.at(Fraction(3, 2))


def test_a_wish_beyond_a_phase_in_beats_is_listed() -> None:
    planned = quiet(run("10 beats", say=[said("Relax", "30s")]))
    assert [(drop.text, drop.reason) for drop in planned.dropped] == [("Relax", Reason.NO_ROOM)]


# Between the sets.

TAPS = {"drill": "toe-taps", "side": "left", "time": "30s", "cues": []}
HEEL = "Did the heel stay off the wall?"
ASKED = (EventKind.CHECK, EventKind.QUESTION)


def pause(seconds: float, kind: str = "rest") -> dict[str, Any]:
    return {kind: "", "time": f"{seconds}s"}


def taught(*phases: dict[str, Any], seed: int = 0, **keys: Any) -> Planned:
    return plan(*phases, seed=seed, **{"announce": ["teaching"], **keys})


def test_a_check_comes_to_mind_three_seconds_into_the_pause() -> None:
    planned = taught(TAPS, pause(20))
    (check,) = planned.events(EventKind.CHECK)
    assert (check.sound, check.phase, check.beat) == (HEEL, 1, None)
    assert planned.vowel(check) == planned.at(30 + 3)


def test_in_a_run_a_check_falls_on_a_beat() -> None:
    planned = taught(TAPS, run("60s", 80, count_in=False))
    (check,) = planned.events(EventKind.CHECK)
    assert check.beat == 40 + 4
    assert planned.vowel(check) == planned.at(30 + 3)


@pytest.mark.parametrize("announce", [["teaching"], True])
def test_what_is_asked_has_four_seconds_of_silence_behind_it_in_its_pause(announce: object) -> None:
    said = set()
    for tenths in range(40, 200, 4):
        planned = taught(TAPS, pause(tenths / 10), {**TAPS, "tempo": 96}, announce=announce)
        asked = planned.in_phase(1, *ASKED)
        said.add(len(asked))
        assert not planned.dropped or announce is True
        for event in asked:
            over = event.frame + event.frames
            others = [e.frame for e in planned.events() if e.bus and e.frame > event.frame]
            assert min(others, default=over + 4 * RATE) >= over + 4 * RATE
            assert over + 4 * RATE <= planned.marks[2].start
            assert event.frame >= planned.marks[1].start
    assert said == {0, 1}


def test_a_check_begins_earlier_in_a_short_pause_and_is_left_out_of_a_shorter_one() -> None:
    # The signal takes 0.6 s, the check 1.52 s and the silence 4 s.
    short, long = (taught(TAPS, pause(seconds)) for seconds in (6, 7))
    assert planned_kinds(short) == []
    assert planned_kinds(long) == [EventKind.CHECK]
    assert long.at(30) < long.events(EventKind.CHECK)[0].frame < long.at(33)
    assert short.dropped == []  # it waits for another session


def test_what_to_feel_is_said_as_late_as_there_is_room() -> None:
    sessions = [plan(*[TAPS, pause(60)] * 6, seed=seed) for seed in range(8)]
    felt = [(planned, event) for planned in sessions for event in planned.events(EventKind.FEEL)]
    assert felt
    for planned, event in felt:
        after = min(other.frame for other in planned.events() if other.frame > event.frame)
        assert RATE <= after - event.frame - event.frames < 1.5 * RATE


def planned_kinds(planned: Planned) -> list[EventKind]:
    return [event.kind for event in planned.events() if event.bus and event.phase >= 0]


def test_encouragement_needs_a_second_of_silence_behind_it() -> None:
    phases = (TAPS, pause(20), TAPS, pause(20))
    planned = plan(*phases, announce=["encouragement"])
    (event,) = planned.events(EventKind.ENCOURAGEMENT)
    assert (event.phase, planned.vowel(event)) == (3, planned.at(80 + 3))
    assert event.kind.label == "encouragement"


def test_a_line_gives_way_to_what_the_file_says() -> None:
    own = {**pause(20), "say": [said("Shake out your legs", "3s")]}
    planned = taught(*[TAPS, pause(20)] * 2, TAPS, own)
    (line,), (say,) = planned.events(EventKind.QUESTION), planned.events(EventKind.SAY)
    assert planned.vowel(say) == planned.at(133)
    assert line.frame > say.frame + say.frames or say.frame >= line.frame + line.frames + 4 * RATE


def test_what_the_file_says_leaves_no_line_about_the_set() -> None:
    own = {**pause(20), "say": [said("Shake out your legs", "3s")]}
    assert not taught(TAPS, own).events(EventKind.CHECK)
    assert taught(TAPS, {**own, "say": [said("Shake out your legs", "-3s")]}).events(
        EventKind.CHECK
    )


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (EventKind.CHECK, "check"),
        (EventKind.QUESTION, "question"),
        (EventKind.REASON, "reason"),
        (EventKind.FEEL, "feel"),
        (EventKind.ENCOURAGEMENT, "encouragement"),
    ],
)
def test_each_kind_of_line_is_told_as_what_it_is(kind: EventKind, label: str) -> None:
    assert kind.label == label
    made = [plan(*[TAPS, pause(20)] * 6, seed=seed) for seed in range(4)]
    assert any(planned.events(kind) for planned in made)
    for planned in made:
        lines = {line.text for part in planned.parts for line in part.lines if line.kind == label}
        assert {event.sound for event in planned.events(kind)} <= lines
        assert len({event.phase for event in planned.events(kind)}) == len(planned.events(kind))
