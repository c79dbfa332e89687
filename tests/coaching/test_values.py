"""Each value of a session file, exactly, and its refusals."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence_cue.coaching import values
from cadence_cue.coaching.drill import Pace, Side, Tempo
from cadence_cue.coaching.session import Announced, Beat, BeatMode, Length
from cadence_cue.errors import UserError

OWN = Pace(Fraction(1), relative=True)
PLUS_5 = Pace(Fraction(21, 20), relative=True)


def steady(pace: Pace) -> Tempo:
    return Tempo(pace, pace)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45s", 45),
        ("90s", 90),
        ("1m30s", 90),
        ("1:30", 90),
        ("0:05", 5),
        ("1:05:03", 3903),
        ("1min30s", 90),
        ("5min", 300),
        ("5 min", 300),
        ("1h", 3600),
        ("1h5min", 3900),
        ("1h 5min 3s", 3903),
        ("1h5m3s", 3903),
        ("2.5s", Fraction(5, 2)),
        ("0.1s", Fraction(1, 10)),
        ("1.5min", 90),
        ("0.000000001s", Fraction(1, 10**9)),
        ("6h", 21600),
    ],
)
def test_a_time_is_exact(text: str, expected: Fraction) -> None:
    assert values.seconds(text) == expected
    assert values.length(text) == Length(seconds=Fraction(expected))


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "5", "s", "10m", "1h5m", "5M", "45S", "+5s", "1,5s", ".5s", "5.s", "30s1m"),
        *("1m30", "1s2s", "5min\n", "1_0s", "5 hours", "\u0665s", "1e3s", "45s ", "5 beats "),
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r'must be a time such as "45s"'):
        values.length(text)


def test_minutes_have_a_hint() -> None:
    with pytest.raises(UserError, match=r'not "10m"; minutes are "min"$'):
        values.length("10m")


@given(st.fractions(min_value=0, max_value=21600, max_denominator=1000).map(lambda f: round(f, 2)))
def test_a_time_that_is_told_reads_as_itself(time: Fraction) -> None:
    assert abs(values.seconds(values.clock(time)) - time) < Fraction(1, 1000)


@pytest.mark.parametrize(
    ("text", "beats"), [("64 beats", 64), ("1 beat", 1), ("64beats", 64), ("108000 beats", 108000)]
)
def test_a_length_in_beats(text: str, beats: int) -> None:
    assert values.length(text) == Length(beats=beats)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (80, steady(Pace(Fraction(80)))),
        (172.5, steady(Pace(Fraction(345, 2)))),
        (172.3, steady(Pace(Fraction(1723, 10)))),
        ("160", steady(Pace(Fraction(160)))),
        ("20", steady(Pace(Fraction(20)))),
        (300, steady(Pace(Fraction(300)))),
        ("own", steady(OWN)),
        ("+5%", steady(PLUS_5)),
        ("-2%", steady(Pace(Fraction(49, 50), relative=True))),
        ("+2.5%", steady(Pace(Fraction(41, 40), relative=True))),
        ("+0%", steady(OWN)),
        ("-50%", steady(Pace(Fraction(1, 2), relative=True))),
        ("+100%", steady(Pace(Fraction(2), relative=True))),
        ("160 -> 172", Tempo(Pace(Fraction(160)), Pace(Fraction(172)))),
        ("160->172.5", Tempo(Pace(Fraction(160)), Pace(Fraction(345, 2)))),
        ("own -> +5%", Tempo(OWN, PLUS_5)),
        ("+5% -> 180", Tempo(PLUS_5, Pace(Fraction(180)))),
    ],
)
def test_a_tempo_is_exact(written: object, expected: Tempo) -> None:
    assert values.tempo(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        *(19, 301, 19.999, 0, -160, True, None, float("nan"), float("inf"), 10**400, [], {}, ""),
        *("Own", "5%", "+101%", "-51%", "own+5%", "160 -> ", " -> ", "a -> b", "160 → 172"),
        *("1e2", "160 -> 170 -> 180", "+5", "160 bpm", "301", "0x50"),
    ],
)
def test_what_is_no_tempo_is_refused(written: object) -> None:
    with pytest.raises(UserError, match=r"^must be "):
        values.tempo(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("on", Beat()),
        ("off", Beat(BeatMode.OFF)),
        ("fade", Beat(BeatMode.FADE)),
        ("4 on, 4 off", Beat(BeatMode.GAPS, 4, 4)),
        ("16 on,1 off", Beat(BeatMode.GAPS, 16, 1)),
        ("4 then off", Beat(BeatMode.THEN_OFF, 4)),
    ],
)
def test_the_beats_that_are_heard(written: object, expected: Beat) -> None:
    assert values.beat(written) == expected


@pytest.mark.parametrize(
    ("read", "written", "expected"),
    [
        (values.accent, "none", 0),
        (values.accent, False, 0),
        (values.accent, 2, 2),
        (values.accent, 5, 5),
        (values.level, "-12 dB", -12.0),
        (values.level, "-1.5dB", -1.5),
        (values.level, "0 dB", 0.0),
        (values.level, "-60 dB", -60.0),
        (values.countdown, False, ()),
        (values.countdown, "10", (10,)),
        (values.countdown, "1 2 3 10", (10, 3, 2, 1)),
        (values.countdown, "10, 5,5", (10, 5)),
        (values.count_in, False, 0),
        (values.count_in, 16, 16),
        (values.chant, False, ()),
        (values.chant, "pull · heel · up", ("pull", "heel", "up")),
        (values.chant, "tap - up", ("tap", "up")),
        (values.chant, "a · b · c · d", ("a", "b", "c", "d")),
        (values.chant, "toe-tap·up high", ("toe-tap", "up high")),
        (values.glide, False, 0),
        (values.glide, "1 beat", 1),
        (values.glide, "64 beats", 64),
        (values.stride, False, Side.NONE),
        (values.stride, "left", Side.LEFT),
        (values.announced, True, frozenset(Announced)),
        (values.announced, False, frozenset()),
        (values.announced, [], frozenset()),
        (values.announced, ["time", "end"], frozenset({Announced.TIME, Announced.END})),
        (values.label, "", ""),
        (values.text, "x" * 200, "x" * 200),
        (values.text, "Füße 🏃‍♀️", "Füße 🏃‍♀️"),
    ],
)
def test_other_values(read: Callable[[object], object], written: object, expected: object) -> None:
    assert read(written) == expected


@pytest.mark.parametrize(
    ("read", "written"),
    [
        *[(values.beat, wrong) for wrong in ("On", True, 4, "4 on", "0 then off", "4 on, 0 off")],
        *[(values.accent, wrong) for wrong in (True, 0, 1, 6, 2.0, "2", None)],
        *[(values.level, wrong) for wrong in (-12, "-12", "12 dB", "-60.1 dB", "-inf dB", True)],
        *[(values.countdown, wrong) for wrong in (True, 10, "", " ", "11", "10 a", ["10"], "-1")],
        *[(values.chant, wrong) for wrong in (True, "", "pull", "a · b · c · d · e", "a · · b", 1)],
        *[(values.glide, wrong) for wrong in (True, 8, "8", "0 beats", "8s", "1000 beats")],
        *[(values.stride, wrong) for wrong in (True, "both", "alternating", "", 1)],
        *[(values.announced, wrong) for wrong in ("next", ["nxt"], [1], {"next": True}, None)],
        *[(values.count_in, wrong) for wrong in (True, 0, 17, "4", 4.0)],
        *[
            (values.text, wrong)
            for wrong in ("", "\u3000", "x" * 201, "a\tb", "a\u2028b", "\ud800")
        ],
        *[(values.yes_no, wrong) for wrong in (0, "true", None)],
        *[(values.whole(1, 5), wrong) for wrong in (0, 6, True, "1", 1.0)],
        *[(values.list_of(values.text), wrong) for wrong in ("a", {"a": 1}, [""], [["a"]])],
        *[(values.one_of(("a", "b")), wrong) for wrong in ("c", "", 1, ["a"])],
    ],
)
def test_other_refusals(read: Callable[[object], object], written: object) -> None:
    with pytest.raises(UserError) as caught:
        read(written)
    assert str(caught.value).isprintable()


CHANT = 'must be false or 2 to 4 words such as "pull · heel · up" or "pull - heel - up", not '
GLIDE = 'must be false or "1 beat" to "64 beats", not '
ANNOUNCED = "next, time, tempo, number, set-up, halfway, click, end, teaching, encouragement"


@pytest.mark.parametrize(
    ("read", "written", "told"),
    [
        (values.chant, True, f"{CHANT}true"),
        (values.chant, "pull", f'{CHANT}"pull"'),
        (values.chant, "pull-up", f'{CHANT}"pull-up"'),
        (values.chant, "a · · b", f'{CHANT}"a · · b"'),
        (values.chant, "a · b · c · d · e", f'{CHANT}"a · b · c · d · e"'),
        (values.chant, "a\1b · c", r'must be one line without control characters, not "a\u0001b"'),
        (
            values.text,
            "a\u202eb",
            r'must not change the direction of reading: "a\u202eb" has a right-to-left override',
        ),
        (
            values.label,
            "a\u2067b",
            r'must not change the direction of reading: "a\u2067b" has a right-to-left isolate',
        ),
        (values.glide, "65 beats", f'{GLIDE}"65 beats"'),
        (values.glide, "0 beats", f'{GLIDE}"0 beats"'),
        (values.glide, 8, f"{GLIDE}8"),
        (values.stride, "lefft", 'cannot be "lefft"; did you mean "left"?'),
        (values.stride, "both", 'must be one of left, right, not "both"'),
        (values.stride, True, "must be one of left, right, not true"),
        (values.one_of(["alternating"]), "left", 'must be alternating, not "left"'),
        (values.announced, "next", f'must be true, false or a list of {ANNOUNCED}, not "next"'),
        (
            values.announced,
            ["time", "setup"],
            'item 2 cannot be "setup"; did you mean "set-up"?',
        ),
        (values.announced, ["all"], f'item 1 must be one of {ANNOUNCED}, not "all"'),
        (values.yes_no, 4, "must be true or false, not 4"),
    ],
)
def test_the_whole_sentence(read: Callable[[object], object], written: object, told: str) -> None:
    with pytest.raises(UserError) as caught:
        read(written)
    assert str(caught.value) == told
