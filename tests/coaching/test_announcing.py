"""What is announced before each phase, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from cadence_cue.coaching import wording
from cadence_cue.coaching.part import Announcement
from tests.coaching.rig import Phase, announced

REST = {"rest": "", "time": "20s"}
WALK = {"walk": "", "time": "20s"}
TAPS = {"drill": "toe-taps", "side": "left", "time": "30s"}
RIGHT = {**TAPS, "side": "right"}
RUN = {"run": "", "time": "60s", "tempo": 170}
HOW = wording.ONE_STEP_PER_CLICK


def full(*phases: Phase, **options: Any) -> list[tuple[str, ...]]:
    return [announcement.full for announcement in announced(*phases, **options)]


def test_a_drill_by_its_name_side_and_tempo() -> None:
    (made,) = announced(TAPS)
    assert made == Announcement(("Next: toe taps, left leg", "At 80"), ("Toe taps, left leg",))


def test_a_drill_without_sides_by_its_name_and_tempo() -> None:
    assert full({"drill": "perception", "time": "30s"}) == [("Next: perception", "At 40")]


def test_a_fall_tells_no_tempo() -> None:
    assert full({"drill": "fall-to-run", "time": "30s"}) == [("Next: fall to run",)]


def test_the_tempo_is_told_in_whole_beats_where_there_is_a_recording() -> None:
    phases = ({**TAPS, "tempo": 80.7}, {**TAPS, "tempo": 30})
    assert [texts[1:] for texts in full(*phases)] == [("At 81",), ()]


def test_the_same_set_again_is_only_named_and_at_once_not_at_all() -> None:
    assert full(TAPS, REST, TAPS)[2] == ("Toe taps, left leg",)
    assert full(TAPS, TAPS)[1] == ()
    assert full(TAPS, REST, {**TAPS, "tempo": 96})[2] == ("Next: toe taps, left leg", "At 96")


def test_another_side_is_another_set() -> None:
    assert full(TAPS, RIGHT)[1] == ("Next: toe taps, right leg", "At 80")
    cycle = {"drill": "cycle-running", "side": "left", "time": "20s"}
    assert full(cycle, {**cycle, "side": "right"})[1][0] == "Next: cycle drill running, right leg"


def test_a_leg_switch_says_so_whatever_the_file_announces() -> None:
    both = {**TAPS, "side": "both", "time": "56s"}
    for phase in (both, {**both, "announce": "Now the taps"}):
        _, switch, right = announced(phase)
        assert switch == Announcement()
        assert right == Announcement(("Switch legs",), ("Switch legs",), minor=True)


def test_an_explained_drill_tells_only_side_and_tempo() -> None:
    perception = {"drill": "perception", "time": "30s"}
    assert full(TAPS, REST, perception, explain=True) == [
        (),
        ("Left leg", "At 80"),
        ("Rest",),
        (),
        ("At 40",),
    ]


def test_the_first_run_with_a_beat_tells_how_to_step() -> None:
    assert full(RUN, WALK, RUN) == [
        ("Next: run", "At 170", HOW),
        ("Walk",),
        ("Next: run", "At 170"),
    ]
    assert HOW not in full(TAPS, {"run": "", "time": "30s"})[1]
    assert HOW in full({"run": "", "time": "30s"}, RUN)[1]


def test_how_to_step_waits_for_a_beat_that_is_heard() -> None:
    off = {**RUN, "beat": "off"}
    assert [HOW in texts for texts in full(off, RUN, WALK, RUN)] == [False, True, False, False]
    assert announced(off, RUN)[1] == Announcement((HOW,))


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
        ((170, 170), ()),
        (("160 -> 170", 170), ("At 170",)),
    ],
)
def test_between_runs_only_a_change_of_tempo_is_told(
    tempos: tuple[object, object], texts: tuple[str, ...]
) -> None:
    _, made = announced(*({**RUN, "tempo": tempo} for tempo in tempos))
    assert made == Announcement(texts, texts[:1], minor=True)


def test_the_file_may_announce_otherwise_or_nothing() -> None:
    assert announced({**RUN, "announce": "Go"}) == [Announcement(("Go",), ("Go",))]
    assert announced({**RUN, "announce": False}) == [Announcement()]
    assert announced(RUN, REST, TAPS, announce=False) == [Announcement()] * 3


def test_talks_announce_nothing() -> None:
    assert announced({"talk": "Well done", "time": "9s"}) == [Announcement()]
