"""The session editor, from the library on: what is shown, asked, written and left alone."""

from __future__ import annotations

import tomllib
from difflib import ndiff
from pathlib import Path
from typing import cast

import pytest
from textual.coordinate import Coordinate
from textual.widgets import Input, OptionList, Static, TextArea

from cadence_cue.app.sessions.drafts import lost
from cadence_cue.app.sessions.session_editing import Editing
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching.catalogue import built_in_sessions
from cadence_cue.tui.choosing import Choose
from cadence_cue.tui.editor.editor import EditorScreen
from cadence_cue.tui.editor.rows import COLUMNS, PhaseTable
from cadence_cue.tui.library.library import LibraryScreen
from cadence_cue.tui.pages import Ask, Card, Confirm
from cadence_cue.tui.playing.session_bar import SessionBar
from cadence_cue.tui.writing import Write
from tests.matrix import matrix
from tests.tui.rig import LARGE, Stage, played
from tests.tui.scenes import text_of
from tests.tui.test_library import editor, keep, write

HILLS = """\
# Tuesdays.
title = "Hills"   # steep

# The first.
[[phase]]
run     = "Easy"     # slowly
time    = "3min"     # or four
tempo   = "own"
words   = ["Tall", { text = "Quick", spoken = "kwick" }]

[[phase]]
repeat = 2
[[phase.part]]
run = "Up"
time = "30s"
tempo = 180
[[phase.part]]
walk = "Down"
time = "40s"

# Well done.
[[phase]]
rest = ""
time = '15s'
"""


def page(on: Stage) -> EditorScreen:
    """The editor, whatever is in front of it."""
    return next(each for each in on.app.screen_stack if isinstance(each, EditorScreen))


async def opened(on: Stage, name: str = "hills") -> None:
    """Open a session from the library, and wait until it is planned."""
    await on.choose(name)
    await on.press("e")
    await planned(on)


async def planned(on: Stage) -> None:
    """Wait until the preview is that of the text."""
    await on.until(lambda: page(on).planned, "the preview")


async def go(on: Stage, row: int, column: str) -> None:
    """Put the cursor on a field, the session's own being in row 0."""
    page(on).query_one(PhaseTable).move_cursor(row=row, column=[*COLUMNS].index(column))
    await on.poll()


async def fill(on: Stage, row: int, column: str, text: str) -> None:
    """Type a value into a field."""
    await go(on, row, column)
    await on.press("enter")
    await write(on, text)
    await on.press("enter")


async def answer(on: Stage, key: str) -> None:
    """Choose an answer of a list."""
    assert isinstance(on.screen, Choose)
    found = on.screen.query_one(OptionList)
    found.highlighted = [option.id for option in found.options].index(key)
    await on.press("enter")


def shown(on: Stage, row: int, column: str) -> str:
    """The text of a field."""
    place = Coordinate(row, [*COLUMNS].index(column))
    return page(on).query_one(PhaseTable).get_cell_at(place).plain


def column(on: Stage, name: str) -> list[str]:
    """The texts of a column."""
    return [shown(on, k, name).strip() for k in range(page(on).query_one(PhaseTable).row_count)]


def line(on: Stage, where: str) -> str:
    """A text of the editor."""
    return str(page(on).query_one(where, Static).content)


def changed(path: Path, before: str) -> list[str]:
    """The lines in which a file differs from a text."""
    after = path.read_bytes().decode().splitlines(keepends=True)
    steps = ndiff(before.splitlines(keepends=True), after)
    return [each for each in steps if each[0] in "-+"]


