"""The cover: phases in proportion, and a title that its own font can write, inside its place."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFont

from cadence_cue.coaching.drill import Side
from cadence_cue.export import cover as drawn
from cadence_cue.export.cover import SIZE, cover
from cadence_cue.timing.timeline import EVENT, Mark, Timeline
from tests.matrix import matrix

RATE = 1000
BACKGROUND, DRILL, RUN, REST = (15, 18, 22), (255, 180, 84), (127, 217, 98), (74, 81, 92)
NO_EVENTS = np.zeros(0, EVENT)


def phases(*kinds: tuple[str, int], start: int = 0) -> Timeline:
    """Phases of so many seconds each, after ten seconds of getting ready."""
    marks, at = [], 10 * RATE
    for k, (kind, seconds) in enumerate(kinds):
        marks.append(Mark(k, kind, kind, at, at, seconds * RATE, 0.0, 0.0, k + 1, Side.NONE))
        at += seconds * RATE
    return Timeline(RATE, start, at + RATE, 1, NO_EVENTS, (), tuple(marks), ())


def image(title: str, timeline: Timeline | None = None) -> Image.Image:
    """The cover, its colours as they are meant: each may be a level off, unseen."""
    png = cover(title, ["10:12 · own cadence 173"], timeline or phases(("run", 60)))
    seen = np.asarray(Image.open(BytesIO(png)).convert("RGB")).copy()
    for colour in (BACKGROUND, DRILL, REST, RUN):
        seen[(abs(seen.astype(int) - colour) <= 1).all(axis=2)] = colour
    return Image.fromarray(seen)


def test_it_is_a_small_square_png_and_always_the_same() -> None:
    timeline = phases(("drill", 30), ("rest", 10))
    png = cover("Daily ten", ["10:12"], timeline)
    assert png == cover("Daily ten", ["10:12"], timeline)
    assert Image.open(BytesIO(png)).format == "PNG"
    assert Image.open(BytesIO(png)).size == (SIZE, SIZE)
    assert len(png) < 50_000


def test_phases_are_as_wide_as_they_are_long() -> None:
    bar = image("", phases(("drill", 50), ("rest", 25), ("run", 25)))
    row = [bar.getpixel((x, 780)) for x in range(SIZE)]
    widths = [row.count(colour) for colour in (DRILL, REST, RUN)]
    assert widths == pytest.approx([420, 210, 210], abs=6)
    inside = [colour for colour in row if colour != BACKGROUND]
    assert list(dict.fromkeys(inside)) == [DRILL, REST, RUN]
    assert 780 > next(y for y in range(SIZE) if bar.getpixel((600, y)) == REST) > 700


def test_what_a_track_leaves_out_is_not_in_its_bar() -> None:
    bar = image("", phases(("drill", 50), ("rest", 25), ("run", 25), start=85 * RATE))
    colours = {bar.getpixel((x, 780)) for x in range(SIZE)}
    assert colours == {BACKGROUND, RUN}


def test_two_thousand_phases_have_room() -> None:
    assert image("", phases(*[("drill", 6), ("rest", 5)] * 1000)).getpixel((80, 780)) == DRILL


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Cadence +5 %", "Cadence +5 %"),
        ("Füße, Übung – täglich", "Fusse, Ubung - taglich"),
        ("own → +5 % × 3…", "own -> +5 % x 3..."),
        ("Łódź «œuvre» ½", "Lodz «oeuvre» 1/2"),
        ("Run 🏃 now", "Run  now"),
        ("Утренняя пробежка 5", "Utrennyaya probezhka 5"),
        ("Τρέξιμο, 달리기, ラン", "Treximo, DalLiGi, ran"),
        ("走る", ""),
        ("الجري", ""),
    ],
)
def test_a_title_is_written_in_what_the_font_has(title: str, expected: str) -> None:
    assert drawn._drawable(title) == expected


def test_the_font_has_whatever_a_title_is_written_in() -> None:
    font = ImageFont.load_default(64)
    empty_box = bytes(font.getmask("\uffff"))
    every = {c for k in range(32, 0x3000) for c in drawn._drawable(chr(k)) if c.isprintable()}
    assert len(every) > 95
    assert [c for c in every if bytes(font.getmask(c)) == empty_box] == []


@pytest.mark.parametrize(
    "title",
    matrix(
        ["Daily ten", "W" * 200, "Standing to running, one leg and then the other " * 4, "",
         "A", "Cadence +5 %", "WARM-UP MOMENTUM MARATHON WEEKEND", "a b " * 50, " "],
        few=4,
    ),
)  # fmt: skip
def test_a_title_stays_in_its_place(title: str) -> None:
    above = np.asarray(image(title))[:540]
    rows, columns = np.nonzero((above != BACKGROUND).any(axis=2))
    if title.strip():
        assert 80 <= rows.min() < 200
        assert (columns.min() >= 75, columns.max() < SIZE - 75, rows.max() < 500) == (True,) * 3
    else:
        assert rows.size == 0


def test_a_short_title_is_large() -> None:
    heights = []
    for title in ("Daily ten", "Daily ten for everybody who runs in the morning"):
        rows, _ = np.nonzero((np.asarray(image(title))[:540] != BACKGROUND).any(axis=2))
        heights.append(rows.max() - rows.min())
    assert heights[0] > 150
    assert heights[1] > heights[0]
