"""Workouts: read back by other readers, they have the phases of the session, for every session."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import fitdecode
import pytest

import cadence_cue
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.preparing import prepare
from cadence_cue.app.settings import Settings
from cadence_cue.app.tracks.workout import workout
from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.errors import UserError
from cadence_cue.export import workouts
from cadence_cue.export.workouts.steps import Effort, Round, Step, Workout, folded
from tests.matrix import matrix

SESSIONS = matrix(sorted(built_in_sessions()), few=4)
Expected = list[tuple[str, float, tuple[float, float] | None]]


def made(name: str) -> tuple[Workout, Expected]:
    """The workout of a session, and its phases by the timeline: title, seconds, strides."""
    prepared = prepare(
        cadence_cue.load_session(name), load_library(), Settings(),
        PerformanceOptions(cadence=165, speaks=False, seed=20261129), live=False,
    )  # fmt: skip
    timeline = prepared.performance.timeline
    phases = [
        (
            mark.title,
            mark.frames / timeline.rate,
            (mark.tempo, mark.end_tempo) if mark.kind == "run" and mark.tempo else None,
        )
        for mark in timeline.marks
    ]
    return workout(prepared), phases


@pytest.mark.parametrize("name", SESSIONS)
def test_a_watch_reads_the_phases_back(name: str, tmp_path: Path) -> None:
    made_of, phases = made(name)
    path = tmp_path / "workout.fit"
    workouts.write(made_of, path, force=False)
    steps = list(_unrolled(path))
    assert [(step["wkt_step_name"], step["duration_time"]) for step in steps] == [
        (title, pytest.approx(seconds, abs=0.001)) for title, seconds, _ in phases
    ]
    for step, (_, _, target) in zip(steps, phases, strict=True):
        if target is None:
            assert step["target_type"] == "open"
            continue
        low, high = step["custom_target_cadence_low"], step["custom_target_cadence_high"]
        assert 0 <= min(target) / 2 * 0.97 - low < 1
        assert 0 <= high - max(target) / 2 * 1.03 < 1
        assert step["target_type"] == "cadence"


def _unrolled(path: Path) -> Iterator[dict[str, Any]]:
    """The steps of a FIT workout in the order in which a watch does them."""
    with fitdecode.FitReader(path, check_crc=fitdecode.CrcCheck.RAISE) as reader:
        messages = [m for m in reader if isinstance(m, fitdecode.FitDataMessage)]
    rows = [{f.name: f.value for f in m.fields} for m in messages if m.name == "workout_step"]
    head = next(m for m in messages if m.name == "workout")
    assert head.get_value("num_valid_steps") == len(rows) <= 50
    assert head.get_value("sport") == "running"
    assert [row["message_index"] for row in rows] == list(range(len(rows)))
    at = 0
    rounds: dict[int, int] = {}
    while at < len(rows):
        row = rows[at]
        if row["duration_type"] == "repeat_until_steps_cmplt":
            rounds[at] = rounds.get(at, 1) + 1
            at = row["duration_step"] if rounds[at] <= row["repeat_steps"] else at + 1
        else:
            yield row
            at += 1


@pytest.mark.parametrize("name", SESSIONS)
def test_zwo_has_the_phases_and_the_words(name: str, tmp_path: Path) -> None:
    made_of, phases = made(name)
    path = tmp_path / "workout.zwo"
    workouts.write(made_of, path, force=False)
    root = ET.fromstring(path.read_bytes())
    assert root.findtext("sportType") == "run"
    steps = list(root.find("workout") or [])
    assert [float(step.attrib["Duration"]) for step in steps] == [
        pytest.approx(seconds, rel=1e-4) for _, seconds, _ in phases
    ]
    for step, (title, seconds, target) in zip(steps, phases, strict=True):
        told = step.attrib.get("Cadence"), step.attrib.get("CadenceEnd")
        ends = target or (None, None)
        assert told[0] == (f"{ends[0]:g}" if ends[0] else None)
        assert told[1] == (f"{ends[1]:g}" if ends[1] and ends[1] != ends[0] else None)
        texts = [(int(t.attrib["timeoffset"]), t.attrib["message"]) for t in step]
        assert title in [text for _, text in texts]
        assert all(0 <= at <= seconds for at, _ in texts)


@pytest.mark.parametrize("name", SESSIONS)
def test_text_has_the_phases(name: str, tmp_path: Path) -> None:
    made_of, phases = made(name)
    path = tmp_path / "workout.txt"
    workouts.write(made_of, path, force=False)
    lengths: list[int] = []
    for block in path.read_text("utf-8").split("\n\n"):
        times = re.match(r"(\d+)x\n", block)
        one_round = [
            60 * int(minutes or 0) + int(seconds or 0)
            for minutes, seconds in re.findall(
                r"^- \D* (?:(\d+)m)?(?:(\d+)s)?(?= |$)", block, re.MULTILINE
            )
        ]
        lengths += one_round * (int(times[1]) if times else 1)
    assert lengths == [round(seconds) for _, seconds, _ in phases]


def step(title: str, seconds: float = 60) -> Step:
    return Step(title, seconds, Effort.ACTIVE)


def test_rounds_are_folded_where_that_saves_steps() -> None:
    a, b, c = map(step, "abc")
    assert folded([a, b, a, b, a, b, c]) == [Round((a, b), 3), c]
    assert folded([a, a]) == [a, a]
    assert folded([a, a, a]) == [Round((a,), 3)]
    assert folded([a, b, c]) == [a, b, c]
    assert folded([a, step("a", 61), a]) == [a, step("a", 61), a]


def test_too_many_steps_and_long_names_for_a_watch(tmp_path: Path) -> None:
    many = Workout("Long", "", tuple(step(f"Phase {k}") for k in range(51)))
    with pytest.raises(UserError, match="Long has 51 steps, and a watch takes 50"):
        workouts.write(many, tmp_path / "x.fit", force=False)
    assert not list(tmp_path.iterdir())
    long = Workout("ü" * 60, "", (step("é" * 60),))
    workouts.write(long, tmp_path / "x.fit", force=False)
    (read,) = _unrolled(tmp_path / "x.fit")
    assert read["wkt_step_name"] == "é" * 18 + "…"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the ending of the name sets the format"):
        workouts.write(Workout("", "", (step("a"),)), tmp_path / "x.doc", force=False)
