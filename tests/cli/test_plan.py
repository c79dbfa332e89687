"""The command `plan`: a season by commands, day after day."""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import soundfile
import time_machine
from icalendar import Calendar

from cadence_cue import storage
from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.plan import kept_plan, plan_file, planning
from cadence_cue.app.plan.plan_session import drills_of, session_of
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching.catalogue import load_library
from tests.cli.conftest import Run
from tests.season import files
from tests.season.files import Point

MONDAY = date(2026, 12, 7)


@contextmanager
def on(day: date) -> Iterator[None]:
    """Be there on a day, at noon in the runner's zone."""
    noon = datetime(day.year, day.month, day.day, 12).astimezone()
    with time_machine.travel(noon, tick=False):
        yield


@pytest.fixture
def plan(run: Run) -> Callable[..., str]:
    """Run `plan` with arguments on a day; what it prints, notices too."""

    def plan(day: date, *arguments: object) -> str:
        with on(day):
            result = run("plan", *arguments)
        return result.stdout + result.stderr

    plan(MONDAY - timedelta(3), "new", "--from", 160, "--to", 172, "--start", MONDAY)
    return plan


def kept() -> dict[str, object]:
    return tomllib.loads((user_folder() / "plan.toml").read_text("utf-8"))


def runs(week: int) -> list[date]:
    rows = kept()["run"]
    assert isinstance(rows, list)
    return [row["date"] for row in rows if row["week"] == week]


def do(plan: Callable[..., str], week: int, mark: int = 4) -> str:
    """Run all runs of a week; what has changed on the Monday after."""
    for day in runs(week):
        plan(day, "done", "--mark", mark)
    before = kept()["change"]
    plan(max(runs(week)) + timedelta(2))
    after = kept()["change"]
    assert isinstance(before, list)
    assert isinstance(after, list)
    return "".join(change["why"] for change in after[len(before) :])


def test_a_new_plan_keeps_what_is_sore(plan: Callable[..., str]) -> None:
    new = ("new", "--from", 160, "--to", 172, "--start", MONDAY, "--force")
    plan(MONDAY, "sore")
    told = plan(MONDAY + timedelta(1), *new)
    assert f"You said on {MONDAY} that something is sore; the new plan keeps that.\n" in told
    assert planning._GENTLER in plan(MONDAY + timedelta(1))
    assert planning.PROFESSIONAL in plan(MONDAY + timedelta(9), "sore")
    assert planning.PROFESSIONAL in plan(MONDAY + timedelta(10), *new)
    assert plan(MONDAY + timedelta(10)).startswith(planning.PROFESSIONAL)
    plan(MONDAY + timedelta(30), "resume")
    told = plan(MONDAY + timedelta(30), *new, "--start", MONDAY + timedelta(35))
    assert "sore" not in told
    assert kept()["sore"] == []


def test_it_tells_today_and_the_week(plan: Callable[..., str]) -> None:
    assert plan(MONDAY - timedelta(1)).startswith(
        "Today: a free day; next Mon 07 Dec, week 1, 20 minutes in your own rhythm\n"
    )
    plan(MONDAY, "done", "--mark", 4)
    told = plan(MONDAY + timedelta(3))
    assert re.search(r"Mon 07 Dec  week 1, 20 minutes in your own rhythm  done", told)
    assert re.search(r"Wed 09 Dec  .*  missed", told)
    assert re.search(r"Sat 12 Dec  week 1, 20 minutes in your own rhythm$", told, re.MULTILINE)


def test_a_plan_from_another_cadence_than_the_saved_one_says_so(
    plan: Callable[..., str], run: Run
) -> None:
    run("cadence", 170)
    for own, told in ((160, True), (170, False)):
        said = plan(MONDAY, "new", "--from", own, "--to", 172, "--force")
        assert ("your saved cadence is 170" in said) is told, own


