"""The library: what it lists and tells, and what its keys do; on the real player."""

from __future__ import annotations

import re
import threading
from contextlib import nullcontext
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, OptionList, Select, Static

from cadence_cue.app import left_out, preparing, settings
from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice
from cadence_cue.app.preparing import Prepared
from cadence_cue.app.sessions.listing import Entry
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.pages import HEALTH, clock
from cadence_cue.coaching.session import Kind
from cadence_cue.timing.timeline import Bus
from cadence_cue.tui.app import CadenceApp
from cadence_cue.tui.editor.editor import EditorScreen
from cadence_cue.tui.exporting import ExportScreen
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.library.preview import Preview
from cadence_cue.tui.pages import Ask, Confirm
from cadence_cue.tui.playing.playing import PlayScreen
from cadence_cue.tui.playing.rehearsing import RehearseScreen
from cadence_cue.tui.playing.session_bar import SessionBar
from tests.matrix import matrix
from tests.tui.rig import HANG, LARGE, RATE, READ, Stage, played

OWN = """\
title = "Morning [/loop]"
summary = "Round the park."

[[phase]]
drill = "perception"
time = "20s"
"""

CROWDED = (
    OWN
    + """
say = [
    { at = "8s", text = "Feel the balls of your feet" },
    { at = "-1s", text = "Find the balls of your feet" },
    { at = "-1s", text = "Make every rock a little smaller" },
]
"""
)

DRILL = """\
name = "Hops"
explanation = "Hop."
"""


def keep(name: str, text: str, kind: str = "sessions") -> Path:
    """Put a file among the runner's own."""
    path = user_folder() / kind / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def library(on: Stage) -> LibraryScreen:
    """The screen, whatever is in front of it."""
    found = on.app.screen_stack[0]
    assert isinstance(found, LibraryScreen)
    return found


def shelves(on: Stage) -> dict[str, list[str]]:
    """The ids of what is listed, by the heading above; warnings are headings without any."""
    found: dict[str, list[str]] = {}
    for option in library(on).query_one(OptionList).options:
        if option.disabled:
            found[str(option.prompt)] = []
        else:
            found[next(reversed(found))].append(option.id or "")
    return found


def chosen(on: Stage) -> str:
    """The key of the entry under the cursor."""
    entry = library(on).selected
    return entry.key if entry else ""


def listed(on: Stage) -> list[str]:
    """The ids of all that is listed."""
    return [name for names in shelves(on).values() for name in names]


def row(on: Stage, entry: str) -> str:
    """How an entry is listed."""
    return str(library(on).query_one(OptionList).get_option(entry).prompt)


def line(on: Stage, entry: str) -> str:
    """Its mark and title in the list."""
    return re.split(r"(?<=\S)\s{2,}", row(on, entry))[0].rstrip()


async def click(on: Stage, entry: str) -> None:
    """Click on an entry of the list."""
    table = library(on).query_one(OptionList)
    y = table.get_option_index(entry) - table.scroll_offset.y
    await on.pilot.click(table, offset=(5, y))
    await on.poll()


def lines(on: Stage) -> list[str]:
    """The page of what is chosen."""
    return str(library(on).query_one("#lines", Static).content).splitlines()


def page(on: Stage) -> str:
    """The same in one line, as the width of the screen does not matter."""
    return " ".join(" ".join(lines(on)).split())


def question(on: Stage) -> str:
    """What is asked."""
    assert isinstance(on.screen, Confirm)
    return str(on.screen.query(Static).first().content)


def mastered(on: Stage) -> tuple[str, ...]:
    """The drills that are mastered, which is what the file says too."""
    kept = settings.load()[0].mastered
    assert on.app.settings.mastered == kept
    return kept


def is_editing(on: Stage) -> bool:
    """Whether the editor is open."""
    return isinstance(on.screen, EditorScreen)


def searching(on: Stage) -> bool:
    """Whether there is a line to search in."""
    return library(on).query_one("#search", Input).display


async def write(on: Stage, text: str) -> None:
    """Put a text into the line that is written in."""
    written = on.app.focused
    assert isinstance(written, Input)
    written.value = text
    await on.pilot.pause()


# What is listed.


def test_every_session_and_drill_is_listed() -> None:
    keep("morning", OWN)

    async def act(on: Stage) -> None:
        found = shelves(on)
        assert list(found) == ["YOUR SESSIONS", "SESSIONS", "DRILLS"]
        assert found["YOUR SESSIONS"] == ["session:morning"]
        assert set(found["SESSIONS"]) == {f"session:{name}" for name in built_in_sessions()}
        assert found["SESSIONS"][0] == "session:first-perception"
        assert found["DRILLS"] == [f"drill:{name}" for name in on.app.library.drills]
        assert line(on, "session:morning") == "  Morning [/loop]"
        assert line(on, "drill:toe-taps") == "  Toe Taps"

    played(act)


