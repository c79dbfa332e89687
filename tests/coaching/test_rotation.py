"""Which cues a set or a run may speak: one idea, corrections later, one leg's cues for that leg."""

from __future__ import annotations

from itertools import islice, pairwise

import pytest

from cadence_cue.coaching import wording
from cadence_cue.coaching.drill import Cue, CueType, Focus, Side
from cadence_cue.coaching.part import Cues
from cadence_cue.coaching.rotation import of_drill, of_run, suits, turn_of

DAY = 20261123


def cue(text: str, idea: str = "", *, chant: tuple[str, ...] = (), verb: bool = False) -> Cue:
    """A cue of the type that its text begins with; "out" in it sends the attention outside."""
    focus = Focus.EXTERNAL if "out" in text else Focus.NEUTRAL
    return Cue(text, CueType(text.split(maxsplit=1)[0]), focus, idea=idea, chant=chant, verb=verb)


POOL = [
    cue("setup 1"),
    cue("setup 2"),
    cue("setup 3"),
    cue("movement pull 1", "pull"),
    cue("movement pull 2", "pull"),
    cue("movement land 1", "land"),
    cue("movement land out", "land"),
    cue("correction pull 1", "pull"),
    cue("correction land 1", "land"),
    cue("relax 1"),
    cue("relax 2"),
]


def drill(
    pool: list[Cue] = POOL,
    words: tuple[str, ...] = (),
    side: Side = Side.NONE,
    seed: int = DAY,
    *,
    number: int = 1,
    heard: int = 0,
) -> Cues:
    return of_drill(pool, words, side, turn_of(seed, ""), number=number, heard=heard)


def run(
    pool: list[Cue] = POOL, words: tuple[str, ...] = (), seed: int = DAY, *, heard: int = 0
) -> Cues:
    return of_run(pool, words, Side.NONE, turn_of(seed, ""), heard=heard)


def ideas(made: Cues) -> set[str]:
    return {text.split()[1] for text in (*made.main, *made.between) if not text.startswith("relax")}


def test_a_set_has_one_idea_and_the_next_set_and_the_next_day_another() -> None:
    first, second = drill(), drill(number=2)
    assert len(ideas(first)) == len(ideas(second)) == 1
    assert ideas(first) != ideas(second) == ideas(drill(seed=DAY + 1))
    assert ideas(drill(seed=20261130)) == ideas(drill(seed=20261202))


def test_no_two_days_begin_alike_across_the_end_of_a_month() -> None:
    begun = [drill(seed=day).main[0].split()[1] for day in (20261129, 20261130, 20261201)]
    assert all(one != other for one, other in pairwise(begun))
    pool = [cue("movement out 1"), cue("movement out 2"), cue("relax 1")]
    for eve, morning in ((20261130, 20261201), (20261231, 20270101)):
        assert ideas(drill(seed=eve)) != ideas(drill(seed=morning))
        assert run(pool, seed=eve).main[0] != run(pool, seed=morning).main[0]


def test_the_first_time_has_at_most_two_set_up_cues() -> None:
    assert drill().first == ("setup 1", "setup 2")
    assert drill(heard=2).first == ()
    assert run().first == ()


def corrections(made: Cues) -> list[str]:
    return [text for text in (*made.main, *made.between) if text.startswith("correction")]


def test_corrections_come_from_set_2_on_and_belong_to_the_idea() -> None:
    for seed in range(DAY, DAY + 4):
        assert corrections(drill(seed=seed)) == []
        for number in (2, 3):
            made = drill(number=number, seed=seed)
            assert corrections(made) == [f"correction {ideas(made).pop()} 1"]


def test_a_correction_comes_first_in_every_second_round_of_the_ideas() -> None:
    begun = [drill(number=2, seed=seed).main[0].split()[0] for seed in range(20261101, 20261109)]
    assert begun == [*["movement"] * 2, *["correction"] * 2] * 2


