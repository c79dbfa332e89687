"""Which cues a phase speaks, how often, and when not."""

from __future__ import annotations

from itertools import islice

import pytest

from cadence_cue.coaching.part import Part
from cadence_cue.errors import UserError
from tests.coaching.rig import Phase, parts, real

TAPS = {"drill": "toe-taps", "side": "left", "time": "30s"}
RUN = {"run": "", "time": "60s", "tempo": "own"}
PERCEPTION = {"drill": "perception", "time": "30s"}


def said(part: Part) -> set[str]:
    """The cues that a part may speak."""
    return {text for block in part.cueing.blocks for text in (*block.main, *block.between)}


def spoken(part: Part, many: int) -> list[str]:
    """Its first cues."""
    return list(islice(part.cueing.blocks[0].order(), many))


RIGHT = {**TAPS, "side": "right"}
OTHER = {**TAPS, "side": "alternating"}


def sets(*phases: Phase) -> list[tuple[int | None, int | None]]:
    return [(part.cueing.beats, part.cueing.limit) for part in parts(*phases)]


def test_set_1_is_full_set_2_half_set_3_one_cue_whatever_its_side() -> None:
    assert sets(TAPS, OTHER, TAPS, RIGHT) == [(16, None), (32, None), (32, 1), (32, 1)]


def test_both_legs_are_one_set_and_hear_the_same() -> None:
    made = parts(TAPS, RIGHT, TAPS, RIGHT)
    assert sets(TAPS, RIGHT, TAPS, RIGHT) == [(16, None), (16, None), (32, None), (32, None)]
    for left, right in (made[:2], made[2:]):
        assert left.cueing.blocks == right.cueing.blocks
    assert made[0].cueing.blocks != made[2].cueing.blocks
    assert sets(RIGHT, TAPS) == [(16, None), (32, None)]  # the left leg begins a set
    perception = {"drill": "perception", "time": "30s"}
    assert sets(TAPS, perception, RIGHT)[2] == (32, None)


def test_the_words_of_the_other_leg_begin_with_their_first() -> None:
    _, right = parts({**TAPS, "words": ["A", "B", "C"]}, {**RIGHT, "words": ["X", "Y", "Z"]})
    assert [text for text in spoken(right, 5) if len(text) == 1] == ["X", "Y", "Z"]


def test_what_a_set_says_in_its_own_words_is_no_cue_of_a_later_set() -> None:
    own = "Find the balls of your feet"
    made = parts({**PERCEPTION, "words": [own]}, PERCEPTION, PERCEPTION)
    assert [own in said(part) for part in made] == [True, False, False]
    assert [own in said(part) for part in parts(PERCEPTION, PERCEPTION, PERCEPTION)][1:] != [
        False
    ] * 2


def test_an_explicit_distance_holds_in_every_set() -> None:
    phases = [{**TAPS, "cue_every": every} for every in ("10s", "12 beats", "10s", "10s")]
    seen = [(p.cueing.seconds, p.cueing.beats, p.cueing.limit) for p in parts(*phases)]
    assert seen == [(10, None, None), (None, 12, None), (10, None, None), (10, None, None)]
    assert all(part.cueing.explicit for part in parts(*phases))


def test_a_drills_silence_rules_are_its_own_and_longer_with_closed_eyes() -> None:
    taps, closed = parts(TAPS, {**PERCEPTION, "variant": "eyes closed"})
    assert [taps.cueing.quiet_first, taps.cueing.quiet_last] == [4, 4]
    assert closed.cueing.quiet_last == 10


def test_a_run_has_no_cues_unless_it_names_some_and_then_one_a_minute() -> None:
    plain, cued = parts(RUN, {**RUN, "cues": ["lean"]})
    assert not plain.cueing.blocks
    assert [cued.cueing.seconds, cued.cueing.later] == [60, 90]
    assert [cued.cueing.quiet_first, cued.cueing.quiet_last] == [8, 4]
    assert said(cued) <= {cue.text for cue in real().elements["lean"].cues}


def test_a_distance_of_the_files_own_does_not_grow() -> None:
    (every,) = parts({**RUN, "cues": ["lean"], "cue_every": "45s"})
    assert every.cueing.seconds == 45
    assert every.cueing.later is None


def test_each_element_that_a_run_names_is_one_idea() -> None:
    (made,) = parts({**RUN, "time": "10min", "cues": ["lean", "arms"], "words": ["Own"]})
    lean, arms = made.cueing.blocks
    assert set(lean.texts()) <= {"Own", *(cue.text for cue in real().elements["lean"].cues)}
    assert set(arms.texts()) <= {cue.text for cue in real().elements["arms"].cues}
    assert "Own" in lean.between


def test_corrections_come_from_set_2_on() -> None:
    wrong = {cue.text for cue in real().drills["toe-taps"].cues if cue.type == "correction"}
    first, second = parts(TAPS, TAPS, name="")
    assert not wrong & said(first)
    assert wrong & said(second)


def test_the_set_up_of_a_drill_is_told_before_it_and_the_first_time_only() -> None:
    first, second = parts(TAPS, TAPS)
    setup = ("Keep the wall just behind you", "One hand on the wall if you wobble")
    assert first.announcement.setup == setup
    assert second.announcement.setup == ()
    assert not {*setup} & (said(first) | said(second))