def test_a_season_follows_what_was_run_and_felt(plan: Callable[..., str]) -> None:
    assert "comes again" not in do(plan, 1)
    assert "Week 2 felt hard, so it comes again as week 3." in do(plan, 2, mark=2)
    assert "comes again" not in do(plan, 3)  # what week 2 was
    assert runs(4)[0] == MONDAY + timedelta(21)
    wednesday = runs(4)[1]
    told = plan(max(runs(4)) + timedelta(16))
    assert "Week 4 was missed, so it comes now." in told
    assert runs(4)[1] == wednesday + timedelta(21)
    for week in (4, 5, 6):
        assert "comes again" not in do(plan, week)
    # 168 is 5 % above 160: from there on it has to feel easy
    targets = {row["week"]: row.get("target") for row in kept()["run"]}  # type: ignore[attr-defined]
    assert (targets[7], targets[8]) == (168, 172)
    told = do(plan, 7, mark=3)
    assert "Above 5 % the plan goes on once that feels easy: week 7 comes again as week 8." in told
    assert "comes again" not in do(plan, 8, mark=4)
    assert {row.get("target") for row in kept()["run"] if row["week"] == 9} == {172}  # type: ignore[attr-defined]
    for week in (9, 10, 11):
        do(plan, week)
    assert "Your plan is over" in plan(max(runs(0)) + timedelta(1))


def test_a_click_that_was_not_followed_brings_the_week_again(
    plan: Callable[..., str], run: Run, home: Path
) -> None:
    do(plan, 1)
    day = runs(2)[0]
    for each in runs(2):
        plan(each, "done", "--mark", 4)
    moment = datetime(day.year, day.month, day.day, 8).astimezone().timestamp() - files.START
    path = home / "run.fit"
    path.write_bytes(files.fit([Point(moment + at, 150) for at in range(1500)]))
    told = run("review", path, "--plan", "--start", "0s").stdout
    assert "You ran mostly in your own rhythm" in told
    told = plan(max(runs(2)) + timedelta(2))
    assert "In week 2 the click was followed less than half of the time" in told


def test_pain_eases_the_plan_and_twice_pauses_it(plan: Callable[..., str], run: Run) -> None:
    for week in (1, 2, 3, 4):
        do(plan, week)
    monday = runs(5)[0]
    told = plan(monday, "sore")
    assert (
        told
        == "Something hurt, so for a week there is no bouncing and the target is a step lower.\n"
    )
    assert "at 164" in plan(monday)
    why = f"Changed on {monday:%a %d %b}: Something hurt, so for a week there is no bouncing"
    assert why in plan(monday)
    assert why in plan(monday + timedelta(6))
    assert "no bouncing" not in plan(monday + timedelta(7))
    told = plan(monday + timedelta(9), "sore")
    assert "See a doctor or a physiotherapist before you go on." in told
    with on(monday + timedelta(9)):
        for of in (("next", "-o", "x.wav"), ("export", "-o", ".")):
            assert "the plan pauses" in run("plan", *of, code=2).stderr
    paused = plan(monday + timedelta(9))
    assert paused.splitlines() == [planning.PROFESSIONAL, "To go on: cadence-cue plan resume"]
    assert plan(monday + timedelta(10), "sore") == f"{planning.PROFESSIONAL}\n"
    later = monday + timedelta(30)
    assert "comes again" not in plan(later)
    plan(later, "resume")
    assert kept()["paused"] is False
    assert min(day for day in runs(6) if day > monday + timedelta(9)) >= later


def test_pain_that_is_told_twice_in_a_day_counts_once(plan: Callable[..., str]) -> None:
    for week in (1, 2, 3, 4):
        do(plan, week)
    monday = runs(5)[0]
    plan(monday, "sore")
    once = kept()
    assert plan(monday, "sore", "left", "calf") == "You said so today already.\n"
    assert kept() == once
    assert "at 164" in plan(monday)


