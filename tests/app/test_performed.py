"""What was performed is kept in few bytes, and comes out again sound for sound."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from cadence_cue.app.log.history import Practice
from cadence_cue.app.options import FileOptions, PerformanceOptions
from cadence_cue.app.preparing import Prepared, prepare
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.app.tracks.export_job import ExportRequest, plan_export
from cadence_cue.app.tracks.performed import as_performed, kept, last, restored
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.drill import Library
from cadence_cue.coaching.rehearsal import plain_beat, rehearse, with_other_clicks
from cadence_cue.coaching.session import Session
from cadence_cue.coaching.session_file import load, parse
from cadence_cue.errors import UserError
from cadence_cue.studio import Performance
from cadence_cue.timing.editing import Edit, at_beat
from cadence_cue.timing.timeline import OPENING, Timeline
from tests.examples import examples
from tests.homes import move_into
from tests.matrix import matrix
from tests.timing.hands import TempoControl, hands, played

LIBRARY = load_library()
MARK = Practice("2026-11-23T07:00:00+01:00", "daily-ten", "Daily ten", 0.5, 170.0,
                mark=5, drills=("toe-taps",))  # fmt: skip
OWN = """
title = "Mine"
[[phase]]
run = "One"
time = "30s"
tempo = "own"
[[phase]]
drill = "perception"
time = "40 beats"
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    move_into(tmp_path, monkeypatch)


def built_in(name: str) -> Session:
    return load(built_in_sessions()[name], LIBRARY)


def often(performance: Performance) -> list[TempoControl]:
    """Changes by hand all along a performance: of tempo, and one of the beat's place."""
    sounds = len(performance.timeline.events) // 37
    places = [sounds * k // 10 for k in range(1, 9)]
    made = [TempoControl(n, phase=False, beside=0, by=Fraction(n % 5 - 2)) for n in places]
    made[4] = replace(made[4], by=Fraction(0), shift=Fraction(1, 200))
    return made


def performed(
    session: Session,
    made: list[TempoControl] | None = None,
    *,
    speaks: bool = False,
    **options: Any,
) -> Prepared:
    """A session as it was performed live, with changes by hand, on a device of another rate."""
    prepared = prepare(
        session, LIBRARY, Settings(cadence=172.5), PerformanceOptions(speaks=speaks, **options),
        live=True, rate=44100, practices=[MARK, MARK],
    )  # fmt: skip
    performance = prepared.performance
    versions = played(performance, often(performance) if made is None else made)
    return as_performed(prepared, versions[-1])


def logged(done: Prepared, name: str = "") -> Practice:
    """Its line in the log, read again."""
    text = json.dumps(kept(done))
    return replace(MARK, session=name or done.session.name, performed=json.loads(text))


def sounds(timeline: Timeline) -> list[tuple[object, ...]]:
    """All that is heard from the first phase on: seconds after its start, and what."""
    rows = timeline.events[~np.isin(timeline.events["kind"], OPENING)]
    zero = timeline.marks[0].start
    return [
        (int(row["frame"]) - zero, row["kind"], row["phase"], row["beat"],
         timeline.sounds[row["sound"]])
        for row in rows
        if row["phase"] >= 0 and row["frame"] >= zero
    ]  # fmt: skip


def exported(session: Session, options: PerformanceOptions, rate: int = 44100) -> Timeline:
    """The timeline of a track, planned for a runner whose settings are others by now."""
    request = ExportRequest(session, Path("x.wav"), options, FileOptions(rate=rate))
    others = Settings(cadence=150, voice="am_michael", sounds="nowhere", fixed=True)
    return plan_export(request, LIBRARY, others).timeline


@pytest.mark.parametrize(
    ("name", "options"),
    matrix([
        ("daily-ten", {"explain": True, "speaks": True}),
        ("daily-ten", {"left_out": ("toe-taps",), "begin": "3"}),
        ("daily-ten", {"fixed": True}),
        ("cadence-pyramid", {}),
        ("treadmill-ramp", {"voice": "am_michael", "speaks": True}),
    ], 2),
)  # fmt: skip
def test_a_track_of_what_was_performed_has_each_sound_where_it_was(
    name: str, options: dict[str, Any]
) -> None:
    done = performed(built_in(name), **options)
    assert len(done.performance.edits) > 2
    session, again = restored(logged(done), LIBRARY)
    assert again == done.options
    assert sounds(exported(session, again)) == sounds(done.performance.timeline)


def test_at_another_rate_each_sound_is_at_the_same_instant() -> None:
    done = performed(built_in("cadence-pyramid"))
    session, again = restored(logged(done), LIBRARY)
    timeline = exported(session, again, 48000)
    assert sounds(timeline) == sounds(done.performance.at_rate(48000).timeline)


@examples(25, 100)
@given(hands)
def test_whatever_a_hand_does_is_read_as_it_was_written(made: list[TempoControl]) -> None:
    done = performed(parse({"title": "x", "phase": [
        {"run": "a", "time": "20s", "tempo": "150 -> 180"},
        {"drill": "perception", "time": "60 beats"},
        {"rest": "", "time": "10s"},
        {"run": "b", "time": "20s", "tempo": "own"},
    ]}, name="x", library=LIBRARY, rehearsal=True), made)  # fmt: skip
    session, again = restored(logged(done), LIBRARY)
    assert (session, again) == (done.session, done.options)


def nudged(performance: Performance, times: int) -> Performance:
    """A run whose tempo was changed so often, each time at a beat of the tempo before."""
    (part, *_) = performance.parts
    at = Fraction(0)
    edits = []
    tempi = performance.tempi
    for k in range(times):
        at += 5 * 60 / tempi.cadence_spm
        tempi = tempi.nudged(part, Fraction(1 if k % 60 < 30 else -1) + Fraction(k % 7, 10))
        edits.append(Edit(at, tempi))
    return replace(performance, edits=tuple(edits))  # as they are kept; nothing is planned


def test_hundreds_of_changes_are_few_bytes() -> None:
    beat = plain_beat(LIBRARY, tempo="own", time="1h", cues=(), cue_every="60s")
    done = performed(beat, [])
    done = as_performed(done, nudged(done.performance, 300))
    assert max(len(str(edit.at)) for edit in done.performance.edits) > 300  # as it would be
    assert len(json.dumps(kept(done))) < 15_000
    assert restored(logged(done), LIBRARY)[1] == done.options


@pytest.mark.parametrize(
    "session",
    [
        rehearse(LIBRARY.drills["toe-taps"], LIBRARY, sets=2, tempo="100 -> 120"),
        plain_beat(LIBRARY, tempo="own", time="60s", cues=["relaxed"], cue_every="16 beats"),
    ],
    ids=["drill", "beat"],
)
def test_a_session_without_a_file_is_kept_itself(session: Session) -> None:
    done = performed(session)
    found, again = restored(logged(done), LIBRARY)
    assert (found, again) == (session, done.options)


def own_file(folder: Path, text: str = OWN) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_found_where_it_was_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    own_file(work)
    monkeypatch.chdir(work)
    practice = logged(performed(load(Path("mine.toml"), LIBRARY)))
    for name in (None, "mine", "mine.toml", str(work / "mine.toml")):
        assert last([MARK, practice], name) == practice
    monkeypatch.chdir(tmp_path)
    session, _ = restored(practice, LIBRARY)
    assert session.source == work / "mine.toml"
    assert last([practice], "mine.toml") is None
    own = own_file(user_folder() / "sessions")
    practice = logged(performed(load(own, LIBRARY)))
    assert str(tmp_path) not in json.dumps(kept(performed(load(own, LIBRARY), [])))
    for name in ("mine", str(own)):
        assert last([practice, MARK], name) == practice
    assert restored(practice, LIBRARY)[0].source == own


MISSING = (
    "{}: what you performed on 2026-11-23 07:00 (Daily ten) cannot be performed again: its session "
    "is no longer here; put its file back"
)
CHANGED = (
    "{}: what you performed on 2026-11-23 07:00 (Daily ten) cannot be performed again: the session "
    "or one of its drills has changed since; put back what it was, or export it as it is, or play "
    "it again"
)


def moved(path: Path) -> Library:
    path.rename(path.with_name("other.toml"))
    return LIBRARY


def longer(path: Path) -> Library:
    path.write_text(OWN.replace("30s", "31s"))
    return LIBRARY


def another_drill(_: Path) -> Library:
    drill = LIBRARY.drills["perception"]
    return replace(LIBRARY, drills=LIBRARY.drills | {drill.id: replace(drill, accent=9)})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (moved, MISSING),
        (longer, CHANGED),
        (another_drill, CHANGED),
    ],
)
@pytest.mark.parametrize("own", [False, True])
def test_a_session_that_is_not_what_it_was_is_refused(
    tmp_path: Path, change: Callable[[Path], Library], told: str, own: bool
) -> None:
    path = own_file(user_folder() / "sessions" if own else tmp_path)
    practice = logged(performed(load(path, LIBRARY)))
    path.write_text(f"# as it was\n{OWN}")
    assert restored(practice, LIBRARY)[0].title == "Mine"
    library = change(path)
    with pytest.raises(UserError) as error:
        restored(practice, library)
    where = "mine" if own and change is moved else path
    assert str(error.value) == told.format(where)