def test_the_corrections_of_an_idea_take_turns() -> None:
    pool = [cue("movement 1"), cue("correction 1"), cue("correction 2"), cue("correction 3")]
    begun = [corrections(drill(pool, number=number))[0] for number in range(2, 8)]
    assert begun[:3] == begun[3:]
    assert len(set(begun)) == 3


def test_the_verb_comes_first_in_set_1_and_then_no_more() -> None:
    pool = [*POOL, cue("movement verb", "pull", verb=True)]
    for seed in range(DAY, DAY + 4):
        assert drill(pool, seed=seed).main[0] == "movement verb"
        assert drill(pool, seed=seed).alone[0] == "movement verb"
        for number in (2, 3):
            later = drill(pool, seed=seed, number=number)
            assert "movement verb" not in (*later.main, *later.between, *later.alone)
            assert drill(seed=seed, number=number) == later
    own = drill(pool, words=("Own",)).main
    assert own[:2] == ("movement verb", "Own")


def test_of_several_verbs_each_session_has_one_in_turn() -> None:
    pool = [cue("movement 1", verb=True), cue("movement 2", verb=True), cue("movement 3")]
    heard = [drill(pool, seed=seed).main for seed in range(DAY, DAY + 4)]
    assert {main[0] for main in heard[:2]} == {"movement 1", "movement 2"}
    assert heard[:2] == heard[2:]
    assert all(len(main) == 2 for main in heard)


def test_the_only_cue_of_a_set_is_about_the_movement() -> None:
    for number in (1, 2, 3):
        made = drill(number=number)
        assert made.alone
        assert all(text.startswith("movement") for text in made.alone)
    assert drill(words=("Own",)).alone[0] == "Own"


def test_what_relaxes_is_in_every_set() -> None:
    for number in (1, 2, 3):
        assert {"relax 1", "relax 2"} <= set(drill(number=number).main)


def test_a_correction_that_lies_outside_may_end_its_set() -> None:
    pool = [cue("movement 1"), cue("correction out")]
    assert drill(pool).closing == ()
    assert drill(pool, number=2).closing == ("correction out",)


def test_both_legs_hear_the_same() -> None:
    for number in (1, 2, 3):
        left, right = (drill(side=side, number=number) for side in (Side.LEFT, Side.RIGHT))
        assert left == right


def test_each_leg_hears_only_its_own_cues() -> None:
    pool = [cue("movement left"), cue("movement right"), cue("relax 1")]
    for side, other in ((Side.LEFT, "movement right"), (Side.RIGHT, "movement left")):
        made = drill(pool, side=side)
        assert f"movement {side.value}" in made.main
        assert other not in made.main
    assert of_run(pool, (), Side.LEFT, DAY, heard=0).between == ("movement left",)


def test_a_set_ends_with_what_relaxes_or_lies_outside_and_belongs_to_its_idea() -> None:
    calm = {"relax 1", "relax 2"}
    found = [drill(number=number) for number in range(1, 9)]
    assert all(set(made.closing) in (calm, calm | {"movement land out"}) for made in found)
    landing = [made.closing for made in found if "movement land out" in made.main]
    first = [closing[0].split()[0] for closing in landing]
    assert sorted(first) == ["movement"] * 2 + ["relax"] * 2
    assert [len(closing) for closing in landing] == [2 + (kind == "movement") for kind in first]


@pytest.mark.parametrize("others", [0, 1, 4])
@pytest.mark.parametrize("setup", [0, 1])
def test_half_of_a_runs_cues_relax_or_lie_outside_wherever_it_ends(others: int, setup: int) -> None:
    pool = [cue("relax 1"), cue("movement out"), *(cue(f"movement {k}") for k in range(others))]
    made = run([*pool, *[cue("setup 1")] * setup])
    order = made.order()
    outward = [text in {"relax 1", "movement out"} for text in islice(order, 12)]
    assert all(2 * sum(outward[:k]) >= k for k in range(2, 13))
    assert set(made.closing) == {"relax 1", "movement out"}


