"""The screens of the plan and of the history."""

from __future__ import annotations

import json
import tomllib
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from textual.widgets import Input, Static

from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.log.kept_reviews import kept_reviews, write_reviews
from cadence_cue.app.plan import kept_plan
from cadence_cue.app.settings import user_folder
from cadence_cue.tui.history import HistoryScreen
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.pages import Ask, Confirm
from cadence_cue.tui.playing.playing import PlayScreen
from cadence_cue.tui.today import TodayScreen
from tests.tui.rig import Stage, played

MONDAY = date(2026, 12, 7)


def on_day(day: date) -> AbstractContextManager[object]:
    """Be there on a day, at noon in the runner's zone."""
    noon = datetime(day.year, day.month, day.day, 12).astimezone()
    return time_machine.travel(noon)


@pytest.fixture
def plan() -> None:
    with on_day(MONDAY - timedelta(3)):
        kept_plan.make(kept_plan.wish(160, 164), user_folder())


def text_of(name: str) -> str:
    return Path(name).read_text("utf-8")


def kept() -> dict[str, object]:
    return tomllib.loads((user_folder() / "plan.toml").read_text("utf-8"))


def test_today_is_shown_played_marked_and_followed_by_the_question(plan: None) -> None:
    async def act(on: Stage) -> None:
        await on.press("T")
        assert on.text("#name") == "Today"
        assert on.text("#lines").startswith(
            "Today: week 1, 20 minutes in your own rhythm\n\nMon 07 Dec"
        )
        assert on.text("#lines").endswith("Enter plays: Week 1, Monday: your own rhythm")
        await on.press("enter")
        await on.until(lambda: on.app.transport, "the playing")
        assert isinstance(on.screen, PlayScreen)
        assert on.transport.performance.session.name == "plan-2026-12-07"
        await on.step(30)
        await on.press("e", "y", "4")  # end it, yes, felt easy
        await on.poll()
        assert isinstance(on.screen, Confirm)
        await on.press("n")
        assert isinstance(on.screen, LibraryScreen)
        assert kept()["asked"] == MONDAY
        assert kept()["sore"] == []
        await on.press("T")
        assert on.text("#lines").startswith("Today: week 1")  # it was only begun
        await on.press("5")
        assert isinstance(on.screen, Confirm)
        await on.press("y")
        assert kept()["sore"] == [MONDAY]
        assert on.text("#lines").startswith("Today is done. Next: Wed 09 Dec, week 1, 20 minutes")
        why = "Changed on Mon 07 Dec: Something hurt, so for a week there is no bouncing"
        assert why in on.text("#lines")
        await on.press("a")
        assert isinstance(on.screen, Confirm)
        await on.press("y")
        assert kept()["sore"] == []
        assert "Changed on" not in on.text("#lines")
        assert [each.mark for each in history.load(user_folder())] == [4, 5]
        await on.press("W")
        assert on.text("#name") == "Weeks"
        assert "> Week  1, 07 Dec:   own, no click: Mon done, Wed, Sat" in on.text("#lines")

    with on_day(MONDAY):
        played(act)


def test_a_start_on_a_later_day_asks_and_a_plan_that_pauses_goes_on(plan: None) -> None:
    with on_day(MONDAY):
        kept_plan.done(user_folder(), MONDAY, ())
        kept_plan.hurt(user_folder())
    with on_day(MONDAY + timedelta(2)):
        kept_plan.done(user_folder(), MONDAY + timedelta(2), ())

    async def act(on: Stage) -> None:
        await on.until(lambda: isinstance(on.screen, Confirm), "the question")
        await on.press("y")
        assert "See a doctor or a physiotherapist" in on.told
        await on.press("T", "enter")
        assert "u goes on with the plan." in on.text("#lines")
        assert on.app.transport is None
        await on.press("u")
        assert kept()["paused"] is False
        assert "Enter plays:" in on.text("#lines")

    with on_day(MONDAY + timedelta(3)):
        played(act)


def test_a_run_that_was_missed_this_week_can_still_be_told(plan: None) -> None:
    with on_day(MONDAY):
        kept_plan.answered(user_folder(), sore=False)

    async def act(on: Stage) -> None:
        await on.press("T")
        assert "Mon 07 Dec  week 1, 20 minutes in your own rhythm  missed" in on.text("#lines")
        await on.press("d", "n")
        assert history.load(user_folder()) == []
        assert "d done" in on.footer
        await on.press("d", "y")
        assert [each.session for each in history.load(user_folder())] == ["plan-2026-12-07"]
        assert "Mon 07 Dec  week 1, 20 minutes in your own rhythm  done" in on.text("#lines")
        assert "d done" not in on.footer
        await on.press("1")
        assert "there is no run today in your plan" in on.told

    with on_day(MONDAY + timedelta(1)):
        played(act)


