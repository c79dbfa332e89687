"""Sessions that need no file: one drill, or a plain beat."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.rehearsal import plain_beat, rehearse
from cadence_cue.coaching.session import BeatMode, Kind, Phase, Session
from cadence_cue.errors import UserError
from tests.coaching.rig import real


def phases(session: Session) -> list[Phase]:
    return list(session.written())


@pytest.mark.parametrize("name", real().drills)
def test_every_drill_can_be_rehearsed_first_and_alone(name: str) -> None:
    session = rehearse(real().drills[name], real())
    assert {phase.drill for phase in phases(session)} == {name}
    assert session.title == f"Rehearse: {real().drills[name].name}"


def test_both_legs_take_turns_where_none_is_named() -> None:
    (phase,) = phases(rehearse(real().drills["toe-taps"], real()))
    assert [phase.side, phase.length.seconds] == [Side.BOTH, 66]
    (phase,) = phases(rehearse(real().drills["toe-taps"], real(), side="left"))
    assert [phase.side, phase.length.seconds] == [Side.LEFT, 30]


@pytest.mark.parametrize("time", ["25s", "1m30s", "20.123456s", "1h"])
def test_the_time_is_that_of_one_leg_exactly(time: str) -> None:
    drill = real().drills["toe-taps"]
    (one,) = phases(rehearse(drill, real(), side="left", time=time))
    (both,) = phases(rehearse(drill, real(), side="both", time=time))
    assert one.length.seconds is not None
    assert both.length.seconds == 2 * one.length.seconds + 6


def test_sets_have_a_rest_between() -> None:
    made = phases(rehearse(real().drills["high-knees"], real(), sets=3))
    assert [phase.kind for phase in made] == [
        Kind.DRILL, Kind.REST, Kind.DRILL, Kind.REST, Kind.DRILL
    ]  # fmt: skip
    assert [phase.length.seconds for phase in made] == [20, 15, 20, 15, 20]


def test_a_set_without_the_click_can_be_the_last() -> None:
    drill = real().drills["toe-taps"]
    *before, rest, own = phases(rehearse(drill, real(), sets=2, side="left", own_rhythm=True))
    assert [phase.beat.mode for phase in before if phase.drill] == [BeatMode.ON] * 2
    assert rest.kind is Kind.REST
    assert own.beat.mode is BeatMode.OFF
    assert replace(own, beat=before[0].beat, number=before[0].number) == before[0]


def test_tempo_is_that_of_a_session_file() -> None:
    (phase,) = phases(rehearse(real().drills["high-knees"], real(), tempo="150 -> 160"))
    assert phase.tempo
    assert [phase.tempo.start.value, phase.tempo.end.value] == [150, 160]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"side": "left"}, "side"),
        ({"tempo": "quick"}, "tempo"),
        ({"time": "soon"}, "time"),
    ],
)
def test_mistakes_are_told(options: dict[str, str], reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        rehearse(real().drills["perception"], real(), **options)  # type: ignore[arg-type]


def test_a_plain_beat_is_one_run_without_words() -> None:
    session = plain_beat(real(), tempo="172", time="30min", cues=(), cue_every="60s")
    (phase,) = phases(session)
    assert [phase.kind, phase.length.seconds] == [Kind.RUN, 1800]
    assert (phase.announce, phase.countdown, phase.cues) == (frozenset(), (), ())
    assert phase.tempo
    assert phase.tempo.start.value == 172


def test_a_plain_beat_may_have_cues() -> None:
    made = plain_beat(real(), tempo="+5%", time="30min", cues=("lean", "arms"), cue_every="45s")
    (phase,) = phases(made)
    assert phase.cues == ("lean", "arms")
    assert phase.cue_every
    assert phase.cue_every.seconds == 45
    assert phase.tempo
    assert phase.tempo.start.value == Fraction(21, 20)


def test_a_plain_beat_may_have_accents() -> None:
    made = plain_beat(
        real(), tempo="172", time="30min", cues=(), cue_every="60s", stride="left", accent=3
    )
    (phase,) = phases(made)
    assert (phase.accent, phase.clicked_foot) == (3, Side.LEFT)


def test_an_unknown_cue_is_refused() -> None:
    with pytest.raises(UserError, match="lean"):
        plain_beat(real(), tempo="172", time="30min", cues=("leen",), cue_every="45s")
