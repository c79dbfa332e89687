"""How much is said: the share of the time, and the advice where it is too much."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from cadence_cue.coaching.advice import Code
from cadence_cue.coaching.wording import SAFETY
from cadence_cue.timing.talking import share, talk_advice
from cadence_cue.timing.timeline import Bus, EventKind, Utterance
from tests.timing.rig import Planned, plan, run


def lasting(**seconds: int) -> Any:
    """A voice that takes so many seconds for these texts and a tenth for all others."""

    def voice(text: str, rate: int) -> Utterance:
        return Utterance(text, int(seconds.get(text, Fraction(1, 10)) * rate), 0)

    return voice


def told(planned: Planned) -> list[tuple[Code, str]]:
    return [(advice.code, advice.text) for advice in talk_advice(planned.timeline)]


def quiet(*phases: dict[str, Any], **seconds: int) -> Planned:
    return plan(*phases, announce=False, lasting=lasting(**seconds))


def relaxing(time: str = "100s", at: str = "20s") -> dict[str, Any]:
    return run(time, cues=[], say=[{"text": "Relax", "at": at}])


def test_the_share_is_that_of_the_whole_track() -> None:
    planned = plan(relaxing(), opening={SAFETY: EventKind.SAFETY}, explain=False)
    spoken = sum(event.frames for event in planned.timeline if event.bus is Bus.VOICE)
    assert share(planned.timeline) == spoken / planned.timeline.frames


def test_where_nobody_speaks_it_is_nothing() -> None:
    assert share(quiet(run(cues=[])).timeline) == 0


@pytest.mark.parametrize(("seconds", "too_much"), [(25, False), (26, True)])
def test_more_than_a_quarter_is_too_much(seconds: int, too_much: bool) -> None:
    advice = told(quiet(relaxing(), Relax=seconds))
    assert [code for code, _ in advice] == [Code.TALK] * too_much
    assert all(text.startswith("somebody speaks 26% of the time") for _, text in advice)


def test_of_what_lasts_a_minute_at_most_nothing_is_said() -> None:
    assert told(quiet(relaxing("60s"), Relax=30)) == []
    assert told(quiet(relaxing("61s"), Relax=30))


def test_a_talk_is_there_to_be_told() -> None:
    talk = {"talk": "Listen", "time": "50s"}
    assert told(quiet(talk, relaxing(), Listen=40, Relax=25)) == []
    assert told(quiet(talk, relaxing(), Listen=1, Relax=26))  # its time is none to speak in


def test_the_safety_line_is_not_counted() -> None:
    planned = plan(
        relaxing(),
        announce=False,
        opening={SAFETY: EventKind.SAFETY},
        lasting=lasting(**{SAFETY: 40}, Relax=20),
    )
    assert planned.said(SAFETY)
    assert told(planned) == []


@pytest.mark.parametrize(
    ("said", "dropped", "too_many"), [(18, 2, False), (17, 2, True), (1, 1, False)]
)
def test_more_than_a_tenth_left_out_is_too_much(said: int, dropped: int, too_many: bool) -> None:
    texts = [{"text": "Relax", "at": f"{10 * n}s"} for n in range(1, said + 1)]
    late = [{"text": "Too long", "at": "195s"}] * dropped
    planned = quiet(run("200s", cues=[], say=texts + late), **{"Too long": 99})
    assert len(planned.dropped) == dropped
    advice = told(planned)
    assert [code for code, _ in advice] == [Code.DROPS] * too_many
    assert all(f"{dropped} of {said + dropped} texts" in text for _, text in advice)