def test_pain_that_was_told_by_mistake_is_taken_back(plan: Callable[..., str]) -> None:
    before = kept()
    tuesday, wednesday = MONDAY + timedelta(1), MONDAY + timedelta(2)
    plan(tuesday, "sore")
    once = kept()
    plan(wednesday, "sore")
    assert kept()["paused"] is True
    assert plan(wednesday, "sore", "--undo").startswith("Today: week 1, 20 minutes")
    assert kept() == once
    plan(tuesday, "sore", "--undo")
    assert kept() == before


def test_the_week_after_pain_is_gentle_and_no_longer(plan: Callable[..., str]) -> None:
    for week in (1, 2, 3, 4):
        do(plan, week)
    monday, wednesday, saturday = runs(5)
    plan(monday, "done", "--mark", 2)
    plan(wednesday, "done")
    plan(wednesday, "sore")  # after that day's run, which stays what it was
    told = plan(wednesday)
    assert "week 5, 20 minutes at 168, click for 100 %  done" in told
    assert f"{saturday:%a %d %b}  week 5, 20 minutes at 164" in told
    later = plan(monday + timedelta(7), "weeks")
    assert "Week 5 felt hard, so it comes again as week 6." in later
    week_6 = [line for line in later.splitlines() if "Week  6" in line]
    aims = "164/168, click 100/100/75 %: Mon today, Wed, Sat"
    assert week_6 == [f"> Week  6, {monday + timedelta(7):%d %b}: {aims}"]
    targets = {day: row for row in kept()["run"] if (day := row["date"]) in runs(6)}  # type: ignore[attr-defined]
    assert {row["target"] for row in targets.values()} == {168}
    told = plan(wednesday + timedelta(7))
    assert "week 6, 20 minutes at 168" in told.splitlines()[0]
    assert "no bouncing" not in told


def test_a_run_that_was_told_as_done_is_what_is_reviewed(
    plan: Callable[..., str], run: Run, home: Path
) -> None:
    plan(MONDAY, "done")
    moment = datetime(2026, 12, 7, 8).astimezone().timestamp() - files.START
    path = home / "run.fit"
    path.write_bytes(files.fit([Point(moment + at, 161) for at in range(1600)]))
    told = run("review", path, "--start", "0s").stdout
    assert told.startswith("Week 1, Monday: your own rhythm, 2026-12-07")
    # when it was told is not when it ended
    sentence = run("review", path, code=2).stderr
    assert "does not look like that session; say where in it the track begins" in sentence


def test_all_weeks_are_told_with_what_was_done_and_missed(
    plan: Callable[..., str], run: Run, home: Path
) -> None:
    plan(MONDAY, "done", "--mark", 4)
    wednesday = MONDAY + timedelta(2)
    moment = datetime(2026, 12, 9, 8).astimezone().timestamp() - files.START
    path = home / "run.fit"
    path.write_bytes(files.fit([Point(moment + at, 160) for at in range(1500)]))
    run("review", path, "--plan", "--start", "0s")  # who reviews a run has run it
    told = plan(wednesday + timedelta(4), "weeks").splitlines()
    assert told[0] == "160 to 172: 27 runs, drills before"
    assert told[1] == "> Week  1, 07 Dec:   own, no click: Mon done, Wed done, Sat missed"
    assert told[2] == "  Week  2, 14 Dec:   164, click 100/100/75 %: Mon, Wed, Sat"
    assert told[4] == "  Week  4, 28 Dec:   164, easier, no click: Mon, Wed"
    assert told[5].startswith("  Week  5, 04 Jan 2027: ")
    assert told[-2] == "  Later,   13 Feb: is the new step still there? Without a click: Sat"
    assert "Wed 09 Dec  week 1, 20 minutes in your own rhythm  done" in plan(wednesday)


def test_a_review_that_finds_nothing_run_leaves_the_run_to_be_done(
    plan: Callable[..., str], run: Run, home: Path
) -> None:
    moment = datetime(2026, 12, 7, 8).astimezone().timestamp() - files.START
    path = home / "run.fit"
    path.write_bytes(files.fit([Point(moment, 161)]))
    told = run("review", path, "--plan", "--start", "0s").stdout
    assert "nothing was run that the session counts" in told
    assert "Mon missed" in plan(MONDAY + timedelta(1), "weeks")


