"""Texts that find no room: what is shown is whole, or says that it goes on and where."""

from __future__ import annotations

import re

import pytest
from textual.geometry import Region
from textual.widgets import Input

from cadence_cue.tui.page import Page
from cadence_cue.tui.pages import Card
from cadence_cue.tui.short import Short
from tests.matrix import matrix
from tests.tui.rig import Stage, painted, played

WORDS = "the folder of the music that you chose is on a drive which is not there any more"
LENGTHS = (1, 8, 40)  # times the words
SIZES = [(80, 24), (40, 12), (60, 16), (80, 10), (120, 40), (100, 17)]


def seen(on: Stage, region: Region) -> str:
    """What can be read in a part of the screen, its rows joined by spaces."""
    rows = ["".join(segment.text for segment in row) for row in painted(on.app)]
    rows = [row[region.x : region.right] for row in rows[region.y : region.bottom]]
    return re.sub(r"\s+", " ", " ".join(rows)).strip()


def goes_on(shown: str, text: str, key: str) -> bool:
    """Whether it is whole words of the text, then an ellipsis and the key for the rest."""
    begins, _, rest = shown.partition("…")
    return text.startswith(f"{begins.rstrip()} ") and rest.strip() == key


@pytest.mark.parametrize(("columns", "rows"), matrix(SIZES, few=3))
def test_a_long_message_is_whole_or_says_where_the_rest_is(columns: int, rows: int) -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        for where in ("#status", "#time"):
            for times in LENGTHS:
                text = " ".join([WORDS] * times)
                on.app.show_messages([text])
                await on.poll()
                line = on.screen.query_one(where, Short)
                shown = seen(on, line.region)
                assert line.region.height > 0
                assert shown == text or goes_on(shown, text, "M"), shown
            await on.press("M")
            assert isinstance(on.screen, Card)
            assert " ".join(on.text(".card Static").split("\n")[0].split()) == text
            await on.press("escape", "l")

    played(act, size=(columns, rows))


@pytest.mark.parametrize(("columns", "rows"), matrix(SIZES, few=3))
def test_every_line_of_the_play_screen_is_whole_or_ends_with_an_ellipsis(
    columns: int, rows: int
) -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        page = on.screen
        assert isinstance(page, Page)
        lines = {"name": "", "title": "", "caption": "", "coming": "", "beat": "i"}
        for where, key in lines.items():
            page.query_one(f"#{where}", Short).update(" ".join([WORDS] * 3))
            await on.pilot.pause()
            line = page.query_one(f"#{where}", Short)
            shown, text = seen(on, line.region), " ".join([WORDS] * 3)
            assert not line.display or shown == text or goes_on(shown, text, key), shown

    played(act, size=(columns, rows))


@pytest.mark.parametrize("rows", [24, 16])
def test_a_dialog_shows_all_of_what_is_wrong(rows: int) -> None:
    async def act(on: Stage) -> None:
        await on.choose("daily-ten")
        await on.press("x")
        on.screen.query_one("#target", Input).value = f"{'no-such-folder/' * 12}track.mp3"
        await on.press("enter")
        text = on.text("#wrong")
        assert "no-such-folder" in text
        wrong = on.screen.query_one("#wrong")

        def is_shown() -> bool:
            return seen(on, wrong.region).replace(" ", "") == text.replace(" ", "")

        await on.until(is_shown, "all of what is wrong is shown")

    played(act, size=(80, rows))


@pytest.mark.parametrize("rows", [24, 20, 19, 12, 11, 8])
def test_what_is_done_and_said_stays_on_a_screen_of_few_rows(rows: int) -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.step(20)
        await on.press("space")
        await on.poll()
        status = on.screen.query_one("#status", Short)
        assert seen(on, status.region).startswith("PAUSED: space goes on")
        for where in ("#figure", "#caption", "#title"):
            region = on.screen.query_one(where).region
            assert seen(on, region), where

    played(act, size=(80, rows))