def test_a_broken_file_is_listed_with_its_error_and_harms_nothing() -> None:
    keep("broken", "title = 5\n")
    keep("gap", "title = ")
    keep("morning", OWN)
    keep("hops", DRILL, "drills")

    async def act(on: Stage) -> None:
        assert line(on, "session:broken") == "⚠ broken"
        warnings = [each for each in shelves(on) if each.startswith("⚠ ")]
        assert len(warnings) == 1
        assert "hops.toml" in warnings[0]
        assert {"session:morning", "session:daily-ten", "drill:perception"} < set(listed(on))
        await on.choose("broken")
        assert 'broken.toml (line 1): "title" must be' in page(on)
        assert not library(on).query_one(SessionBar).display
        await on.press("enter")
        assert on.app.transport is None
        await on.press("d")
        assert "cannot be used" in on.told
        assert on.screen is library(on)
        await on.choose("gap")
        assert "gap.toml" in page(on)
        await on.begin("morning")
        assert on.transport.performance.session.title == "Morning [/loop]"

    played(act)


def test_an_own_session_may_have_the_name_of_a_built_in_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep("daily-ten", OWN)
    monkeypatch.setenv("VISUAL", "no such editor")

    async def act(on: Stage) -> None:
        assert shelves(on)["YOUR SESSIONS"] == ["session:daily-ten"]
        await on.choose("daily-ten")
        await on.press("E")
        assert "built in" not in on.told

    played(act)


def test_mastered_drills_have_a_star_and_no_session_of_their_name() -> None:
    async def act(on: Stage) -> None:
        assert line(on, "drill:fall-to-run").startswith("★ ")
        assert line(on, "session:fall-to-run").startswith("  ")
        assert line(on, "drill:toe-taps").startswith("  ")

    played(act, replace(READ, mastered=("fall-to-run",)))


# The search.


def test_a_search_finds_as_it_is_typed_and_escape_ends_it() -> None:
    async def act(on: Stage) -> None:
        everything = listed(on)
        assert not searching(on)
        await on.press("slash")
        assert searching(on)
        await on.press("t", "a", "p")
        found = listed(on)
        assert {"drill:toe-taps", "drill:toe-taps-dynamic"} <= set(found)
        assert "session:daily-ten" not in found
        await on.press("s", "space", "d", "y", "n")
        assert listed(on) == ["drill:toe-taps-dynamic"]
        await on.press("enter")
        assert on.app.focused is library(on).query_one(OptionList)
        assert listed(on) == ["drill:toe-taps-dynamic"]
        await on.press("escape")
        assert listed(on) == everything
        assert not searching(on)
        await on.press("slash", "r", "a", "c", "e")
        assert "drill:toe-taps" not in listed(on)
        await on.press("escape")
        assert listed(on) == everything
        assert on.app.focused is library(on).query_one(OptionList)

    played(act)


def test_drills_are_found_by_what_they_train_and_where() -> None:
    async def act(on: Stage) -> None:
        drills = on.app.library.drills.values()
        for word, wanted in (
            ("heel-pull", {each.id for each in drills if "heel-pull" in each.trains}),
            ("wall", {each.id for each in drills if "wall" in each.place}),
        ):
            await on.press("slash")
            await write(on, word)
            assert {f"drill:{name}" for name in wanted} <= set(listed(on))
            await on.press("escape")
        assert wanted

    played(act)


def test_what_is_called_by_no_name_is_told_and_not_played() -> None:
    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        await on.press("slash", *"zzz")
        assert not listed(on)
        assert page(on) == "Nothing matches. Esc shows all."
        assert not library(on).query_one(SessionBar).display
        await on.press("enter", "enter")
        await on.press("x")
        assert on.app.transport is None
        assert not isinstance(on.screen, ExportScreen)
        await on.press("escape")
        await on.settled()
        assert listed(on)
        assert chosen(on) == "session:daily-ten"
        assert on.text("#heading") == "Daily ten"
        assert "PHASES" in page(on)
        assert library(on).query_one(SessionBar).display

    played(act)