def test_one_week_is_pointed_at_and_days_of_other_years_are_told_with_them(
    plan: Callable[..., str],
) -> None:
    start = date(2027, 12, 22)  # a Wednesday
    wish = ("new", "--force", "--from", 160, "--to", 164, "--start", start, "--days", "mon,wed")
    made = plan(MONDAY, *wish).splitlines()
    assert made[1].endswith("no click: Wed 22 Dec 2027, Mon 27 Dec")
    assert made[2].endswith(": Wed 29 Dec, Mon 03 Jan 2028")
    assert made[3].endswith(": Wed 05 Jan, Mon 10 Jan")
    assert plan(MONDAY).startswith("Today: a free day; next Wed 22 Dec 2027, week 1")
    pointed = []
    for day in (start, start + timedelta(5), start + timedelta(6), start + timedelta(7)):
        told = plan(day, "weeks")
        if day in runs(1):
            plan(day, "done")
        pointed.append(re.findall(r"^> Week +(\d), (.*?):", told, re.MULTILINE))
    assert pointed == [[("1", "22 Dec")]] * 2 + [[("2", "29 Dec")]] * 2


def test_a_day_without_a_run_has_drills_of_its_own(plan: Callable[..., str]) -> None:
    plan(
        MONDAY, "new", "--force", "--from", 160, "--to", 164, "--start", MONDAY, "--drills", "daily"
    )
    tuesday, later = MONDAY + timedelta(1), MONDAY + timedelta(8)
    told = plan(tuesday)
    assert told.startswith("Today: drills, first-perception. Next: Wed 09 Dec, week 1")
    assert told.endswith("The drills: cadence-cue play first-perception\n")
    drilled = f"{datetime(2026, 12, 8, 8).astimezone():%Y-%m-%dT%H:%M:%S%z}"
    history.append(Practice(drilled, "first-perception", "First", 1.0, 160), user_folder())
    assert plan(tuesday).startswith("Today is done. Next: Wed 09 Dec")
    for day in runs(1):
        plan(day, "done")
    assert plan(later).startswith("Today: drills, daily-ten. Next: Wed 16 Dec, week 2")
    plan(later, "sore")  # high knees are in daily-ten
    assert plan(later).startswith("Today: drills, first-perception.")
    plan(later, "calendar", "-o", "plan.ics")
    assert "SUMMARY:Drills: first-perception\r\n" in Path("plan.ics").read_bytes().decode()


def test_the_drills_before_a_run_are_in_the_log_and_follow_what_is_mastered(
    plan: Callable[..., str], run: Run
) -> None:
    for day in runs(1):
        plan(day, "done")
    for week in (2, 3, 4, 5):
        do(plan, week)
    logged = [each.drills for each in history.load(user_folder())]
    first = ("perception", "change-of-support")
    assert logged[0] == first
    assert logged[-1] == (*first, "cycle-standing", "toe-taps")
    run("mastered", "cycle-standing")
    run("mastered", "toe-taps")
    day = runs(6)[0]
    plan(day, "done")
    plan(day, "sore")
    plan(runs(6)[1], "done")
    logged = [each.drills for each in history.load(user_folder())][-2:]
    assert logged == [
        (*first, "cycle-standing", "cycle-running", "toe-taps", "toe-taps-dynamic"),
        (*first, "cycle-standing", "cycle-running", "toe-taps"),
    ]
    made, library = plan_file.load(user_folder() / "plan.toml"), load_library()
    for each in made.runs:
        session = session_of(made, each, library, ("cycle-standing", "toe-taps"))
        drills = drills_of(made, each, ("cycle-standing", "toe-taps"))
        assert [phase.drill for phase in session.written() if phase.drill] == drills