def test_one_time_changed_and_saved_changes_that_line_only() -> None:
    path = keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        assert column(on, "kind") == ["session", "▓ run", "× repeat", "▓ run", "▒ walk", "░ rest"]
        assert column(on, "number") == ["", "1", "2", "2.1", "2.2", "3"]
        assert shown(on, 0, "time") == "5:35"
        await on.press("down", "right", "right", "enter")
        assert on.screen.query_one("#typed", Input).value == "3min"
        await write(on, "4min")
        await on.press("enter")
        assert path.read_text() == HILLS
        assert "not saved" in line(on, "#time")
        await planned(on)
        assert shown(on, 0, "time") == "6:35"
        await on.press("s")
        assert line(on, "#time") == "Saved as hills.toml"
        assert changed(path, HILLS) == [
            '- time    = "3min"     # or four\n',
            '+ time    = "4min"     # or four\n',
        ]
        await on.press("escape")
        assert isinstance(on.screen, LibraryScreen)
        await on.settled()
        assert on.text("#heading") == "Hills"

    played(act)


def test_a_whole_session_is_made_from_nothing() -> None:
    async def act(on: Stage) -> None:
        await on.press("n")
        await write(on, "My hill run")
        await on.press("enter")
        path = user_folder() / "sessions" / "my-hill-run.toml"
        assert shown(on, 0, "what") == "My hill run"
        for _ in range(3):  # all of the template
            await go(on, 1, "what")
            await on.press("x")
        assert "there must be at least one" in line(on, "#wrong")
        await on.press("a")
        await answer(on, "drill")
        await answer(on, "perception")
        await on.press("a")
        await answer(on, "rest")
        await on.press("a")
        await answer(on, "repeat")
        await fill(on, 4, "what", "Hill")
        await fill(on, 4, "tempo", "172")
        await fill(on, 4, "cues", "lean, arms")
        await go(on, 4, "more")
        await on.press("enter")
        await answer(on, "countdown")
        await write(on, "3 2 1")
        await on.press("enter")
        await go(on, 0, "more")
        await on.press("enter")
        await answer(on, "place")
        await write(on, "road, track")
        await on.press("enter")
        assert line(on, "#wrong") == ""
        await planned(on)
        assert shown(on, 0, "time") == "4:45"
        await on.press("s")
        data = tomllib.loads(path.read_text())
        assert data.pop("phase") == [
            {"drill": "perception", "time": "30s"},
            {"rest": "", "time": "15s"},
            {"repeat": 4, "part": [
                {"run": "Hill", "time": "20s", "tempo": 172, "cues": ["lean", "arms"],
                 "countdown": "3 2 1"},
                {"walk": "Walk back", "time": "40s"}]},
        ]  # fmt: skip
        assert data["title"] == "My hill run"
        assert data["place"] == ["road", "track"]
        assert '[[phase.part]]\nwalk = "Walk back"\ntime = "40s"\n' in path.read_text()
        await on.press("escape", "enter")
        await on.until(lambda: on.app.transport, "the playing")
        assert on.transport.performance.session.title == "My hill run"

    played(act, size=LARGE)


def test_a_wrong_value_is_told_and_kept_and_saved_only_after_a_question() -> None:
    path = keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        await go(on, 1, "time")
        await on.press("enter")
        await write(on, "4x")
        wrong = '"time" must be a time such as "45s", "1m30s", "5min", "1h" or "64 beats", not "4x"'
        assert line(on, "#wrong") == ""  # it may be half a time
        await on.press("enter")
        assert shown(on, 1, "time") == "4x"
        assert shown(on, 1, "number") == "1⚠"
        assert line(on, "#wrong") == wrong
        await go(on, 3, "tempo")
        assert line(on, "#wrong") == f"phase 1: {wrong}"
        await planned(on)
        assert shown(on, 0, "time") == "5:35"  # as long as it could be planned last
        await on.press("s")
        assert isinstance(on.screen, Confirm)
        await on.press("n")
        assert path.read_text() == HILLS
        await go(on, 1, "time")
        await on.press("s")
        assert str(on.screen.query(Static).first().content).startswith(f"phase 1: {wrong}")
        await on.press("n")
        await on.press("s", "y")
        assert changed(path, HILLS)[1] == '+ time    = "4x"     # or four\n'
        await on.press("u")
        assert shown(on, 1, "time") == "3min"
        assert line(on, "#wrong") == ""
        await on.press("r")
        assert shown(on, 1, "time") == "4x"
        await fill(on, 1, "time", "")
        assert '"time" is missing' in line(on, "#wrong")

    played(act)


