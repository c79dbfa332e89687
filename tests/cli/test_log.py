"""The command `log`."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import time_machine

from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice, Result, Scored
from cadence_cue.app.log.kept_reviews import kept_reviews
from cadence_cue.app.settings import user_folder
from cadence_cue.cli import shared
from tests.cli.conftest import Keep, Run

Refused = Callable[..., str]
DONE = Practice("2026-11-23T07:00:00+01:00", "daily-ten", "Daily ten", 0.5, 170.5,
                drills=("toe-taps",))  # fmt: skip


def test_without_a_history_it_tells_how_to_begin(run: Run) -> None:
    assert "play first-perception" in run("log").stdout
    assert "play first-perception" in run("log", "--mark", "3").stdout


def test_it_tells_every_session_and_the_last_ones(run: Run) -> None:
    for cadence in (170.5, 171, 172):
        history.append(replace(DONE, cadence=cadence), user_folder())
    headings, *lines = run("log").stdout.splitlines()
    assert lines == [
        f"2026-11-23 07:00    50%  {cadence:>7}  Daily ten" for cadence in ("170.5", "171", "172")
    ]
    ends = [lines[0].index(cell) + len(cell) for cell in ("07:00", "50%", "170.5")]
    assert [headings.index(word) for word in ("when", "session")] == [0, lines[0].index("Daily")]
    assert [headings.index(word) + len(word) for word in ("heard", "cadence")] == ends[1:]
    assert run("log", "-n", "2").stdout.splitlines() == [headings, *lines[1:]]
    assert (
        run("log", "--mark", "4").stdout.splitlines()[-1]
        == f"{lines[-1]}  felt 4 (1 hard … 5 easy)"
    )


def test_a_beat_has_no_end_to_be_a_share_of(run: Run) -> None:
    beat = replace(DONE, session="beat", title="Beat 172", share=0.007, drills=(), seconds=95.0)
    history.append(beat, user_folder())
    assert run("log").stdout.splitlines()[1:] == ["2026-11-23 07:00   1:35    170.5  Beat 172"]


def test_a_drill_that_feels_easy_is_told_until_it_is_mastered(run: Run) -> None:
    for _ in range(3):
        history.append(replace(DONE, mark=4), user_folder())
    told = run("log").stdout
    assert "Toe Taps felt easy 3 times. You have it when: " in told
    assert "cadence-cue mastered toe-taps" in told
    assert "Next: " in told
    run("mastered", "toe-taps")
    assert "felt easy" not in run("log").stdout


HOPS = """
name = "Hops"
explanation = "Hop."
movement = ["Hop."]
beat = "One hop."
tempo = { lowest = 60, highest = 120, default = 80 }
cues = [{ text = "Hop lightly", type = "movement" }]
"""


def test_a_drill_of_ones_own_need_not_say_when_it_is_mastered(run: Run, keep: Keep) -> None:
    keep("drills", HOPS, "hops")
    for _ in range(3):
        history.append(replace(DONE, mark=5, drills=("gone", "hops")), user_folder())
    assert run("log").stdout.splitlines()[4:] == [
        "",
        "Hops felt easy 3 times.",
        "If so: cadence-cue mastered hops",
    ]


@pytest.mark.parametrize(
    "typed", [("--mark", "0"), ("--mark", "6"), ("--mark", "well"), ("-n", "0")]
)
def test_a_mark_or_a_number_that_is_none_is_refused(
    run: Run, refused: Callable[..., str], typed: tuple[str, str]
) -> None:
    history.append(DONE, user_folder())
    before = run("log").stdout
    assert typed[1] in refused("log", *typed)
    assert run("log").stdout == before


# A bell: click itself takes colours away where nobody sees them.
@pytest.mark.parametrize(("date", "told"), [("", ""), ("yester\x07day", "yester\\u0007day")])
def test_any_date_is_printable(run: Run, date: str, told: str) -> None:
    history.append(replace(DONE, date=date), user_folder())
    assert run("log").stdout.splitlines()[1:] == [f"{told}    50%    170.5  Daily ten"]


def test_what_is_in_the_way_is_told(refused: Callable[..., str]) -> None:
    folder = user_folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    Path(folder).write_text("")
    assert str(folder) in refused("log")


TAPS = Result("Taps", 9, 8, -0.25, 21.5, "steady")
ALONE = Result("Alone", 0, 0, alone_error_percent=1.5)
SCORED = Scored(DONE.date, "daily-ten", "Daily ten", (TAPS, ALONE))
REVIEW = {"date": "2026-11-24T08:00:00+01:00", "session": "relax-run", "mean_spm": 171.5,
          "own_spm": None}  # fmt: skip


@pytest.fixture
def full() -> Path:
    """The folder of a log with a practice, a score, a review, and a line that cannot be read."""
    folder = user_folder()
    history.append(replace(DONE, title="=1+1", mark=4, seconds=300.0), folder)
    history.append(SCORED, folder)
    (folder / "reviews.jsonl").write_text(f"{'[' * 10**5}\n{json.dumps(REVIEW)}\n", "utf-8")
    return folder


def test_the_log_is_written_for_other_programs(run: Run, refused: Refused, full: Path) -> None:
    assert "Written: log.json, 3 entries" in run("log", "export", "-o", "log.json").stderr
    told = json.loads(Path("log.json").read_text("utf-8"))
    assert [each["kind"] for each in told] == ["practised", "scored", "reviewed"]
    assert (told[0]["title"], told[0]["seconds"], told[0]["drills"]) == ("=1+1", 300, ["toe-taps"])
    assert told[2] == {**REVIEW, "kind": "reviewed"}
    run("log", "export")
    with Path("log.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(each["kind"], each["title"], each["mark"]) for each in rows] == [
        ("practised", "'=1+1", "4"), ("scored", "Taps", ""), ("scored", "Alone", ""),
        ("reviewed", "", ""),
    ]  # fmt: skip
    assert [each["alone_error_percent"] for each in rows] == ["", "", "1.5", ""]
    assert rows[1]["tempo_error_percent"] == "-0.25"
    assert rows[3]["mean_spm"] == "171.5"
    assert "log.csv: exists already" in refused("log", "export", "-o", "log.csv")
    assert "the log is written as .csv or .json" in refused("log", "export", "-o", "log.xls")
    assert run("log", "export", "-o", "log.csv", "--force").exit_code == 0


def test_an_entry_is_deleted_by_its_day_or_its_time(
    run: Run, refused: Refused, full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = replace(DONE, date="2026-11-23T19:00:00+01:00")
    history.append(evening, full)
    before = history.entries(full)
    assert "there is no entry of 2026-11-22" in refused("log", "delete", "2026-11-22", "--yes")
    assert "say which" in refused("log", "delete")
    assert "nothing was deleted; --yes" in refused("log", "delete", "2026-11-23")
    monkeypatch.setattr(shared, "on_terminal", lambda: True)
    told = run("log", "delete", "2026-11-23", answers="n\n", code=2).stderr
    assert "Delete 3 entries? [y/N]" in told
    assert "scored          Daily ten  Taps 8 of 9, steady; Alone +1.5 % without a click" in told
    assert history.entries(full) == before
    run("log", "delete", "2026-11-23T19:00", answers="y\n")
    assert history.entries(full) == before[:-1]
    run("log", "delete", "2026-11-23", "--yes")
    assert history.entries(full) == []
    assert [each["mean_spm"] for each in kept_reviews(full)] == [171.5]
    assert run("log").stdout.splitlines()[1:] == ["2026-11-24 08:00  reviewed 171.5  relax-run"]
    told = run("log", "delete", "2026-11-24", answers="y\n").stderr
    assert "Delete 1 entry?" in told
    assert "Deleted: 1 entry" in told
    assert kept_reviews(full) == []


def test_all_is_deleted_with_the_reviews(run: Run, refused: Refused, full: Path) -> None:
    run("log", "delete", "--all", "--yes")
    assert not (full / "history.jsonl").exists()
    assert not (full / "reviews.jsonl").exists()
    assert "your log is empty" in refused("log", "delete", "--all", "--yes")


def test_the_charts_fit_a_terminal_and_a_pipe(
    run: Run, full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in ("80", "60"):
        monkeypatch.setenv("COLUMNS", columns)
        with time_machine.travel(datetime(2026, 11, 25, 12).astimezone()):
            told = run("log", "--chart").stdout
        assert "Minutes a week\n  23 Nov  " in told
        assert "Toe Taps                ▆           4" in told
        assert "\x1b" not in told