def test_a_run_of_an_earlier_day_is_kept_under_that_day_and_in_its_place(
    plan: Callable[..., str], run: Run, home: Path
) -> None:
    plan(MONDAY + timedelta(2), "done")
    plan(MONDAY + timedelta(3), "done", MONDAY, "--mark", 4)
    kept = [(each.day[:10], each.mark) for each in history.load(user_folder())]
    assert kept == [("2026-12-07", 4), ("2026-12-09", None)]
    run("log", "--mark", 2)  # of the last
    assert [each.mark for each in history.load(user_folder())] == [4, 2]
    moment = datetime(2026, 12, 7, 8).astimezone().timestamp() - files.START
    path = home / "run.fit"
    path.write_bytes(files.fit([Point(moment + at, 161) for at in range(1600)]))
    told = run("review", path, "--start", "0s").stdout  # of the day that was recorded
    assert told.startswith("Week 1, Monday: your own rhythm, 2026-12-07")


def test_a_week_that_is_told_when_it_is_over_was_not_missed(plan: Callable[..., str]) -> None:
    days = runs(1)
    for day in days:
        plan(MONDAY + timedelta(8), "done", day)
    told = plan(MONDAY + timedelta(8), "weeks")
    assert "was missed" not in told
    assert "Week  1, 07 Dec:   own, no click: Mon done, Wed done, Sat done" in told
    assert runs(1) == days


def test_a_mark_is_added_to_a_run_that_was_played(plan: Callable[..., str], run: Run) -> None:
    plan(MONDAY, "done")
    plan(MONDAY, "done", "--mark", 4)
    plan(MONDAY, "done")
    assert [each.mark for each in history.load(user_folder())] == [4]


def test_what_stayed_after_a_plan_has_its_own_words(
    plan: Callable[..., str], run: Run, home: Path
) -> None:
    told = []
    for day, steps in zip(runs(0), (171.5, 161), strict=True):
        moment = datetime(day.year, day.month, day.day, 8).astimezone().timestamp() - files.START
        path = home / "run.fit"
        path.write_bytes(files.fit([Point(moment + at, steps) for at in range(1600)]))
        told.append(run("review", path, "--plan", "--start", "0s").stdout)
    first, second = told
    assert "Is it still there? 1 week after the plan you took 171.5 steps a minute" in first
    assert (
        "That is 7.2 % above the 160 you began with: what the plan went to, 172, has stayed."
        in first
    )
    assert "If you want it back" not in first
    assert "4 weeks after the plan you took 161.0 steps a minute" in second
    assert "That is 0.6 % above the 160 you began with; the plan went to 172." in second
    assert "If you want it back: some runs with the click" in second


def test_a_run_without_a_click_is_held_against_its_target(
    plan: Callable[..., str], run: Run, home: Path
) -> None:
    day = runs(4)[0]
    moment = datetime(day.year, day.month, day.day, 8).astimezone().timestamp() - files.START
    path = home / "run.fit"
    path.write_bytes(files.fit([Point(moment + at, 0.99 * 164) for at in range(1600)]))
    told = run("review", path, "--plan", "--start", "0s").stdout
    assert "Without a click you took 162.4 steps a minute, 1.0 % below the target, over " in told


def test_what_is_being_kept_as_another_plan_is_made_counts_for_that_one(
    plan: Callable[..., str],
) -> None:
    folder = user_folder()
    with on(MONDAY):
        wish = kept_plan.wish(160, 170)
        making = threading.Thread(target=kept_plan.make, args=(wish, folder))
        with storage.locked(folder):
            before = kept_plan.load(folder)
            making.start()
            making.join(0.2)  # waits; without the lock it would end
            plan_file.save(replace(before, sore=(MONDAY,)), plan_file.plan_file(folder))
        making.join()
    assert kept_plan.load(folder).goal == 170
    assert kept_plan.load(folder).sore == (MONDAY,)


