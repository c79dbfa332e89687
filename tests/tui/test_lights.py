"""Which lamp shows which beat, and in which words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cadence_cue import studio
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.rehearsal import plain_beat
from cadence_cue.coaching.session_file import parse
from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Event, EventKind
from cadence_cue.tui.playing.letters import ROWS, lettered
from cadence_cue.tui.playing.lights import LIT, LampState, Lights

LIBRARY = load_library()
OWN = Fraction(180)


def performed(*phases: dict[str, object]) -> Performance:
    data = {"title": "Test", "explain": "never", "phase": list(phases)}
    session = parse(data, name="test", library=LIBRARY, rehearsal=True)
    return studio.perform(session, LIBRARY, studio.PerformanceSpec(OWN, Fraction(0), seed=1))


def drill(name: str, **more: object) -> Performance:
    return performed({"drill": name, "time": "20s", **more})


def beats(performance: Performance) -> list[Event]:
    return [each for each in performance.timeline if each.kind is EventKind.BEAT]


def lamps_at(performance: Performance, event: Event) -> tuple[LampState, LampState]:
    part = performance.parts[event.phase]
    return Lights(performance, LIBRARY).at(event.frame, part)


def test_the_lamps_say_forward_and_back_as_the_clicks_do() -> None:
    rock = drill("perception")
    for each in beats(rock):
        back, forward = lamps_at(rock, each)
        assert (back.label, forward.label) == ("BACK", "FORWARD")
        assert (back.lit, forward.lit) == (not each.accent, each.accent)


def test_a_lamp_says_the_foot_and_what_its_step_is() -> None:
    cycle = drill("cycle-running", side="left")
    for each in beats(cycle):
        lamps = lamps_at(cycle, each)
        lit = lamps[0 if each.foot.label == "left" else 1]
        assert (lit.label, lit.lit) == (each.foot.label.upper(), True)
        assert lit.word == ("CYCLE" if each.accent else "STEP")
    kicks = drill("butt-kicks")
    accents = {each.accent: lamps_at(kicks, each) for each in beats(kicks)}
    assert "▲" in {lamp.word for lamp in accents[True]}
    assert {lamp.word for lamp in accents[False]} == {""}


def test_taps_are_counted_within_their_set() -> None:
    taps = drill("toe-taps", side="left")
    lights, part = Lights(taps, LIBRARY), taps.parts[-1]
    every = beats(taps)
    for k, each in enumerate(every, 1):
        assert lights.count(each.frame, part) == f"tap {k} of {len(every)}"
    assert Lights(drill("perception"), LIBRARY).count(every[-1].frame, part) == ""


@pytest.mark.parametrize("tempo", [60, 181, 240, 300])
@pytest.mark.parametrize("kind", ["plain", "left foot", "one leg"])
def test_no_lamp_flashes_more_than_three_times_a_second_and_none_is_missed(
    tempo: int, kind: str
) -> None:
    if kind == "one leg":
        performance = drill("toe-taps", side="left", tempo=tempo)
    else:
        stride = "left" if kind == "left foot" else None
        session = plain_beat(
            LIBRARY, tempo=f"{tempo}", time="20s", cues=(), cue_every="60s", stride=stride
        )
        spec = studio.PerformanceSpec(OWN, Fraction(0), seed=1)
        performance = studio.perform(session, LIBRARY, spec)
    lights, rate = Lights(performance, LIBRARY), performance.timeline.rate
    part, every = performance.parts[-1], beats(performance)
    end = every[-1].frame + 1
    frame: int | None = every[0].frame
    lit: dict[int, list[int]] = {0: [], 1: []}
    shown = set()
    while frame is not None and frame < end:
        for lamp, state in enumerate(lights.at(frame, part)):
            if state.lit:
                lit[lamp].append(frame)
            if state.lit or state.mark >= 0:
                shown.add((frame, lamp, state.mark))
        frame = lights.next_change(frame)
    for frames in lit.values():
        assert all(frames[k + 3] - frames[k] >= rate for k in range(len(frames) - 3))
    assert {frame for frame, *_ in shown} >= {each.frame for each in every}


@pytest.mark.parametrize("tempo", [60, 162, 178])
def test_a_look_that_comes_late_still_lights_the_lamp_unless_it_would_flash_too_often(
    tempo: int,
) -> None:
    performance = drill("toe-taps", side="left", tempo=tempo)
    lights, rate = Lights(performance, LIBRARY), performance.timeline.rate
    part, every = performance.parts[-1], beats(performance)
    lit = []
    for k, each in enumerate(every[:-1]):
        looked = each.frame + (rate * 15 // 100 if k % 2 else 0)
        beat, late = lights.beat(looked)
        assert beat == each.frame
        if lights.at(looked, part, late)[0].lit:
            lit.append(looked)
            off = lights.next_change(looked, late)
            assert off == looked + round(LIT * rate)
            assert not lights.at(off, part, late)[0].lit
    assert all(lit[k + 3] - lit[k] >= rate for k in range(len(lit) - 3))
    assert len(lit) == len(every) - 1 or tempo > 120


def test_large_letters_fit_or_there_are_none() -> None:
    assert lettered("Hi!", 11, 1) == ["█ █ ▀█▀ █", "█▀█  █  ▀", "▀ ▀ ▀▀▀ ▀"]
    assert len(lettered("Tall and loose", 40, 2)) == 2 * ROWS
    assert lettered("Tall and loose", 40, 1) == []
    assert lettered("Żółw", 80, 1) == []
    for words in ("Snap the heel up", "Relax", "1:25 left, (4)"):
        for width in range(10, 90, 7):
            assert all(len(row) <= width for row in lettered(words, width, 2))
