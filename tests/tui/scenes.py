"""Every screen at a given moment: what the snapshots hold, and the pictures of the manuals show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import datetime
from html import unescape
from re import findall

import time_machine
from textual.command import CommandList

from cadence_cue.coaching.model import Kind
from cadence_cue.tui.editor import EditorScreen
from cadence_cue.tui.library import LibraryScreen
from tests.tui.rig import Stage

Scene = Callable[[Stage], Awaitable[None]]

_TEXT = r'<text class="[^"]*-r\d+" x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>'
_WIDTH, _HEIGHT = 12.2, 24.4  # of a cell of a picture


def on_the_day() -> AbstractContextManager[object]:
    """The date on which everything is shown: it turns the cues."""
    return time_machine.travel(datetime(2026, 11, 23, 12).timestamp())  # noqa: DTZ001 (anywhere)


async def library(on: Stage) -> None:
    await on.choose("daily-ten")


async def filtered(on: Stage) -> None:
    await library(on)
    await on.press("t", "w", "o", "o")
    await on.settled()


async def palette(on: Stage) -> None:
    await library(on)
    await on.press("ctrl+p", *"cadence")
    await on.until(lambda: on.screen.query_one(CommandList).option_count, "what was found")


async def drill(on: Stage) -> None:
    await on.choose("toe-taps", "drill")


async def playing_a_drill(on: Stage) -> None:
    await on.begin("daily-ten")
    await on.to(Kind.DRILL, 21.05)


async def playing_a_run(on: Stage) -> None:
    await on.begin("cadence-plus5")
    await on.to(Kind.RUN, 62.02)


async def playing_a_rest(on: Stage) -> None:
    await on.begin("daily-ten")
    await on.to(Kind.REST, 4)


async def paused(on: Stage) -> None:
    await playing_a_drill(on)
    await on.press("space")


async def card(on: Stage) -> None:
    await playing_a_drill(on)
    await on.press("i")


async def keys(on: Stage) -> None:
    await playing_a_drill(on)
    await on.press("question_mark")


async def quitting(on: Stage) -> None:
    await playing_a_drill(on)
    await on.press("q")


async def after(on: Stage) -> None:
    await playing_a_drill(on)
    await on.press("e", "y")
    await on.settled()  # the library behind it plans its page again


async def export(on: Stage) -> None:
    await library(on)
    await on.press("x")


async def rehearse(on: Stage) -> None:
    await drill(on)
    await on.press("r")


async def perfected(on: Stage) -> None:
    await on.choose("toe-taps-dynamic", "drill")
    await on.press("enter")


async def beat(on: Stage) -> None:
    await on.press("b")
    await on.press("up")


async def beat_playing(on: Stage) -> None:
    await beat(on)
    await on.press("a", "space")
    await on.step(12.3)


async def far(on: Stage) -> None:
    await playing_a_drill(on)
    await on.press("f")


async def settings(on: Stage) -> None:
    await on.press("s")


async def editor(on: Stage) -> None:
    await on.choose("cadence-plus5")
    await on.press("e")
    page = on.screen
    assert isinstance(page, EditorScreen)
    await on.until(lambda: page.planned, "the preview")
    await on.press(*["down"] * 5, "right", "right")


async def editing(on: Stage) -> None:
    await editor(on)
    await on.press("enter", *"4x")


async def voices(on: Stage) -> None:
    await on.press("V")


async def no_exports(on: Stage) -> None:
    await on.press("X")


async def your_keys(on: Stage) -> None:
    await on.press("s", "ctrl+k")


async def recordings(on: Stage) -> None:
    await library(on)
    await on.press("R")
    await on.until(lambda: "perception" in on.text("#lines"), "the lines")


async def safety(on: Stage) -> None:
    await on.poll()


async def volume(on: Stage) -> None:
    await on.press("enter")


async def cadence(on: Stage) -> None:
    await on.press("enter")
    await on.press("enter")


async def why(on: Stage) -> None:
    await cadence(on)
    await on.press("escape")


FIRST = {"safety": safety, "volume": volume, "cadence": cadence, "why": why}
"""What is seen at the very first start."""

LATER: dict[str, Scene] = {
    each.__name__: each
    for each in (
        library,
        filtered,
        palette,
        drill,
        playing_a_drill,
        playing_a_run,
        playing_a_rest,
        paused,
        card,
        keys,
        quitting,
        after,
        export,
        rehearse,
        perfected,
        beat,
        beat_playing,
        far,
        settings,
        editor,
        editing,
        voices,
        no_exports,
        your_keys,
        recordings,
    )
}
"""What is seen later."""


async def ready(on: Stage) -> None:
    """Wait until the library has planned its first page, behind whatever is in front."""
    if isinstance(on.app.screen_stack[1], LibraryScreen):  # not at the first start
        await on.settled()


def text_of(picture: str) -> str:
    """The characters that an SVG picture shows, line by line."""
    lines: dict[int, dict[int, str]] = {}
    for x, y, text in findall(_TEXT, picture):
        row = lines.setdefault(int(float(y) / _HEIGHT), {})
        for k, character in enumerate(unescape(text).replace("\xa0", " ")):
            row[round(float(x) / _WIDTH) + k] = character
    rows = [lines.get(y, {}) for y in range(max(lines) + 1)]
    return "\n".join(
        "".join(row.get(x, " ") for x in range(max(row, default=-1) + 1)).rstrip() for row in rows
    )