def test_it_asks_at_the_next_start_once_whether_anything_is_sore(plan: Callable[..., str]) -> None:
    folder = user_folder()
    tuesday, thursday = MONDAY + timedelta(1), MONDAY + timedelta(3)
    with on(MONDAY):
        assert not kept_plan.asks_at_start(folder)  # nothing was run yet
        assert kept_plan.asks_after_session(folder)
    plan(MONDAY, "done")
    with on(tuesday):
        assert kept_plan.asks_at_start(folder)
        assert kept_plan.answered(folder, sore=False) == ()
        assert not kept_plan.asks_at_start(folder)
    plan(MONDAY + timedelta(2), "done")
    with on(MONDAY + timedelta(2)):
        kept_plan.answered(folder, sore=True)
        assert not kept_plan.asks_after_session(folder)  # another yes would change nothing
    with on(thursday):
        assert not kept_plan.asks_at_start(folder)  # it was told already
    with on(max(runs(0)) + timedelta(1)):
        assert not kept_plan.asks_after_session(folder)  # the plan is over
    with on(MONDAY - timedelta(1)):
        assert not kept_plan.asks_after_session(folder)  # it has not begun


def test_tracks_and_a_calendar_are_written(plan: Callable[..., str], run: Run) -> None:
    with on(MONDAY):
        run("plan", "new", "--from", 160, "--to", 164, "--minutes", 10, "--days", "tue", "--force")
        told = run("plan", "next", "-o", "next.wav", "--rate", 8000, "--mono").stderr
        assert "Today: a free day; next Tue 08 Dec, week 1, 10 minutes" in told
        assert "Not explained to you yet: " in told
        assert "Hear it with: cadence-cue drill perception\n" in told  # there is no --explain here
        run("plan", "export", "--week", 2, "--format", "wav", "--rate", 8000, "-o", ".")
        run("plan", "calendar", "--at", "18:30")
        first = Path("plan.ics").read_bytes()
        run("plan", "calendar", "-o", "plan.ics", "--at", "18:30", "--force")
    assert Path("plan.ics").read_bytes() == first
    with on(MONDAY + timedelta(1)):
        told = run("plan", "next", "-o", "later.wav", "--rate", 8000, "--mono").stderr
        assert "08 Dec" not in told
        run("plan", "done")
        told = run("plan", "next", "-o", "second.wav", "--rate", 8000, "--mono").stderr
        assert "Today is done. Next: Tue 15 Dec, week 2" in told
    same = [soundfile.read(name, dtype="int16")[0].tobytes() for name in ("later.wav", "next.wav")]
    assert same[0] == same[1]  # on any day
    (track,) = Path().glob("2026-12-15 Week 2, Tuesday - 164.wav")
    assert soundfile.info(track).duration > 600
    assert soundfile.info("next.wav").duration > 600
    events = Calendar.from_ical(first).walk("VEVENT")
    assert [f"{event.decoded('dtstart')}" for event in events][:2] == [
        "2026-12-08 18:30:00",
        "2026-12-15 18:30:00",
    ]
    text = first.decode().replace("\r\n ", "")
    assert re.findall(r"DTSTART:(\d{8}T\d{6})\r", text) == [
        "20261208T183000", "20261215T183000", "20261222T183000", "20261229T183000",
        "20270119T183000",
    ]  # fmt: skip
    assert "SUMMARY:Week 2\\, Tuesday: 164\r" in text
    assert len(set(re.findall(r"UID:(\S+)", text))) == 5


@dataclass(frozen=True, slots=True)
class Written:
    """A calendar as a reader of its lines finds it: the day of each event, by UID."""

    days: dict[str, str]
    sequence: int
    stamp: str


def written(plan: Callable[..., str], day: date) -> Written:
    """Write the calendar of a plan on a day, and read it."""
    plan(day, "calendar", "-o", "plan.ics", "--force")
    text = Path("plan.ics").read_bytes().decode()
    days = re.findall(r"DTSTART:(\d{8})T070000\r", text)
    (sequence,) = set(re.findall(r"SEQUENCE:(\d+)\r", text))
    (stamp,) = set(re.findall(r"DTSTAMP:(\d{8}T\d{6}Z)\r", text))
    uids = re.findall(r"UID:(\S+)", text)
    assert len(uids) == len(set(uids))
    return Written(dict(zip(uids, days, strict=True)), int(sequence), stamp)


