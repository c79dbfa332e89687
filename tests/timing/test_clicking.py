"""The beats, ticks and signals of a timeline."""

from __future__ import annotations

from typing import Any

import pytest

from cadence_cue.timing import sounds
from cadence_cue.timing.timeline import Bus, EventKind, Foot
from tests.timing.rig import Planned, plan

RUN = {"run": "", "time": "4s", "tempo": 120}
REST = {"rest": "", "time": "5s"}


def quiet(*phases: dict[str, Any], **keys: Any) -> Planned:
    return plan(*phases, announce=False, countdown=False, **keys)


def signals(planned: Planned) -> list[tuple[str, float]]:
    rate = planned.timeline.rate
    return [
        (event.sound, (event.frame - planned.zero) / rate)
        for event in planned.events(EventKind.SIGNAL)[1:]
    ]


def test_running_feet_go_by_the_grid_not_by_the_phase() -> None:
    planned = quiet({**RUN, "time": "3.5s"}, RUN)
    assert planned.in_phase(1, EventKind.BEAT)[0].beat == 7
    assert all(
        event.foot is (Foot.RIGHT if event.beat and event.beat % 2 else Foot.LEFT)
        for event in planned.events(EventKind.BEAT)
    )


@pytest.mark.parametrize(
    ("phase", "feet"),
    [
        ({"walk": "", "tempo": 110}, [Foot.LEFT, Foot.RIGHT]),
        ({"drill": "toe-taps", "side": "alternating"}, [Foot.LEFT, Foot.RIGHT]),
        ({"drill": "toe-taps", "side": "left"}, [Foot.LEFT, Foot.LEFT]),
        ({"drill": "toe-taps", "side": "right"}, [Foot.RIGHT, Foot.RIGHT]),
        ({"drill": "cycle-running", "side": "right"}, [Foot.LEFT, Foot.RIGHT]),
        ({"drill": "perception"}, [Foot.NONE, Foot.NONE]),
    ],
)
def test_whose_foot_a_beat_is(phase: dict[str, Any], feet: list[Foot]) -> None:
    planned = quiet({**phase, "time": "8s"})
    assert [event.foot for event in planned.events(EventKind.BEAT)[:2]] == feet


def test_feet_differ_by_timbre_where_the_drill_says_so() -> None:
    planned = quiet({"drill": "cycle-running", "time": "8s", "accent": 3})
    heard = [event.sound for event in planned.events(EventKind.BEAT)[:4]]
    assert heard == [sounds.LEFT_ACCENT, sounds.RIGHT, sounds.LEFT, sounds.RIGHT_ACCENT]


def test_elsewhere_there_are_clicks_and_accents() -> None:
    planned = quiet({**RUN, "accent": 2})
    heard = planned.events(EventKind.BEAT)[:3]
    assert [event.sound for event in heard] == [sounds.ACCENT, sounds.CLICK, sounds.ACCENT]
    assert [event.accent for event in heard] == [True, False, True]


def test_levels_are_gains_of_beats_ticks_and_count_in() -> None:
    planned = quiet(
        {**RUN, "beat_level": "-6 dB"},
        {"drill": "fall-to-run", "time": "14s", "beat_level": "-20 dB"},
    )
    gains = {
        (event.phase, event.kind, round(event.gain, 4))
        for event in planned.events(EventKind.BEAT, EventKind.COUNT_IN)
    }
    assert gains == {
        (0, EventKind.COUNT_IN, 0.5012),
        (0, EventKind.BEAT, 0.5012),
        (1, EventKind.COUNT_IN, 0.1),
        (1, EventKind.BEAT, 0.1),
    }


def test_a_falls_soft_ticks_are_at_3_4_5_and_6_seconds_and_its_lean_is_silent() -> None:
    planned = quiet(REST, {"drill": "fall-to-run", "time": "20s", "tempo": 160, "cues": []})
    start = planned.marks[1].start
    ticks = [event for event in planned.timeline if event.sound == sounds.TICK]
    assert [event.frame - start for event in ticks] == [48000 * n for n in (3, 4, 5, 6)]
    inside = [event for event in planned.timeline if start <= event.frame < start + 10 * 48000]
    assert inside == ticks
    assert planned.in_phase(1, EventKind.BEAT)[0].frame == start + 10 * 48000