def test_escape_ends_the_search_before_it_leads_back_to_what_plays() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.press("l", "slash", "x", "escape")
        assert on.screen is library(on)
        assert len(listed(on)) > 20
        await on.press("escape")
        assert isinstance(on.screen, PlayScreen)

    played(act)


# The table.


def test_it_is_filtered_and_sorted_by_keys_and_escape_shows_all() -> None:
    async def act(on: Stage) -> None:
        everything, entries = listed(on), {e.key: e for e in library(on).entries}
        await on.press("t")
        short = listed(on)
        assert set(short) == {key for key, e in entries.items() if (e.seconds or 0) <= 900}
        await on.press("w", "N")  # home is the first place
        home = {key for key in short if "home" in entries[key].place and not entries[key].needs}
        assert set(listed(on)) == home
        assert on.text("#filter") == "home · ≤ 15 min · needs nothing"
        await on.press("escape")
        assert listed(on) == everything
        assert not library(on).query_one("#filter").display
        await on.press("o", "o")
        assert on.text("#filter") == "by length"
        lengths = [entries[key].seconds or 0 for key in shelves(on)["SESSIONS"]]
        assert lengths == sorted(lengths)
        assert "escape" not in keys_here(on)  # nothing is left out
        for order in ("level", "place", "last", "mark"):
            await on.press("o")
            assert on.text("#filter") == f"by {order}"
            assert order in on.text("#columns")
        await on.press("o")
        assert listed(on) == everything
        await on.press("slash")
        assert "escape" in keys_here(on)

    played(act)


def keys_here(on: Stage) -> set[str]:
    """The keys of the library itself that do something now."""
    return {key for key, each in on.screen.active_bindings.items() if each.node is on.screen}


def test_what_was_done_and_how_it_felt_is_listed() -> None:
    history.append(
        Practice("2001-11-20T08:00:00+00:00", "daily-ten", "Daily ten", 1.0, 165, 4),
        user_folder(),
    )

    async def act(on: Stage) -> None:
        assert re.search(r" 10:50 .*Nov 01 +4$", row(on, "session:daily-ten"))

    played(act, size=LARGE)


def test_a_click_chooses_and_only_a_second_one_plays() -> None:
    async def act(on: Stage) -> None:
        first = chosen(on)
        await click(on, first)  # it was chosen already, but by nobody
        await click(on, "session:daily-ten")
        assert chosen(on) == "session:daily-ten"
        await on.press("down", "up")
        await click(on, "session:daily-ten")
        await on.settled()
        assert on.app.transport is None
        await click(on, "session:daily-ten")
        await on.until(lambda: on.app.transport, "the playing")
        assert on.transport.performance.session.name == "daily-ten"

    played(act)


def test_a_narrow_screen_has_the_list_or_the_page() -> None:
    async def act(on: Stage) -> None:
        table, preview = library(on).query_one(OptionList), library(on).query_one("#page")
        assert (table.is_on_screen, preview.is_on_screen) == (True, False)
        await on.press("right")
        await on.settled()
        assert (table.is_on_screen, preview.is_on_screen) == (False, True)
        assert max(map(len, lines(on))) > 40  # it has the whole width
        await on.press("escape")
        assert (table.is_on_screen, preview.is_on_screen) == (True, False)
        assert on.app.focused is table

    played(act, size=(60, 20))


# The pages.


def test_the_page_of_a_session_tells_all_of_it() -> None:
    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        told, prepared = page(on), library(on).chosen
        assert prepared is not None
        session, parts = prepared.session, prepared.performance.parts
        timeline = prepared.performance.timeline
        assert on.text("#heading") == "Daily ten"
        assert told.startswith(session.summary)
        assert "10:50 · 40 to 165 a minute Level easy Where home" in told
        assert "Where home" in told
        assert f"Needs {session.needs}" in told
        assert (
            "Drills Perception, Change of Support, Toe Taps, Cycle Drill Standing, "
            "Butt Kicks, High Knees PHASES" in told
        )
        start = 0.0
        for part in parts:
            assert f"{clock(start)} " in told
            assert f" {part.title} {clock(part.seconds)}" in told
            start += float(part.seconds)
        assert "PHASES █ drill ░ rest ▓ run ▒ walk ─ talk start phase length tempo" in told
        assert "2:55 █ Change of support 0:40 90–110 " in told
        assert "9:07 ▓ Run on the spot 1:00 165 " in told
        table = [line for line in lines(on) if re.search("[█░▓▒─] .* [0-9]:", line)]
        assert len(table) == len(parts)
        assert len({each.rindex(":") for each in table}) == 1  # in a column
        script = told.partition("WHAT WILL BE SAID")[2]
        voice = [event for event in timeline if event.bus is Bus.VOICE]
        assert len(voice) > 20
        for event in voice:
            seconds = (event.frame - timeline.marks[0].start) / RATE
            at = clock(seconds) if seconds >= 0 else "ready"
            assert f"{at} {event.sound}" in script
        assert "LEFT OUT" not in told
        assert told.endswith("TAKE CARE " + " ".join(HEALTH))
        assert library(on).query_one(SessionBar).display

    played(act, size=LARGE)


