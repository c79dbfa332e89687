"""A drill's tempo moves along its ladder, and it is told."""

from __future__ import annotations

import tomllib
from fractions import Fraction

import pytest

from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.ladder import Rung, climbed, reach
from cadence_cue.coaching.program import perform
from cadence_cue.coaching.session import Kind, Phase, Session
from cadence_cue.coaching.session_file import load, parse
from cadence_cue.coaching.wording import vocabulary

TEXT = """
title = "Ladder"
[[phase]]
drill = "perception"
time = "40s"
[[phase]]
repeat = 2
[[phase.part]]
drill = "toe-taps"
side = "left"
time = "20s"
tempo = 80
[[phase.part]]
rest = ""
time = "15s"
[[phase]]
drill = "toe-taps"
side = "alternating"
time = "20s"
tempo = "80 -> 96"
[[phase]]
run = ""
time = "60s"
tempo = 170
[[phase]]
drill = "hands-together"
time = "20s"
"""


def session() -> Session:
    return parse(tomllib.loads(TEXT), name="ladder", library=load_library(), rehearsal=True)


def tempos(moved: Session) -> list[list[Fraction]]:
    parts = perform(moved, load_library(), Fraction(170), 0, explain=False, speech={})
    return [list(part.tempo or ()) for part in parts if part.kind is Kind.DRILL]


@pytest.mark.parametrize(
    ("above", "tempo", "ramp"),
    [
        (-2, 60, [60, 80]),
        (-1, 60, [60, 80]),
        (0, 80, [80, 96]),
        (1, 96, [96, 110]),
        (2, 96, [96, 110]),  # the end of the ramp has no rung more
    ],
)
def test_a_tempo_moves_from_rung_to_rung_and_no_further(
    above: int, tempo: int, ramp: list[int]
) -> None:
    moved = tempos(climbed(session(), load_library(), {"toe-taps": Rung(above)}))
    assert moved == [[40, 40], [tempo] * 2, [tempo] * 2, ramp, [170, 170]]


def test_a_tempo_between_two_rungs_keeps_its_distance_from_the_lower_one() -> None:
    text = TEXT.replace("80 -> 96", "85 -> 88")
    between = parse(tomllib.loads(text), name="ladder", library=load_library(), rehearsal=True)
    assert tempos(climbed(between, load_library(), {"toe-taps": Rung(1)}))[3] == [101, 104]
    assert tempos(climbed(between, load_library(), {"toe-taps": Rung(-1)}))[3] == [65, 68]


def test_no_set_leaves_the_limits_of_its_drill() -> None:
    text = TEXT.replace("80 -> 96", "80 -> 107")  # a rung up would be 121, and 120 is the most
    quick = parse(tomllib.loads(text), name="ladder", library=load_library(), rehearsal=True)
    assert reach(quick, load_library())["toe-taps"] == (1, 0)


def test_no_set_catches_up_with_a_quicker_one() -> None:
    text = TEXT.replace('"80 -> 96"', "95")
    close = parse(tomllib.loads(text), name="ladder", library=load_library(), rehearsal=True)
    moved = tempos(climbed(close, load_library(), {"toe-taps": Rung(1)}))
    assert moved[2:4] == [[96] * 2, [111] * 2]
    text = text.replace("tempo = 80", "tempo = 96")  # 96 would become 110, and 95 be 111
    close = parse(tomllib.loads(text), name="ladder", library=load_library(), rehearsal=True)
    assert reach(close, load_library()) == {"toe-taps": (1, 0), "hands-together": (0, 2)}


def ends(made: Session, drill: str) -> list[Fraction]:
    """The tempos from which and to which each set of a drill goes."""
    usual = load_library().drills[drill].tempo.default
    sets = [phase for phase in made.written() if phase.drill == drill and not phase.contrast]
    tempos = [phase.tempo or usual for phase in sets]
    return [end.value for tempo in tempos for end in (tempo.start, tempo.end)]


def test_butt_kicks_at_170_and_176_become_180_and_186() -> None:
    track_day = load(built_in_sessions()["track-day"], load_library())
    moved = climbed(track_day, load_library(), {"butt-kicks": Rung(1)})
    assert ends(track_day, "butt-kicks") == [170, 170, 176, 176]
    assert ends(moved, "butt-kicks") == [180, 180, 186, 186]


@pytest.mark.parametrize("name", built_in_sessions())
def test_what_is_quicker_in_a_built_in_session_stays_quicker(name: str) -> None:
    library = load_library()
    written = load(built_in_sessions()[name], library)
    for drill, (down, up) in reach(written, library).items():
        for above in (-down, up):
            moved = climbed(written, library, {drill: Rung(above)})
            before, after = (
                [sorted(set(found)).index(end) for end in found]
                for found in (ends(written, drill), ends(moved, drill))
            )
            assert before == after


def test_a_drill_reaches_as_far_as_all_of_its_sets() -> None:
    assert reach(session(), load_library()) == {"toe-taps": (1, 1), "hands-together": (0, 2)}


def test_a_share_of_the_own_cadence_moves_among_shares() -> None:
    moved = tempos(climbed(session(), load_library(), {"hands-together": Rung(1)}))
    assert moved[-1] == [Fraction("175.1")] * 2


def test_a_drill_without_a_ladder_stays() -> None:
    assert climbed(session(), load_library(), {"perception": Rung(2)}).phases == session().phases


def test_only_what_changed_since_the_last_session_is_told() -> None:
    def moved(rung: Rung) -> list[int]:
        phases = climbed(session(), load_library(), {"toe-taps": rung}).written()
        return [
            phase.moved
            for phase in phases
            if isinstance(phase, Phase) and phase.drill == "toe-taps"
        ]

    assert moved(Rung(1, 1)) == [1, 1]
    assert moved(Rung(1, 0)) == [0, 0]
    assert moved(Rung(-1, -1)) == [-1, -1]
    assert moved(Rung(3, 1)) == [0, 0]  # it was at the top already


def test_only_the_first_drill_that_moved_is_told() -> None:
    rungs = {"toe-taps": Rung(1, 1), "hands-together": Rung(1, 1)}
    told = [phase.moved for phase in climbed(session(), load_library(), rungs).written()]
    assert [told[1], told[-1]] == [1, 0]


def test_a_contrast_keeps_its_tempo() -> None:
    contrast = TEXT.replace("tempo = 80", 'tempo = 80\ntitle = "Push five, pull five"\ncues = []')
    made = parse(tomllib.loads(contrast), name="ladder", library=load_library(), rehearsal=True)
    assert tempos(climbed(made, load_library(), {"toe-taps": Rung(1)}))[1] == [80, 80]


def test_a_moved_fall_to_run_is_told_though_its_tempo_never_is() -> None:
    text = 'title = "Falls"\n[[phase]]\ndrill = "fall-to-run"\ntime = "20s"\n'
    falls = parse(tomllib.loads(text), name="falls", library=load_library(), rehearsal=True)
    moved = climbed(falls, load_library(), {"fall-to-run": Rung(1, 1)})
    speech = dict.fromkeys(vocabulary(load_library(), []), Fraction(1))
    (part,) = perform(moved, load_library(), Fraction(170), 0, explain=False, speech=speech)
    assert "Steps a little quicker than last time" in part.announcement.full
