"""The product's own words: each is true of its number, and each has a place in the voice."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.session import Kind, Length, Phase
from tests.coaching.rig import real, session, words

ORDINALS = ["First", "Second", "Third", "Fourth"]
CARDINALS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
UNITS = {"second": 1, "seconds": 1, "minute": 60, "minutes": 60}


def test_a_number_is_told_as_it_is_and_of_five_and_more_as_a_number() -> None:
    for of in range(2, 11):
        for number in range(1, of + 1):
            told, total = wording.number_phrase(number, of).split(" of ")
            assert CARDINALS.index(total) + 1 == of
            if of < 5:
                assert ORDINALS.index(told) + 1 == number
            else:
                assert told == f"Number {CARDINALS[number - 1]}"


@pytest.mark.parametrize(("number", "of"), [(1, 1), (1, 11), (11, 11)])
def test_a_number_without_words_is_not_told(number: int, of: int) -> None:
    assert wording.number_phrase(number, of) == ""


def test_a_time_is_told_as_it_is_or_not_at_all() -> None:
    told = set()
    for half_seconds in range(2 * 3700):
        seconds = Fraction(half_seconds, 2)
        if phrase := wording.time_phrase(seconds):
            number, unit = phrase.split()
            assert int(number) * UNITS[unit] == seconds
            assert unit.endswith("s") == (number != "1")
            told.add(seconds)
    assert told >= {*range(5, 61, 5), 90, *range(60, 601, 60), 900, 1200, 1500, 1800, 2700, 3600}
    assert not told & {0, 1, 75, 150, 660}


@pytest.mark.parametrize(
    ("seconds", "told"), [(60, "60 seconds"), (10, "10 seconds"), (5, "5"), (1, "1")]
)
def test_what_is_counted_down_is_told_in_seconds(seconds: int, told: str) -> None:
    assert wording.countdown_phrase(seconds) == told


@pytest.mark.parametrize(
    ("drill", "side", "told"),
    [
        ("toe-taps", Side.LEFT, "toe taps, left leg"),
        ("toe-taps", Side.ALTERNATING, "toe taps, alternating"),
        ("toe-taps", Side.NONE, "toe taps"),
        ("perception", Side.NONE, "perception"),
        ("fall-to-run", Side.LEFT, "fall to run"),
    ],
)
def test_a_drill_is_told_with_its_side_where_it_has_more_than_one(
    drill: str, side: Side, told: str
) -> None:
    found = real().drills[drill]
    assert wording.first_drill(found, side) == f"First: {told}"
    assert wording.next_drill(found, side).endswith(f" {told}")
    assert wording.drill_phrase(found, side) == told.capitalize()


def test_drills_that_follow_each_other_begin_differently() -> None:
    told = [wording.next_drill(drill, Side.NONE) for drill in real().drills.values()]
    assert told == [
        "Now perception",
        "On to change of support",
        "Time for cycle drill standing",
        "Next: cycle drill running",
        "Now fall to run",
        "On to toe taps",
        "Time for toe taps dynamic",
        "Next: butt kicks",
        "Now high knees",
        "On to hands together running",
    ]


def test_a_drill_on_the_spot_is_told_so() -> None:
    kicks = real().drills["butt-kicks"]
    told = [
        phrase(kicks, Side.ALTERNATING, "on the spot")
        for phrase in (wording.first_drill, wording.next_drill, wording.drill_phrase)
    ]
    assert told == [
        "First: butt kicks on the spot",
        "Next: butt kicks on the spot",
        "Butt kicks on the spot",
    ]
    closed = wording.drill_phrase(real().drills["perception"], Side.NONE, "eyes closed")
    assert closed == "Perception"
    assert {*told} <= {*words()}


def test_a_whole_announcement_tells_what_and_how_long_and_then_the_set_up() -> None:
    named = ("Next: toe taps, left leg", "First of two", "28 seconds")
    told = "Next: toe taps, left leg, first of two, 28 seconds"
    assert wording.whole(named) == told
    setup = ("Stand tall", "Sore? Leave it out")
    assert wording.whole(named, setup) == f"{told}. Stand tall. Sore? Leave it out"
    assert wording.whole((), ("Stand tall",)) == "Stand tall"


def test_a_title_is_told_as_its_kind_is() -> None:
    kinds = (Kind.RUN, Kind.WALK, Kind.REST)
    told = [wording.title_phrase(Phase(kind, Length(), "Shake it out")) for kind in kinds]
    assert told == ["Next: shake it out", "Shake it out", "Shake it out"]
    assert wording.title_phrase(Phase(Kind.RUN, Length())) == ""


def test_a_click_for_one_foot_is_told_with_its_own_rate() -> None:
    told = wording.stride_phrase(Fraction(173), Side.RIGHT)
    assert told == "173 spm, 86.5 per foot, clicks for the right foot"


def test_the_voice_has_every_number_time_and_tempo_once() -> None:
    assert len(words()) == len(set(words()))
    assert all(words())
    numbers = {wording.number_phrase(n, of) for of in range(2, 11) for n in range(1, of + 1)}
    times = {wording.time_phrase(Fraction(seconds)) for seconds in range(3601)} - {""}
    tempos = {f"At {tempo}" for tempo in range(40, 211)}
    counts = {str(number) for number in range(1, 9)}
    assert numbers | times | tempos | counts <= set(words())


def test_the_voice_has_whatever_is_said_in_one_wording() -> None:
    said = {text for name, text in vars(wording).items() if name.isupper() and type(text) is str}
    assert {wording.SAFETY, wording.TIRED, wording.DONE} <= said
    assert said | set(wording.STRIDES.values()) <= set(words())
    assert {"Left leg", "Right leg", "Alternating"} <= set(words())


def test_the_voice_has_the_words_and_the_chants_of_every_drill_and_element() -> None:
    for name in (*real().drills, *real().elements):
        assert {cue.text for cue in real().cues(name)} <= set(words())
    for drill in real().drills.values():
        sides = {side for side in drill.sides if side is not Side.BOTH} | {Side.NONE}
        assert {wording.next_drill(drill, side) for side in sides} <= set(words())
        assert {word for cue in drill.cues for word in cue.chant} <= set(words())


def test_the_voice_needs_the_texts_of_a_session_and_the_titles_that_are_told() -> None:
    run = {"run": "Settle", "time": "60s", "tempo": 170, "words": ["Float"]}
    phases = (
        {**run, "say": [{"at": "5s", "text": "Look up"}], "announce": "Off we go"},
        {"drill": "toe-taps", "side": "left", "time": "30s", "chant": "lift · drop"},
        {"walk": "Walk home", "time": "20s"},
        {"run": "Kick", "time": "20s", "announce": ["tempo"]},
        {"talk": "That was it", "time": "5s"},
    )
    own = set(wording.own_words(session(*phases), real())) - set(wording.vocabulary(real(), []))
    assert own == {
        *("Float", "Look up", "Off we go", "lift", "drop", "Walk home", "That was it"),
    }
    silent = session(*phases, announce=False)
    assert "Walk home" not in wording.own_words(silent, real())


def test_the_voice_needs_the_cues_that_a_run_borrows_from_a_drill() -> None:
    run = {"run": "", "time": "60s", "tempo": 170, "cues": ["toe-taps"]}
    borrowed = {cue.text for cue in real().drills["toe-taps"].cues}
    assert borrowed <= set(wording.own_words(session(run), real()))
    plain = set(wording.own_words(session({**run, "cues": ["lean"]}), real()))
    assert not borrowed <= plain


@pytest.mark.parametrize(
    ("text", "either", "closes"),
    [
        ("Close your eyes", True, True),
        ("  close YOUR  eyes!. ", True, True),
        ("Open your eyes", True, False),
        ("Close your eyes gently", False, False),
        ("Eyes on the horizon", False, False),
    ],
)
def test_words_for_the_eyes_are_known_however_they_are_spelled(
    text: str, *, either: bool, closes: bool
) -> None:
    assert (wording.is_for_eyes(text), wording.closes_eyes(text)) == (either, closes)
