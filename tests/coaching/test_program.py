"""From a session to its parts: repeats, sides, explanations, sets, tempos and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.part import Announcement, Part
from cadence_cue.coaching.program import perform, safety_line
from cadence_cue.coaching.session import Kind
from cadence_cue.coaching.writing_out import written_out
from cadence_cue.errors import UserError
from tests.coaching.rig import parts, real, session

REST = {"rest": "", "time": "20s"}
TAPS = {"drill": "toe-taps", "side": "left", "time": "30s"}
RUN = {"run": "", "time": "60s", "tempo": "own"}
PERCEPTION = {"drill": "perception", "time": "30s"}


def kinds(made: Sequence[Part]) -> list[str]:
    return [part.kind.value for part in made]


# What is played, in which order.


def test_a_repeat_is_written_out() -> None:
    repeat = {"repeat": 3, "part": [{**TAPS, "time": "10s"}, REST]}
    made = parts(repeat, RUN)
    assert kinds(made) == ["drill", "rest"] * 3 + ["run"]
    assert [part.number for part in made] == ["1.1", "1.2"] * 3 + ["2"]


def test_both_is_written_out_as_two_sides_and_a_switch() -> None:
    say = {"at": "5s", "text": "Relax"}
    left, switch, right = parts({**TAPS, "side": "both", "time": "56.5s", "say": [say]})
    assert [part.seconds for part in (left, switch, right)] == [
        Fraction(101, 4),
        6,
        Fraction(101, 4),
    ]
    assert [part.kind for part in (left, switch, right)] == [Kind.DRILL, Kind.SWITCH, Kind.DRILL]
    assert [part.foot for part in (left, right)] == [Side.LEFT, Side.RIGHT]
    assert left.say == right.say
    assert switch.tempo is None


def test_a_switch_has_no_countdown_of_its_own() -> None:
    made = parts({**TAPS, "side": "both", "time": "56s"}, countdown="10 5")
    assert [part.countdown for part in made] == [(10, 5), (), (10, 5)]


def test_writing_out_leaves_phases_of_one_side_alone() -> None:
    made = session(TAPS, RUN)
    assert [phase for phase, _ in written_out(made)] == list(made.phases)


def test_a_repetition_is_numbered_where_it_begins_pauses_aside() -> None:
    run = {"run": "Fast", "time": "30s", "tempo": 170}
    for first, second in (({"rest": "", "time": "9s"}, run), (run, {"walk": "", "time": "9s"})):
        made = session({"repeat": 3, "part": [first, second]})
        numbers = [(phase.kind.value, number) for phase, number in written_out(made)]
        assert [number for kind, number in numbers if kind == "run"] == [(1, 3), (2, 3), (3, 3)]
        assert {number for kind, number in numbers if kind != "run"} == {(1, 1)}


def test_of_two_legs_the_first_begins_a_repetition() -> None:
    both = {**TAPS, "side": "both", "time": "56s"}
    numbered = written_out(session({"repeat": 2, "part": [both, PERCEPTION]}))
    assert [number for _, number in numbered] == [(1, 2), *[(1, 1)] * 3, (2, 2), *[(1, 1)] * 3]


def test_sets_that_are_alike_in_a_row_are_numbered() -> None:
    made = session(TAPS, REST, TAPS, REST, {**TAPS, "tempo": 90}, REST, PERCEPTION, REST, TAPS)
    numbers = [n for phase, n in written_out(made) if phase.kind is Kind.DRILL]
    assert numbers == [(1, 2), (2, 2), (1, 1), (1, 1), (1, 1)]


def test_a_glide_is_written_out_of_the_time_of_its_phase() -> None:
    run = {"run": "", "time": "60s", "tempo": 160}
    quicker = {**run, "tempo": 180, "glide": "8 beats", "say": [{"at": "10s", "text": "Tall"}]}
    _, glide, rest = parts(run, quicker, spoken=["Tall"])
    assert glide.kind is Kind.GLIDE
    assert glide.tempo == (Fraction(160), Fraction(180))
    assert glide.seconds == Fraction(8 * 120, 160 + 180)
    assert rest.tempo == (Fraction(180), Fraction(180))
    assert rest.seconds == 60 - glide.seconds
    (say,) = [say for say in rest.say if say.text == "Tall"]
    assert say.at == 10 - glide.seconds
    assert glide.announcement.full
    assert rest.announcement == Announcement()
    assert not glide.cueing.blocks
    in_beats = parts(run, {**run, "time": "64 beats", "tempo": 180, "glide": "8 beats"})
    assert [part.beats for part in in_beats[1:]] == [8, 56]
    assert in_beats[2].seconds == Fraction(56 * 60, 180)


def test_a_glide_begins_where_the_phase_before_it_ended_and_is_silent() -> None:
    run = {"run": "", "time": "60s", "tempo": "150 -> 160"}
    text = {"at": "-5s", "text": "Tall"}
    early = {"at": "1s", "text": "Light"}
    quicker = {**run, "tempo": 180, "glide": "8 beats", "cues": ["lean"], "countdown": "10"}
    _, glide, rest = parts(run, {**quicker, "say": [early, text]}, spoken=["Tall", "Light"])
    assert glide.tempo == (Fraction(160), Fraction(180))
    assert not any((glide.say, glide.countdown, glide.cueing.blocks))
    assert [say.at for say in rest.say] == [0, 5]
    assert [say.from_end for say in rest.say] == [False, True]
    assert rest.countdown == (10,)
    assert rest.cueing.blocks


def test_what_opens_and_closes_a_phase_is_told_once_with_its_glide() -> None:
    closed = {**PERCEPTION, "variant": "eyes closed", "tempo": 36, "glide": "4 beats"}
    _, glide, rest = parts(PERCEPTION, closed)
    assert [*glide.opening, *rest.opening] == [wording.CLOSE_EYES]
    assert (glide.closing, rest.closing) == ("", wording.OPEN_EYES)


def test_what_falls_has_no_glide() -> None:
    fall = {"drill": "fall-to-run", "time": "30s", "tempo": 170, "glide": "8 beats"}
    assert kinds(parts(RUN, fall)) == ["run", "drill"]


def test_a_glide_needs_a_beat_before_it_and_time_after_it() -> None:
    run = {"run": "", "time": "60s", "tempo": 160}
    assert kinds(parts(REST, {**run, "glide": "8 beats"})) == ["rest", "run"]
    with pytest.raises(UserError, match="a glide of 8 beats leaves nothing of its time"):
        parts(run, {**run, "tempo": 180, "time": "2s", "glide": "8 beats"})
    with pytest.raises(UserError, match="a glide of 8 beats leaves nothing of its time"):
        parts(run, {**run, "tempo": 180, "time": "8 beats", "glide": "8 beats"})
    shortest = {**run, "tempo": 180, "time": "9 beats", "glide": "8 beats"}
    assert parts(run, shortest)[-1].seconds == Fraction(60, 180)


def test_a_count_in_is_spoken_where_the_session_or_the_phase_wishes() -> None:
    phases = (RUN, {**RUN, "count_in_voice": False}, {**RUN, "count_in_voice": True})
    assert [part.count_in_voice for part in parts(*phases)] == [False, False, True]
    aloud = parts(*phases, count_in_voice=True)
    assert [part.count_in_voice for part in aloud] == [True, False, True]
    assert [{"1", "8"} <= set(part.texts()) for part in aloud] == [True, False, True]


def test_the_words_of_a_chant_are_among_the_texts() -> None:
    (chanted,) = parts({**TAPS, "chant": "tip · top"})
    assert {"tip", "top", "tip · top"} <= set(chanted.texts())


def test_around_a_switch_of_legs_eight_beats_are_quiet() -> None:
    left, _, right = parts({**TAPS, "side": "both", "time": "56s"})
    assert (left.cueing.quiet_last_beats, right.cueing.quiet_first) == (8, 8)
    assert parts(TAPS)[0].cueing.quiet_last_beats == 0


def test_a_drill_that_is_quiet_for_longer_is_so_after_a_switch_too() -> None:
    taps = real().drills["toe-taps"]
    quiet = replace(taps, speaking=replace(taps.speaking, quiet_first=12))
    library = replace(real(), drills={**real().drills, "toe-taps": quiet})
    made = session({**TAPS, "side": "both", "time": "56s"})
    *_, right = perform(made, library, Fraction(173), 1, explain=False, speech={})
    assert right.cueing.quiet_first == 12


def test_each_drill_is_explained_once_before_its_first_appearance() -> None:
    made = parts(PERCEPTION, REST, TAPS, REST, TAPS, {**TAPS, "side": "right"}, explain=True)
    assert kinds(made) == [
        "explain", "drill", "rest", "explain", "drill", "rest", "drill", "drill"
    ]  # fmt: skip
    assert [list(made[k].opening) for k in (0, 3)] == [
        ["First: perception", real().drills["perception"].explanation],
        ["On to toe taps", real().drills["toe-taps"].explanation],
    ]
    assert [made[k].number for k in (0, 3)] == ["1", "3"]
    assert made[3].title == "How to: Toe Taps"


def test_without_explaining_nothing_is_inserted() -> None:
    assert kinds(parts(PERCEPTION, REST, TAPS)) == ["drill", "rest", "drill"]


def test_a_drill_whose_explanation_has_no_recording_is_not_explained() -> None:
    explanation = real().drills["perception"].explanation
    assert kinds(parts(PERCEPTION, explain=True, silent=[explanation])) == ["drill"]


def test_a_run_is_never_explained() -> None:
    assert kinds(parts(RUN, REST, explain=True)) == ["run", "rest"]


def test_an_explanation_lasts_whole_seconds_for_all_that_is_heard_before_the_drill() -> None:
    # Name, explanation, "Left leg", "30 seconds" and two set-up cues of 1 s each, 3.5 s of
    # breaths, 4 beats at 80: 6 s + 3.5 s + 3 s.
    explanation, _ = parts(TAPS, explain=True)
    assert explanation.seconds == 13
    # "Alternating", 4 beats at 41: 6 s + 3.5 s + 5.85 s.
    slow = {**TAPS, "side": "alternating", "tempo": 41}
    assert parts(slow, explain=True)[0].seconds == 16
    # Name, explanation and two set-up cues, 2.5 s of breaths, no count-in but 3 s to get ready.
    assert parts({"drill": "fall-to-run", "time": "20s"}, explain=True)[0].seconds == 10
    # After a beat, which ends with a signal, a second more.
    assert parts(RUN, TAPS, explain=True)[1].seconds == 14


# Tempos.


@pytest.mark.parametrize(
    ("tempo", "ends"),
    [
        (80, (80, 80)),
        (171.3, (Fraction(1713, 10), Fraction(1713, 10))),
        ("own", (Fraction(347, 2), Fraction(347, 2))),
        ("+5%", (Fraction(7287, 40), Fraction(7287, 40))),
        ("own -> -2.5%", (Fraction(347, 2), Fraction(13533, 80))),
        ("160 -> 172", (160, 172)),
    ],
)
def test_tempos_are_exact(tempo: Any, ends: tuple[Fraction, Fraction]) -> None:
    (part,) = parts({**RUN, "tempo": tempo}, own=Fraction(347, 2))
    assert list(part.tempo or ()) == list(ends)


def test_a_drill_has_its_own_tempo_unless_the_phase_has_one() -> None:
    hands = {"drill": "hands-together", "time": "30s"}
    made = parts(TAPS, {**TAPS, "tempo": 96}, hands)
    assert [list(part.tempo or ()) for part in made] == [[80, 80], [96, 96], [173, 173]]


@pytest.mark.parametrize("kind", ["run", "walk", "rest", "talk"])
def test_other_phases_have_a_beat_only_with_a_tempo(kind: str) -> None:
    phase = {kind: "Relax", "time": "30s"}
    made = parts(phase, {**phase, "tempo": 100})
    assert [list(part.tempo or ()) for part in made] == [[], [100, 100]]


@pytest.mark.parametrize(
    ("tempo", "own", "told"),
    [("+100%", 160, "320"), ("-50%", 39, "19.5"), ("150 -> +80%", 170, "306")],
)
def test_a_tempo_outside_the_limits_for_this_runner_is_refused(
    tempo: str, own: int, told: str
) -> None:
    with pytest.raises(UserError, match=rf"^session, phase 2: a tempo of {told} .* 20 to 300"):
        parts(REST, {**RUN, "tempo": tempo}, own=own)


@pytest.mark.parametrize(("tempo", "own"), [("+100%", 150), ("-50%", 40)])
def test_the_limits_themselves_are_allowed(tempo: str, own: int) -> None:
    assert parts({**RUN, "tempo": tempo}, own=own)


def test_a_time_in_beats_follows_the_mean_tempo() -> None:
    ramp = {**RUN, "time": "64 beats", "tempo": "own -> +5%"}
    assert parts(ramp)[0].seconds == 64 * 60 / (Fraction(173) * Fraction(205, 200))


def test_six_hours_hold_for_this_runner_too() -> None:
    long = {"run": "", "time": "108000 beats", "tempo": "own"}
    assert parts(long, own=300)[0].seconds == 6 * 3600
    with pytest.raises(UserError, match=r"own cadence of 299 .* 6h"):
        parts(long, own=299)


# What the rules choose.


def test_a_count_in_has_four_beats_and_eight_from_140() -> None:
    phases = [{**RUN, "tempo": tempo} for tempo in (60, 139.9, 140, "139 -> 180")]
    assert [part.count_in for part in parts(*phases)] == [4, 4, 8, 4]
    assert parts({**RUN, "count_in": 6}, {**RUN, "count_in": False})[1].count_in == 0


@pytest.mark.parametrize(
    ("at", "told"), [("-10s", ()), ("-12s", ()), ("-30s", (10,)), ("10s", (10,))]
)
def test_a_text_of_the_file_ten_seconds_before_the_end_is_enough(
    at: str, told: tuple[int, ...]
) -> None:
    say = [{"at": at, "text": "Soften your hands"}]
    (part,) = parts({"run": "", "time": "3min", "tempo": 170, "say": say})
    assert part.countdown == told


def test_long_runs_tell_their_last_ten_seconds_and_drills_nothing() -> None:
    runs = [{**RUN, "time": time} for time in ("119s", "2min", "4min")]
    assert [part.countdown for part in parts(*runs)] == [(), (10,), (10,)]
    assert parts({**TAPS, "time": "4min"}, {**REST, "time": "4min"})[0].countdown == ()


def test_the_countdown_of_the_phase_goes_before_that_of_the_session() -> None:
    phases = ({**RUN, "countdown": "5 3"}, {**RUN, "countdown": False}, RUN)
    assert [part.countdown for part in parts(*phases, countdown="30")] == [(5, 3), (), (30,)]


def test_fall_to_run_has_a_set_and_a_lean_before_its_own_grid_and_is_not_counted_in() -> None:
    (fall,) = parts({"drill": "fall-to-run", "time": "20s", "tempo": 170})
    assert [*fall.ticks, fall.grid_delay, fall.count_in] == [3, 4, 5, 6, 10, 0]


def test_closed_eyes_have_their_words_and_open_ones_none() -> None:
    closed, opened = parts({**PERCEPTION, "variant": "eyes closed"}, PERCEPTION)
    assert [*closed.opening, closed.closing] == [wording.CLOSE_EYES, wording.OPEN_EYES]
    assert not any((opened.opening, opened.closing))
    assert closed.title == "Perception, eyes closed"


@pytest.mark.parametrize("text", ["Close your eyes", "open your EYES."])
def test_nobody_is_told_to_close_the_eyes_by_a_rotation(text: str) -> None:
    with pytest.raises(UserError, match=r'phase 2: "words" cannot have "'):
        parts(REST, {**RUN, "words": ["Relax", text]})


@pytest.mark.parametrize(
    ("phase", "foot", "accent_side"),
    [
        (RUN, Side.ALTERNATING, Side.NONE),
        ({"walk": "", "time": "20s", "tempo": 110}, Side.ALTERNATING, Side.NONE),
        (TAPS, Side.LEFT, Side.NONE),
        ({**TAPS, "side": "alternating"}, Side.ALTERNATING, Side.NONE),
        (PERCEPTION, Side.NONE, Side.NONE),
        (
            {"drill": "cycle-running", "side": "right", "time": "20s"},
            Side.ALTERNATING,
            Side.RIGHT,
        ),
    ],
)
def test_whose_feet_the_beats_are(phase: dict[str, Any], foot: Side, accent_side: Side) -> None:
    (part,) = parts(phase)
    assert (part.foot, part.accent_side) == (foot, accent_side)


def test_titles_are_the_phases_or_the_drills_or_the_kinds() -> None:
    made = parts(
        {**TAPS, "title": "Tap tap"}, TAPS, PERCEPTION, RUN, {**RUN, "run": "Settle"}, REST,
        {"talk": "Well done", "time": "9s"},
    )  # fmt: skip
    assert [part.title for part in made] == [
        "Tap tap", "Toe taps, left leg", "Perception", "Run", "Settle", "Rest", "Well done"
    ]  # fmt: skip


TRAFFIC = "Outdoors, keep an ear out for traffic. Stop if anything hurts"


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        (RUN, TRAFFIC),
        ({"walk": "", "time": "20s"}, TRAFFIC),
        ({"drill": "high-knees", "time": "20s"}, TRAFFIC),
        (TAPS, ""),
        (REST, ""),
    ],
)
def test_a_track_with_a_moving_phase_opens_with_the_traffic(
    phase: dict[str, Any], told: str
) -> None:
    for place in (["road"], ["home", "road"]):
        made = session(PERCEPTION, phase, place=place)
        assert safety_line(made, parts(PERCEPTION, phase, place=place)) == told
    assert safety_line(session(PERCEPTION, phase), parts(PERCEPTION, phase)) == told


@pytest.mark.parametrize("phase", [RUN, TAPS])
def test_a_track_for_home_knows_no_traffic(phase: dict[str, Any]) -> None:
    made = session(phase, place=["home"])
    assert safety_line(made, parts(phase, place=["home"])) == "Stop if anything hurts"


@pytest.mark.parametrize("phase", [
    {"talk": "Close your eyes", "time": "5s"},
    {**RUN, "say": [{"at": "2s", "text": "close your eyes."}]},
    {**RUN, "announce": "Close your eyes!"},
])  # fmt: skip
def test_nobody_is_told_to_close_the_eyes_but_by_a_variant(phase: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="only said by a variant"):
        parts(phase)
