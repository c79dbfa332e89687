"""What each of many tracks is to be; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from cadence_cue.app import batch
from cadence_cue.app.batch import Outcome
from cadence_cue.app.tracks.export_job import ExportJob
from cadence_cue.cli import shared
from cadence_cue.timing.timeline import EventKind
from tests.cli.conftest import Keep, Run
from tests.cli.sessions import LOCKED

TEAM = """\
title = "Team"
get_ready = "0s"

[[phase]]
drill = "perception"
time = "20s"

[[phase]]
run = ""
time = "10s"
tempo = "own"
"""


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[ExportJob]:
    """What would have been written."""
    jobs: list[ExportJob] = []

    def note(orders: Iterable[ExportJob], *_: object) -> Iterator[Outcome]:
        for place, job in enumerate(orders):
            jobs.append(job)
            yield Outcome(place, summary="noted")

    monkeypatch.setattr(batch, "write_all", note)
    return jobs


def explained(job: ExportJob) -> bool:
    return bool((job.timeline.events["kind"] == EventKind.EXPLANATION).any())


@pytest.mark.parametrize(("option", "usual"), [("--explain", True), ("--no-explain", False)])
def test_what_a_team_does_not_say_is_as_the_command_line_says(
    run: Run, keep: Keep, jobs: list[ExportJob], option: str, usual: bool
) -> None:
    keep("sessions", TEAM)
    Path("team.csv").write_text("name,cadence,explain\nAnna,158,yes\nBen,,no\nCy,,\n")
    run("export", "mine", "--runners", "team.csv", "--cadence", 171.5, option)
    assert [job.track.title for job in jobs] == ["Anna - Team", "Ben - Team", "Cy - Team"]
    assert [job.facts.partition(", seed")[0] for job in jobs] == [
        "own cadence 158",
        "own cadence 171.5",
        "own cadence 171.5",
    ]
    assert [explained(job) for job in jobs] == [True, False, usual]


@pytest.mark.parametrize(("answer", "left_out"), [("y", True), ("n", False)])
def test_a_drill_is_left_out_of_all_tracks_of_its_session(
    run: Run,
    keep: Keep,
    jobs: list[ExportJob],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    left_out: bool,
) -> None:
    keep("sessions", LOCKED)
    monkeypatch.setattr(shared, "on_terminal", lambda: True)
    Path("team.csv").write_text("name\nAnna\nBen\n")
    result = run("export", "mine", "--runners", "team.csv", answers=f"{answer}\n")
    assert result.stderr.count("Leave it out?") == 1
    phases = [[mark.title for mark in job.timeline.marks] for job in jobs]
    assert phases[0] == phases[1]
    running = any(title.startswith("Cycle drill running") for title in phases[0])
    assert running != left_out