def test_a_key_that_is_not_known_can_be_removed() -> None:
    path = keep("hills", HILLS.replace("tempo = 180", "tempo = 180\ntempoo = 170"))

    async def act(on: Stage) -> None:
        await opened(on)
        await go(on, 3, "more")
        assert 'did you mean "tempo"?' in line(on, "#wrong")
        await on.press("enter")
        await answer(on, "tempoo")
        await write(on, "")
        await on.press("enter", "s")
        assert path.read_text() == HILLS

    played(act)


def test_what_breaks_a_rule_of_the_whole_session_is_told_at_its_phase() -> None:
    keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        await go(on, 1, "kind")
        await on.press("enter")
        await answer(on, "drill")
        await answer(on, "toe-taps")
        assert "the first drill must be Perception" in line(on, "#wrong")
        assert shown(on, 1, "number") == "1⚠"

    played(act)


def test_rows_are_added_copied_moved_nested_and_deleted() -> None:
    keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        await go(on, 5, "what")
        await on.press("shift+right")
        assert column(on, "kind")[2:] == ["× repeat", "▓ run", "▒ walk", "░ rest"]
        assert column(on, "number")[-1] == "2.3"
        await on.press("shift+up", "shift+up", "shift+up")
        assert column(on, "kind")[2:] == ["× repeat", "░ rest", "▓ run", "▒ walk"]
        await on.press("shift+left", "d", "x", "u")
        assert column(on, "number") == ["", "1", "2", "2.1", "2.2", "3", "4"]
        await go(on, 2, "kind")
        await on.press("shift+up")
        assert column(on, "kind")[1:4] == ["× repeat", "▓ run", "▒ walk"]
        await on.press("enter")
        await answer(on, "once")
        assert column(on, "number") == ["", "1", "2", "3", "4", "5"]
        await on.press("enter")
        await answer(on, "talk")
        assert shown(on, 1, "kind") == "─ talk"
        assert shown(on, 1, "what") == "Up"
        await go(on, 0, "what")
        await on.press("x")
        assert "the session itself" in on.told
        while "nothing to undo" not in on.told:
            await on.press("u")
        assert str(page(on).editing.text) == HILLS

    played(act)


def test_texts_are_written_one_a_line_and_what_stays_is_left_as_it_was() -> None:
    path = keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        await go(on, 1, "words")
        await on.press("enter")
        assert isinstance(on.screen, Write)
        area = on.screen.query_one(TextArea)
        assert area.text == 'Tall\n{ text = "Quick", spoken = "kwick" }'
        area.text += "\nLong, and loose\n{ text"
        await on.press("ctrl+s")
        assert isinstance(on.screen, Write)  # half a table is asked for again
        assert "must be a text, or a table" in on.told
        area = on.screen.query_one(TextArea)
        area.text = area.text.removesuffix("{ text")
        await on.press("ctrl+s", "s")
        assert changed(path, HILLS)[1] == (
            '+ words   = ["Tall", { text = "Quick", spoken = "kwick" }, "Long, and loose"]\n'
        )
        await on.press("enter", "escape")
        assert page(on).editing.is_saved

    played(act)


def test_what_was_typed_is_taken_when_another_field_is_clicked() -> None:
    keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        await go(on, 1, "time")
        await on.press("enter")
        await write(on, "7min")
        await on.press("shift+down")  # moves nothing while something is typed
        await on.pilot.click(PhaseTable, offset=(8, 6))
        assert shown(on, 1, "time") == "7min"
        assert page(on).query_one(PhaseTable).cursor_row == 5
        assert not page(on).query_one("#field").display
        await on.pilot.click(PhaseTable, offset=(8, 6))  # a second click is Enter
        assert isinstance(on.screen, Choose)
        await on.press("escape", "enter", "escape")
        await go(on, 1, "time")
        await on.press("enter")
        await write(on, "9min")
        await on.press("escape")
        assert shown(on, 1, "time") == "7min"

    played(act)