def test_a_run_of_several_cues_begins_with_its_movement() -> None:
    pool = [cue("correction out"), cue("relax 1"), cue("relax 2"), cue("movement out")]
    for seed in range(DAY, DAY + 6):
        assert next(run(pool, seed=seed).order()) == "movement out"
    assert next(run(pool[:2]).order()) == "relax 1"


def test_a_run_that_returns_to_an_element_goes_on_in_its_cues() -> None:
    pool = [cue(f"movement out {k}") for k in range(3)]
    first, second = run(pool).main, run(pool, heard=2).main
    assert second == (*first[2:], *first[:2])


def test_what_is_owed_begins_the_first_run_of_every_second_session() -> None:
    pool = [cue("movement out 1"), cue("relax 1"), cue("movement verb", verb=True)]
    days = [run(pool, seed=seed) for seed in range(DAY, DAY + 4)]
    owed = [next(made.order()) == "movement verb" for made in days]
    assert owed == [False, True, False, True]
    assert [made.alone[0] == "movement verb" for made in days] == owed
    assert [("movement verb" in (*made.first, *made.between)) for made in days] == owed
    for seed in (DAY, DAY + 1):
        again = run(pool, seed=seed, heard=2)
        assert "movement verb" not in (*again.first, *again.main, *again.between)


def inward(pool: list[Cue], words: tuple[str, ...] = (), seed: int = DAY) -> Cues:
    return of_run(pool, words, Side.NONE, turn_of(seed, ""), heard=0, inward=True)


def test_a_run_that_looks_inward_begins_so() -> None:
    pool = [cue("relax 1"), cue("movement out"), cue("movement 1"), cue("movement 2")]
    begun = [list(islice(inward(pool, seed=seed).order(), 4)) for seed in range(DAY, DAY + 6)]
    assert {first for first, *_ in begun} == {"movement 1", "movement 2"}
    outward = {"relax 1", "movement out"}
    assert all({*then} == outward and last not in outward for _, *then, last in begun)
    assert next(inward(pool, ("Own",)).order()) in outward


def test_a_correction_is_the_second_of_two_cues_and_else_comes_first_only_alone() -> None:
    pool = [cue("relax 1"), cue("movement out"), cue("correction 1")]
    made = inward(pool)
    assert list(islice(made.order(), 3))[1] == "correction 1"
    assert made.second == made.alone[:1] == ("correction 1",)
    assert "correction 1" not in made.closing
    assert run(pool).second == ()


@pytest.mark.parametrize("many", range(1, 6))
def test_five_cues_of_a_kind_come_first_in_ten_sessions_even_in_every_second(many: int) -> None:
    pool = [cue("relax 1"), *(cue(f"movement {k}") for k in range(many))]
    for begin in (DAY, DAY + 1):
        for step, count in ((1, 5), (2, 5)):
            seeds = range(begin, begin + step * count, step)
            assert {inward(pool, seed=seed).alone[0] for seed in seeds} == {
                f"movement {k}" for k in range(many)
            }


def test_the_only_cue_of_a_run_relaxes_or_lies_outside() -> None:
    assert set(run().alone) == {"relax 1", "relax 2", "movement land out"}


def test_a_seed_that_is_a_date_is_a_session_further_than_the_day_before() -> None:
    for name in ("", "daily-ten"):
        assert turn_of(20261130, name) + 1 == turn_of(20261201, name)
        assert turn_of(20261231, name) + 1 == turn_of(20270101, name)
        assert turn_of(20270228, name) + 1 == turn_of(20270301, name)
    seeds = (0, 7, 20261301, 20270229)
    assert [turn_of(seed, "") for seed in seeds] == list(seeds)


def test_what_else_a_run_says_goes_on_too() -> None:
    pool = [cue("relax 1"), *(cue(f"movement {k}") for k in range(5))]
    first, second = run(pool), run(pool, heard=2)
    assert second.between == (*first.between[2:], *first.between[:2])


def test_a_run_ends_with_what_relaxes_or_lies_outside_before_its_own_words() -> None:
    made = run(words=("Easy",))
    assert made.closing == (*made.main, "Easy")
    assert made.between[0] == "Easy"