def test_the_cadence_of_the_runner_is_that_of_the_page() -> None:
    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        assert "40 to 180 a minute" in page(on)
        on.app.settings = replace(on.app.settings, cadence=190)
        await on.press("s", "escape")
        await on.settled()
        assert "40 to 190 a minute" in page(on)

    played(act, replace(READ, cadence=180))


def test_the_page_tells_what_was_left_out() -> None:
    keep("crowded", CROWDED)

    async def act(on: Stage) -> None:
        await on.choose("crowded")
        prepared = library(on).chosen
        assert prepared is not None
        assert prepared.performance.timeline.dropped
        out = page(on).partition("LEFT OUT ")[2]
        for each in prepared.performance.timeline.dropped:
            assert f"{left_out.what(each)} (Perception: {left_out.why(each)})" in out
        # Nobody moves in it: only what hurts is to be told.
        assert page(on).endswith(f"TAKE CARE {HEALTH[0]}")

    played(act)


def test_no_line_of_a_session_is_wider_than_its_page() -> None:
    async def act(on: Stage) -> None:
        await on.choose("track-day")
        assert len(lines(on)) > 100
        assert max(map(len, lines(on))) <= library(on).query_one("#page").size.width - 2

    played(act)


def test_the_page_of_a_drill_tells_set_up_movement_mistakes_and_hints() -> None:
    async def act(on: Stage) -> None:
        for drill in on.app.library.drills.values():
            await on.choose(drill.id, "drill")
            told = page(on)
            assert on.text("#heading") == drill.name
            headings = ["Set-up", "Movement", "One beat", "Mistakes", "Hints", "You have it when"]
            places = [lines(on).index(each) for each in headings if each in lines(on)]
            assert places == sorted(places)
            assert len(places) >= len(headings) - (not drill.hints)
            for each in (*drill.setup, *drill.movement, *drill.mistakes, *drill.hints):
                assert each.text in told
            assert drill.mastery in told
            begins = "The article begins every practice with Perception."
            assert (begins in told) == (drill.id != "perception")

    played(act)


def test_the_page_is_scrolled_and_left() -> None:
    async def act(on: Stage) -> None:
        await on.choose("track-day")
        before = listed(on)
        await on.press("right")
        scroll = library(on).query_one("#page")
        assert on.app.focused is scroll
        await on.press("down", "pagedown")
        await on.until(lambda: scroll.scroll_offset.y > 1, "the scrolling")
        await on.press("left")
        assert on.app.focused is library(on).query_one(OptionList)
        assert library(on).selected
        assert listed(on) == before

    played(act)


# Drills that wait for others.


@pytest.mark.parametrize("key", ["enter", "r"])
@pytest.mark.parametrize(
    ("drill", "before"),
    matrix([("toe-taps-dynamic", "toe-taps"), ("cycle-running", "cycle-standing")]),
)
def test_a_drill_that_waits_for_another_asks_the_article_s_question(
    key: str, drill: str, before: str
) -> None:
    async def act(on: Stage) -> None:
        first, second = on.app.library.drills[before], on.app.library.drills[drill]
        file = settings.config_folder() / "settings.toml"
        await on.choose(drill, "drill")
        assert f"The article wants {first.name} mastered first" in page(on)
        await on.press(key)
        asked = f"The article says: {second.name} only when {first.name} is perfected."
        assert asked in question(on)
        assert first.mastery in question(on)
        await on.press("n")
        assert on.screen is library(on)
        assert mastered(on) == ()
        assert "mastered" not in file.read_text()
        await on.settled()
        await on.press(key)
        await on.press("y")
        assert mastered(on) == (before,)
        assert line(on, f"drill:{before}").startswith("★ ")
        assert on.app.transport is None
        await on.settled()
        assert "mastered first" not in page(on)
        await on.press(key)
        assert isinstance(on.screen, PlayScreen if key == "enter" else RehearseScreen)

    played(act)


