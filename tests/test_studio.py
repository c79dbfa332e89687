"""A performance put together: voice, seed, places to begin at, and a voice that is off."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import soundfile
import time_machine

from cadence_cue import studio
from cadence_cue.coaching import catalogue
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.explaining import explains, unexplained
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import load, parse
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.errors import UserError, WayOut
from cadence_cue.studio import Performance, PerformanceSpec
from cadence_cue.timing.editing import Edit
from cadence_cue.timing.reasons import Reason
from cadence_cue.timing.timeline import Bus, EventKind
from cadence_cue.voice import voice
from cadence_cue.voice.lines import Lines
from cadence_cue.voice.voice import Voice
from tests.matrix import matrix

LIBRARY = load_library()
WISHES = PerformanceSpec(cadence_spm=Fraction(173), get_ready=Fraction(2), seed=1)
RUN = {"run": "Easy run", "time": "60s", "tempo": "own", "cues": ["lean"], "cue_every": "10s"}
TAPS = {"drill": "toe-taps", "side": "left", "time": "20s"}
REST = {"rest": "", "time": "12s"}
UNSPOKEN = {"talk": "Nobody ever recorded this", "time": "9s"}


def session(*phases: dict[str, Any], library: Library = LIBRARY, **keys: Any) -> Session:
    data = {"title": "A session", "phase": list(phases), **keys}
    return parse(data, name="session", library=library, rehearsal=True)


def perform(
    *phases: dict[str, Any],
    library: Library = LIBRARY,
    wishes: PerformanceSpec = WISHES,
    **keys: Any,
) -> Performance:
    return studio.perform(session(*phases, library=library, **keys), library, wishes)


def wish(**wishes: Any) -> PerformanceSpec:
    given = {name: getattr(WISHES, name) for name in PerformanceSpec.__slots__}
    return PerformanceSpec(**{**given, **wishes})


# The seed and the lead-in.


def test_the_seed_is_the_wish_then_the_sessions_then_the_date() -> None:
    assert perform(RUN, seed=7, wishes=wish(seed=0)).seed == 0
    assert perform(RUN, seed=7, wishes=wish(seed=None)).seed == 7
    with time_machine.travel(datetime(2028, 2, 29, 23, 59, tzinfo=ZoneInfo("Asia/Tokyo"))):
        today = perform(RUN, wishes=wish(seed=None))
    assert today.seed == today.timeline.seed == 20280229


@pytest.mark.parametrize(
    ("zone", "seed"),
    [("UTC", 20261231), ("America/New_York", 20261231), ("Pacific/Kiritimati", 20270101)],
)
def test_the_date_is_the_runners(zone: str, seed: int) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 23, 30, tzinfo=UTC).astimezone(ZoneInfo(zone))):
        assert perform(RUN, wishes=wish(seed=None)).seed == seed


def test_the_session_says_how_long_to_get_ready_else_the_wish() -> None:
    ready = [
        performance.timeline.events["frame"][0] / 48000
        for performance in (perform(TAPS, get_ready="7s"), perform(TAPS))
    ]
    assert ready == [7, 2]


def test_a_moving_track_opens_with_the_safety_line_if_it_is_wished() -> None:
    for phase, safety, opens in ((RUN, True, True), (RUN, False, False), (TAPS, True, False)):
        performance = perform(phase, wishes=wish(safety=safety))
        kinds = {event.kind for event in performance.timeline}
        assert (EventKind.SAFETY in kinds) is opens


# Explaining.


@pytest.mark.parametrize(
    ("keys", "wished", "explained"),
    [
        ({}, None, False),
        ({"level": "first"}, None, True),
        ({"level": "first", "explain": "never"}, None, False),
        ({"explain": "always"}, None, True),
        ({"explain": "always"}, False, False),
        ({"explain": "never"}, True, True),
    ],
)
def test_who_decides_whether_drills_are_explained(
    keys: dict[str, Any], wished: bool | None, explained: bool
) -> None:
    assert explains(session(TAPS, **keys), wished) is explained
    performance = perform(TAPS, wishes=wish(explain=wished), **keys)
    assert performance.explains is explained
    assert (performance.parts[0].kind == "explain") is explained


def test_phases_are_numbered_without_what_is_explained() -> None:
    performance = perform(TAPS, wishes=wish(explain=True))
    explanation, taps = performance.timeline.marks
    assert (explanation.place, taps.place) == (0, 1)
    assert performance.find("1") == taps.entry


def test_drills_that_were_never_explained_are_named_once_in_order() -> None:
    perception = {"drill": "perception", "time": "20s"}
    made = session(perception, REST, {"repeat": 2, "part": [TAPS, REST]}, TAPS, RUN)
    assert [drill.id for drill in unexplained(made, LIBRARY, ())] == ["perception", "toe-taps"]
    assert [drill.id for drill in unexplained(made, LIBRARY, ("perception",))] == ["toe-taps"]


# The voice.


@pytest.mark.parametrize(
    "phase",
    [
        UNSPOKEN,
        {**RUN, "words": ["Nobody ever recorded this"]},
        {**RUN, "say": [{"at": "9s", "text": "Nobody ever recorded this"}]},
        {**RUN, "announce": "Nobody ever recorded this"},
    ],
)
def test_a_text_that_nobody_can_speak_is_refused_unless_the_voice_is_off(
    phase: dict[str, Any], without_extra: None
) -> None:
    told = '^session, phase 2: no voice here can speak "Nobody .* this"$'
    with pytest.raises(UserError, match=told) as refused:
        perform(REST, phase)
    assert refused.value.way_out is WayOut.INSTALL_VOICE
    assert perform(REST, phase, wishes=wish(speaks=False)).timeline.dropped == ()


def test_the_refusal_names_file_and_line_and_a_text_that_is_near(
    tmp_path: Path, without_extra: None
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'title = "Mine"\n\n[[phase]]\ntalk = "The click is bak"\ntime = "9s"\n', "utf-8"
    )
    with pytest.raises(UserError) as refused:
        studio.perform(load(file, LIBRARY), LIBRARY, WISHES)
    assert str(refused.value).startswith(f"{file}, phase 1 (line 3): no voice here can speak")
    assert str(refused.value).endswith(' "The click is bak", but "The click is back"')


def test_spelling_makes_no_difference_to_the_voice() -> None:
    assert perform({"talk": "the click is  BACK.", "time": "9s"}).timeline.dropped == ()


@pytest.mark.parametrize("name", built_in_sessions())
def test_the_plan_is_the_same_with_the_voice_off(name: str) -> None:
    made = load(built_in_sessions()[name], LIBRARY)
    spoken, silent = (
        studio.perform(made, LIBRARY, wish(speaks=speaks)).timeline for speaks in (True, False)
    )
    assert (spoken.events == silent.events).all()
    assert (spoken.sounds, spoken.marks) == (silent.sounds, silent.marks)


@pytest.mark.parametrize("own", matrix([190, 173, 155]))
@pytest.mark.parametrize("name", built_in_sessions())
def test_nothing_of_a_built_in_session_is_left_out(name: str, own: int) -> None:
    made = load(built_in_sessions()[name], LIBRARY)
    for explain in (False, True):
        wishes = wish(cadence_spm=Fraction(own), explain=explain)
        assert studio.perform(made, LIBRARY, wishes).timeline.dropped == ()


@pytest.fixture
def hops(tmp_path: Path) -> Library:
    """The library with a drill of the runner's own, whose name nobody recorded."""
    folder = Path(catalogue.__file__).parent / "library" / "drills"
    text = (folder / "high-knees.toml").read_text("utf-8")
    (tmp_path / "hops.toml").write_text(text.replace('name = "High Knees"', 'name = "Hops"'))
    return load_library(tmp_path)


