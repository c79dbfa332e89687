"""The command `review`: what it says of a run, keeps, writes and refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

import cadence_cue
from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.log.kept_reviews import kept_reviews
from cadence_cue.app.preparing import prepare
from cadence_cue.app.review.review import planned_phases, settling, told_start
from cadence_cue.app.settings import Settings, user_folder
from cadence_cue.app.tracks.performed import as_performed, kept
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.coaching.tempi import Tempi
from cadence_cue.season.planned import PlannedPhase
from cadence_cue.season.recording import Raw, recorded_run
from cadence_cue.season.reviewing import Figures, PhaseFigures, Review
from cadence_cue.timing.editing import Edit
from tests.cli.conftest import Run
from tests.season import files
from tests.season.files import Point
from tests.season.runner import Habit, recorded

Write = Callable[..., Path]
BEFORE = 75
STEADY = Habit()


@pytest.fixture
def write(home: Path) -> Write:
    """Write the recording of cadence-plus5 by somebody of 165."""

    def write(habit: Habit = STEADY, name: str = "run.fit", **how: int) -> Path:
        phases = planned_phases(cadence_cue.plan("cadence-plus5", cadence=165, seed=1).timeline)
        points = recorded(phases, 3, before=BEFORE, habit=habit, **how)
        path = home / name
        path.write_bytes(files.fit(points))
        return path

    return write


def test_a_run_that_followed_is_told_in_sentences_a_table_and_a_chart(
    run: Run, write: Write
) -> None:
    told = run("review", write(), "cadence-plus5", "--cadence", "165").stdout
    assert re.match(r"Cadence \+5 %, 2026-09-2[12] ", told)  # the day is the runner's
    assert re.search(r"The track began 1:1[4-7] into the recording; run and rest agree to", told)
    assert re.search(r"You followed the click: (9\d|100) % of the time", told)
    assert re.search(r"On average 171\.\d steps a minute, .*[34]\.\d % above your own 165", told)
    assert re.search(
        r"^ 7:21  Heel pull +173 +17\d\.\d +[+−]\d\.\d % +\d+ % +\d+ s$", told, re.MULTILINE
    )
    assert "minutes; = target with a click, - without" in told
    assert "Next time" not in told


@pytest.mark.parametrize(
    ("habit", "sentence"),
    [
        (Habit(0.0, own=163), "You ran mostly in your own rhythm: "),
        (Habit(0.0, own=163), "Next time try a target 2.5 % lower, and come back to this one"),
        (Habit(faster=0.3), "You ran 11 % faster on the quicker click than at your own cadence."),
    ],
)
def test_what_matters_most_is_told(run: Run, write: Write, habit: Habit, sentence: str) -> None:
    assert sentence in run("review", write(habit), "cadence-plus5", "--cadence", "165").stdout


def test_a_click_that_was_mostly_not_found_is_not_told_as_found(run: Run, write: Write) -> None:
    path = write(Habit(0.0, own=163))  # near enough to the easy run's click at the start
    told = run("review", path, "cadence-plus5", "--cadence", "165").stdout
    assert re.search(r"Easy run .* \d+ s$", told, re.MULTILINE)
    assert "You were on the click after" not in told
    told = run("review", path, "cadence-plus5", "--cadence", "165", "--json").stdout
    assert json.loads(told)["whole"]["settle_s"] is None


@pytest.mark.parametrize(
    ("found", "typical"),
    [
        ((), None),
        ((5.0, 9.0), 7.0),
        ((5.0, 7.0, 9.0, None), 8.0),
        ((5.0, 7.0, None, None), None),
        ((None, 5.0, None), None),
    ],
)
def test_how_soon_the_click_was_found_is_told_if_it_was_in_most_phases(
    found: tuple[float | None, ...], typical: float | None
) -> None:
    phase = PlannedPhase(0, "Run", 0, 60, runs=True, stands=False, target=(170, 170), clicks=True)
    of = Figures(moving_s=40)
    phases = tuple(PhaseFigures(phase, of, each) for each in found)
    assert settling(Review(0, phases, of, None, None, None, of, of)) == typical


def test_json_has_every_phase_of_the_timeline_and_the_whole(run: Run, write: Write) -> None:
    path = write()
    data = json.loads(run("review", path, "cadence-plus5", "--cadence", "165", "--json").stdout)
    timeline = json.loads(run("timeline", "cadence-plus5", "--cadence", "165", "--json").stdout)
    assert [(each["index"], each["title"]) for each in data["phases"]] == [
        (each["index"], each["title"]) for each in timeline["phases"]
    ]
    assert data["start_s"] == pytest.approx(BEFORE, abs=2)
    assert 0.9 < data["score"] <= 1
    assert data["how"] == "aligned"
    keys = {"index", "title", "target_spm", "moving_s", "mean_spm", "median_spm", "bias_percent",
            "within_2_percent", "within_3_percent", "within_5_percent", "settle_s"}  # fmt: skip
    assert all(each.keys() == keys for each in (*data["phases"], data["whole"]))
    heel_pull = next(each for each in data["phases"] if each["title"] == "Heel pull")
    assert heel_pull["target_spm"] == [173.25, 173.25]
    assert heel_pull["moving_s"] == pytest.approx(220, abs=2)
    assert data["phases"][0]["target_spm"] is None


def test_a_start_that_is_told_is_taken(run: Run, write: Write) -> None:
    path = write()
    for start, seconds in (("12.4s", 12.4), ("-30s", -30.0), (None, None)):
        clock = datetime.fromtimestamp(files.START + 100, UTC).astimezone()
        text = start or f"{clock:%H:%M:%S}"
        out = run("review", path, "cadence-plus5", "--start", text, "--json").stdout
        data = json.loads(out)
        assert (data["start_s"], data["how"], data["score"]) == (seconds or 100, "told", None)


@pytest.mark.parametrize(
    ("began", "told", "seconds"),
    [("23:50", "00:10:00", 1200), ("00:10", "23:50:00", -1200), ("07:30", "07:20:00", -600)],
)
def test_a_time_of_day_may_lie_beyond_midnight(began: str, told: str, seconds: int) -> None:
    first = datetime.fromisoformat(f"2026-12-07T{began}").astimezone().timestamp()
    run = recorded_run([Raw(first + at, 170) for at in range(1800)])
    assert told_start(told, run) == seconds


def test_a_start_outside_of_the_recording_is_refused(
    refused: Callable[..., str], write: Write
) -> None:
    path = write()
    for start in ("2500s", "-2500s"):
        told = refused("review", path, "cadence-plus5", "--start", start)
        assert f'with a start at "{start}" nothing of the session is in the recording' in told
    assert kept_reviews(user_folder()) == []


def test_the_last_session_is_held_against_with_its_changes(run: Run, write: Write) -> None:
    library = load_library()
    session = cadence_cue.load_session("cadence-plus5")
    prepared = prepare(session, library, Settings(cadence=165), live=True)
    edited = prepared.performance.edited(Edit(Fraction(100), Tempi(Fraction(160))))
    performed = as_performed(prepared, edited)
    seconds = edited.timeline.frames / edited.timeline.rate
    ended = datetime.fromtimestamp(files.START + BEFORE + seconds, UTC)
    entry = Practice(ended.isoformat(), session.name, session.title, 1.0, 160.0,
                     performed=kept(performed))  # fmt: skip
    history.append(entry, user_folder())
    path = write()
    data = json.loads(run("review", path, "--json").stdout)
    assert data["start_s"] == pytest.approx(BEFORE, abs=15)  # it is ready sooner than a file
    heel_pull = next(each for each in data["phases"] if each["title"] == "Heel pull")
    assert heel_pull["target_spm"] == [168, 168]
    assert run("review", path, "--last", "--json").stdout == run("review", path, "--json").stdout


def test_three_runs_without_a_click_tell_the_own_cadence(
    run: Run, home: Path, write: Write
) -> None:
    told = ""
    for day in range(3):
        path = write(Habit(0.0, own=170), f"{day}.fit")
        points = [Point(at + day * 86_400, 170) for at in range(1500)]
        path.write_bytes(files.fit(points))
        assert "make that your own" not in told
        told = run("review", path, "find-your-cadence", "--cadence", "165", "--start", "0s").stdout
    assert "Without a click your last runs had 170 steps a minute." in told
    assert "cadence-cue cadence 170" in told
    lines = (user_folder() / "reviews.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 3
    assert not any("lat" in line or "48.1" in line for line in lines)
    run("review", path, "find-your-cadence", "--start", "0s")
    assert len((user_folder() / "reviews.jsonl").read_text("utf-8").splitlines()) == 3


def test_what_is_kept_at_a_target_without_a_click_is_not_told_as_ones_own(
    run: Run, home: Path
) -> None:
    for day in range(3):
        path = home / f"{day}.fit"
        path.write_bytes(files.fit([Point(at + day * 86_400, 173) for at in range(1500)]))
        told = run("review", path, "cadence-plus5", "--cadence", "165", "--start", "0s").stdout
        assert "Without the click you took 0.0 steps a minute more than with it." in told
        assert "make that your own" not in told


def test_a_page_is_written_whole_and_loads_nothing(run: Run, write: Write, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run("review", write(), "cadence-plus5", "-o", page)
    html = page.read_text("utf-8")
    grid = re.findall(r'<path class="grid" d="M40 ([\d.]+)H', html)  # ten steps apart
    tall = float(grid[0]) - float(grid[1])
    bands = re.findall(r'class="band" d="M\S+ (\S+?)L\S+ \S+?L\S+ \S+?L\S+ (\S+?)Z"', html)
    (own, *_, last) = (10 * (float(low) - float(high)) / tall for high, low in bands)
    assert [own, last] == pytest.approx([0.06 * 165, 0.06 * 173.25], abs=0.1)
    assert "You followed the click" in html
    assert "<svg" in html
    assert not re.search(r"<script|src=|https?:|url\(", html)
    told = run("review", write(), "cadence-plus5", "-o", page, code=2).stderr
    assert "exists already" in told
    run("review", write(), "cadence-plus5", "-o", page, "--force")


def test_what_cannot_be_held_against_a_session_is_refused(
    refused: Callable[..., str], write: Write, home: Path
) -> None:
    path = write()
    other = home / "other.fit"
    other.write_bytes(files.fit([Point(at, 168) for at in range(1200)]))
    unlike = "this run does not look like that session; say where in it the track begins"
    assert f"{unlike}, in seconds: --start 12.4s" in refused("review", other, "cadence-plus5")
    assert "No such file or directory" in refused("review", home / "none.fit", "cadence-plus5")
    assert "Is a directory" in refused("review", home, "cadence-plus5")
    assert "give one of SESSION, --last and --plan" in refused(
        "review", path, "cadence-plus5", "--last"
    )
    told = Practice("2026-09-20T08:00:00+02:00", "plan-2026-09-20", "Week 1", 1.0, 165)
    history.append(told, user_folder())  # of another day, and to a track
    assert "nothing that you played is in your log" in refused("review", path)
    assert '"noon" is no start' in refused("review", path, "cadence-plus5", "--start", "noon")
    assert '"infs" is no start' in refused("review", path, "cadence-plus5", "--start", "infs")
