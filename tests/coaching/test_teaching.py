"""What the coach says between the sets: which kind, where, how often, and in which session."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.coaching.part import Line, LineKind, Part
from cadence_cue.coaching.program import perform
from cadence_cue.coaching.session import Kind, Session
from cadence_cue.coaching.session_file import load
from cadence_cue.coaching.wording import vocabulary
from tests.coaching.rig import Phase, parts, real, session

TAPS = {"drill": "toe-taps", "side": "left", "time": "30s"}
BOTH = {**TAPS, "side": "both", "time": "66s"}
REST = {"rest": "", "time": "20s"}
SHORT = {**REST, "time": "14s"}
CYCLE = {"drill": "cycle-standing", "side": "left", "time": "30s"}
PERCEPTION = {"drill": "perception", "time": "30s"}
CLOSED = {**PERCEPTION, "variant": "eyes closed"}
RUN = {"run": "", "time": "60s", "tempo": 170}

HEEL, KNEE = "Did the heel stay off the wall?", "Did the knee stay down?"
FEEL = "This time, feel the back of the thigh shorten"
MASTERED = "Did the heel stay off the wall, and the knee down?"
CLUMSIER, WORDS = "Which leg felt clumsier?", "Which words helped you most?"
QUESTIONS = {
    "Which drill felt easiest today?",
    "What will you take into your next run?",
    "Where did you feel the most work?",
    "Where do you feel the ground now?",
    "What surprised you today?",
    "Which drill still feels strange?",
}
LAST = {
    *("Last one: make it your best", "Last one: light and easy", "Last one: nothing to prove"),
    *("One more, and enjoy it", "One more: enjoy the rhythm"),
}


def lines(*phases: Phase, seed: int = 0, **keys: Any) -> dict[int, tuple[str, str]]:
    """The kind and the text of each part's line; a nameless session's turn is its seed."""
    made = parts(*phases, seed=seed, name="", **keys)
    assert all(len(part.lines) <= 1 for part in made)
    return {k: (str(line.kind), line.text) for k, part in enumerate(made) for line in part.lines}


def of(kind: str, *phases: Phase, **keys: Any) -> dict[int, str]:
    return {k: text for k, (found, text) in lines(*phases, **keys).items() if found == kind}


# Checks.


def test_a_check_follows_its_set_in_every_second_session() -> None:
    for seed in range(4):
        told = of("check", *[TAPS, REST] * 2, seed=seed)
        assert told == ({1: HEEL, 3: KNEE} if seed % 2 == 0 else {})


def test_where_a_drill_has_more_checks_than_pauses_they_take_turns() -> None:
    told = [of("check", TAPS, REST, seed=seed) for seed in range(4)]
    assert told == [{1: HEEL}, {}, {1: KNEE}, {}]


def test_the_sign_of_mastery_takes_a_turn_where_it_says_all_that_is_owed() -> None:
    told = [of("question", TAPS, REST, seed=seed) for seed in range(4)]
    assert told == [{}, {1: MASTERED}] * 2


def test_both_legs_are_checked_at_once() -> None:
    assert of("check", *[BOTH, REST] * 3) == {3: HEEL, 7: KNEE}


def test_two_drills_of_a_session_take_turns_with_what_is_owed() -> None:
    bounce: Phase = {"drill": "toe-taps-dynamic", "side": "left", "time": "20s"}
    early = "Did you think of the pull before you landed?"
    phases = [*[TAPS, REST] * 2, *[bounce, REST] * 4]
    owed = [of("check", *phases, seed=seed) for seed in range(2)]
    assert owed == [{1: HEEL, 3: KNEE}, {5: early}]


def test_a_session_that_is_named_after_a_drill_has_all_of_its_checks_every_time() -> None:
    made = replace(session(*[TAPS, REST] * 2), name="toe-taps-on-sunday")
    speech = dict.fromkeys(vocabulary(real(), []), Fraction(1))
    for seed in range(3):
        done = perform(made, real(), Fraction(173), seed, explain=False, speech=speech)
        checks = [line.text for part in done for line in part.lines if line.kind == "check"]
        assert checks == [HEEL, KNEE]


@pytest.mark.parametrize(("seconds", "checked"), [(60, True), (59, False)])
def test_a_run_of_a_minute_after_a_set_has_room_for_a_check(seconds: int, *, checked: bool) -> None:
    assert of("check", TAPS, {**RUN, "time": f"{seconds}s"}) == ({1: HEEL} if checked else {})


def test_a_drill_that_follows_at_once_leaves_no_room() -> None:
    assert of("check", TAPS, CYCLE, TAPS) == {}


# Questions.


def test_a_practice_of_three_sets_ends_with_one_question() -> None:
    asked = [of("question", *[TAPS, REST] * 3, seed=k) for k in range(20)]
    assert {5} == {where for each in asked for where in each}
    assert {text for each in asked for text in each.values()} == QUESTIONS
    assert of("question", *[TAPS, REST] * 2) == {}


def test_of_one_leg_only_who_used_one_leg_is_asked() -> None:
    both = {**TAPS, "side": "both"}
    asked = [of("question", *[both, REST] * 3, seed=k) for k in range(20)]
    assert {text for each in asked for text in each.values()} == {*QUESTIONS, CLUMSIER}


def test_before_a_race_only_the_words_are_asked_for() -> None:
    asked = [of("question", *[TAPS, REST] * 3, seed=k, level="race") for k in range(20)]
    assert {text for each in asked for text in each.values()} == {WORDS}


def test_a_session_that_is_mostly_running_is_no_practice() -> None:
    practice = [*[TAPS, REST] * 3]
    assert of("question", *practice, {**RUN, "time": "149s"}, SHORT)
    assert of("question", *practice, {**RUN, "time": "170s"}, SHORT) == {}


def test_a_question_and_a_check_are_to_be_answered_and_have_four_seconds_of_silence() -> None:
    silent = {kind: Line(kind, "Well?").silence for kind in LineKind}
    assert silent == {"check": 4, "question": 4, "reason": 1, "feel": 1, "encouragement": 1}


# Reasons.


def test_one_reason_is_told_in_a_pause_of_fifteen_seconds() -> None:
    phases = [TAPS, SHORT, TAPS, REST, TAPS, SHORT]
    told = [of("reason", *phases, seed=seed) for seed in (1, 3)]
    assert [list(each) for each in told] == [[3], [3]]
    assert told[0] != told[1]
    assert of("reason", *[TAPS, SHORT] * 3, seed=1) == {}


def test_a_reason_belongs_to_what_is_practised() -> None:
    element = real().elements["heel-pull"]
    general = {each.text for each in real().talk.reasons}
    told = {
        text
        for seed in range(1, 9, 2)
        for text in of("reason", TAPS, REST, TAPS, REST, seed=seed).values()
    }
    assert told == general | {each.text for each in element.reasons}


def test_before_a_race_nobody_is_told_why() -> None:
    assert of("reason", *[TAPS, REST] * 3, seed=1)
    assert of("reason", *[TAPS, REST] * 3, seed=1, level="race") == {}


# What to feel, and the sign of mastery.


def test_what_to_feel_and_the_sign_of_mastery_take_turns_where_few_pauses_are_free() -> None:
    felt = [of("feel", *[TAPS, REST] * 6, seed=seed) for seed in range(24)]
    asked = [of("question", *[TAPS, REST] * 6, seed=seed) for seed in range(24)]
    assert all(11 in each for each in asked)  # about the whole session, at its end
    turns = [(each.get(9), other.get(9)) for each, other in zip(felt, asked, strict=True)]
    assert {*turns} == {(FEEL, None), (None, MASTERED), (None, None)}


def test_both_are_heard_where_there_is_time() -> None:
    phases: list[Phase] = [*[TAPS, REST] * 6, RUN, {"walk": "", "time": "20s"}]
    assert of("feel", *phases, seed=1) == {9: FEEL}
    assert of("question", *phases, seed=1)[11] == MASTERED


def test_each_of_several_drills_has_its_turn() -> None:
    phases = [TAPS, REST, CYCLE, REST, *[PERCEPTION, REST] * 7]
    asked = [of("question", *phases, seed=seed) for seed in range(12)]
    found = {text for each in asked for text in each.values()}
    assert {"Did your hips stay level?", "Could you tell where your weight was?"} <= found
    assert all(each.get(1) == (MASTERED if seed % 2 else None) for seed, each in enumerate(asked))


@pytest.mark.parametrize("sets", [5, 6, 7, 8])
def test_two_pauses_are_left_for_encouragement(sets: int) -> None:
    for seed in range(8):
        told = of("encouragement", *[TAPS, REST] * sets, seed=seed)
        assert len(told) >= (2 if sets > 5 else 1)


def test_a_check_that_is_not_owed_leaves_room_for_encouragement() -> None:
    phases = [CYCLE, REST] * 4
    assert of("check", *phases, seed=0) == {}
    told = [text for seed in (0, 2, 4) for text in of("check", *phases * 3, seed=seed).values()]
    assert "Did the heel come straight up?" in told


@pytest.mark.parametrize(
    ("drill", "asked"),
    [
        ("toe-taps", [HEEL, None, KNEE, None]),  # both are owed, and in the sign of mastery
        ("hands-together", ["bob", None] * 2),
        ("perception", [None] * 4),
    ],
)
def test_in_a_single_pause_what_is_owed_comes_within_two_sessions(
    drill: str, asked: list[str | None]
) -> None:
    side = {"side": "left"} if drill == "toe-taps" else {}
    phases = [{"drill": drill, "time": "30s", **side}, REST, *[CYCLE, REST] * 6]
    told = [
        of("check", *phases, seed=seed, level="race").get(1)  # no reason, nor what is not owed
        for seed in range(len(asked))
    ]
    for text, wanted in zip(told, asked, strict=True):
        assert (wanted in text) if text and wanted else text == wanted


# Encouragement.


def test_nobody_is_encouraged_in_the_first_minute() -> None:
    before = {"rest": "", "time": "29s"}
    phases = [TAPS, before, TAPS, REST]
    assert list(of("encouragement", *phases, announce=["encouragement"])) == [3]
    later = [TAPS, before, {"rest": "Shake", "time": "20s"}, {"walk": "", "time": "20s"}]
    assert list(of("encouragement", *later, announce=["encouragement"])) == [3]  # at 79 s, not 59


def test_nobody_is_encouraged_before_closed_eyes() -> None:
    phases: list[Phase] = [PERCEPTION, REST, PERCEPTION, REST, CLOSED, REST, PERCEPTION, REST]
    told = of("encouragement", *phases, announce=["encouragement"])
    assert list(told) == [5, 7]


@pytest.mark.parametrize(
    ("phases", "level", "many"),
    [
        ([TAPS, REST] * 10, "easy", 4),
        ([TAPS, REST] * 10, "race", 2),
        ([{**RUN, "time": "2min"}, REST] * 10, "easy", 2),
    ],
)
def test_a_practice_has_four_encouragements_and_else_there_are_two(
    phases: list[Phase], level: str, many: int
) -> None:
    told = of("encouragement", *phases, announce=["encouragement"], level=level)
    assert len(told) == len(set(told.values())) == many
    half = len(phases) // 2
    assert min(told) < half < max(told)


def test_of_runs_only_long_ones_encourage_and_in_words_for_runners() -> None:
    runs: list[Phase] = [RUN, {**RUN, "time": "119s", "tempo": 172}, {**RUN, "time": "2min"}]
    told = of("encouragement", *runs, announce=["encouragement"])
    assert list(told) == [2]
    assert set(told.values()) <= set(real().talk.running)


def test_the_last_set_is_called_so_before_it_and_nowhere_else() -> None:
    texts = {}
    for seed in range(30):
        told = of("encouragement", *[TAPS, REST] * 4, seed=seed, announce=["encouragement"])
        texts.update({(seed, k): text for k, text in told.items()})
    assert {text for (_, k), text in texts.items() if k == 5} == LAST
    assert not LAST & {text for (_, k), text in texts.items() if k != 5}
    strides: list[Phase] = [TAPS, REST, RUN, {**REST, "time": "40s"}, {**RUN, "tempo": 180}, REST]
    told = of("encouragement", *strides, announce=["encouragement"])
    assert told[3] in LAST
    other = of("encouragement", *strides[:-2], {**RUN, "run": "Home"}, announce=["encouragement"])
    assert not LAST & {*other.values()}


def test_more_than_half_is_behind_only_in_the_second_half() -> None:
    late, half = set(real().talk.late), set(real().talk.half)
    found = set()
    for seed in range(30):
        told = of("encouragement", *[TAPS, REST] * 10, seed=seed, announce=["encouragement"])
        assert not {text for k, text in told.items() if k < 10} & (late | half)
        assert not {text for k, text in told.items() if k > 13} & half
        found |= set(told.values())
    assert late | half <= found


def test_a_part_with_a_text_of_its_own_needs_no_encouragement() -> None:
    own = {**REST, "say": [{"at": "5s", "text": "Shake"}]}
    told = of("encouragement", TAPS, REST, TAPS, own, TAPS, REST, announce=["encouragement"])
    assert list(told) == [5]


# All of it.


def test_teaching_and_encouragement_are_switched_off_for_a_session() -> None:
    phases = [TAPS, REST] * 6
    kinds = {"check", "question", "reason", "feel", "encouragement"}
    found = {kind for seed in range(4) for kind, _ in lines(*phases, seed=seed).values()}
    assert found == kinds
    for seed in range(4):
        taught = {kind for kind, _ in lines(*phases, seed=seed, announce=["teaching"]).values()}
        assert "encouragement" not in taught
        cheered = lines(*phases, seed=seed, announce=["encouragement"])
        assert {kind for kind, _ in cheered.values()} == {"encouragement"}
        assert lines(*phases, seed=seed, announce=["next", "time"]) == {}


def test_what_the_voice_cannot_speak_is_passed_over() -> None:
    assert of("check", TAPS, REST, TAPS, REST, silent=[HEEL]) == {3: KNEE}
    asked = of("question", *[TAPS, REST] * 3, silent=QUESTIONS - {"What surprised you today?"})
    assert asked == {5: "What surprised you today?"}


def test_what_is_said_waits_until_the_pause_has_its_name() -> None:
    for part in parts(*[TAPS, REST] * 6, seed=1):
        assert all(line.at == 3 for line in part.lines)


def test_what_to_feel_waits_for_the_end_of_the_pause() -> None:
    made = [part for seed in range(8) for part in parts(*[TAPS, REST] * 6, seed=seed)]
    assert {line.late for part in made for line in part.lines if line.kind == "feel"} == {True}
    assert {line.late for part in made for line in part.lines if line.kind != "feel"} == {False}


def test_seven_things_are_asked_at_most() -> None:
    drills: list[Phase] = [{"drill": name, "time": "20s"} for name in real().drills]
    practice = [phase for drill in drills for phase in (drill, REST, drill, REST)]
    for seed in range(28):
        told = [kind for kind, _ in lines(*practice, seed=seed).values()]
        assert told.count("check") + told.count("question") == 7


def built_in() -> dict[str, Session]:
    return {name: load(path, real()) for name, path in built_in_sessions().items()}


def performed(made: Session, seed: int) -> tuple[Part, ...]:
    speech = dict.fromkeys(vocabulary(real(), [made]), Fraction(1))
    return perform(made, real(), Fraction(170), seed, explain=False, speech=speech)


@pytest.mark.parametrize("name", built_in())
def test_a_built_in_session_has_one_line_a_pause_at_most_and_one_reason(name: str) -> None:
    made = built_in()[name]
    for seed in range(20261123, 20261127):
        done = performed(made, seed)
        assert all(len(part.lines) <= 1 for part in done)
        told = Counter(line.kind for part in done for line in part.lines)
        assert told[LineKind.REASON] <= (0 if made.level == "race" else 1)
        assert told[LineKind.ENCOURAGEMENT] <= 4
        for part in done:
            assert not part.lines or part.kind in (Kind.REST, Kind.WALK, Kind.RUN)


def test_sessions_of_one_day_say_what_is_their_own() -> None:
    for seed in (*range(20261123, 20261131), 7):
        made = {name: performed(each, seed) for name, each in built_in().items()}
        told = {
            name: [line.text for part in parts for line in part.lines
                   if line.kind is LineKind.ENCOURAGEMENT]
            for name, parts in made.items()
        }  # fmt: skip
        assert all(
            count == 1 for count in Counter(map(tuple, filter(None, told.values()))).values()
        )
        rocks = {next((part.cueing for part in parts if part.drill == "perception"), None)
                 for parts in made.values()}  # fmt: skip
        assert len(rocks) > 3


@pytest.mark.parametrize("name", built_in())
def test_a_reason_is_told_after_what_it_is_about(name: str) -> None:
    library = real()
    trained = {
        reason.text: {drill.id for drill in library.drills.values() if id_ in drill.trains}
        for id_, element in library.elements.items()
        for reason in element.reasons
    }
    for seed in range(28):
        done = performed(built_in()[name], seed)
        for k, part in enumerate(done):
            for line in part.lines:
                drills = trained.get(line.text, set()) & {each.drill for each in done}
                before = done[:k]
                if drills:
                    assert drills & {each.drill for each in before}
                elif line.text in trained:
                    assert any(each.kind is Kind.RUN for each in before)


def test_in_a_run_encouragement_comes_halfway_between_two_cues() -> None:
    run = {**RUN, "time": "3min", "cues": ["lean"], "cue_every": "40s"}
    (line,) = parts(TAPS, TAPS, run, announce=["encouragement"])[-1].lines
    assert line.at == 3 + 40 / 2
