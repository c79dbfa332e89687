"""What is announced before each phase, and in which words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.part import Announcement
from cadence_cue.coaching.session import Announced, Say
from tests.coaching.rig import Phase, announced, parts

REST = {"rest": "", "time": "20s"}
WALK = {"walk": "", "time": "20s"}
TAPS = {"drill": "toe-taps", "side": "left", "time": "30s"}
RIGHT = {**TAPS, "side": "right"}
PERCEPTION = {"drill": "perception", "time": "30s"}
RUN = {"run": "", "time": "60s", "tempo": 170}
HOW = wording.ONE_STEP_PER_CLICK


def full(*phases: Phase, **options: Any) -> list[tuple[str, ...]]:
    return [announcement.full for announcement in announced(*phases, **options)]


def test_a_drill_by_its_name_side_time_and_set_up() -> None:
    (made,) = announced(TAPS)
    assert made.full == ("On to toe taps, left leg", "30 seconds")
    assert made.short == ("Toe taps, left leg",)
    assert made.setup == ("Keep the wall just behind you", "One hand on the wall if you wobble")
    assert made.whole == ""


def test_each_drill_is_announced_in_words_of_its_own() -> None:
    drills = ["change-of-support", "cycle-running", "butt-kicks", "high-knees"]
    told = full(RUN, *({"drill": name, "time": "20s"} for name in drills))
    assert [texts[0] for texts in told[1:]] == [
        "On to change of support",
        "Next: cycle drill running, alternating",
        "Next: butt kicks",
        "Now high knees",
    ]


def test_more_of_the_same_drill_is_announced_by_its_name() -> None:
    kicks, quicker = {"drill": "butt-kicks", "time": "20s"}, {**TAPS, "tempo": 96}
    told = full(TAPS, REST, quicker, REST, kicks, REST, TAPS)
    assert [texts[0] for texts in told[::2]] == [
        "On to toe taps, left leg",
        "Toe taps, left leg",
        "Next: butt kicks",
        "On to toe taps, left leg",
    ]


def test_a_set_without_the_click_says_so() -> None:
    told = full(TAPS, REST, {**TAPS, "beat": "off"}, {**RIGHT, "beat": "off"})
    assert told[2:] == [
        ("Toe taps, left leg", wording.CLICK_STOPS),
        ("Toe taps, right leg", "30 seconds", wording.CLICK_STOPS),
    ]
    assert full({**TAPS, "beat": "off"})[0][-1] == wording.CLICK_STOPS


def test_a_session_begins_with_its_first_drill_whatever_rests_or_talks_come_before() -> None:
    talk = {"talk": "Well met", "time": "9s"}
    assert full(PERCEPTION) == [("First: perception", "30 seconds")]
    for still in (REST, talk):
        assert full(still, PERCEPTION)[-1] == ("First: perception", "30 seconds")
    for moved in (TAPS, RUN, WALK):
        assert full(moved, PERCEPTION)[-1] == ("Now perception", "30 seconds")
    assert full(PERCEPTION, silent=["First: perception"])[0][0] == "Now perception"


def test_a_drill_without_a_recording_of_its_name_is_announced_and_will_be_listed() -> None:
    name = "On to toe taps, left leg"
    assert full(TAPS, silent=[name])[0][0] == name


def test_a_fall_tells_neither_time_nor_tempo() -> None:
    fall = {"drill": "fall-to-run", "time": "30s", "tempo": 170}
    assert full(fall, REST, {**fall, "tempo": 180})[::2] == [
        ("First: fall to run",),
        ("Fall to run",),
    ]


@pytest.mark.parametrize(
    ("tempos", "told"),
    [
        ((80,), ()),
        ((80, 96), ("A little quicker",)),
        ((96, 80), ("A little slower",)),
        ((100, 102), ("A little quicker",)),
        ((100, 101.9), ()),
        ((100, 98.1), ()),
        (("80 -> 100", 100.5), ()),
        (("80 -> 100",), ("Getting quicker",)),
        (("100 -> 90",), ("Getting slower",)),
    ],
)
def test_a_drill_tells_no_tempo_but_how_it_differs_or_changes(
    tempos: tuple[object, ...], told: tuple[str, ...]
) -> None:
    phases = ({**TAPS, "tempo": tempo} for tempo in tempos)
    made = full(*phases)
    name = "Toe taps, left leg" if len(tempos) > 1 else "On to toe taps, left leg"
    assert made[-1] == (name, "30 seconds", *told)


def test_a_drill_is_compared_with_its_own_last_set() -> None:
    kicks = {"drill": "butt-kicks", "time": "20s", "tempo": 160}
    made = full(kicks, REST, TAPS, REST, {**kicks, "tempo": 170})
    assert made[2] == ("On to toe taps, left leg", "30 seconds")
    assert made[4] == ("Next: butt kicks", "20 seconds", "A little quicker")


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ("25s", ("25 seconds",)),
        ("60s", ("1 minute",)),
        ("90s", ("90 seconds",)),
        ("2min", ("2 minutes",)),
        ("29.5s", ()),
        ("21s", ()),
        ("150s", ()),
    ],
)
def test_a_time_is_told_where_it_is_exact_and_has_a_recording(
    time: str, told: tuple[str, ...]
) -> None:
    (texts,) = full({**TAPS, "time": time})
    assert texts == ("On to toe taps, left leg", *told)


def test_the_same_set_again_is_only_named_and_at_once_not_at_all() -> None:
    assert full(TAPS, REST, TAPS)[2] == ("Toe taps, left leg", "Second of two")
    assert full(TAPS, TAPS)[1] == ()
    quicker = ("Toe taps, left leg", "30 seconds", "A little quicker")
    assert full(TAPS, REST, {**TAPS, "tempo": 96})[2] == quicker


def test_sets_and_rounds_are_numbered() -> None:
    assert [texts[1] for texts in full(TAPS, REST, TAPS, REST, TAPS)[::2]] == [
        "First of three",
        "Second of three",
        "Third of three",
    ]
    eight = full(
        {"repeat": 8, "part": [{**RUN, "run": "Fast"}, WALK]}, spoken=["Next: fast", "Fast"]
    )
    assert [texts[1] for texts in eight[::2]][::7] == [
        "Number one of eight",
        "Number eight of eight",
    ]
    many = full({"repeat": 11, "part": [RUN, WALK]})
    assert not any("of" in text for texts in many for text in texts if "click" not in text)
    assert [texts[1] for texts in full(RUN, WALK, RUN)[::2]] == ["1 minute"] * 2
    assert numbers(RUN, WALK, RUN, WALK, TAPS) == []  # what has no name is not the same again
    strides = {**RUN, "run": "Stride"}
    assert numbers(strides, WALK, strides) == ["First of two", "Second of two"]
    assert numbers(strides, WALK, {**RUN, "run": "Kick"}) == []


def numbers(*phases: Phase) -> list[str]:
    """The numbers that are announced, each where its round begins."""
    known = {wording.number_phrase(n, of) for of in range(2, 11) for n in range(1, of + 1)}
    return [text for texts in full(*phases) for text in texts if text in known]


THREE = ["First of three", "Second of three", "Third of three"]


@pytest.mark.parametrize(
    "once",
    [
        [TAPS, {"drill": "perception", "time": "30s"}],
        [{**TAPS, "side": "both", "time": "66s"}, {"drill": "perception", "time": "30s"}],
        [RUN, {**RUN, "tempo": 180}],
        [{"run": "", "time": "30s"}, REST],
        [{**WALK, "tempo": 110}, REST],
    ],
)
def test_a_round_is_numbered_once_where_it_begins(once: list[Phase]) -> None:
    assert numbers({"repeat": 3, "part": once}) == THREE
    assert numbers(*once) == []


@pytest.mark.parametrize(
    "other", [{"beat": "off"}, {"time": "45s"}, {"tempo": 90}, {"side": "right"}]
)
def test_what_is_not_alike_is_not_numbered(other: Phase) -> None:
    assert numbers(TAPS, REST, {**TAPS, **other}) == []
    assert numbers(PERCEPTION, REST, {**PERCEPTION, "variant": "eyes closed"}) == []


def test_only_the_set_just_before_needs_no_more_than_its_name() -> None:
    assert full(TAPS, REST, PERCEPTION, REST, TAPS)[4] == full(TAPS)[0]
    kicks = {"drill": "butt-kicks", "time": "20s", "tempo": 160}
    knees = {**kicks, "drill": "high-knees"}
    assert full(kicks, REST, knees)[2] == ("Now high knees", "20 seconds")


def test_a_run_without_a_beat_tells_its_time_and_number() -> None:
    easy = {"run": "", "time": "60s"}
    assert full(easy) == [("Next: run", "1 minute")]
    assert full({"repeat": 2, "part": [easy, REST]})[0] == ("Next: run", "First of two", "1 minute")


def test_after_a_beat_a_run_without_one_is_in_the_runners_own_rhythm() -> None:
    easy = {"run": "", "time": "60s"}
    assert full(RUN, easy)[1] == ("Back to your own rhythm", "1 minute")
    assert full(RUN, REST, easy)[2] == ("Next: run", "1 minute")


def test_of_a_ramp_the_tempo_where_it_begins_is_told() -> None:
    ramp = {**RUN, "tempo": "160 -> 172"}
    assert full(ramp) == [("Next: run", "1 minute", "At 160 steps a minute", HOW)]


def test_the_tempo_of_a_run_has_its_unit_the_first_time() -> None:
    walk = {**WALK, "tempo": 110}
    made = full(walk, RUN, WALK, RUN)
    assert [made[k][2] for k in (1, 3)] == ["At 170 steps a minute", "At 170"]
    slow = {**RUN, "tempo": 120}
    assert full(slow)[0][2] == "At 120"  # no voice has it with its unit
    assert full({**RUN, "tempo": 169.6})[0][2] == "At 170 steps a minute"


def test_another_side_is_another_set() -> None:
    assert full(TAPS, RIGHT)[1] == ("Toe taps, right leg", "30 seconds")
    cycle = {"drill": "cycle-running", "side": "left", "time": "20s"}
    assert full(cycle, {**cycle, "side": "right"})[1][0] == "Cycle drill running, right leg"


def test_a_leg_switch_says_so_whatever_the_file_announces() -> None:
    both = {**TAPS, "side": "both", "time": "56s"}
    for phase in (both, {**both, "announce": "Now the taps"}):
        _, switch, right = announced(phase)
        assert switch == Announcement()
        assert right == Announcement(("Switch legs",), ("Switch legs",), minor=True)


def test_a_leg_switch_is_no_news_where_only_times_are_told() -> None:
    made = announced({**TAPS, "side": "both", "time": "66s"}, announce=["time"])
    assert [each.full for each in made] == [("30 seconds",), (), ()]


def test_a_drill_of_one_side_does_not_name_it_when_explained() -> None:
    knees = {"drill": "high-knees", "time": "20s"}
    assert full(knees, explain=True)[1] == ("20 seconds",)


def test_an_explained_drill_is_not_named_again() -> None:
    assert full(TAPS, REST, PERCEPTION, explain=True) == [
        (),
        ("Left leg", "30 seconds"),
        ("Rest",),
        (),
        ("30 seconds",),
    ]


def test_the_first_run_with_a_beat_tells_how_to_step() -> None:
    assert full(RUN, WALK, RUN) == [
        ("Next: run", "1 minute", "At 170 steps a minute", HOW),
        ("Walk",),
        ("Next: run", "1 minute", "At 170"),
    ]
    assert HOW not in full(TAPS, {"run": "", "time": "30s"})[1]
    assert HOW in full({"run": "", "time": "30s"}, RUN)[1]


def test_a_run_on_the_spot_or_on_a_belt_has_no_speed_to_keep() -> None:
    told = "One step per click. Keep one easy speed"
    places = (["home"], ["treadmill"], ["road"], ["home", "road"], ["treadmill", "track"])
    assert [full(RUN, place=place)[0][-1] for place in places] == [
        "One step per click",
        "One step per click",
        told,
        told,
        told,
    ]


def test_how_to_step_waits_for_a_beat_that_is_heard() -> None:
    off = {**RUN, "beat": "off"}
    assert [HOW in texts for texts in full(off, RUN, WALK, RUN)] == [False, True, False, False]
    assert announced(off, RUN)[1] == Announcement((HOW,), (HOW,))


def test_how_to_step_is_told_of_the_foot_that_has_a_click() -> None:
    left, right = ({**RUN, "stride": side} for side in ("left", "right"))
    first, again, both, other = full(left, left, RUN, right)
    assert first[-1] == wording.STRIDES[Side.LEFT]
    assert again == ()
    assert (both[-1], other[-1]) == (HOW, wording.STRIDES[Side.RIGHT])


def beats(*modes: str) -> list[tuple[str, ...]]:
    clicks = [text for text in vars(wording).values() if "lick " in str(text)]
    runs = ({**RUN, "time": "2min", "beat": mode} for mode in modes)
    return [tuple(text for text in texts if text in clicks) for texts in full(*runs)]


@pytest.mark.parametrize(
    ("modes", "told"),
    [
        (("on", "on"), ()),
        (("off", "off"), ()),
        (("64 then off", "on"), (wording.CLICK_BACK,)),
        (("64 then off", "off"), ()),
        (("on", "fade"), (wording.CLICK_FADES,)),
        (("on", "8 on, 8 off"), (wording.CLICK_COMES_AND_GOES,)),
        (("8 on, 8 off", "8 on, 8 off"), ()),
        (("8 on, 8 off", "off"), (wording.CLICK_STOPS,)),
        (("339 then off", "off"), ()),
        (("340 then off", "off"), (wording.CLICK_STOPS,)),
        (("400 then off", "off"), (wording.CLICK_STOPS,)),
        (("on", "off"), ("Click stops, keep the rhythm",)),
        (("fade", "on"), ("The click is back",)),
        (("fade", "fade"), ("The click is back, and fades",)),
        (("fade", "8 on, 8 off"), ("The click is back, and comes and goes",)),
    ],
)
def test_a_click_that_goes_or_comes_back_is_told(
    modes: tuple[str, ...], told: tuple[str, ...]
) -> None:
    assert beats(*modes)[1] == told


def test_a_click_that_never_was_does_not_come_back() -> None:
    assert beats("off", "on")[1] == ()
    assert beats("on", "off", "on")[2] == (wording.CLICK_BACK,)


def said(*phases: Phase, **options: Any) -> list[list[str]]:
    return [[say.text for say in part.say] for part in parts(*phases, **options)]


def says(text: str, *phases: Phase, **options: Any) -> list[tuple[int, Say]]:
    """In which parts a text is told, and when."""
    made = parts(*phases, **options)
    return [(k, say) for k, part in enumerate(made) for say in part.say if say.text == text]


@pytest.mark.parametrize(
    ("tempo", "beats", "at"),
    [
        (170, 17, 2),
        (170, 10, 0),
        ("180 -> 120", 165, 56),
        (170, 340, None),
    ],
)
def test_a_click_that_stops_on_the_way_is_told_four_seconds_before(
    tempo: object, beats: int, at: int | None
) -> None:
    run = {**RUN, "time": "2min", "tempo": tempo, "beat": f"{beats} then off"}
    told = says(wording.CLICK_STOPS, run)
    assert [float(say.at) for _, say in told] == ([] if at is None else [pytest.approx(at)])
    assert not any(say.from_end for _, say in told)


def test_a_click_that_lasts_to_the_end_of_a_ramp_does_not_stop_on_the_way() -> None:
    ramp = {**RUN, "time": "30s", "tempo": "140 -> 144"}
    assert says(wording.CLICK_STOPS, {**ramp, "beat": "71 then off"}) == []
    assert len(says(wording.CLICK_STOPS, {**ramp, "beat": "70 then off"})) == 1


def test_halfway_is_told_in_long_runs_and_walks() -> None:
    for phase in (RUN, WALK):
        long, short = parts({**phase, "time": "5min"}, {**phase, "time": "299s"})
        (say,) = [say for say in long.say if say.text == wording.HALFWAY]
        assert say.at == 150
        assert not say.from_end
        assert wording.HALFWAY not in [say.text for say in short.say]
    assert wording.HALFWAY not in said({**REST, "time": "6min"})[0]


def test_the_tired_are_told_in_every_run_of_five_minutes_that_has_a_click() -> None:
    cued = {**RUN, "cues": ["relaxed"]}
    for times, told in ((("5min",), 1), (("299s",), 0), (("3min", "2min"), 1)):
        runs = ({**cued, "time": time, "tempo": 170 + k} for k, time in enumerate(times))
        assert sum(texts.count(wording.TIRED) for texts in said(*runs)) == told
    assert wording.TIRED not in said({**cued, "time": "9min", "beat": "off"})[0]
    assert wording.TIRED not in said({**cued, "time": "9min", "cues": []})[0]


LONG_RUN = {**RUN, "time": "6min", "cues": ["relaxed"]}


def test_the_tired_are_told_in_the_hardest_part_of_a_run_and_it_may_shift() -> None:
    ((_, say),) = says(wording.TIRED, LONG_RUN)
    assert [say.at, say.shift] == [120, 20]
    assert not say.from_end
    pyramid = [{**LONG_RUN, "time": "3min", "tempo": tempo} for tempo in (170, 174, 178, 174)]
    ((where, say),) = says(wording.TIRED, *pyramid)
    assert [where, say.at] == [2, 60]
    ramped = [*pyramid[:2], {**LONG_RUN, "tempo": "174 -> 178"}, *pyramid[2:]]
    assert [k for k, _ in says(wording.TIRED, *ramped)] == [3]
    steady = [{**pyramid[0], "cues": ["lean"]}, pyramid[0], pyramid[0]]
    assert [k for k, _ in says(wording.TIRED, *steady)] == [0]
    assert says(wording.TIRED, LONG_RUN, silent=[wording.TIRED]) == []


def test_the_tired_are_told_while_there_is_a_click() -> None:
    silent = {**LONG_RUN, "time": "4min", "beat": "off"}
    ((where, say),) = says(wording.TIRED, {**LONG_RUN, "time": "4min"}, silent)
    assert [where, say.at] == [0, 80]
    ((_, say),) = says(wording.TIRED, {**LONG_RUN, "beat": "170 then off"})
    assert say.at == 20
    ((_, say),) = says(wording.TIRED, {**LONG_RUN, "beat": "fade"})
    assert say.at == 60


def test_where_nothing_may_be_told_in_the_hardest_part_the_tired_are_told_in_the_next() -> None:
    quiet = {**LONG_RUN, "time": "4min", "tempo": 178, "cues": []}
    ((where, say),) = says(wording.TIRED, quiet, {**LONG_RUN, "time": "1min"})
    assert [where, say.at] == [1, 20]


def test_a_glide_is_a_part_of_a_long_run() -> None:
    begins = {**LONG_RUN, "time": "3min"}
    goes_on = {**LONG_RUN, "time": "2min", "tempo": 180, "glide": "16 beats"}
    ((where, _),) = says(wording.TIRED, begins, goes_on)
    assert where == 2


def test_a_rest_between_makes_two_runs() -> None:
    short = {**LONG_RUN, "time": "4min"}
    assert says(wording.TIRED, short, REST, short) == []
    assert [k for k, _ in says(wording.TIRED, LONG_RUN, REST, LONG_RUN)] == [0, 2]


def test_the_end_is_told_two_seconds_before_it() -> None:
    for last in (RUN, WALK, REST):
        ((where, say),) = says(wording.DONE, TAPS, last)
        assert [where, say.at] == [1, 2]
        assert say.from_end


def test_the_end_is_told_where_nothing_else_tells_it() -> None:
    assert said(RUN, WALK)[1] == [wording.DONE]
    assert said(RUN, WALK, silent=[wording.DONE])[1] == []
    assert wording.DONE not in said(TAPS)[0]
    assert wording.DONE not in said({"talk": "Well done", "time": "9s"})[0]
    early = {**WALK, "say": [{"at": "5s", "text": "Well run"}]}
    assert said(early, spoken=["Well run"]) == [["Well run", wording.DONE]]
    assert wording.DONE not in said({**RUN, "time": "2min"})[0]  # counted down
    own = {**WALK, "say": [{"at": "-5s", "text": "Well run"}]}
    assert said(own, spoken=["Well run"]) == [["Well run"]]


@pytest.mark.parametrize(
    ("kind", "gone"),
    [
        ("next", "On to toe taps, left leg"),
        ("number", "First of two"),
        ("time", "30 seconds"),
        ("tempo", "Getting quicker"),
    ],
)
def test_each_kind_is_switched_off_for_a_session_and_for_a_phase(kind: str, gone: str) -> None:
    kept = [each.value for each in Announced if each.value != kind]
    ramp = {**TAPS, "tempo": "80 -> 96"}
    usual = full(ramp, REST, ramp)[0]
    without = tuple(text for text in usual if text != gone)
    assert len(without) == len(usual) - 1
    assert full(ramp, REST, ramp, announce=kept)[0] == without
    assert full({**ramp, "announce": kept}, REST, ramp)[0] == without
    assert full({**ramp, "announce": True}, REST, ramp, announce=kept)[0] == usual


def test_what_is_told_on_the_way_is_switched_off_too() -> None:
    long = {**RUN, "time": "6min", "beat": "300 then off"}
    end = {**WALK, "time": "20s"}
    texts = {
        "set-up": announced(TAPS)[0].setup[0],
        "halfway": wording.HALFWAY,
        "click": wording.CLICK_STOPS,
        "end": wording.DONE,
    }
    for kind, text in texts.items():
        for kinds, heard in (([kind], True), ([k for k in texts if k != kind], False)):
            made = parts(TAPS, long, end, announce=kinds)
            told = {text for part in made for text in part.texts()}
            assert (text in told) == heard, kind


def test_a_phase_switches_off_what_is_told_on_the_way_in_it() -> None:
    texts: dict[str, tuple[Phase, str]] = {
        "set-up": (TAPS, announced(TAPS)[0].setup[0]),
        "halfway": ({**RUN, "time": "6min"}, wording.HALFWAY),
        "click": ({**RUN, "beat": "60 then off"}, wording.CLICK_STOPS),
        "end": (WALK, wording.DONE),
    }
    for kind, (phase, text) in texts.items():
        for kinds, heard in (([kind], True), ([k for k in texts if k != kind], False)):
            (part,) = parts({**phase, "announce": kinds}, announce=not heard)
            assert (text in set(part.texts())) == heard, kind


def test_a_title_is_spoken_where_the_voice_can() -> None:
    titled = {**RUN, "run": "Settle"}
    assert full(titled, spoken=["Next: settle"])[0][0] == "Next: settle"
    assert full(titled)[0][0] == wording.NEXT_RUN
    walk = {**WALK, "walk": "Walk back"}
    assert full(walk, spoken=["Walk back"]) == [("Walk back",)]
    assert full(walk) == [(wording.WALK,)]


def test_pauses_by_their_kind() -> None:
    assert full(REST, WALK) == [(wording.REST,), (wording.WALK,)]
    assert full(REST, REST)[1] == ()
    titled = ({**REST, "rest": "Shake"}, {**REST, "rest": "Breathe"})
    assert full(*titled, spoken=["Shake", "Breathe"]) == [("Shake",), ("Breathe",)]


def test_after_a_run_each_pause_is_named() -> None:
    strides: list[Phase] = [{**RUN, "run": "Stride"}, {**WALK, "walk": "Walk back"}] * 2
    told = full(*strides, RUN, REST, RUN, REST, spoken=["Stride", "Walk back"])
    assert told[1::2] == [("Walk back",)] * 2 + [("Rest",)] * 2


def test_after_sets_a_pause_is_named_once_a_session() -> None:
    shake = {**REST, "rest": "Shake"}
    told = full(
        REST, TAPS, REST, TAPS, WALK, TAPS, shake, TAPS, shake, TAPS, WALK, spoken=["Shake"]
    )
    assert told[::2] == [("Rest",), (), ("Walk",), ("Shake",), (), ()]
    back = {**WALK, "walk": "Walk back"}
    rounds = full({"repeat": 2, "part": [back, REST]}, spoken=["Walk back"])
    assert rounds[::2] == [("Walk back", "First of two"), ("Walk back", "Second of two")]
    assert rounds[1::2] == [("Rest",)] * 2  # no sign says it where nothing was clicking
    with_a_beat = {**WALK, "tempo": 110}
    assert full(with_a_beat, TAPS, with_a_beat)[2] == ("Next: walk", "At 110")


@pytest.mark.parametrize(("kind", "head"), [("walk", wording.NEXT_WALK), ("rest", wording.REST)])
def test_pauses_with_a_beat_tell_their_tempo(kind: str, head: str) -> None:
    (made,) = announced({kind: "", "time": "20s", "tempo": 110})
    assert made == Announcement((head, "At 110"), (head,))


@pytest.mark.parametrize(
    ("tempos", "texts"),
    [
        ((170, 180), (wording.QUICKER, "At 180")),
        ((170, 160), (wording.SLOWER, "At 160")),
        ((170, "170 -> 180"), (wording.QUICKER,)),
        ((170, 172), ()),
        ((150, 153), (wording.QUICKER, "At 153")),
        ((150, 152.99), ()),
        ((150, 147), (wording.SLOWER, "At 147")),
        ((150, 147.01), ()),
        (("150 -> 170", "170 -> 150"), (wording.SLOWER,)),
        (("150 -> 170", 150), (wording.SLOWER, "At 150")),
        ((170, 170), ()),
        (("160 -> 170", 170), ("At 170",)),
    ],
)
def test_between_runs_only_a_change_of_tempo_is_told(
    tempos: tuple[object, object], texts: tuple[str, ...]
) -> None:
    _, made = announced(*({**RUN, "tempo": tempo} for tempo in tempos))
    assert made == Announcement(texts, texts[:1], minor=True)


def test_a_run_after_a_walk_to_the_beat_is_named() -> None:
    assert full({**WALK, "tempo": 110}, RUN)[1] == (
        *("Next: run", "1 minute", "At 170 steps a minute", HOW),
    )


def test_the_file_may_announce_otherwise_or_nothing() -> None:
    assert announced({**RUN, "announce": "Go"}) == [Announcement(("Go",), ("Go",))]
    setup = announced(TAPS)[0].setup
    assert announced({**TAPS, "announce": "Taps"}) == [Announcement(("Taps",), ("Taps",), setup)]
    assert announced({**RUN, "announce": False}) == [Announcement()]
    assert announced(RUN, REST, TAPS, announce=False) == [Announcement()] * 3


WHOLE = (
    "On to toe taps, left leg, 30 seconds. "
    "Keep the wall just behind you. One hand on the wall if you wobble"
)


def test_an_announcement_is_one_text_where_a_voice_has_it() -> None:
    (made,) = announced(TAPS, spoken=[WHOLE])
    assert made.whole == WHOLE
    assert made.full == ("On to toe taps, left leg", "30 seconds")
    assert made.setup == ("Keep the wall just behind you", "One hand on the wall if you wobble")


def test_of_an_announcement_as_much_is_one_text_as_a_voice_has() -> None:
    named = "On to toe taps, left leg, 30 seconds"
    (made,) = announced(TAPS, spoken=[named])
    assert (made.whole, made.full) == ("", (named,))
    (run,) = announced({**RUN, "run": "Settle"}, spoken=["Next: settle", "Next: settle, 1 minute"])
    assert run.full == ("Next: settle, 1 minute", "At 170 steps a minute", HOW)
    assert run.short == ("Next: settle",)


def test_a_single_text_is_no_whole_of_anything() -> None:
    assert announced(REST, spoken=["Rest"])[0].whole == ""


def test_a_set_up_line_is_told_once_a_session() -> None:
    taps = {**TAPS, "tempo": 90}
    assert [made.setup for made in announced(TAPS, REST, taps, REST, PERCEPTION, REST, taps)] == [
        ("Keep the wall just behind you", "One hand on the wall if you wobble"),
        *[(), (), ()],
        ("Stand tall, soft knees",),
        *[(), ()],
    ]
    cycle = {"drill": "cycle-standing", "side": "left", "time": "20s"}
    assert announced(TAPS, REST, cycle)[-1].setup == ("Hands on hips, knees slightly bent",)


def test_a_session_says_goodbye_in_words_of_its_own() -> None:
    goodbye = {"goodbye": "Until tomorrow", "spoken": ["Until tomorrow"]}
    for last in (TAPS, WALK, {**RUN, "time": "2min"}):
        made = parts(RUN, last, goodbye="Until tomorrow", spoken=["Until tomorrow"])
        says = [say for part in made for say in part.say]
        assert [(say.text, say.at, say.from_end) for say in says] == [
            ("Until tomorrow", Fraction(6), True)
        ]
        assert made[-1].say
    assert said(WALK, announce=["next"], **goodbye) == [[]]
    assert said(WALK, goodbye="Until tomorrow") == [["Session done"]]


def test_talks_announce_nothing() -> None:
    assert announced({"talk": "Well done", "time": "9s"}) == [Announcement()]


def test_a_number_is_told_only_where_the_first_was() -> None:
    silent = {**TAPS, "announce": False}
    assert numbers(silent, REST, TAPS) == []
    assert numbers({**TAPS, "announce": "Go"}, REST, TAPS) == []
    assert numbers(TAPS, REST, silent, REST, TAPS) == ["First of three", "Third of three"]
