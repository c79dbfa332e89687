"""How every screen looks, and that it can be read.

`CADENCE_CUE_SNAPSHOTS=new` writes the snapshots anew; look at them before you keep them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from rich.color import Color
from textual.theme import Theme
from textual.widgets import Static

from cadence_cue.app.settings import Settings
from cadence_cue.tui.playing.playing import PlayScreen
from cadence_cue.tui.theme import KINDS, THEMES
from scripts import pictures
from tests.matrix import matrix
from tests.tui import scenes
from tests.tui.clipping import clipped
from tests.tui.legibility import IN_FULL, OTHERS, SHAPES, contrast, faint, off_centre
from tests.tui.rig import LARGE, READ, SMALL, Stage, played

FOLDER = Path(__file__).parent / "snapshots"
NEW = os.environ.get("CADENCE_CUE_SNAPSHOTS") == "new"
SCENES = {**scenes.LATER, **scenes.FIRST}

Look = tuple[tuple[int, int], str]
"""A size and a theme."""
SLIGHT: list[Look] = [(SMALL, "dark")]
FEW: list[Look] = [*SLIGHT, (LARGE, "light"), ((60, 20), "dark")]
TELLING = {"library", "playing_a_drill", "stepping", "export", "settings", "safety"}
"""The scenes that the quick run sees in FEW looks: lists, a figure, a dialog, fields, a text."""
ALIKE = ["paused", "quitting", "beat_playing", "filtered", "no_exports", "weeks", "log"]
"""The scenes that the quick run leaves out, as others show the same screen or dialog."""
UNLIKE = [name for name in SCENES if name not in ALIKE]
KEPT = (LARGE, SMALL)
"""The sizes of which there are snapshots."""
CHECKED: list[Look] = [((60, 20), "dark"), ((100, 30), "light"), ((200, 60), "dark")]
"""Where nothing may be cut off or faint either."""
ALL: list[Look] = [*((size, theme) for size in KEPT for theme in THEMES), *CHECKED]


def seen(name: str, looks: list[Look]) -> dict[Look, tuple[str, list[str], list[str]]]:
    """The text of a screen in each of these looks, what can hardly be read, and what is cut off.

    The last also has what is off-centre.
    """
    found = {}

    async def act(on: Stage) -> None:
        await scenes.ready(on)
        await SCENES[name](on)
        for size, theme in looks:
            await on.pilot.resize_terminal(*size)
            on.app.theme = THEMES[theme].name
            await on.poll()
            text = scenes.text_of(await on.picture())
            shapes = isinstance(on.screen, PlayScreen)
            found[size, theme] = text, faint(on, shapes=shapes), [*clipped(on), *off_centre(on)]

    with scenes.on_the_day():
        played(act, READ if name in scenes.LATER else Settings(), LARGE)
    return found


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_lit_lamp_is_told_apart_from_all_around_it(theme: Theme) -> None:
    lamp = Color.parse(theme.variables["lamp"])
    for shown in (IN_FULL, *OTHERS.values()):
        assert contrast(lamp, Color.parse(str(theme.background)), shown) >= SHAPES
    for look in KINDS.values():
        assert contrast(lamp, Color.parse(theme.variables[look.colour])) >= 1.5


@pytest.mark.parametrize("name", matrix(sorted(pictures.PICTURES)))
def test_the_pictures_of_the_manuals_show_the_screens(name: str) -> None:
    kept = (pictures.FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    assert scenes.text_of(kept) == scenes.text_of(pictures.picture(name))


@pytest.mark.parametrize("name", matrix([*UNLIKE, *ALIKE], few=len(SCENES) if NEW else len(UNLIKE)))
def test_the_screen_looks_as_it_did(name: str, pytestconfig: pytest.Config) -> None:
    few = FEW if name in TELLING or NEW else SLIGHT
    looks = ALL if pytestconfig.option.all else few
    for (size, theme), (text, hard_to_read, cut_off) in seen(name, looks).items():
        assert not hard_to_read, theme
        assert not cut_off, size
        assert all(len(line) <= size[0] for line in text.splitlines())
        if size not in KEPT:
            continue
        # One file for both themes: nothing is told by colours alone.
        file = FOLDER / f"{name}-{size[0]}x{size[1]}.txt"
        if NEW:
            FOLDER.mkdir(exist_ok=True)
            file.write_text(f"{text}\n", encoding="utf-8")
        assert f"{text}\n" == file.read_text(encoding="utf-8")


def test_cut_words_are_found() -> None:
    async def act(on: Stage) -> None:
        await on.settled()
        name = on.screen.query_one("#name", Static)
        name.update("a longer name")
        name.styles.width = 10
        await on.pilot.pause()
        assert clipped(on) == ["Static#name: of 'a longer name' only 'a longer' is shown"]
        name.styles.width, name.styles.text_wrap = 7, "nowrap"
        await on.pilot.pause()
        assert "Static#name: 'longe' is no word of it" in clipped(on)
        name.styles.width, name.styles.offset = 20, (-3, 0)
        await on.pilot.pause()
        assert any("goes on beyond the edge" in each for each in clipped(on))

    played(act)


def test_what_is_off_centre_and_what_is_faint_on_some_terminals_is_found() -> None:
    async def act(on: Stage) -> None:
        await on.begin()
        await on.step(3)
        assert off_centre(on) == []
        on.screen.query_one("#centre").styles.padding = (0, 9, 0, 1)
        on.screen.query_one("#left").styles.width = 9
        unit = on.screen.query_one("#unit")
        unit.styles.color, unit.styles.background = "#0a5c9c", "#fbfaf6"
        await on.pilot.pause()
        assert [each.split(":")[0] for each in off_centre(on)] == ["the lamps", "the figure"]
        (hard,) = faint(on, shapes=False)
        assert re.fullmatch(r"' *to go *' TERM=linux", hard)

    played(act)