def test_after_the_set_up_the_main_lane_has_a_turn_more() -> None:
    order = Cues(first=("s",), main=("a", "b"), between=("x", "y")).order()
    assert "".join(islice(order, 8)) == "sabxaybx"


def test_a_cue_comes_again_only_after_all_others_of_its_lane() -> None:
    order = Cues(main=("a", "b", "c"), between=("x", "y")).order()
    assert "".join(islice(order, 10)) == "axbycaxbyc"
    order = Cues(main=("a",), between=("x", "y")).order()
    assert "".join(islice(order, 8)) == "axayaxay"


@pytest.mark.parametrize("many", [1, 2, 5])
def test_no_two_corrections_come_one_after_the_other(many: int) -> None:
    pool = [cue("movement 1"), *(cue(f"correction {k}") for k in range(many))]
    begun = {}
    for seed in (DAY, DAY + 1):
        said = list(islice(drill(pool, number=2, seed=seed).order(), 4 * many))
        begun[said[0].split()[0]] = {text for text in said if text.startswith("correction")}
        assert not any(
            "correction" in one and "correction" in other for one, other in pairwise(said)
        )
    # One that comes first is the only one, else each has its turn.
    assert {first: len(heard) for first, heard in begun.items()} == {
        "correction": 1,
        "movement": many,
    }


def test_what_is_chanted_takes_its_turn() -> None:
    pool = [cue("movement 1"), cue("movement 2", chant=("pull", "up")), cue("movement 3")]
    days = [drill(pool, seed=seed) for seed in range(20261101, 20261107)]
    assert [made.main[0] == "movement 2" for made in days].count(True) == 2
    assert {made.chants for made in days} == {(("movement 2", ("pull", "up")),)}


def test_only_what_belongs_to_the_sets_idea_is_chanted() -> None:
    pool = [cue("movement pull 1", "pull", chant=("pull", "up")), cue("movement land 1", "land")]
    chanted = [bool(drill(pool, number=number).chants) for number in (1, 2)]
    assert sorted(chanted) == [False, True]


def test_own_words_come_first_in_their_order_and_may_end_a_set() -> None:
    made = drill(words=("Easy", "Tall"))
    assert made.main[:2] == ("Easy", "Tall")
    assert {"Easy", "Tall"} <= set(made.closing)
    assert drill([], ("A", "B", "C"), heard=2).main == ("C", "A", "B")
    said = run(words=("Easy", "Tall"))
    assert said.between[:2] == ("Easy", "Tall")
    assert {"Easy", "Tall"} <= set(said.closing)
    assert drill([]) == Cues()
    assert run([]) == Cues()


def test_nothing_is_in_a_lane_twice() -> None:
    made = drill(words=("movement pull 1", "movement pull 1"))
    assert len(made.main) == len(set(made.main))


def test_the_same_seed_gives_the_same_and_others_others() -> None:
    pool = [cue(f"movement {k}") for k in range(5)]
    assert drill(pool) == drill(pool)
    assert len({drill(pool, seed=seed).main for seed in range(8)}) > 4


def test_an_idea_that_returns_goes_on_in_its_cues() -> None:
    pool = [cue(f"movement {k}") for k in range(4)]
    first, second = drill(pool).main, drill(pool, number=2).main
    assert second == (*first[1:], first[0])


def test_the_eyes_are_never_in_a_rotation() -> None:
    pool = [
        Cue(text, kind, Focus.NEUTRAL)
        for text in (wording.CLOSE_EYES, "Open your eyes.")
        for kind in CueType
    ]
    assert drill(pool) == run(pool) == Cues()


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Cycle the left leg", [Side.LEFT]),
        ("Right heel up", [Side.RIGHT]),
        ("Shift left, shift right", [Side.NONE, Side.BOTH, Side.ALTERNATING]),
        ("Bright and tall", list(Side)),
        ("Relax", list(Side)),
    ],
)
def test_a_cue_for_one_leg_is_for_that_leg(text: str, sides: list[Side]) -> None:
    assert [side for side in Side if suits(text, side)] == sides