def test_the_drills_of_a_free_day_are_played_and_the_next_run_is_planned_once() -> None:
    with on_day(MONDAY - timedelta(3)):
        kept_plan.make(replace(kept_plan.wish(160, 164), drills="daily"), user_folder())
        kept_plan.answered(user_folder(), sore=False)

    async def act(on: Stage) -> None:
        await on.press("T")
        today = on.screen
        assert isinstance(today, TodayScreen)
        assert "p plays today's drills: first-perception" in on.text("#lines")
        await on.until(lambda: today.exportable, "the next run")
        planned = today.exportable
        await on.press("W", "T")
        assert today.exportable is planned
        await on.press("p")
        await on.until(lambda: on.app.transport, "the playing")
        assert on.transport.performance.session.name == "first-perception"

    with on_day(MONDAY + timedelta(1)):
        played(act)


def test_a_plan_is_made_and_written_as_a_calendar() -> None:
    Path("plan.ics").write_text("")

    async def act(on: Stage) -> None:
        for screen, way_out in (("W", "make one: T, then n"), ("T", "n makes one")):
            await on.press(screen)
            assert on.text("#lines").split("\n")[0] == f"You have no plan yet; {way_out}."
        await on.press("n")
        assert isinstance(on.screen, Ask)
        asked = str(on.screen.query(Static).first().content)
        assert asked.startswith("Your own cadence is not set: 165 steps a minute is used.")
        assert on.screen.query_one(Input).value == "173"
        await on.press(*["backspace"] * 5, *"nan", "enter")
        assert on.text("#wrong") == "a cadence is 110 to 240 steps a minute, not nan"
        await on.press(*["backspace"] * 5, *"200", "enter")
        assert on.text("#wrong").startswith("200 is 21.2 % above your own 165")
        await on.press(*["backspace"] * 5, *"169", "enter")
        assert kept()["goal"] == 169
        assert on.text("#lines").startswith("Today: a free day; next Mon 07 Dec, week 1,")
        await on.press("c", "enter")
        assert isinstance(on.screen, Confirm)
        assert text_of("plan.ics") == ""
        await on.press("y")
        assert text_of("plan.ics").startswith("BEGIN:VCALENDAR")
        await on.press("1")
        assert "there is no run today in your plan" in on.told

    with on_day(MONDAY - timedelta(3)):
        played(act)


def test_the_history_is_charted_written_and_deleted_entry_by_entry() -> None:
    for day in (1, 2, 3):
        history.append(
            Practice(f"2026-12-0{day}T08:00:00+01:00", "s", f"Run {day}", 1.0, 165, seconds=600.0),
            user_folder(),
        )
    reviewed = {"date": "2026-12-02T08:30:00+01:00", "session": "relax-run", "mean_spm": 165.5}
    write_reviews([reviewed], user_folder())

    async def act(on: Stage) -> None:
        await on.press("H")
        assert on.text("#name") == "History"
        assert "  30 Nov  " in on.text("#lines")
        await on.press("w", *["backspace"] * 7, *"log.json", "enter")
        assert len(json.loads(text_of("log.json"))) == 4
        await on.press("e")
        assert on.text("#name") == "Log"
        await on.press("down", "enter", "d", "n")  # Enter does nothing
        assert len(kept_reviews(user_folder())) == 1
        await on.press("d", "y")
        assert kept_reviews(user_folder()) == []
        assert len(history.load(user_folder())) == 3
        await on.press("down", "d", "y")
        assert [each.title for each in history.load(user_folder())] == ["Run 1", "Run 3"]
        await on.press("A", "y")
        assert history.load(user_folder()) == []
        assert on.text("#about") == "Nothing has been practised yet."
        await on.press("A")
        assert on.text("#name") == "Log"
        await on.press("escape")
        assert "Nothing has been practised yet." in on.text("#lines")
        await on.press("e")
        with patch("cadence_cue.tui.history.trends", side_effect=OSError("it cannot be read")):
            await on.press("escape")
        assert isinstance(on.screen, HistoryScreen)
        on.screen.redraw()  # as after a resize
        assert on.text("#lines") == "it cannot be read"

    with on_day(MONDAY - timedelta(3)):
        played(act)
