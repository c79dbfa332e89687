"""The picture of a track, which a phone shows on its lock screen: its title, and its phases.

The one place that knows Pillow.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from cadence_cue.coaching.model import Kind
from cadence_cue.timing.timeline import Timeline

SIZE = 1000
"""Pixels of a side: enough for any phone, and a file of some ten thousand bytes."""

_MARGIN = 80
_BACKGROUND, _INK, _QUIET = "#0f1216", "#f4efe0", "#98a0ab"
_COLOURS = {
    Kind.DRILL: "#ffb454",
    Kind.RUN: "#7fd962",
    Kind.GLIDE: "#7fd962",
    Kind.WALK: "#59c2ff",
    Kind.REST: "#4a515c",
    Kind.SWITCH: "#4a515c",
    Kind.TALK: "#d2a6ff",
    Kind.EXPLAIN: "#d2a6ff",
}
_HEIGHTS = {Kind.DRILL: 1.0, Kind.RUN: 1.0, Kind.GLIDE: 1.0, Kind.WALK: 0.6}  # how busy it is
_BAR = (560, 780)  # where it stands, from the top
_TITLE_SIZES = range(128, 40, -8)
_TITLE_HEIGHT = 370


def cover(title: str, below: Iterable[str], timeline: Timeline) -> bytes:
    """A square PNG: the title, the phases as a bar in proportion to time, and short lines below.

    The same picture gives the same bytes.
    """
    image = Image.new("RGB", (SIZE, SIZE), _BACKGROUND)
    draw = ImageDraw.Draw(image)
    _title(draw, title)
    _bar(draw, timeline)
    for k, line in enumerate(below):
        draw.text((_MARGIN, 830 + 56 * k), line, _QUIET, _font(42))
    made = BytesIO()
    image.quantize(64).save(made, "PNG", optimize=True)
    return made.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _title(draw: ImageDraw.ImageDraw, title: str) -> None:
    """As large as its words allow."""
    wide = SIZE - 2 * _MARGIN
    for size in _TITLE_SIZES:
        font = _font(size)
        widest = max(1, int(wide / draw.textlength("n", font)))
        lines = textwrap.wrap(title.replace(" %", "\u00a0%"), widest) or [""]
        text = "\n".join(lines)
        _, _, right, bottom = draw.multiline_textbbox((0, 0), text, font, spacing=size // 5)
        if right <= wide and bottom <= _TITLE_HEIGHT:
            break
    else:
        text = "\n".join(lines[:5])
    draw.multiline_text((_MARGIN, _MARGIN), text, _INK, font, spacing=size // 5)


def _bar(draw: ImageDraw.ImageDraw, timeline: Timeline) -> None:
    top, bottom = _BAR
    begin = timeline.marks[0].start
    whole = timeline.marks[-1].start + timeline.marks[-1].frames - begin
    wide = SIZE - 2 * _MARGIN
    for mark in timeline.marks:
        kind = Kind(mark.kind)
        left = _MARGIN + wide * (mark.start - begin) / whole
        right = _MARGIN + wide * (mark.start + mark.frames - begin) / whole
        high = (bottom - top) * _HEIGHTS.get(kind, 0.3)
        gap = min(4.0, (right - left) / 4)
        draw.rectangle((left, bottom - high, max(right - gap, left + 1), bottom), _COLOURS[kind])
