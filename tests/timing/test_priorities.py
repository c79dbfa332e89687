"""Where two things want the same moment, the lesser gives way and is listed."""

from __future__ import annotations

from typing import Any

from cadence_cue.coaching import wording
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import Bus, EventKind, Utterance
from tests.timing.rig import Planned, library, plan, run, utterance

REST = {"rest": "", "time": "20s"}
TAPS = {"drill": "toe-taps", "side": "left", "time": "60s"}


def long_text(seconds: int, *long: str) -> Any:
    def lasting(text: str, rate: int) -> Utterance:
        return Utterance(text, seconds * rate, 0) if text in long else utterance(text, rate)

    return lasting


def said(planned: Planned) -> set[str]:
    return {event.sound for event in planned.timeline if event.bus is Bus.VOICE}


def listed(planned: Planned) -> set[str]:
    return {drop.text for drop in planned.dropped}


def test_a_countdown_goes_before_fixed_words() -> None:
    eyes = {"drill": "perception", "variant": "eyes closed", "time": "8s", "countdown": "3"}
    planned = plan({**eyes, "cues": []}, announce=False, lasting=long_text(7, wording.OPEN_EYES))
    assert (wording.OPEN_EYES in listed(planned), "3" in said(planned)) == (True, True)


def test_fixed_words_go_before_an_announcement() -> None:
    eyes = {"drill": "perception", "variant": "eyes closed", "time": "20s", "cues": []}
    told = {**eyes, "announce": "A long story"}
    planned = plan(
        {**eyes, "announce": False}, told, lasting=long_text(9, "A long story", wording.OPEN_EYES)
    )
    assert wording.OPEN_EYES in said(planned)
    assert "A long story" in listed(planned)


def test_an_announcement_goes_before_an_own_text() -> None:
    first = run("20s", 120, say=[{"text": "Relax", "at": "-1.5s"}])
    second = {**TAPS, "announce": ["next"]}
    planned = plan(first, second, lasting=long_text(8, "On to toe taps, left leg"))
    assert "On to toe taps, left leg" in said(planned)
    assert "Relax" in listed(planned)


def test_an_own_text_goes_before_a_tempo_change() -> None:
    first = run("20s", 120, say=[{"text": "A long story", "at": "11s"}])
    planned = plan(first, run("20s", 150), lasting=long_text(8, "A long story"))
    assert "A long story" in said(planned)
    assert {wording.QUICKER, "At 150"} <= listed(planned)


def test_a_tempo_change_goes_before_a_cue() -> None:
    first = run("20s", 120, words=["A long story"], cue_every="1s")
    lengths = {"A long story": 12, wording.QUICKER: 6}

    def lasting(text: str, rate: int) -> Utterance:
        return Utterance(text, lengths.get(text, 1) * rate, 0)

    assert "A long story" in said(plan(first, run("20s", 120), lasting=lasting))
    planned = plan(first, run("20s", 150), lasting=lasting)
    assert wording.QUICKER in said(planned)
    assert "A long story" in listed(planned)


def test_what_the_voice_cannot_speak_is_listed_and_the_rest_is_said() -> None:
    missing = ("On to toe taps, left leg", "Toe taps, left leg")
    planned = plan(REST, TAPS, silent=missing)
    told = [event.sound for event in planned.in_phase(1, EventKind.ANNOUNCEMENT)]
    assert told[:2] == ["1 minute", "Keep the wall just behind you"]
    unspoken = [drop for drop in planned.dropped if drop.reason is Reason.NO_RECORDING]
    assert {(drop.text, drop.phase) for drop in unspoken} == {(text, 1) for text in missing}


def test_a_drill_without_any_recording_keeps_its_clicks_and_its_place() -> None:
    drill = library().drills["toe-taps"]
    silent = {
        "First: toe taps",
        "On to toe taps",
        drill.explanation,
        *(cue.text for cue in drill.cues),
    }
    planned = plan(TAPS, explain=True, silent=silent)
    assert planned.events(EventKind.EXPLANATION, EventKind.CUE) == []
    assert len(planned.events(EventKind.BEAT)) == 80
    assert [mark.kind for mark in planned.marks] == ["drill"]  # nothing to explain it with
    assert {cue.text for cue in drill.cues} & listed(planned)