def test_a_calendar_that_is_written_again_moves_its_runs(plan: Callable[..., str]) -> None:
    before = written(plan, MONDAY)
    do(plan, 1)
    do(plan, 2, mark=1)  # so it comes again
    after = written(plan, runs(3)[0])
    assert len(before.days) == 27
    assert before.days.keys() < after.days.keys()  # none stays where it was
    assert len(after.days) == len(set(after.days.values())) == 30


def test_the_calendar_that_was_written_last_counts_also_if_a_change_is_taken_back(
    plan: Callable[..., str],
) -> None:
    """A program ignores what has a lower SEQUENCE than what it has, and an earlier DTSTAMP."""
    all_of_them = [written(plan, MONDAY)]
    plan(MONDAY + timedelta(1), "sore")
    all_of_them.append(written(plan, MONDAY + timedelta(1)))
    plan(MONDAY + timedelta(1), "sore", "--undo")
    all_of_them.append(written(plan, MONDAY + timedelta(2)))
    new = ("new", "--force", "--from", 160, "--to", 172, "--start", MONDAY + timedelta(7))
    plan(MONDAY + timedelta(3), *new)
    all_of_them.append(written(plan, MONDAY + timedelta(3)))
    for earlier, later in pairwise(all_of_them):
        assert earlier.sequence < later.sequence < 2**31
        assert earlier.stamp < later.stamp
    assert all_of_them[0].days == all_of_them[2].days
    assert all_of_them[0].days.keys() == all_of_them[3].days.keys()


def test_days_of_drills_move_with_the_runs_around_them(plan: Callable[..., str]) -> None:
    start = MONDAY + timedelta(7)
    new = ("new", "--force", "--from", 160, "--to", 164, "--start", start, "--drills", "daily")
    plan(MONDAY, *new, "--days", "tue,sat")
    before = written(plan, MONDAY)
    path = user_folder() / "plan.toml"
    moved = path.read_text("utf-8").replace("date = 2026-12-19", "date = 2026-12-18", 1)
    path.write_text(moved, "utf-8")
    after = written(plan, MONDAY + timedelta(1))
    assert before.days.keys() == after.days.keys()
    on_friday = [uid for uid, day in before.days.items() if day == "20261218"]
    assert [after.days[uid] for uid in on_friday] == ["20261219"]
    assert "drills" in on_friday[0]


