"""Draws the pictures in the manuals from the real screens.

python -m scripts.pictures
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.tui import scenes
from tests.tui.rig import READ, Stage, played

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SIZE = (100, 30)
PICTURES = {
    "playing": (scenes.playing_a_run, "dark"),
    "drill": (scenes.playing_a_drill, "dark"),
    "library": (scenes.library, "dark"),
    "editor": (scenes.editor, "dark"),
    "light": (scenes.playing_a_rest, "light"),
}
"""The scene and the theme of each picture, by its file name."""

_FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def picture(name: str) -> str:
    """One of PICTURES as SVG, with fonts of the reader's system instead of embedded ones."""
    scene, theme = PICTURES[name]
    made: list[str] = []

    async def act(on: Stage) -> None:
        await scenes.ready(on)
        await scene(on)
        made.append(await on.picture())

    with scenes.on_the_day():
        played(act, replace(READ, theme=theme), SIZE)
    return _FONTS.sub("", made[0]).replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")


def main() -> None:
    """Draw all pictures, with an empty home folder."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["HOME"] = home
        for name in PICTURES:
            (FOLDER / f"{name}.svg").write_text(picture(name), encoding="utf-8")


if __name__ == "__main__":
    main()
