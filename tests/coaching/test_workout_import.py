"""Workouts of other programs as sessions: what is carried over, and what is refused."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import cadence_cue
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.preparing import prepare
from cadence_cue.app.settings import Settings
from cadence_cue.app.tracks.workout import workout
from cadence_cue.coaching import fit_messages
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import parse
from cadence_cue.coaching.workout_import import imported
from cadence_cue.errors import UserError
from cadence_cue.export import workouts
from cadence_cue.export.workouts.zwo import encoded as zwo
from cadence_cue.timing.timeline import Timeline
from tests.matrix import matrix

LIBRARY = load_library()
FIT = b"\x0e\x20\x00\x00\x00\x00\x00\x00.FIT"


class Message:
    """A message of a FIT file, as the reader gives it."""

    def __init__(self, name: str, **values: object) -> None:
        self.name = name
        self.fields = [SimpleNamespace(name=key, value=value) for key, value in values.items()]


OPTIONS = PerformanceOptions(cadence=165, speaks=False, explain=False, fixed=True)


def planned(session: Session, options: PerformanceOptions = OPTIONS) -> Timeline:
    prepared = prepare(session, LIBRARY, Settings(), options, live=False)
    return prepared.performance.timeline


def session_of(data: bytes) -> Session:
    made = imported(data, LIBRARY)
    return parse(tomllib.loads(made.text), name="back", library=LIBRARY, rehearsal=True)


@pytest.mark.parametrize("ending", ["zwo", "fit"])
@pytest.mark.parametrize("name", matrix(sorted(built_in_sessions()), few=4))
def test_a_workout_of_ours_comes_back_with_the_same_phases(
    name: str, ending: str, tmp_path: Path
) -> None:
    session = cadence_cue.load_session(name)
    prepared = prepare(session, LIBRARY, Settings(), OPTIONS, live=False)
    path = tmp_path / f"workout.{ending}"
    workouts.write(workout(prepared), path, force=False)
    copy = session_of(path.read_bytes())
    assert (copy.summary, copy.level, copy.place, copy.needs) == (
        session.summary, session.level, session.place, session.needs,
    )  # fmt: skip
    there, back = prepared.performance.timeline, planned(copy)
    assert [(mark.title, mark.frames) for mark in back.marks] == [
        (mark.title, mark.frames) for mark in there.marks
    ]
    for before, after in zip(there.marks, back.marks, strict=True):
        if before.kind == "run" and before.tempo:
            exact = ending == "zwo"
            middle = (before.tempo + before.end_tempo) / 2
            told = (after.tempo, after.end_tempo)
            asked = (before.tempo, before.end_tempo) if exact else (middle, middle)
            assert told == pytest.approx(asked, abs=0.01 if exact else 1.5)


def test_an_explanation_comes_back_once_and_spoken() -> None:
    session = cadence_cue.load_session("first-perception")
    explained = replace(OPTIONS, explain=None)
    made = workout(prepare(session, LIBRARY, Settings(), explained, live=False))
    copy = session_of(zwo(made))
    titles = [mark.title for mark in planned(copy, explained).marks]
    assert titles == [step.title for step in made.steps]
    assert not any(phase.title.startswith("How to") for phase in copy.written())


def test_a_workout_that_says_nothing_of_needs_tells_so_and_still_needs_something() -> None:
    text = (
        b"<workout_file><workout>"
        b'<SteadyState Duration="30"><textevent message="Perception, eyes closed"/></SteadyState>'
        b'<SteadyState Duration="30"><textevent message="Toe taps"/></SteadyState>'
        b"</workout></workout_file>"
    )
    assert session_of(text).needs == "what is needed for Perception, Toe Taps"
    told = imported(text, LIBRARY).lost
    assert "How hard it is, where it is done and what it needs: write them into the file." in told
    assert "The tempos of its drills: each has its usual one." in told


OTHERS = """<workout_file><name>Hills &amp; more</name><sportType>run</sportType><workout>
<Warmup Duration="300" PowerLow="0.3" PowerHigh="0.7" Cadence="82"/>
<IntervalsT Repeat="3" OnDuration="60" OffDuration="90" OnPower="1.1" OffPower="0.4" Cadence="90"/>
<SteadyState Duration="120" Power="0.8" Cadence="170"><textevent timeoffset="5" message="Tall"/>
</SteadyState><FreeRide Duration="60" FlatRoad="1"/><Cooldown Duration="60" PowerLow="0.4"
PowerHigh="0.2"/></workout></workout_file>"""


def test_a_workout_of_others_becomes_runs_and_rests() -> None:
    made = imported(OTHERS.encode(), LIBRARY)
    assert made.title == "Hills & more"
    assert "1 timed texts." in made.lost
    phases = [
        (phase.kind.value, phase.title, float(phase.length.seconds or 0))
        for phase in session_of(OTHERS.encode()).written()
    ]
    assert phases == [
        ("run", "Run", 300.0),
        *[("run", "Run", 60.0), ("walk", "Walk", 90.0)] * 3,
        ("run", "Tall", 120.0),
        ("run", "Run", 60.0),
        ("rest", "Rest", 60.0),
    ]
    tempos = [mark.tempo for mark in planned(session_of(OTHERS.encode())).marks if mark.tempo]
    assert tempos == [164, 180, 180, 180, 170]


def test_rounds_within_rounds_are_done_anew_in_each(monkeypatch: pytest.MonkeyPatch) -> None:
    def done(title: str) -> Message:
        return Message("workout_step", wkt_step_name=title, duration_time=30.0, intensity="active")

    def again(first: int, times: int) -> Message:
        kind = "repeat_until_steps_cmplt"
        return Message("workout_step", duration_type=kind, duration_step=first, repeat_steps=times)

    def titles(*messages: Message) -> list[str]:
        monkeypatch.setattr(fit_messages, "fit_messages", lambda _: iter(messages))
        phases = tomllib.loads(imported(FIT, LIBRARY).text)["phase"]
        return [phase["run"] for phase in phases]

    rounds = titles(done("A"), done("B"), again(1, 2), again(0, 2))
    assert rounds == ["A", "B", "B", "A", "B", "B"]
    with pytest.raises(UserError, match="there are no steps with a time"):
        titles(again(0, 4_000_000_000), again(0, 4_000_000_000))


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workout_file><name>&a;</name></workout_file>'
ENDLESS = (
    b'<workout_file><workout><IntervalsT Repeat="1000000000" OnDuration="9" OffDuration="9"/>'
    b"</workout></workout_file>"
)
FAR = b"<workout_file><durationType>distance</durationType><workout/></workout_file>"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "this is no workout: ZWO and FIT files are read"),
        (b"<workout_file>", "this is no readable XML"),
        (b"<?xml version='1.0' encoding='foo'?><workout_file/>", "this is no readable XML"),
        (b"<workout_file/>", "there are no steps with a time"),
        (BOMB, "this file defines entities"),
        (ENDLESS, "this workout has more than the 500 steps that a session takes"),
        (FAR, "the steps of this workout have distances"),
        (b" " * 5_000_001, "this is too large for a workout"),
        (
            b"\x0e\x20\x00\x00\xff\xff\x00\x00.FIT\x00\x00" + b"\x41" * 40,
            "this FIT file is damaged",
        ),
    ],
)
def test_what_is_no_workout_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        imported(data, LIBRARY)