@pytest.mark.parametrize(
    ("answer", "drills", "marked"),
    [
        ("n", {"perception", "change-of-support", "cycle-standing"}, ()),
        (
            "y",
            {"perception", "change-of-support", "cycle-standing", "cycle-running"},
            ("cycle-standing",),
        ),
    ],
)
def test_a_session_with_a_locked_drill_asks_before_it_plays(
    answer: str, drills: set[str], marked: tuple[str, ...]
) -> None:
    async def act(on: Stage) -> None:
        await on.choose("cycle-ladder")
        assert (
            "Cycle Drill Running waits: the article wants Cycle Drill Standing mastered first. "
            "Enter asks whether you have" in page(on)
        )
        assert "Cycle left, every stride" not in page(on)
        await on.press("enter")
        asked = "The article says: Cycle Drill Running only when Cycle Drill Standing is perfected."
        assert asked in question(on)
        assert on.app.transport is None
        await on.press("enter")  # pressed twice by haste
        assert asked in question(on)
        await on.press("escape")
        assert on.screen is library(on)
        assert on.app.transport is None
        assert mastered(on) == ()
        await on.press("enter")
        await on.press(answer)
        await on.until(lambda: on.app.transport, "the playing")
        assert {part.drill for part in on.transport.performance.parts} == drills | {""}
        assert mastered(on) == marked
        await on.press("l")
        star = "★ " if marked else "  "
        assert line(on, "drill:cycle-standing").startswith(star)

    played(act)


def test_a_session_plays_whole_once_the_drill_before_is_mastered() -> None:
    async def act(on: Stage) -> None:
        await on.choose("cycle-ladder")
        assert "Before Cycle Drill Standing mastered: ✓" in page(on)
        assert "waits" not in page(on)
        await on.begin("cycle-ladder")
        assert "cycle-running" in {part.drill for part in on.transport.performance.parts}

    played(act, replace(READ, mastered=("cycle-standing",)))


def test_p_asks_for_what_the_article_asks_and_takes_it_back() -> None:
    async def act(on: Stage) -> None:
        drill = on.app.library.drills["toe-taps"]
        await on.choose(drill.id, "drill")
        await on.press("p")
        assert drill.name in question(on)
        assert drill.mastery in question(on)
        await on.press("escape")
        assert mastered(on) == ()
        await on.press("p", "y")
        assert mastered(on) == ("toe-taps",)
        await on.settled()
        assert "★ You have mastered it." in page(on)
        assert line(on, "drill:toe-taps").startswith("★ ")
        await on.press("p")
        assert on.screen is library(on)
        assert mastered(on) == ()
        await on.settled()
        assert "★" not in page(on)
        assert line(on, "drill:toe-taps").startswith("  ")
        await on.choose("daily-ten")
        await on.press("p")
        assert on.screen is library(on)
        assert "Choose one of the drills" in on.told
        assert mastered(on) == ()

    played(act)


# Sessions of the runner's own.


def test_n_makes_a_session_from_the_template() -> None:
    async def act(on: Stage) -> None:
        await on.press("n")
        assert isinstance(on.screen, Ask)
        await write(on, " my-morning ")
        await on.press("enter")
        assert is_editing(on)
        await on.press("escape")
        await on.settled()
        assert shelves(on)["YOUR SESSIONS"] == ["session:my-morning"]
        assert on.text("#heading") == "My morning"
        assert "Perception" in page(on)
        assert (user_folder() / "sessions" / "my-morning.toml").is_file()
        await on.press("n")
        await write(on, "another")
        await on.press("escape")
        assert shelves(on)["YOUR SESSIONS"] == ["session:my-morning"]
        await on.press("enter")
        await on.until(lambda: on.app.transport is not None, "the session to play")
        assert on.transport.performance.session.name == "my-morning"

    played(act)


REFUSED = {
    "..": "has no letter or digit that could name a session's file",
    "daily ten": "is a built-in session",
    "toe-taps": "or another page already",
    "why": "or another page already",
    "morning": 'you have a session "morning" already',
}


@pytest.mark.parametrize("names", matrix([["..", "morning"], [*REFUSED]]))
@pytest.mark.parametrize("key", matrix(["n", "d"]))
def test_a_name_that_is_bad_or_taken_is_refused(key: str, names: list[str]) -> None:
    path = keep("morning", OWN)

    async def act(on: Stage) -> None:
        for name in names:
            on.app.clear_notifications()
            await on.choose("daily-ten")
            await on.press(key)
            await write(on, name)
            await on.press("enter")
            assert REFUSED[name] in on.told
            assert list(path.parent.iterdir()) == [path]
            assert path.read_text() == OWN
            assert on.screen is library(on)

    played(act)