def test_a_drill_of_the_runners_own_is_planned_without_what_nobody_recorded(
    hops: Library, without_extra: None
) -> None:
    phases = ({"drill": "hops", "time": "20s"}, REST, {"drill": "hops", "time": "20s"})
    spoken, silent = (
        perform(*phases, library=hops, wishes=wish(speaks=speaks, explain=True)).timeline
        for speaks in (True, False)
    )
    assert "Now hops" in {drop.text for drop in spoken.dropped}
    assert {drop.reason for drop in spoken.dropped} == {Reason.NO_RECORDING}
    assert (spoken.events == silent.events).all()
    assert spoken.marks == silent.marks


def test_lines_are_what_the_voice_has_and_what_is_guessed() -> None:
    voice = Voice.load("af_heart")
    lines = Lines(voice, 44100, ["The click is back", "Nobody ever recorded this"])
    assert "The click is back" in lines
    assert (
        lines["The click is back"]
        == voice.utterances(["The click is back"], 44100)["The click is back"]
    )
    assert lines["Nobody ever recorded this"].frames > 44100
    assert lines["Nobody ever recorded this"].anchor == 0
    assert "Not even guessed" not in lines
    with pytest.raises(KeyError):
        lines["Not even guessed"]
    assert set(lines) == {*voice.texts, "Nobody ever recorded this"}
    assert len(lines) == len(set(lines))


