"""The widget for the one number that the runner needs now, as large as the space allows.

Textual's Digits are always three rows high, too small to read from a treadmill. These grow with the
screen.
"""

from __future__ import annotations

from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

_ROWS = 5
_DIGITS = {
    "0": ("███", "█ █", "█ █", "█ █", "███"),
    "1": (" █ ", "██ ", " █ ", " █ ", "███"),
    "2": ("███", "  █", "███", "█  ", "███"),
    "3": ("███", "  █", "███", "  █", "███"),
    "4": ("█ █", "█ █", "███", "  █", "  █"),
    "5": ("███", "█  ", "███", "  █", "███"),
    "6": ("███", "█  ", "███", "█ █", "███"),
    "7": ("███", "  █", "  █", "  █", "  █"),
    "8": ("███", "█ █", "███", "█ █", "███"),
    "9": ("███", "█ █", "███", "  █", "███"),
    ":": (" ", "█", " ", "█", " "),
    ".": (" ", " ", " ", " ", "█"),
    "-": ("   ", "   ", "███", "   ", "   "),
    " ": ("   ", "   ", "   ", "   ", "   "),
}


def drawn(text: str, width: int, height: int) -> list[str]:
    """The rows of `text` in the largest digits that fit into so many columns and rows."""
    glyphs = [_DIGITS[letter] for letter in text]
    narrow = sum(len(glyph[0]) for glyph in glyphs) + len(glyphs) - 1
    tall = max(1, height // _ROWS)
    wide = min(2 * tall, max(1, width // max(narrow, 1)))
    tall = min(tall, max(1, (wide + 1) // 2))
    rows = [" ".join(glyph[row] for glyph in glyphs) for row in range(_ROWS)]
    return ["".join(cell * wide for cell in row) for row in rows for _ in range(tall)]


class Figure(Widget):
    """Large digits, centred in the widget."""

    value = reactive("")
    colour = reactive("")

    def draw(self, value: str, colour: str) -> None:
        """Show this text in this colour."""
        self.value, self.colour = value, colour

    def watch_colour(self, colour: str) -> None:
        """Apply the colour."""
        self.styles.color = colour

    def render_line(self, y: int) -> Strip:
        """Return one row of cells."""
        width, height = self.size
        rows = drawn(self.value, width, height)
        row = y - (height - len(rows)) // 2
        text = (rows[row] if 0 <= row < len(rows) else "").center(width)
        empty = self.rich_style
        # The background is filled too: terminals leave hairlines between rows of blocks.
        full = empty + Style(bgcolor=empty.color)
        return Strip(
            Segment("".join(run), full if block else empty)
            for block, run in groupby(text, lambda cell: cell == "█")
        )