def test_d_makes_a_copy_of_a_session() -> None:
    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        await on.press("d")
        assert on.screen.query_one(Input).value == "my-daily-ten"
        await on.press("enter")
        assert is_editing(on)
        await on.press("escape")
        await on.settled()
        copy = user_folder() / "sessions" / "my-daily-ten.toml"
        model = built_in_sessions()["daily-ten"].read_text()
        assert copy.read_text() == model.replace('"Daily ten"', '"My daily ten"', 1)
        assert shelves(on)["YOUR SESSIONS"] == ["session:my-daily-ten"]
        selected = library(on).selected
        assert selected
        assert selected.name == "my-daily-ten"
        await on.choose("toe-taps", "drill")
        await on.press("d")
        assert "Choose a session" in on.told
        assert on.screen is library(on)

    played(act)


def test_a_copy_is_shown_though_a_search_was_on() -> None:
    async def act(on: Stage) -> None:
        await on.press("slash", *"pyr", "enter")
        await on.settled()
        await on.press("d")
        await write(on, "hill")
        await on.press("enter", "escape")
        await on.settled()
        assert len(listed(on)) > 20
        assert chosen(on) == "session:hill"

    played(act)


def test_where_nothing_can_be_written_it_is_told() -> None:
    user_folder().mkdir(parents=True)
    (user_folder() / "sessions").write_text("no folder")

    async def act(on: Stage) -> None:
        await on.press("n")
        await write(on, "mine")
        await on.press("enter")
        assert "cannot be written" in on.told
        assert on.screen is library(on)

    played(act)


def editor(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """An editor that gives the session another title."""
    script = folder / "the editor"
    script.write_text('#!/bin/sh\nsed -i \'s/^title.*/title = "\'"$1"\'"/\' "$2"\n')
    script.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"'{script}' Evening")
    monkeypatch.setattr(CadenceApp, "suspend", lambda _app: nullcontext())