# Sounds and samples.


@pytest.mark.parametrize("rate", [44100, 48000])
def test_the_plan_knows_the_lengths_of_all_clips(rate: int) -> None:
    performance = perform(RUN, REST, TAPS, wishes=wish(rate=rate))
    assert performance.timeline.rate == rate
    lengths = {name: len(clip.samples) for name, clip in performance.beats.items()}
    assert performance.lengths == lengths
    clips = {**performance.beats, **performance.voice}
    for event in performance.timeline:
        assert event.frames == len(clips[event.clip].samples)


def test_only_what_is_said_is_loaded() -> None:
    performance = perform(RUN)
    spoken = {event.clip for event in performance.timeline if event.bus is Bus.VOICE}
    assert set(performance.voice) == spoken
    assert perform(RUN, wishes=wish(speaks=False)).voice == {}


def test_the_renderer_plays_the_timeline_or_an_entered_one() -> None:
    performance = perform(RUN)
    entered = performance.entered(performance.find("0:30"))
    first = next(iter(entered)).frame
    for timeline in (None, entered):
        block = np.zeros(4800, np.float32)
        performance.renderer(timeline).render(first, block)
        assert np.abs(block).max() > 0.01


# Places to begin at.


@pytest.fixture(scope="module")
def titled() -> Performance:
    phases = (RUN, {**REST, "rest": "Shake out your legs"}, TAPS, {**RUN, "run": "180"})
    return perform(*phases, wishes=wish(speaks=False))  # nobody has recorded "180"


@pytest.mark.parametrize(
    ("place", "phase"),
    [
        ("1", 0),
        ("3", 2),
        ("Easy run", 0),
        ("shake OUT your legs", 1),
        ("Toe taps, left leg", 2),
        ("toe taps", 2),
    ],
)
def test_a_phase_is_found_by_number_or_title(titled: Performance, place: str, phase: int) -> None:
    assert titled.find(place) == titled.timeline.marks[phase].entry


def test_a_beginning_that_several_phases_share_is_told_with_their_numbers() -> None:
    one, two = ({**RUN, "run": f"Hill {k}"} for k in ("one", "two"))
    hills = perform(one, REST, two, wishes=wish(speaks=False))
    with pytest.raises(UserError, match=r"several phases that begin with \"hill\"; .*: 1, 3$"):
        hills.find("hill")


@pytest.mark.parametrize(
    ("place", "seconds"), [("0:00", 0), ("0:05", 5), ("1:02", 62), ("01:10", 70)]
)
def test_a_time_counts_from_the_first_phase(titled: Performance, place: str, seconds: int) -> None:
    assert titled.find(place) == titled.timeline.marks[0].start + seconds * 48000


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("0", "has no phase"),
        ("5", 'has no phase "5"'),
        ("99999999999", "has no phase"),
        ("Easy rnu", 'did you mean "Easy run"?'),
        ("1:75", "has no phase"),
        ("1:" + "9" * 5000, "has no phase"),
        ("١:٣٠", "has no phase"),
        ("", "has no phase"),
        ("9:00", "ends before 9:00"),
    ],
)
def test_a_place_that_is_not_there_is_told(titled: Performance, place: str, told: str) -> None:
    with pytest.raises(UserError) as refused:
        titled.find(place)
    assert told in str(refused.value)


def test_entering_comes_from_the_plan(titled: Performance) -> None:
    frame = titled.find("3")
    entered = titled.entered(frame, studio.GET_READY_LIVE)
    assert entered.start < frame
    assert entered.frames == titled.timeline.frames
    kept = titled.timeline.events[titled.timeline.events["frame"] >= frame]
    assert (entered.events[-len(kept) :] == kept).all()


# What the runner's hand changes.


def edit(performance: Performance, seconds: int, by: int, phase: int = 0) -> Edit:
    tempi = performance.tempi.nudged(performance.parts[phase], Fraction(by))
    return Edit(Fraction(seconds), tempi)


