"""Every screen at a given moment: what the snapshots hold, and the pictures of the manuals show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from html import unescape
from pathlib import Path
from re import findall

import time_machine
from textual.command import CommandList

from cadence_cue.app.log import history
from cadence_cue.app.log.history import Practice, Result, Scored
from cadence_cue.app.log.kept_reviews import write_reviews
from cadence_cue.app.plan import kept_plan
from cadence_cue.app.settings import user_folder
from cadence_cue.coaching import rehearsal
from cadence_cue.coaching.session import Kind
from cadence_cue.tui.editor.editor import EditorScreen
from cadence_cue.tui.library.library import LibraryScreen
from tests.tui.rig import Stage

Scene = Callable[[Stage], Awaitable[None]]

TAP = 0.75
"""Seconds from one toe tap to the next, at 80 a minute."""

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
    library = on.app.screen_stack[0]
    assert isinstance(library, LibraryScreen)
    await on.until(lambda: library._finder.shown.done, "the practice in the list")
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


async def tapped(on: Stage, offsets: list[float]) -> None:
    """Rehearse toe taps, and tap on the first beats, each so many seconds late."""
    drill = on.app.library.drills["toe-taps"]
    session = rehearsal.rehearse(drill, on.app.library, side="left", sets=3, time="15s")
    on.app.play(on.app.prepare(session))
    await on.press("y")
    await on.to(Kind.DRILL, 0)
    for offset in offsets:
        await on.tap("f", offset)
        await on.step(TAP)


async def stepping(on: Stage) -> None:
    await tapped(on, [0.01, 0.03, -0.02, 0.06, -0.13, -0.05, -0.015])


async def calibrate(on: Stage) -> None:
    on.app.change_settings(lambda saved: saved.with_delay("offsets", on.player.device, 180))
    await on.press("C")


async def measuring(on: Stage) -> None:
    await on.press("C", "down", "enter")


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


async def pressing(on: Stage) -> None:
    await your_keys(on)
    await on.press("enter", "p")


async def recordings(on: Stage) -> None:
    await library(on)
    await on.press("R")
    await on.until(lambda: "perception" in on.text("#lines"), "the lines")


def _folder() -> None:
    Path("mine").mkdir(exist_ok=True)


async def line_recording(on: Stage) -> None:
    _folder()
    await recordings(on)
    await on.press("c", *["backspace"] * 4, *"mine", "enter")
    await on.until(lambda: "recorded in mine" in on.text("#lines"), "the folder")
    await on.press("enter")


async def today(on: Stage) -> None:
    _season()
    await on.press("T")


async def weeks(on: Stage) -> None:
    _season()
    await on.press("W")


async def charted(on: Stage) -> None:
    _season()
    await on.press("H")


async def log(on: Stage) -> None:
    await charted(on)
    await on.press("e")


def _season() -> None:
    """Leave behind some weeks of a plan: runs, marks, a week that was hard, and reviews."""
    folder = user_folder()
    began = replace(kept_plan.wish(160, 168), start=date(2026, 11, 2))
    kept_plan.make(began, folder)
    days = (2, 4, 7, 9, 14, 16, 18, 21, 23)
    for k, day in enumerate(days):
        name, mark = f"plan-2026-11-{day:02}", 2 if day == 14 else 3 + k % 3
        moment, title = f"2026-11-{day:02}T08:00:00+01:00", f"Week {1 + k // 3}, a run"
        drills, seconds = ("perception", "change-of-support"), 1500.0 - 300 * (k % 2)
        practice = Practice(moment, name, title, 1.0, 160, mark, drills, seconds=seconds)
        history.append(practice, folder)
    scored = Result("Toe Taps", 160, 151, 0.8, 22.0, "steady", 2.4)
    history.append(Scored("2026-11-21T18:00:00+01:00", "daily-ten", "Daily ten", (scored,)), folder)
    ran = ((2, None, 160.4), (9, 163.2, 161.1), (16, 163.8, 161.9), (21, 164.1, 162.6))
    reviews = [
        {"date": f"2026-11-{day:02}T08:00:00+01:00", "session": f"plan-2026-11-{day:02}",
         "mean_spm": steps, "alone_spm": own, "within_3_percent": 80.0}
        for day, steps, own in ran
    ]  # fmt: skip
    write_reviews(reviews, folder)


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
        stepping,
        calibrate,
        measuring,
        settings,
        editor,
        editing,
        voices,
        no_exports,
        your_keys,
        pressing,
        recordings,
        line_recording,
        today,
        weeks,
        charted,
        log,
    )
}
"""What is seen later."""


async def ready(on: Stage) -> None:
    """Wait until the library has planned its first page, behind whatever is in front."""
    if isinstance(on.app.screen_stack[0], LibraryScreen):  # not at the first start
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
