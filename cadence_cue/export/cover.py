"""The cover of a track, which a phone shows on its lock screen: its title and its phases.

The only module that uses Pillow and anyascii.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from io import BytesIO

from anyascii import anyascii
from PIL import Image, ImageDraw, ImageFont

from cadence_cue.coaching.session import Kind
from cadence_cue.export.track import heard
from cadence_cue.timing.timeline import Timeline

SIZE = 1000
"""Width and height in pixels: enough for any phone, in a file of about ten thousand bytes."""

_MARGIN = 80
_WIDE = SIZE - 2 * _MARGIN
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
_HEIGHTS = {Kind.DRILL: 1.0, Kind.RUN: 1.0, Kind.GLIDE: 1.0, Kind.WALK: 0.6}  # how strenuous it is
_BAR = (540, 790)  # top and bottom of the bar of phases
_BELOW = 826
_TITLE_SIZES = range(176, 39, -8)
_TITLE_HEIGHT = 400
_TITLE_LINES = 8  # that fit at the smallest size
_LONGEST_WORD = 20  # letters that fit at the smallest size

# Pillow's own font has ASCII and little more: it has _SIGNS, and _OTHERWISE respells others.
_SIGNS = "·±«»‹›‘’“”"
_OTHERWISE = str.maketrans({"–": "-", "—": "-", "−": "-", "→": "->", "×": "x"})
# Whose letters can be spelt in ASCII one by one, so that a reader knows the word again. Chinese and
# Japanese share characters that sound otherwise in each, and Arabic leaves out its vowels.
_SPELT = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HANGUL", "HIRAGANA", "KATAKANA")


def cover(title: str, below: Iterable[str], timeline: Timeline) -> bytes:
    """A square PNG: the title, the phases as a bar in proportion to time, and short lines below.

    Letters that the font lacks are spelt in those that it has; where that cannot be done, the title
    is left out. The same input gives the same bytes.
    """
    image = Image.new("RGB", (SIZE, SIZE), _BACKGROUND)
    draw = ImageDraw.Draw(image)
    _title(draw, _drawable(title))
    _bar(draw, timeline)
    for k, line in enumerate(below):
        draw.text((_MARGIN, _BELOW + 56 * k), line, _QUIET, _font(44))
    made = _Png()
    # The octree is three times as fast as the usual way, and copies its image twice: a small one.
    colours = image.reduce(2).quantize(64, Image.Quantize.FASTOCTREE)
    few = image.quantize(palette=colours, dither=Image.Dither.NONE)
    few.save(made, compress_level=7)  # with 9 a fifth smaller in four times the time
    return made.getvalue()


class _Png(BytesIO):
    """A file in memory whose name tells its format: told as a word, Pillow imports them all."""

    name = "cover.png"


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _drawable(text: str) -> str:
    """The text in the font's characters, without accents; "" if a letter cannot be spelt."""
    drawn = ""
    for sign in text.translate(_OTHERWISE):
        plain = unicodedata.normalize("NFKD", sign).replace("\N{FRACTION SLASH}", "/")
        plain = plain.encode("ascii", "ignore").decode()
        if sign.isalpha() and not plain:
            if not unicodedata.name(sign, "").startswith(_SPELT):
                return ""
            plain = anyascii(sign)
        drawn += sign if sign in _SIGNS else plain
    return drawn


def _title(draw: ImageDraw.ImageDraw, title: str) -> None:
    """Draw the title, as large as its words allow."""
    words = re.split(" (?!%)", title)  # a percent sign stays with its number
    pieces = [piece for word in words for piece in textwrap.wrap(word, _LONGEST_WORD)]
    for size in _TITLE_SIZES:
        font = _font(size)
        lines = [""]
        for piece in pieces:
            longer = f"{lines[-1]} {piece}".lstrip()
            if draw.textlength(longer, font) <= _WIDE:
                lines[-1] = longer
            else:
                lines.append(piece)
        text = "\n".join(lines[:_TITLE_LINES])
        _, _, right, bottom = draw.multiline_textbbox((0, 0), text, font, spacing=size // 8)
        if right <= _WIDE and bottom <= _TITLE_HEIGHT:
            break
    draw.multiline_text((_MARGIN, _MARGIN), text, _INK, font, spacing=size // 8)


def _bar(draw: ImageDraw.ImageDraw, timeline: Timeline) -> None:
    top, bottom = _BAR
    marks = heard(timeline)
    whole = sum(mark.frames for mark in marks)
    done = 0
    for mark in marks:
        left = _MARGIN + _WIDE * done / whole
        done += mark.frames
        right = _MARGIN + _WIDE * done / whole
        kind = Kind(mark.kind)
        high = (bottom - top) * _HEIGHTS.get(kind, 0.3)
        gap = min(4.0, (right - left) / 4)
        draw.rectangle((left, bottom - high, max(right - gap, left + 1), bottom), _COLOURS[kind])