def test_it_knows_the_tempo_at_each_frame() -> None:
    old = perform({**RUN, "tempo": "150 -> 180"}, REST, {"drill": "fall-to-run", "time": "20s"})
    new = old.edited(edit(old, 20, 6))
    at = new.plan.clock.frame
    tempos = {-1: None, 0: 150, 10: 155, 20: 166, 40: 176, 60: None, 75: None, 82: 173, 92: None}
    assert {s: new.tempo_at(at(Fraction(s))) for s in tempos} == tempos


def test_the_tempos_in_effect_are_those_of_the_last_edit() -> None:
    old = perform(RUN, TAPS)
    new = old.edited(edit(old, 20, 3))
    newer = new.edited(edit(new, 70, -4, 1))
    assert (old.tempi, new.tempi) == (Tempi(Fraction(173)), Tempi(Fraction(176)))
    assert newer.tempi == Tempi(Fraction(176), (("toe-taps", Fraction(-4)),))


def test_a_performance_is_a_value() -> None:
    one, same = perform(RUN, TAPS), perform(RUN, TAPS)
    assert one == same
    assert one.edited(edit(one, 20, 3)) == same.edited(edit(same, 20, 3)) != one
    assert one.at_rate(44100).at_rate(48000) == one
    assert one.at_rate(44100) != one
    assert one != perform(RUN, TAPS, wishes=wish(seed=2))
    with pytest.raises(FrozenInstanceError):
        one.seed = 2  # type: ignore[misc]


def test_it_says_what_it_is() -> None:
    old = perform(RUN, TAPS, wishes=wish(cadence_spm=Fraction("172.5"), rate=44100))
    new = old.edited(edit(old, 20, 3))
    newer = new.edited(edit(new, 40, 3))
    told = "<Performance of 'session': cadence 172.5, seed 1, 44100 Hz, "
    assert [repr(each) for each in (old, new, newer)] == [
        f"{told}0 edits>",
        f"{told}1 edit>",
        f"{told}2 edits>",
    ]


def test_a_text_is_decoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    voice._read.cache_clear()
    decoded: list[str] = []
    read = soundfile.read

    def counted(file: Path, **how: Any) -> Any:
        decoded.append(file.name)
        return read(file, **how)

    monkeypatch.setattr(soundfile, "read", counted)
    performance = perform(RUN, TAPS)
    for rate in (48000, 44100):
        there = performance.at_rate(rate)
        assert there.voice == there.voice
        assert there.edited(edit(there, 70, 3)).voice.keys() <= there.voice.keys()
    assert len(decoded) == len(performance.voice)


def test_all_versions_share_what_was_decoded() -> None:
    old = perform(RUN, TAPS)
    new = old.edited(edit(old, 20, 3))
    before, after = old.voice, new.voice
    shared = before.keys() & after.keys()
    assert shared
    assert all(after[text] is before[text] for text in shared)
    assert all(new.beats[name] is clip for name, clip in old.beats.items())
    assert set(after) == {event.clip for event in new.timeline if event.bus is Bus.VOICE}


def test_at_another_rate_it_has_the_same_edits_and_instants() -> None:
    old = perform(RUN, TAPS, wishes=wish(seed=None))
    new = old.edited(edit(old, 20, 3), edit(old, 40, 7))
    there = new.at_rate(44100)
    assert (there.timeline.rate, there.edits, there.seed) == (44100, new.edits, new.seed)
    assert there.parts == new.parts
    for one, two in zip(new.timeline.marks, there.timeline.marks, strict=True):
        ends = [new.plan.clock.instant(one.start), there.plan.clock.instant(two.start)]
        assert abs(ends[0] - ends[1]) <= Fraction(1, 44100)


@pytest.mark.parametrize("by", [128, -154])
def test_an_edit_out_of_the_limits_is_refused_and_changes_nothing(by: int) -> None:
    old = perform(RUN, TAPS)
    events = list(old.timeline)
    with pytest.raises(UserError, match="outside 20 to 300"):
        old.edited(edit(old, 20, by))
    assert old.edits == ()
    assert list(old.timeline) == events


def test_an_edit_that_makes_a_session_too_long_is_refused() -> None:
    old = perform({"run": "", "time": "60000 beats", "tempo": "own"}, wishes=wish(speaks=False))
    with pytest.raises(UserError, match="6h"):
        old.edited(edit(old, 20, -10))