def test_mistakes_are_told(run: Run, refused: Callable[..., str]) -> None:
    for of in ((), ("check",), ("weeks",)):
        assert "you have no plan yet; make one: cadence-cue plan new" in refused("plan", *of)
    assert "is no day; write it as 2026-12-07" in refused("plan", "new", "--start", "soon")
    far = ("plan", "new", "--from", 160, "--to", 164, "--start")
    assert "9999-12-20 is no day for a run; write one from 2000 to 2199" in refused(
        *far, "9999-12-20"
    )
    assert "the plan would last until 2200-02-05" in refused(*far, "2199-12-20")
    assert "you have no plan yet" in refused("plan")  # nothing was kept
    assert "'someday' is no day" in refused("plan", "new", "--days", "mon,someday")
    assert "leave one out" in refused("plan", "new", "--days", "mon", "--runs", "2")
    run("plan", "new", "--from", 160, "--to", 164, "--start", "2026-12-07")
    assert "you have a plan already" in refused("plan", "new", "--from", 160, "--to", 164)
    with on(date(2026, 12, 8)):
        assert "there is no run today in your plan" in refused("plan", "done", "2026-12-08")
        assert "there is no run on 2026-12-06 in" in refused("plan", "done", "2026-12-06")
        assert "2026-12-09 is still to come" in refused("plan", "done", "2026-12-09")
    assert "you have not said today that something is sore" in refused("plan", "sore", "--undo")
    assert "'undo' is not one of" in refused("plan", "sore", "undo")
    assert "your plan is not paused" in refused("plan", "resume")
    assert "there is no run in that week" in refused("plan", "export", "--week", "30")
    for clock in ("noon", "07:00Z"):
        assert "is no time of day" in refused("plan", "calendar", "-o", "x.ics", "--at", clock)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("own = 160.0", 'own = "160"', 'own must be a number from 110 to 240, not "160"'),
        ("click = 75", "click = 70", "run 6: click must be 0, 10, 25, 50, 75 or 100, not 70"),
        ("week = 1", "weak = 1", 'run 1: key "weak" is not known here'),
        ("date = 2026-12-09", "date = 2026-12-07", "two runs are on 2026-12-07"),
        ("date = 2026-12-09", 'date = "soon"', "run 2: date must be a day such as 2026-12-07"),
        ("date = 2026-12-09", "date = 9999-12-31", "9999-12-31 is no day for a run"),
        ('drills = "before"', 'drills = "never"', "drills must be one of before, daily"),
        ("week = 1", "week = 1.5", "run 1: week must be a whole number from 0 to 999, not 1.5"),
        ("paused = false", 'paused = "yes"', 'paused must be true or false, not "yes"'),
        ('title = "', 'title = "\\u001b', "title must be one line without control characters"),
        ("own = 160.0", "own = ", "has no value"),
        ("own = 160.0", f"own = {'1' * 5000}", "a number has too many digits"),
        ("sore = []", "sore = 5", "sore must be a list, not 5"),
        ("change = []", 'change = "none"', 'change must be a list, not "none"'),
    ],
)
def test_a_plan_of_ones_own_is_checked(
    run: Run, refused: Callable[..., str], old: str, new: str, sentence: str
) -> None:
    run("plan", "new", "--from", 160, "--to", 164, "--start", "2026-12-07")
    path = user_folder() / "plan.toml"
    text = path.read_text("utf-8")
    assert "Week  2" in run("plan", "check").stdout
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    told = refused("plan", "check")
    assert sentence in told
    assert str(path) in told


def test_a_target_that_no_run_can_have_is_told_with_its_file(
    run: Run, refused: Callable[..., str]
) -> None:
    run("plan", "new", "--from", 110, "--to", 112, "--start", "2026-12-07")
    path = user_folder() / "plan.toml"
    path.write_text(path.read_text("utf-8").replace("target = 112.0", "target = 221", 1), "utf-8")
    for of in ([], ["check"], ["next"]):
        told = refused("plan", *of)
        assert f"{path}: run 4: target must be from half to twice your own 110, not 221" in told


@pytest.mark.parametrize("own", [111, 235, 238.5])
def test_what_is_made_can_be_read(run: Run, own: float) -> None:
    run("plan", "new", "--from", own, "--start", "2026-12-07")
    assert "Week  3" in run("plan", "check").stdout


def test_a_plan_that_could_not_be_read_replaces_none(plan: Callable[..., str], run: Run) -> None:
    path = user_folder() / "plan.toml"
    ends = re.sub("2027-", "2199-", path.read_text("utf-8"))
    path.write_text(ends.replace("2199-03-06", "2199-12-28"), "utf-8")
    before = path.read_bytes()
    with on(MONDAY + timedelta(30)):  # the weeks that were missed come now
        run("plan", code=2)
    assert path.read_bytes() == before


def test_a_time_of_day_is_no_sore_day(run: Run) -> None:
    run("plan", "new", "--from", 160, "--to", 164, "--start", "2026-12-07")
    path = user_folder() / "plan.toml"
    text = path.read_text("utf-8").replace("sore = []", "sore = [2026-12-07T10:00:00]")
    path.write_text(text, "utf-8")
    assert plan_file.load(path).sore == ()