def test_a_caution_comes_before_the_set_up() -> None:
    (knees,) = parts({"drill": "high-knees", "time": "20s"})
    caution, setup = knees.announcement.setup
    assert caution == "Tender calf or Achilles? March instead"
    assert setup == "Light and springy, on your forefoot"


def test_the_set_up_of_a_run_is_told_before_it_and_the_first_time_only() -> None:
    phases: list[Phase] = [{**RUN, "cues": ["lean"]}, {**RUN, "tempo": 180, "cues": ["lean"]}]
    setup = [cue.text for cue in real().elements["lean"].cues if cue.type == "setup"]
    made = parts(*phases)
    assert [list(part.announcement.setup) for part in made] == [setup[:1], []]
    assert not any(set(setup) & said(part) for part in made)


def test_the_other_leg_is_not_set_up_again() -> None:
    left, right = parts(TAPS, {**TAPS, "side": "right"})
    assert left.announcement.setup
    assert right.announcement.full
    assert right.announcement.setup == ()


def test_a_set_ends_with_what_relaxes_or_lies_outside() -> None:
    outward = {cue.text for cue in real().drills["toe-taps"].cues if cue.outward}
    for part in parts(TAPS, TAPS, TAPS):
        closing = part.cueing.blocks[0].closing
        assert closing
        assert set(closing) <= outward


CYCLE = {"drill": "cycle-standing", "side": "left", "time": "30s"}


@pytest.mark.parametrize(
    ("phase", "limit"),
    [
        ({"tempo": 139.9}, None),
        ({"tempo": 140}, 1),
        ({"tempo": "120 -> 140"}, 1),
        ({"tempo": "140 -> 120"}, 1),
        ({"tempo": 140, "cue_every": "10s"}, None),
    ],
)
def test_a_quick_cycle_has_one_cue(phase: dict[str, object], limit: int | None) -> None:
    assert parts({**CYCLE, **phase})[0].cueing.limit == limit
    assert parts({**TAPS, **phase})[0].cueing.limit is None


SHIFT = {"drill": "change-of-support", "time": "30s", "tempo": "80 -> 100"}


@pytest.mark.parametrize(
    "asked",
    [
        {"tempo": 100},
        {"cue_every": "10s"},
        {"words": ["Light"]},
        {"chant": "left · right"},
        {"cues": ["lean"]},
    ],
)
def test_a_shift_that_grows_quicker_is_silent_unless_the_file_asks(
    asked: dict[str, object],
) -> None:
    assert not parts(SHIFT)[0].cueing.blocks
    assert parts({**SHIFT, **asked})[0].cueing.blocks
    assert parts({**TAPS, "tempo": "80 -> 100"})[0].cueing.blocks


def test_no_cues_means_none_and_words_come_in_their_order() -> None:
    none, words = parts({**TAPS, "cues": []}, {**RUN, "words": ["C", "A", "B"]})
    assert not none.cueing.blocks
    assert spoken(words, 3) == ["C", "A", "B"]


def test_words_go_on_where_the_phase_before_it_stopped() -> None:
    for phase in (TAPS, RUN):
        said = parts(*[{**phase, "words": ["A", "B", "C"]}] * 2)
        order = [next(text for text in spoken(part, 9) if len(text) == 1) for part in said]
        assert order == ["A", "C"]


def test_the_words_of_one_phase_do_not_turn_those_of_another() -> None:
    _, second = parts({**RUN, "words": ["A", "B", "C"]}, {**RUN, "words": ["X", "Y", "Z"]})
    assert spoken(second, 3) == ["X", "Y", "Z"]


def test_one_seed_gives_one_rotation_and_others_others() -> None:
    begun = {parts(TAPS, seed=seed)[0].cueing.blocks for seed in range(6)}
    assert len(begun) > 3
    assert parts(TAPS, seed=4) == parts(TAPS, seed=4)


def test_a_chant_of_the_files_own_comes_first_and_none_means_none() -> None:
    own, none = parts({**TAPS, "chant": "up · down"})[0], parts({**TAPS, "chant": False})[0]
    assert any(parts(TAPS, seed=day)[0].cueing.blocks[0].chants for day in range(3))
    assert not any(parts(RUN | {"cues": ["heel-pull"]})[0].cueing.blocks[0].chants)
    assert own.cueing.blocks[0].chants == (("up · down", ("up", "down")),)
    assert spoken(own, 1) == ["up · down"]
    assert "up · down" in own.cueing.blocks[0].closing
    assert own.cueing.blocks[0].alone[0] == "up · down"
    assert none.cueing.blocks[0].chants == ()


def test_a_fall_has_one_cue_which_is_about_the_movement() -> None:
    falls = parts(*[{"drill": "fall-to-run", "time": "20s"}] * 7)
    moving = {cue.text for cue in real().drills["fall-to-run"].cues if cue.type == "movement"}
    assert {part.cueing.limit for part in falls} == {1}
    heard = [said(part) for part in falls]
    assert all(texts and texts <= moving for texts in heard)
    assert spoken(falls[0], 1) == ["Lean from the ankles"]
    assert set().union(*heard) == moving


def test_a_distance_in_beats_needs_a_tempo() -> None:
    phase = {"run": "", "time": "5min", "words": ["Relax"], "cue_every": "64 beats"}
    with pytest.raises(UserError, match='phase 1: "cue_every" in beats needs a "tempo"'):
        parts(phase)
    assert parts({**phase, "tempo": 150})[0].cueing.beats == 64
