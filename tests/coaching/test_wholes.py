"""The announcements that a voice speaks in one breath."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from cadence_cue.coaching.wholes import whole_announcements
from tests.coaching.rig import Phase, real, session

TAPS = {"drill": "toe-taps", "side": "left", "time": "25s"}
REST = {"rest": "", "time": "20s"}
RUN = {"run": "Settle", "time": "60s", "tempo": 170}
SETUP = "Keep the wall just behind you. One hand on the wall if you wobble"


def wholes(*phases: Phase, **keys: Any) -> list[str]:
    return whole_announcements(real(), [session(*phases, **keys)])


def test_a_drill_with_its_set_up_and_without() -> None:
    assert wholes(TAPS) == [
        f"On to toe taps, left leg, 25 seconds. {SETUP}",
        "On to toe taps, left leg, 25 seconds",
    ]


def test_each_side_and_each_number_has_one_of_its_own() -> None:
    assert wholes(TAPS, REST, TAPS, REST, {**TAPS, "side": "right"}) == [
        f"On to toe taps, left leg, first of two, 25 seconds. {SETUP}",
        "On to toe taps, left leg, first of two, 25 seconds",
        "Toe taps, left leg, second of two",
        "Toe taps, right leg, 25 seconds",
    ]


def test_a_changed_tempo_in_words_belongs_to_it() -> None:
    quicker = {**TAPS, "tempo": 96}
    assert wholes(TAPS, REST, quicker)[2:] == ["Toe taps, left leg, 25 seconds, a little quicker"]
    ramp = {**TAPS, "tempo": "80 -> 110"}
    assert wholes(ramp)[1] == "On to toe taps, left leg, 25 seconds, getting quicker"


def test_it_ends_before_the_tempo_of_a_run() -> None:
    assert wholes(RUN) == ["Next: settle, 1 minute"]
    assert wholes(RUN, announce=["next", "tempo"]) == []  # a name alone is a text anyway


def test_what_is_said_over_the_beat_of_a_run_stays_in_pieces() -> None:
    assert wholes(RUN, {**RUN, "beat": "off"}, {**RUN, "tempo": 180}) == wholes(RUN)


def test_nothing_that_is_one_text_anyway() -> None:
    assert wholes(REST, {"talk": "Well done", "time": "9s"}) == []
    assert wholes({**TAPS, "announce": False}) == []


def test_sessions_share_what_is_alike() -> None:
    one, other = session(TAPS), session(TAPS, REST, RUN)
    told = whole_announcements(real(), [one, other])
    assert told == [*wholes(TAPS), "Next: settle, 1 minute"]
    assert not any(one == other for one, other in pairwise(sorted(told)))
