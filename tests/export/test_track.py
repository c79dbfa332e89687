"""What a track tells of a performance: chapters, words, and the beats that it has most."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cadence_cue import studio
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.session_file import load, parse
from cadence_cue.export.track import Chapter, Line, contents, usual_bpm
from cadence_cue.studio import Performance, PerformanceSpec
from cadence_cue.timing.timeline import (
    EVENT,
    NO_BEAT,
    Bus,
    EventKind,
    Foot,
    Mark,
    Timeline,
)

LIBRARY = load_library()
RATE = 8000
LEAD_IN = (EventKind.ANNOUNCEMENT, EventKind.COUNT_IN)
WISHES = PerformanceSpec(cadence_spm=Fraction(173), get_ready=Fraction(10), rate=RATE, seed=1)
REST = {"rest": "", "time": "20s"}
TAPS = {"drill": "toe-taps", "side": "left", "time": "20s", "tempo": 80}
RUN = {"run": "Easy run", "time": "40s", "tempo": "own", "cues": []}
FASTER = {"run": "Easy run", "time": "30s", "tempo": "+5%", "cues": []}


def perform(*phases: dict[str, Any], **keys: Any) -> Performance:
    data = {"title": "A session", "phase": list(phases), **keys}
    session = parse(data, name="session", library=LIBRARY, rehearsal=True)
    return studio.perform(session, LIBRARY, WISHES)


def begun(performance: Performance, place: str) -> Timeline:
    return performance.entered(performance.find(place), Fraction(10))


def titles(timeline: Timeline) -> list[str]:
    return [chapter.title for chapter in contents(timeline)[0]]


def without_gap(timeline: Timeline) -> None:
    chapters, lines = contents(timeline)
    edges = [0, *(chapter.end for chapter in chapters)]
    assert [chapter.start for chapter in chapters] == edges[:-1]
    assert edges[-1] == timeline.frames - timeline.start
    assert all(chapter.start < chapter.end for chapter in chapters)
    assert all(0 <= line.start < line.end <= edges[-1] for line in lines)


@pytest.mark.parametrize("name", built_in_sessions())
def test_chapters_follow_each_other_from_the_first_frame_to_the_last(name: str) -> None:
    performance = studio.perform(load(built_in_sessions()[name], LIBRARY), LIBRARY, WISHES)
    without_gap(performance.timeline)
    for place in ("3", "1:01"):
        without_gap(begun(performance, place))


def test_a_chapter_is_named_by_side_and_tempo() -> None:
    build = {"run": "Easy run", "time": "30s", "tempo": "own -> +5%", "cues": []}
    whole = perform(REST, TAPS, REST, RUN, build, explain="always").timeline
    assert titles(whole) == [
        "Get ready",
        "Rest",
        "How to: Toe Taps",
        "Toe taps, left leg · 80",
        "Rest",
        "Easy run · 173",
        "Easy run · 173 to 182",
    ]


def test_a_chapter_begins_with_what_announces_it_and_counts_in() -> None:
    whole = perform(REST, TAPS, RUN).timeline
    starts = [chapter.start for chapter in contents(whole)[0]]
    assert starts[1:] == [mark.entry for mark in whole.marks]
    announced = [
        min(e.frame for e in whole if e.phase == mark.index and e.kind in LEAD_IN)
        for mark in whole.marks[1:]
    ]
    assert starts[2:] == announced
    assert all(first < mark.start for first, mark in zip(announced, whole.marks[1:], strict=True))


def test_chapters_have_frames_whatever_begins_when() -> None:
    whole = perform(REST, RUN).timeline
    rest, run = whole.marks
    late = replace(whole, start=run.start, marks=(run,))  # its announcement is cut off
    assert contents(late)[0][0] == Chapter(0, whole.frames - run.start, "Easy run · 173")
    without_gap(replace(whole, marks=(rest, replace(run, entry=rest.entry))))


def test_a_glide_belongs_to_what_it_leads_to() -> None:
    whole = perform(RUN, {**FASTER, "glide": "8 beats"}).timeline
    (glide,) = (mark for mark in whole.marks if mark.kind == "glide")
    (last,) = (each for each in contents(whole)[0] if each.title.endswith("182"))
    assert last.title == "Easy run · 182"
    assert (last.start, last.end) == (glide.entry, whole.frames)


def test_from_a_phase_the_track_begins_with_getting_ready_for_it() -> None:
    performance = perform(REST, RUN, REST, TAPS)
    for place, expected in {
        "2": ["Get ready", "Easy run · 173", "Rest", "Toe taps, left leg · 80"],
        "3": ["Get ready", "Rest", "Toe taps, left leg · 80"],
        "4": ["Get ready", "Toe taps, left leg · 80"],
    }.items():
        timeline = begun(performance, place)
        assert titles(timeline) == expected
        mark = timeline.marks[int(place) - 1]
        assert contents(timeline)[0][1].start == mark.entry - timeline.start


def test_from_the_middle_of_a_phase_its_chapter_begins_after_the_ready_signal() -> None:
    performance = perform(REST, RUN, REST)
    for place, name in {"0:25": "Easy run · 173", "1:02": "Rest"}.items():
        timeline = begun(performance, place)
        assert titles(timeline)[:2] == ["Get ready", name]
        ready = max(
            event.frame + event.frames
            for event in timeline
            if event.kind is EventKind.SIGNAL and event.sound == "ready"
        )
        assert contents(timeline)[0][1].start == ready - timeline.start


def test_a_track_of_nothing_but_the_end_has_one_chapter() -> None:
    performance = perform(REST, RUN)
    timeline = begun(performance, "1:00")
    assert performance.find("1:00") == sum(_span(timeline.marks[-1]))
    assert titles(timeline) == ["Get ready"]
    assert usual_bpm(timeline) == 0


def _span(mark: Mark) -> tuple[int, int]:
    return mark.start, mark.frames


def test_the_beats_per_minute_are_those_of_most_of_the_time_that_is_heard() -> None:
    performance = perform(RUN, FASTER, REST)
    assert usual_bpm(performance.timeline) == 173
    assert usual_bpm(begun(performance, "0:35")) == 182
    ramp = {"run": "Easy run", "time": "60s", "tempo": "own -> +5%", "cues": []}
    assert usual_bpm(perform(RUN, ramp).timeline) == 0
    assert usual_bpm(perform(REST).timeline) == 0
    fastest = {**FASTER, "tempo": "+10%"}
    assert usual_bpm(perform(RUN, FASTER, fastest).timeline) == 0  # 40 s of 100
    assert usual_bpm(perform(RUN, FASTER, fastest, RUN).timeline) == 173  # 80 s of 140


def test_every_spoken_text_is_a_line_at_its_frame() -> None:
    timeline = perform(REST, TAPS, RUN).timeline
    spoken = [each for each in timeline if each.bus is Bus.VOICE]
    assert len(spoken) > 5
    assert contents(timeline)[1] == tuple(
        Line(each.frame, each.frame + each.frames, each.sound) for each in spoken
    )


def test_words_on_beats_of_their_own_are_one_line() -> None:
    kinds = EventKind
    timeline = by_hand(
        (kinds.COUNT_IN, 0, "one"), (kinds.COUNT_IN, 0, "two"),
        (kinds.CHANT, 0, "scrape"), (kinds.CHANT, 0, "pull"), (kinds.CHANT, 0, "up"),
        (kinds.CHANT, 1, "shift"), (kinds.CHANT, 1, "pull"),
        (kinds.ANNOUNCEMENT, 2, "Rest"), (kinds.ANNOUNCEMENT, 2, "20 seconds"),
    )  # fmt: skip
    assert contents(timeline)[1] == (
        Line(0, 150, "one · two"),
        Line(200, 450, "scrape · pull · up"),
        Line(500, 650, "shift · pull"),
        Line(700, 750, "Rest"),
        Line(800, 850, "20 seconds"),
    )


def test_texts_that_no_file_can_hold_are_escaped() -> None:
    timeline = by_hand((EventKind.SAY, 0, "a\nb\ud800"), title="x\r\udcff")
    chapters, (line,) = contents(timeline)
    assert line.text == r"a\u000ab\ud800"
    assert chapters[0].title == r"x\u000d\udcff"


def by_hand(*spoken: tuple[EventKind, int, str], title: str = "") -> Timeline:
    """A text every hundred frames, half as long."""
    events = np.zeros(len(spoken), EVENT)
    for k, (kind, phase, _) in enumerate(spoken):
        row = (100 * k, 50, kind, Bus.VOICE, k, 1.0, 0.0, phase, NO_BEAT, Foot.NONE, False)
        events[k] = row
    mark = Mark(0, "rest", title, 0, 0, 1000, 0.0, 0.0, 1, Side.NONE)
    return Timeline(RATE, 0, 1000, 1, events, tuple(text for *_, text in spoken), (mark,), ())