def test_shift_e_opens_the_runner_s_editor_and_the_list_is_read_again(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    path = keep("morning", OWN)
    editor(monkeypatch, home)

    async def act(on: Stage) -> None:
        await on.choose("morning")
        await on.press("E")
        assert 'title = "Evening"' in path.read_text()
        await on.settled()
        assert line(on, "session:morning") == "  Evening"
        assert on.text("#heading") == "Evening"
        monkeypatch.setenv("VISUAL", f"'{home / 'the editor'}' Night")
        await on.press("E")
        await on.settled()
        assert line(on, "session:morning") == "  Night"
        path.write_text("title = 5\n")
        library(on).reload()
        await on.settled()
        await on.press("E")
        await on.settled()
        assert path.read_text() == 'title = "Night"\n'

    played(act)


def test_shift_e_changes_no_built_in_session_and_no_drill(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    editor(monkeypatch, home)
    monkeypatch.setenv("EDITOR", "false")

    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        await on.press("E")
        assert "built in. d makes a copy" in on.told
        await on.choose("toe-taps", "drill")
        await on.press("E")
        assert "copy a session with d" in on.told

    played(act)


def test_where_there_is_no_editor_the_file_is_told(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    path = keep("morning", OWN)
    editor(monkeypatch, home)
    script = home / "script"  # which the system cannot start
    script.write_bytes(b"\x7fELF")
    script.chmod(0o755)

    async def act(on: Stage) -> None:
        await on.choose("morning")
        for command in ("no such editor", "'", "./script", " "):
            monkeypatch.setenv("EDITOR", command)
            on.app.clear_notifications()
            await on.press("E")
            assert "There is no editor; set EDITOR." in on.told, command
            assert str(path) in on.told
            assert path.read_text() == OWN

    played(act)


def test_a_screen_that_cannot_be_left_tells_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    path = keep("morning", OWN)
    monkeypatch.setenv("EDITOR", "true")

    async def act(on: Stage) -> None:
        await on.choose("morning")
        await on.press("E")
        assert str(path) in on.told

    played(act)


def test_files_that_change_are_read_again() -> None:
    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        assert "YOUR SESSIONS" not in shelves(on)
        path = keep("morning", OWN)
        await on.until(lambda: "session:morning" in listed(on), "the new file")
        assert chosen(on) == "session:daily-ten"
        await on.choose("morning")
        path.write_text(OWN.replace("Morning", "A long evening"))
        await on.until(lambda: "A long evening" in line(on, "session:morning"), "the change")
        await on.until(lambda: "A long evening" in on.text("#heading"), "its page")
        keep("hops", DRILL, "drills")
        await on.until(lambda: any("hops.toml" in each for each in shelves(on)), "the drill")
        path.unlink()
        await on.until(lambda: "session:morning" not in listed(on), "the loss")
        assert on.screen is library(on)
        assert library(on).selected

    played(act)


# Playing.


def test_enter_on_a_drill_rehearses_it() -> None:
    async def act(on: Stage) -> None:
        await on.begin("toe-taps", "drill")
        performance = on.transport.performance
        assert performance.session.title == "Rehearse: Toe Taps"
        drills = [part.drill for part in performance.parts if part.kind is Kind.DRILL]
        assert drills == ["toe-taps", "toe-taps"]  # on each leg
        assert performance.parts[0].kind is Kind.EXPLAIN

    played(act)


def test_a_drill_is_explained_only_until_it_is_known() -> None:
    async def act(on: Stage) -> None:
        await on.begin("toe-taps", "drill")
        assert Kind.EXPLAIN not in {part.kind for part in on.transport.performance.parts}
        await on.press("l", "r")
        await on.press("enter")
        assert Kind.EXPLAIN not in {part.kind for part in on.transport.performance.parts}

    played(act, replace(READ, explained=("toe-taps",)))


def test_enter_before_the_page_is_planned_plays_once_it_is() -> None:
    async def act(on: Stage) -> None:
        await on.choose("cadence-plus5")
        library(on)._choose()
        library(on).action_play()
        assert on.app.transport is None
        await on.until(lambda: on.app.transport, "the playing")
        await on.poll()
        assert on.transport.performance.session.name == "cadence-plus5"
        playing = on.transport
        await on.press("l")
        await on.settled()
        assert on.screen is library(on)  # it plays once only
        assert on.transport is playing

    played(act)


@pytest.mark.parametrize(
    ("kind", "name", "heading"),
    [("session", "cadence-pyramid", "PHASES"), ("drill", "toe-taps", "What it is for")],
)
def test_a_page_is_shown_before_it_is_planned(kind: str, name: str, heading: str) -> None:
    async def act(on: Stage) -> None:
        page = library(on).query_one(Preview)
        await on.choose(name, kind)
        planned, pieces = on.text("#lines"), page.query_one(SessionBar)._pieces
        await on.choose("first-perception")
        library(on)._list(f"{kind}:{name}")
        assert page.prepared is None
        known = on.text("#lines")
        assert heading in known
        assert planned.startswith(known)
        assert page.query_one(SessionBar)._pieces == pieces

    played(act, replace(READ, explained=("toe-taps",)))


def test_r_rehearses_as_it_is_wished() -> None:
    async def act(on: Stage) -> None:
        await on.choose("toe-taps", "drill")
        await on.press("r")
        assert isinstance(on.screen, RehearseScreen)
        assert "60 to 120, usually 80" in " ".join(
            str(each.content) for each in on.screen.query(Static)
        )
        on.screen.query_one("#sets", Input).value = "3"
        on.screen.query_one("#side", Select).value = "left"
        on.screen.query_one("#tempo", Input).value = "80 -> 96"
        on.screen.query_one("#time", Input).value = "25s"
        await on.press("enter")
        assert isinstance(on.screen, PlayScreen)
        parts = on.transport.performance.parts
        sets = [part for part in parts if part.kind is Kind.DRILL]
        assert [float(part.seconds) for part in sets] == [25.0] * 3
        assert {part.tempo for part in sets} == {(Fraction(80), Fraction(96))}
        assert {part.foot for part in sets} == {Side.LEFT}
        assert [part.kind for part in parts].count(Kind.REST) == 2

    played(act)


def test_what_is_not_wished_is_as_usual() -> None:
    async def act(on: Stage) -> None:
        await on.choose("toe-taps", "drill")
        await on.press("r")
        await on.press("enter")
        sets = [part for part in on.transport.performance.parts if part.kind is Kind.DRILL]
        assert [part.foot for part in sets] == [Side.LEFT, Side.RIGHT]
        assert {part.tempo for part in sets} == {(Fraction(80), Fraction(80))}
        await on.press("l")
        await on.choose("perception", "drill")
        await on.press("r")
        assert not on.screen.query("#side")
        await on.press("escape")
        assert on.screen is library(on)
        await on.choose("daily-ten")
        await on.press("r")
        assert on.screen is library(on)
        assert "Choose one of the drills" in on.told

    played(act)


UNHEARD_OF = (
    ("sets", "0", "sets: a number from 1 to 20"),
    ("sets", "21", "sets: a number from 1 to 20"),
    ("sets", "-3", "sets: a number from 1 to 20"),
    ("sets", "²", "sets: a number from 1 to 20"),
    ("tempo", "fast", '"tempo" must be beats a minute'),
    ("tempo", "500", '"tempo" must be from 20 to 300'),
    ("time", "[/long]", '"time" must be a time such as'),
    ("time", "9h", '"time" must be at most 6h'),
)


def test_what_cannot_be_rehearsed_is_told() -> None:
    async def act(on: Stage) -> None:
        await on.choose("toe-taps", "drill")
        await on.press("r")
        screen = on.screen
        for where, written, why in UNHEARD_OF:
            line = screen.query_one(f"#{where}", Input)
            before, line.value = line.value, written
            line.focus()
            await on.press("enter")
            assert on.screen is screen
            assert why in on.text("#wrong")
            assert on.app.transport is None
            line.value = before

    played(act)


def test_playing_another_entry_replaces_what_plays() -> None:
    async def act(on: Stage) -> None:
        await on.begin("first-perception")
        await on.step(15)
        old = on.transport
        await on.begin("cadence-plus5")
        assert on.transport is not old
        assert on.transport.performance.session.name == "cadence-plus5"
        assert len(on.app.screen_stack) == 2
        await on.step(2)
        gone = on.transport.position.frame - on.transport.timeline.start
        assert 0 <= 2 * RATE - gone < RATE // 20  # the old one was faded out before
        assert [each.session for each in history.load(user_folder())] == ["first-perception"]
        await on.press("l")
        assert "Cadence +5 %" in on.text("#time")

    played(act)


def test_space_pauses_what_plays_from_the_library() -> None:
    async def act(on: Stage) -> None:
        await on.press("space")
        assert on.app.transport is None
        await on.begin()
        await on.step(3)
        await on.press("l")
        assert on.text("#time").startswith("▶ First time")
        await on.press("space")
        assert on.text("#time").startswith("Ⅱ First time")
        await on.step(1)
        at = on.transport.position.frame
        await on.step(2)
        assert on.transport.position.frame == at
        await on.press("space")
        assert not on.transport.paused
        await on.step(1)
        assert on.transport.position.frame > at
        assert on.screen is library(on)

    played(act)


OWN_WORDS = """\
title = "With my words"
[[phase]]
run = "Easy"
announce = false
time = "20s"
tempo = 170
words = ["Float over the line"]
"""


def test_own_words_are_spoken_before_the_page_is_shown(
    speaker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (user_folder() / "sessions").mkdir(parents=True)
    (user_folder() / "sessions" / "mine.toml").write_text(OWN_WORDS)
    seen: list[str] = []
    before = Preview._speaking

    def speaking(preview: Preview, entry: Entry, told: str) -> None:
        seen.append(told)
        before(preview, entry, told)

    monkeypatch.setattr(Preview, "_speaking", speaking)

    async def act(on: Stage) -> None:
        await on.begin("mine")
        assert "Float over the line" in on.transport.performance.cast.voice.texts

    played(act)
    assert set(seen) == {"Speaking 1 of 1, once: Float over the line"}


def test_without_the_extra_the_page_tells_how_to_get_it(without_extra: None) -> None:
    (user_folder() / "sessions").mkdir(parents=True)
    (user_folder() / "sessions" / "mine.toml").write_text(OWN_WORDS)

    async def act(on: Stage) -> None:
        await on.choose("mine")
        assert "pip install 'cadence-cue[voice]'" in on.text("#lines")
        await on.press("enter")
        assert on.app.transport is None

    played(act)


def test_a_page_is_read_and_not_exported_before_it_is_planned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go, real = threading.Event(), preparing.prepare

    def prepare(*args: Any, **options: Any) -> Prepared:
        assert go.wait(HANG)
        return real(*args, **options)

    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        monkeypatch.setattr(preparing, "prepare", prepare)
        library(on)._list("session:track-day")
        await on.pilot.pause()
        assert on.text("#heading").startswith("Track day")
        await on.press("x")
        assert on.told == "This is not planned yet; export it in a moment."
        page = on.screen.query_one("#page", Preview)
        await on.until(lambda: page.max_scroll_y > 5, "the page's size")
        page.scroll_to(y=5, animate=False, immediate=True)
        go.set()
        await on.settled()
        await on.pilot.pause()
        assert (page.prepared is not None, page.scroll_y) == (True, 5)
        await on.press("down")
        assert page.scroll_y == 0

    played(act)