def test_what_an_earlier_version_logged_cannot_be_performed_again() -> None:
    with pytest.raises(UserError, match="was not kept: you ran it to a track"):
        restored(MARK, LIBRARY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"edits": [{"after": "1/0"}]}, {"edits": [{"after": "1e9"}]}, {"edits": [{}]},
        {"edits": 1}, {"rungs": {"toe-taps": [1, 2, 3]}}, {"rungs": []}, {"cadence": "fast"},
        {"cadence": float("nan")}, {"hash": None, "seed": None}, {"left_out": None},
    ],
)  # fmt: skip
def test_a_spoilt_line_is_told(wrong: dict[str, object]) -> None:
    practice = logged(performed(built_in("relax-run")))
    spoilt = replace(practice, performed={**(practice.performed or {}), **wrong})
    with pytest.raises(UserError, match="cannot be read any more; export it as it is, or play"):
        restored(spoilt, LIBRARY)


def test_other_clicks_and_cues_of_a_plain_beat_come_out_again() -> None:
    beat = plain_beat(LIBRARY, tempo="172", time="60s", cues=(), cue_every="60s")
    other = with_other_clicks(
        beat, LIBRARY, cues=("relaxed",), cue_every="8s", stride="left", accent=2
    )
    prepared = prepare(
        beat, LIBRARY, Settings(), PerformanceOptions(), live=True, rate=44100, plain=True
    )
    performance = prepared.performance
    tempi = performance.tempi
    for seconds, session in ((9, other), (30, other), (40, None)):
        plan = performance.plan
        at = at_beat(plan.layout, plan.clock, plan.clock.frame(Fraction(seconds)))
        tempi = tempi.nudged(performance.parts[0], Fraction(seconds == 30))
        performance = performance.edited(Edit(at, tempi, session=session))
    done = as_performed(prepared, performance)
    session, again = restored(logged(done), LIBRARY)
    assert again == done.options
    heard = sounds(exported(session, again))
    assert heard == sounds(performance.timeline)
    texts = {each[-1] for each in heard}
    assert len(texts) > 3  # clicks of three kinds at least, and cues