def test_the_preview_shows_what_is_said_and_warns_as_check_does() -> None:
    keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        assert "⚠" not in line(on, "#lines")
        await go(on, 4, "what")
        assert line(on, "#lines").count("Down") == 2  # after each run
        assert page(on).query_one(SessionBar).at > 0
        await go(on, 2, "what")
        assert "Up" in line(on, "#lines")
        assert "Down" in line(on, "#lines")
        await fill(on, 3, "tempo", "300")
        await planned(on)
        await go(on, 0, "what")
        assert "300 a minute is" in line(on, "#lines")
        assert "warning" in line(on, "#time")
        await on.press("w")
        assert isinstance(on.screen, Card)
        await on.press("escape")
        page(on).on_session_bar_pointed(SessionBar.Pointed(1))
        await on.poll()
        assert page(on).query_one(PhaseTable).cursor_row == 3

    played(act, size=LARGE)


@pytest.mark.usefixtures("without_extra")
def test_without_a_voice_for_its_words_the_rest_is_shown_all_the_same() -> None:
    keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        assert shown(on, 0, "time") == "5:35"
        assert "record it" in line(on, "#lines")
        await go(on, 1, "what")
        assert "Tall" in line(on, "#lines")

    played(act)


# The file.


@pytest.mark.parametrize("choice", matrix(["theirs", "mine", "as", ""]))
def test_a_file_that_changed_outside_is_not_written_over_without_asking(choice: str) -> None:
    path = keep("hills", HILLS)
    theirs = HILLS.replace("Tuesdays", "Fridays")

    async def act(on: Stage) -> None:
        await opened(on)
        await fill(on, 5, "time", "20s")
        path.write_text(theirs)
        page(on).look_at_file()
        await on.poll()
        assert "changed outside" in line(on, "#wrong")
        await on.press("s")
        assert "changed outside" in str(on.screen.query(Static).first().content)
        await (answer(on, choice) if choice else on.press("escape"))
        mine = HILLS.replace("'15s'", '"20s"')
        if choice == "as":
            assert isinstance(on.screen, Ask)
            await write(on, "my hills")
            await on.press("enter")
            assert path.with_name("my-hills.toml").read_text() == mine.replace(
                '"Hills"', '"my hills"'
            )
        assert path.read_text() == (mine if choice == "mine" else theirs)
        assert page(on).editing.is_changed == (choice == "")
        if choice == "theirs":
            await on.press("u")
            assert shown(on, 5, "time") == "20s"

    played(act)


def test_a_file_that_changed_outside_is_read_again_where_nothing_would_be_lost() -> None:
    path = keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        await go(on, 1, "time")
        before = "Hills"
        for opener, after in (("enter", "Stairs"), ("a", "Steps")):  # a line to type in, a dialog
            await on.press(opener)
            path.write_text(HILLS.replace("Hills", after))
            page(on).look_at_file()
            assert shown(on, 0, "what") == before
            await on.press("escape")
            page(on).look_at_file()
            await on.poll()
            assert shown(on, 0, "what") == after
            assert "read again" in on.told
            before = after
        path.unlink()
        page(on).look_at_file()
        await on.press("s")
        await answer(on, "mine")
        assert path.read_text() == HILLS.replace("Hills", "Steps")

    played(act)


def test_a_built_in_session_is_changed_as_a_copy() -> None:
    async def act(on: Stage) -> None:
        await opened(on, "daily-ten")
        await on.press("escape")
        assert isinstance(on.screen, LibraryScreen)  # nothing was changed
        assert not (user_folder() / "sessions").exists()
        await opened(on, "daily-ten")
        assert "a copy, not saved" in line(on, "#time")
        await fill(on, 1, "time", "50s")
        await on.press("s")
        assert on.screen.query_one(Input).value == "My Daily ten"
        await write(on, "")
        await on.press("enter")
        assert on.text("#wrong") == "it needs a name"
        await write(on, "Daily eleven")
        await on.press("enter")
        copy = user_folder() / "sessions" / "daily-eleven.toml"
        model = built_in_sessions()["daily-ten"].read_text()
        assert len(changed(copy, model)) == 4
        assert cast("LibraryScreen", on.app.screen_stack[0]).selected is not None
        await on.press("escape")
        await on.settled()
        assert on.text("#heading") == "Daily eleven"

    played(act)


