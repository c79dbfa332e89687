"""Announcements and count-ins: where they stand, and how they shrink."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cadence_cue.coaching import wording
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import Bus, Dropped, Event, EventKind, Utterance
from tests.timing.rig import RATE, Planned, plan, utterance

BREATH = Fraction(2, 5)


def rest(seconds: float) -> dict[str, Any]:
    return {"rest": "", "time": f"{seconds}s", "announce": False}


TOLD = ["next", "tempo", "click"]


def run(time: str = "20s", tempo: Any = 150, **keys: Any) -> dict[str, Any]:
    """A run of which neither time nor number nor end is told."""
    usual = {"run": "", "time": time, "tempo": tempo, "countdown": False, "announce": TOLD}
    return {**usual, **keys}


def taps(**keys: Any) -> dict[str, Any]:
    usual = {"drill": "toe-taps", "side": "left", "time": "30s", "cues": [], "announce": TOLD}
    return {**usual, **keys}


def counted(planned: Planned, phase: int = 1) -> list[Event]:
    return planned.in_phase(phase, EventKind.COUNT_IN)


def announced(planned: Planned, phase: int = 1) -> list[str]:
    return [event.sound for event in planned.in_phase(phase, EventKind.ANNOUNCEMENT)]


def two_seconds(text: str, rate: int) -> Utterance:
    """A voice that takes 2 s for each text."""
    return Utterance(text, 2 * rate, 0)


def brief(text: str, rate: int) -> Utterance:
    """A voice that is quick enough for a word on each beat."""
    return Utterance(text, rate * 3 // 10, rate // 10)


@pytest.mark.parametrize(
    ("tempo", "beats"), [(60, 4), (139, 4), (139.9, 4), (140, 8), (173, 8), ("139 -> 170", 4)]
)
def test_a_count_in_has_four_beats_and_eight_from_140(tempo: Any, beats: int) -> None:
    planned = plan(rest(30), run(tempo=tempo))
    assert [event.beat for event in counted(planned)] == list(range(-beats, 0))


def test_it_stands_at_the_grids_negative_positions_in_its_first_tempo() -> None:
    planned = plan(rest(30), run(tempo="145 -> 180"))
    wanted = [planned.at(30 - n * Fraction(60, 145)) for n in range(8, 0, -1)]
    assert [event.frame for event in counted(planned)] == wanted
    assert planned.marks[1].start == planned.at(30)


def test_the_file_may_ask_for_another_count_or_none() -> None:
    assert len(counted(plan(rest(30), run(count_in=3)))) == 3
    assert counted(plan(rest(30), run(count_in=False))) == []


@pytest.mark.parametrize(("side", "beats"), [("left", [-4, -2]), ("right", [-3, -1])])
def test_where_one_foot_has_a_click_only_its_steps_are_counted(side: str, beats: list[int]) -> None:
    planned = plan(rest(30), run(tempo=120, stride=side))
    assert [event.beat for event in counted(planned)] == beats
    silent = plan(rest(30), run(tempo=120, stride=side, announce=False))
    assert silent.marks[1].entry == counted(silent)[0].frame


def test_between_phases_with_a_tempo_there_is_none() -> None:
    assert counted(plan(run(tempo=120), run())) == []


def test_announcement_breath_count_in_phase() -> None:
    planned = plan(rest(30), taps(tempo="80 -> 90"))
    texts = planned.in_phase(1, EventKind.ANNOUNCEMENT)
    assert [event.sound for event in texts] == ["On to toe taps, left leg", "Getting quicker"]
    first_click = counted(planned)[0].frame
    assert first_click - (texts[-1].frame + texts[-1].frames) == BREATH * RATE
    assert planned.marks[1].entry == texts[0].frame
    assert planned.dropped == []


def test_without_an_announcement_the_entry_is_the_count_in() -> None:
    planned = plan(rest(30), taps(announce=False))
    assert planned.marks[1].entry == counted(planned)[0].frame


# At 2 s a text with 0.2 s between them and the breath, the whole announcement needs 6.8 s, its
# short wording 2.4 s. Eight beats at 150 take 3.2 s, four 1.6 s, two 0.8 s.
FULL = ["Next: run", "At 150 steps a minute", wording.ONE_STEP_PER_CLICK]
SHRINKING = [
    (12, 8, 3, []),
    (10.1, 8, 3, []),
    (9.9, 4, 3, []),
    (8.5, 4, 3, []),
    (8.3, 2, 3, []),
    (7.7, 2, 3, []),
    (7.5, 2, 1, ["At 150 steps a minute", wording.ONE_STEP_PER_CLICK]),
    (3.3, 2, 1, ["At 150 steps a minute", wording.ONE_STEP_PER_CLICK]),
    (3.1, 0, 1, ["At 150 steps a minute", wording.ONE_STEP_PER_CLICK]),
    (2.5, 0, 1, ["At 150 steps a minute", wording.ONE_STEP_PER_CLICK]),
]


@pytest.mark.parametrize(("seconds", "beats", "texts", "listed"), SHRINKING)
def test_first_the_count_in_shrinks_then_the_announcement_then_the_count_in_goes(
    seconds: float, beats: int, texts: int, listed: list[str]
) -> None:
    planned = plan(rest(seconds), run(), lasting=two_seconds)
    assert len(counted(planned)) == beats
    assert announced(planned) == FULL[:texts]
    shortened = Dropped("", 1, Reason.SHORT_COUNT_IN, beats=8, left=beats)
    assert planned.dropped == [shortened] * (beats < 8) + [
        Dropped(text, 1, Reason.SHORT_LEAD) for text in listed
    ]


def test_an_announcement_that_fits_nowhere_leaves_the_count_in_its_room() -> None:
    planned = plan(rest(1.9), run(), lasting=two_seconds)
    assert (len(counted(planned)), announced(planned)) == (4, [])
    assert [drop.text for drop in planned.dropped] == ["", *FULL]
    assert planned.dropped[0] == Dropped("", 1, Reason.SHORT_COUNT_IN, beats=8, left=4)


FREE: dict[str, object] = {"run": "", "time": "20s"}


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (rest(20), "Next: run"),
        (taps(time="20s"), "Next: run"),
        (run("20s", 120), wording.OWN_RHYTHM),
    ],
)
def test_next_is_said_before_what_comes_and_its_name_once_it_is_there(
    before: dict[str, object], text: str
) -> None:
    planned = plan(before, FREE)
    (said,) = (each for each in planned.in_phase(1, EventKind.ANNOUNCEMENT) if each.sound == text)
    begun = planned.at(20)
    assert (said.frame + said.frames <= begun) == text.startswith("Next")
    assert (said.frame > begun) != text.startswith("Next")
    assert planned.marks[1].entry == min(said.frame, begun)


def test_a_first_run_without_a_beat_is_announced_before_it_too() -> None:
    planned = plan(FREE)
    said = planned.in_phase(0, EventKind.ANNOUNCEMENT)[-1]
    assert said.frame + said.frames <= planned.marks[0].start


def test_nothing_is_moved_by_a_long_announcement() -> None:
    planned = plan(rest(3), run(), lasting=two_seconds)
    assert planned.marks[1].start == planned.at(3)


def test_over_a_running_beat_it_is_said_on_a_beat_of_the_last_ten_seconds() -> None:
    planned = plan(run("40s", 120), run("20s", 170))
    first, second = planned.in_phase(1, EventKind.ANNOUNCEMENT)
    assert [first.sound, second.sound] == [wording.QUICKER, "At 170"]
    assert planned.marks[1].entry == first.frame
    assert first.frame >= planned.at(30)
    assert second.frame + second.frames <= planned.at(40)
    assert first.beat is not None
    assert planned.vowel(first) == planned.at(first.beat * Fraction(60, 120))


@pytest.mark.parametrize(("seconds", "said"), [(9.0, True), (9.9, False)])
def test_it_never_begins_before_those_ten_seconds(seconds: float, said: bool) -> None:
    def lasting(text: str, rate: int) -> Utterance:
        long = text == "Take the hill"
        return Utterance(text, int(seconds * rate), 0) if long else utterance(text, rate)

    planned = plan(run("40s", 120), run("20s", 120, announce="Take the hill"), lasting=lasting)
    assert announced(planned) == ["Take the hill"] * said
    assert [drop.text for drop in planned.dropped] == ["Take the hill"] * (not said)
    assert {drop.reason for drop in planned.dropped} <= {Reason.NO_ROOM_BEFORE}


def test_where_only_the_short_wording_fits_over_the_beat_the_rest_is_listed() -> None:
    def slow(text: str, rate: int) -> Utterance:
        return Utterance(text, 4 * rate, 0)

    planned = plan(taps(time="30s"), run("20s"), lasting=slow)
    assert announced(planned) == ["Next: run"]
    assert [drop.text for drop in planned.dropped] == [
        "At 150 steps a minute",
        wording.ONE_STEP_PER_CLICK,
    ]


def test_a_phase_without_a_beat_is_named_as_it_begins() -> None:
    planned = plan(run("20s"), {"rest": "", "time": "10s"})
    (event,) = planned.in_phase(1, EventKind.ANNOUNCEMENT)
    signal = planned.in_phase(0, EventKind.SIGNAL)[0]
    assert event.sound == wording.REST
    assert signal.frame == planned.at(20)
    assert signal.frame + signal.frames < event.frame < planned.at(22)
    assert planned.marks[1].entry == planned.marks[1].start


def test_a_name_without_a_free_moment_is_listed() -> None:
    planned = plan(run("20s"), {"rest": "", "time": "1.2s", "announce": ["next"]})
    assert [(drop.text, drop.phase) for drop in planned.dropped] == [(wording.REST, 1)]


@pytest.mark.parametrize("kind", ["rest", "walk"])
def test_a_pause_is_not_named_within_5_s_of_the_next_announcement(kind: str) -> None:
    def planned(seconds: Fraction | int) -> Planned:
        pause = {kind: "", "time": f"{float(seconds)}s"}
        return plan(taps(), pause, taps(side="right", time="20s"))

    long = planned(30)
    lead = Fraction(long.marks[2].start - long.marks[2].entry, RATE)
    early, late = planned(lead + Fraction(49, 10)), planned(lead + Fraction(51, 10))
    assert [announced(each, 1) for each in (early, late)] == [[], [kind.capitalize()]]
    assert [announced(each, 2) for each in (early, late)] == [announced(long, 2)] * 2
    assert early.dropped == late.dropped == []
    (name,) = late.in_phase(1, EventKind.ANNOUNCEMENT)
    assert name.frame + name.frames <= late.marks[2].entry - RATE


@pytest.mark.parametrize(("tenths", "named"), [(32, True), (34, False)])
def test_between_the_name_and_the_announcement_is_a_second(tenths: int, named: bool) -> None:
    def slow(text: str, rate: int) -> Utterance:
        long = text == wording.REST
        return Utterance(text, tenths * rate // 10, 0) if long else utterance(text, rate)

    pause = {"rest": "", "time": "9.66s"}
    planned = plan(taps(), pause, taps(side="right", time="20s"), lasting=slow)
    # The signal and a breath take 0.8 s of them.
    assert planned.marks[2].entry - planned.marks[1].start == pytest.approx(5.1 * RATE, abs=1)
    assert announced(planned, 1) == [wording.REST] * named
    assert [drop.text for drop in planned.dropped] == [wording.REST] * (not named)


def test_a_pause_with_a_name_of_its_own_is_named_all_the_same() -> None:
    pause = {"rest": "Shake out your legs", "time": "9s"}
    planned = plan(taps(), pause, taps(side="right", time="20s"))
    assert announced(planned, 1) == ["Shake out your legs"]
    assert planned.marks[2].entry - planned.marks[1].start < 5 * RATE


def test_the_set_up_follows_the_announcement_where_there_is_time() -> None:
    told = ["next", "set-up"]
    setup = ["Keep the wall just behind you", "One hand on the wall if you wobble"]
    cued = taps(announce=told, cues=["toe-taps"], time="60s")
    planned = plan(rest(30), cued)
    assert announced(planned) == ["On to toe taps, left leg", *setup]
    hurried = plan(rest(6), cued)
    assert announced(hurried) == ["On to toe taps, left leg"]
    assert [event.sound for event in hurried.in_phase(1, EventKind.CUE)][:2] == setup


WHOLE = (
    "On to toe taps, left leg. Keep the wall just behind you. One hand on the wall if you wobble"
)


def test_the_whole_announcement_is_one_text_where_there_is_time() -> None:
    told = taps(announce=["next", "set-up"], cues=["toe-taps"], time="60s")
    planned = plan(rest(30), told, spoken=[WHOLE])
    (event,) = planned.in_phase(1, EventKind.ANNOUNCEMENT)
    assert event.sound == WHOLE
    assert counted(planned)[0].frame - (event.frame + event.frames) == BREATH * RATE
    assert planned.dropped == []
    setup = ("Keep the wall just behind you", "One hand on the wall if you wobble")
    assert not {cue.sound for cue in planned.in_phase(1, EventKind.CUE)} & {*setup}


def test_a_whole_announcement_without_time_is_told_in_pieces() -> None:
    told = taps(announce=["next", "set-up"], cues=["toe-taps"], time="60s")
    planned = plan(rest(6), told, spoken=[WHOLE])
    assert announced(planned) == ["On to toe taps, left leg"]
    cues = [event.sound for event in planned.in_phase(1, EventKind.CUE)]
    assert cues[:2] == ["Keep the wall just behind you", "One hand on the wall if you wobble"]


def test_the_first_phase_waits_for_its_whole_announcement() -> None:
    told = taps(announce=["next", "set-up"], cues=["toe-taps"])
    whole, pieces = (plan(told, spoken=spoken) for spoken in ([WHOLE], []))
    assert announced(whole, 0) == [WHOLE]
    longer = whole.speech[WHOLE].frames
    joined = sum(event.frames for event in pieces.in_phase(0, EventKind.ANNOUNCEMENT))
    assert pieces.zero - whole.zero == joined + 2 * (RATE // 5) - longer


@pytest.mark.parametrize(
    ("tempo", "beats", "on"),
    [
        (70, None, [-4, -3, -2, -1]),
        (120, None, [-4, -3, -2, -1]),
        (140, None, [-8, -7, -6, -5, -4, -3, -2, -1]),
        (142, None, [-8, -6, -4, -2]),
        (160, 5, [-4, -2]),  # so that the beat after the last is the first to run on
        (160, 2, [-2]),
        (120, 16, [-8, -7, -6, -5, -4, -3, -2, -1]),
    ],
)
def test_a_count_in_may_be_spoken_a_word_on_each_beat_or_every_second(
    tempo: int, beats: int | None, on: list[int]
) -> None:
    asked: dict[str, Any] = {} if beats is None else {"count_in": beats}
    planned = plan(rest(30), run(tempo=tempo, count_in_voice=True, **asked), lasting=brief)
    aloud = [event for event in counted(planned) if event.bus is Bus.VOICE]
    clicks = [event.beat for event in counted(planned) if event.bus is Bus.BEAT]
    assert [event.sound for event in aloud] == [str(n) for n in range(1, len(on) + 1)]
    assert [event.beat for event in aloud] == on
    wanted = [planned.at(30 + beat * Fraction(60, tempo)) for beat in on]
    assert [planned.vowel(event) for event in aloud] == wanted
    assert clicks == list(range(-(beats or len(clicks)), 0))
    assert planned.dropped == []


def test_it_is_spoken_where_the_session_or_the_phase_asks_for_it() -> None:
    quiet: dict[str, Any] = {"count_in_voice": False}
    for asked, phase, spoken in ((True, {}, True), (True, quiet, False)):
        planned = plan(rest(30), run(tempo=120, **phase), count_in_voice=asked)
        assert (Bus.VOICE in {event.bus for event in counted(planned)}) == spoken


def test_words_that_would_overlap_are_not_counted() -> None:
    def slow(text: str, rate: int) -> Utterance:
        return Utterance(text, rate * 6 // 10, 0)

    planned = plan(rest(30), run(tempo=120, count_in_voice=True), lasting=slow)
    assert [event.bus for event in counted(planned)] == [Bus.BEAT] * 4
    assert planned.dropped == [Dropped("", 1, Reason.COUNT_IN_WORDS)]


def test_a_count_that_does_not_fit_the_beats_is_listed_and_clicked() -> None:
    planned = plan(rest(30), run(tempo=60, count_in_voice=True))
    assert [event.bus for event in counted(planned)] == [Bus.BEAT] * 4
    assert planned.dropped == [Dropped("", 1, Reason.COUNT_IN_WORDS)]


def test_switch_legs_then_four_beats() -> None:
    planned = plan(taps(side="both", time="56s"))
    (event,) = planned.in_phase(2, EventKind.ANNOUNCEMENT)
    clicks = counted(planned, 2)
    assert (event.sound, len(clicks)) == (wording.SWITCH_LEGS, 4)
    assert planned.marks[1].start < event.frame
    assert clicks[0].frame - (event.frame + event.frames) == BREATH * RATE


def test_a_fall_is_announced_but_never_counted_in() -> None:
    planned = plan(rest(20), {"drill": "fall-to-run", "time": "20s"})
    assert announced(planned)[0] == "First: fall to run"
    assert [event.beat for event in counted(planned)] == [None] * 4  # its soft ticks


@pytest.mark.parametrize("kind", ["rest", "walk"])
@pytest.mark.parametrize("seconds", [1.5, 2, 3, 4.5])
def test_the_end_is_told_in_a_short_last_pause_rather_than_its_name(
    kind: str, seconds: float
) -> None:
    last: dict[str, object] = {kind: "", "time": f"{seconds}s"}
    planned = plan(taps(time="20s"), last, lasting=brief)
    assert announced(planned) == []
    said = planned.in_phase(1, EventKind.SAY)
    assert [event.sound for event in said] == [wording.DONE]
    assert planned.dropped == []
