"""What a change by hand moves: the own cadence, a drill or a phase."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cadence_cue.coaching.part import Part
from cadence_cue.coaching.program import perform
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.errors import UserError
from tests.coaching.rig import parts, real, session, words

OWN = Tempi(Fraction(173))
RUN = {"run": "", "time": "60s", "tempo": "own"}
STEADY = {"run": "", "time": "60s", "tempo": 150}
TAPS = {"drill": "toe-taps", "side": "left", "time": "30s"}


def part(phase: dict[str, Any]) -> Part:
    (made,) = parts(phase)
    return made


def offset(*moved: tuple[str, int]) -> Tempi:
    return Tempi(OWN.cadence_spm, tuple((key, Fraction(by)) for key, by in moved))


def tempos(tempi: Tempi, *phases: dict[str, Any]) -> list[tuple[Any, Any]]:
    speech = dict.fromkeys(words(), Fraction(1))
    made = perform(
        session(*phases),
        real(),
        tempi.cadence_spm,
        1,
        explain=False,
        speech=speech,
        offsets=dict(tempi.offsets),
    )
    return [each.tempo for each in made if each.tempo]


def test_what_follows_the_own_cadence_moves_it() -> None:
    assert OWN.nudged(part(RUN), Fraction(5)) == Tempi(Fraction(178))
    assert OWN.nudged(part({**RUN, "tempo": "150 -> +5%"}), Fraction(-1)) == Tempi(Fraction(172))


def test_elsewhere_the_drill_or_the_phase_is_moved() -> None:
    assert OWN.nudged(part(TAPS), Fraction(5)) == offset(("toe-taps", 5))
    assert OWN.nudged(part(STEADY), Fraction(-1)) == offset(("1", -1))


def test_moves_add_up_and_those_that_cancel_are_forgotten() -> None:
    taps, steady = part(TAPS), part(STEADY)
    both = OWN.nudged(taps, Fraction(5)).nudged(steady, Fraction(2)).nudged(taps, Fraction(1))
    assert both == offset(("1", 2), ("toe-taps", 6))
    assert both.nudged(taps, Fraction(-6)).nudged(steady, Fraction(-2)) == OWN


def test_a_wanted_tempo_is_reached_by_the_share_of_the_own_cadence() -> None:
    quick = part({**RUN, "tempo": "+5%"})
    now = Fraction(173) * Fraction(105, 100)
    reached = OWN.reaching(quick, now, Fraction(180))
    assert tempos(reached, {**RUN, "tempo": "+5%"}) == [(180, 180)]
    assert reached.offsets == ()


def test_a_wanted_tempo_is_reached_by_moving_the_drill() -> None:
    taps = part(TAPS)
    reached = OWN.nudged(taps, Fraction(3)).reaching(taps, Fraction(83), Fraction(90))
    assert reached.cadence_spm == 173
    assert tempos(reached, TAPS) == [(90, 90)]


def test_halving_leaves_the_own_cadence_alone() -> None:
    halved = OWN.moved(part(RUN), Fraction(-173, 2))
    assert halved.cadence_spm == 173
    assert tempos(halved, RUN) == [(Fraction(173, 2),) * 2]


def test_both_ends_of_a_ramp_are_moved() -> None:
    ramp = {**STEADY, "tempo": "150 -> 170"}
    assert tempos(OWN.nudged(part(ramp), Fraction(4)), ramp, STEADY) == [(154, 174), (150, 150)]


def test_a_drill_is_moved_in_all_its_sets_and_sides() -> None:
    right = {**TAPS, "side": "right", "tempo": 96}
    moved = OWN.nudged(part(TAPS), Fraction(-4))
    assert tempos(moved, TAPS, STEADY, right) == [(76, 76), (150, 150), (92, 92)]


@pytest.mark.parametrize("by", [151, -131])
def test_a_tempo_that_was_moved_out_of_the_limits_is_refused(by: int) -> None:
    moved = OWN.nudged(part(STEADY), Fraction(by))
    with pytest.raises(UserError, match=r"a tempo of .* is outside 20 to 300 beats a minute"):
        tempos(moved, STEADY)


def test_parts_know_what_moves_them() -> None:
    repeat = {"repeat": 2, "part": [RUN, {**STEADY, "time": "40 beats"}]}
    rest = {"rest": "", "time": "20s"}
    made = parts(TAPS, rest, repeat, {"drill": "hands-together", "time": "30s"})
    assert [(each.key, each.follows_cadence, each.beats) for each in made] == [
        ("toe-taps", False, None),
        ("", False, None),
        ("3.1", True, None),
        ("3.2", False, 40),
        ("3.1", True, None),
        ("3.2", False, 40),
        ("hands-together", True, None),
    ]