@pytest.mark.parametrize(
    ("key", "choice"),
    matrix([("q", "lose"), ("escape", ""), ("ctrl+c", "save"), ("ctrl+q", "save")]),
)
def test_leaving_asks_about_what_is_not_saved(key: str, choice: str) -> None:
    path = keep("hills", HILLS)

    async def act(on: Stage) -> None:
        await opened(on)
        await fill(on, 5, "time", "20s")
        await on.press(key)
        await (answer(on, choice) if choice else on.press("escape"))
        assert isinstance(on.screen, LibraryScreen if choice else EditorScreen)
        assert ("20s" in path.read_text()) == (choice == "save")
        assert on.app.is_running

    played(act)


@pytest.mark.parametrize("choice", matrix(["take", "drop", ""], 2))
def test_changes_that_a_killed_app_did_not_save_are_offered(choice: str) -> None:
    path = keep("hills", HILLS)
    editing = Editing(path)
    editing.change(editing.text.valued(4, "time", "20s"))

    async def act(on: Stage) -> None:
        await on.choose("hills")
        await on.press("e")
        assert "were not saved" in on.text(".dialog Static")
        await (answer(on, choice) if choice else on.press("escape"))
        if choice:
            await planned(on)
            assert shown(on, 5, "time") == ("20s" if choice == "take" else "15s")
            await on.press("s")
        assert isinstance(on.screen, EditorScreen if choice else LibraryScreen)
        assert ("20s" in path.read_text()) == (choice == "take")
        assert bool(Editing(path).draft) == (not choice)

    played(act)


@pytest.mark.parametrize("choice", ["take", "drop"])
def test_changes_of_a_session_whose_file_is_gone_are_offered_at_the_start(choice: str) -> None:
    path = keep("hills", HILLS)
    editing = Editing(path)
    editing.change(editing.text.valued(4, "time", "20s"))
    path.unlink()

    async def act(on: Stage) -> None:
        await on.until(lambda: isinstance(on.screen, Choose), "the question")
        assert "to hills, whose file is gone, were not saved" in on.text(".dialog Static")
        await answer(on, choice)
        if choice == "take":
            await planned(on)
            await on.press("s")
            await answer(on, "mine")
        await on.until(lambda: not isinstance(on.screen, Choose), "the answer")
        assert isinstance(on.screen, EditorScreen if choice == "take" else LibraryScreen)

    played(act)
    assert path.exists() == (choice == "take")
    assert lost() == []


def test_what_is_no_toml_is_left_to_the_runner_s_editor(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    path = keep("hills", "title = ")
    editor(monkeypatch, home)

    async def act(on: Stage) -> None:
        await on.choose("hills")
        await on.press("e")
        assert isinstance(on.screen, LibraryScreen)
        assert "E opens it in your editor" in on.told
        path.write_text(HILLS)
        await opened(on)
        await on.press("E")
        assert shown(on, 0, "what") == "Evening"
        await fill(on, 5, "time", "20s")
        await on.press("E")
        assert "Save it first" in on.told

    played(act)


def test_without_colours_everything_is_shown_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    keep("hills", HILLS)

    async def act(on: Stage) -> None:
        assert "SESSIONS" in text_of(await on.picture())  # before anything is planned
        await opened(on)
        assert "▓ run" in text_of(await on.picture())

    played(act)


def test_it_says_that_what_plays_is_paused() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.step(3)
        await on.press("l", "e")
        await on.until(lambda: isinstance(on.screen, EditorScreen), "the editor")
        assert "paused" not in on.text("#time")
        await on.press("space")
        assert on.text("#time").endswith("paused")
        await on.press("space")
        assert not on.transport.paused

    played(act)