def test_a_signal_tells_where_the_beat_stops_and_that_all_is_finished() -> None:
    assert signals(quiet(RUN, REST, RUN)) == [(sounds.PHASE_END, 4), (sounds.FINISHED, 13)]


def test_a_click_that_stops_within_a_run_is_announced_and_no_signal_says_that_it_is_over() -> None:
    off = {**RUN, "beat": "off", "announce": "Click stops, keep the rhythm"}
    assert signals(quiet(RUN, off, REST)) == [(sounds.FINISHED, 13)]


def test_a_signal_tells_where_the_beat_goes_silent_on_its_grid() -> None:
    off = {**RUN, "beat": "off"}
    assert signals(quiet(RUN, off, RUN)) == [(sounds.PHASE_END, 4), (sounds.FINISHED, 12)]


@pytest.mark.parametrize("beat", ["off", "fade", "2 then off"])
def test_a_beat_that_is_silent_already_does_not_stop(beat: str) -> None:
    assert signals(quiet({**RUN, "beat": beat}, REST)) == [(sounds.FINISHED, 9)]


@pytest.mark.parametrize("beat", ["2 on, 2 off", "8 then off"])
def test_a_pattern_that_goes_on_to_the_end_stops_there(beat: str) -> None:
    ends = signals(quiet({**RUN, "beat": beat}, REST))
    assert ends == [(sounds.PHASE_END, 4), (sounds.FINISHED, 9)]


def test_a_tempo_change_is_no_end() -> None:
    assert signals(quiet(RUN, {**RUN, "tempo": 150})) == [(sounds.FINISHED, 8)]


def test_before_a_fall_the_beat_stops() -> None:
    fall = {"drill": "fall-to-run", "time": "15s"}
    assert signals(quiet(RUN, fall))[0] == (sounds.PHASE_END, 4)


def test_clicks_and_signals_are_on_the_beat_bus_with_their_lengths() -> None:
    planned = quiet(RUN, REST)
    for event in planned.timeline:
        assert event.bus is Bus.BEAT
        assert event.frames == (4799 if event.kind is not EventKind.SIGNAL else 28800)


def test_a_click_for_one_foot_is_that_foots() -> None:
    for side, foot in (("left", Foot.LEFT), ("right", Foot.RIGHT)):
        planned = quiet({**RUN, "stride": side, "accent": 2})
        heard = planned.events(EventKind.BEAT)
        assert {event.foot for event in heard} == {foot}
        assert len(heard) == 4
        assert [event.sound for event in heard[:3]] == [sounds.ACCENT, sounds.CLICK, sounds.ACCENT]
        assert planned.marks[0].clicked_foot == side


@pytest.mark.parametrize("accent", [2, 3, 4, 5])
@pytest.mark.parametrize("beats", [1, 5, 8])
def test_accents_go_on_after_a_glide(accent: int, beats: int) -> None:
    glide = f"{beats} beat{'s' * (beats > 1)}"
    planned = quiet(RUN, {**RUN, "time": "12s", "tempo": 150, "glide": glide, "accent": accent})
    heard = [event for event in planned.timeline if event.phase > 0 and event.beat is not None]
    loud = [k for k, event in enumerate(heard) if event.accent]
    assert loud == list(range(0, len(heard), accent))


def test_a_glide_has_clicks_a_mark_of_its_own_and_no_end() -> None:
    planned = quiet(RUN, {**RUN, "time": "8s", "tempo": 150, "glide": "4 beats"})
    assert [(m.kind, m.tempo, m.end_tempo, m.place) for m in planned.marks] == [
        ("run", 120, 120, 1),
        ("glide", 120, 150, 0),
        ("run", 150, 150, 2),
    ]
    assert len(planned.in_phase(1, EventKind.BEAT)) == 4
    assert signals(planned) == [(sounds.FINISHED, 12)]
