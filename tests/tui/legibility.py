"""Finds what is off-centre, or can hardly be read in one of the ways of showing colours."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from rich._palettes import EIGHT_BIT_PALETTE, STANDARD_PALETTE
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from rich.style import Style
from textual.filter import monochrome_style

from cadence_cue.tui.playing.playing import PlayScreen
from tests.tui.rig import Stage, painted

WORDS, SHAPES = 4.5, 3.0
"""The least contrast after WCAG 2.2, success criteria 1.4.3 and 1.4.11."""

FAINTER = 4.0
"""The least contrast of words where the terminal chooses the colours: it has no nearer ones."""

Shown = Callable[[Color], ColorTriplet]
"""What a terminal makes of a colour."""


def reduced(palette: ColorSystem) -> Shown:
    """The nearest of 256 or of 16 colours, as a program on such a terminal sends it."""
    table = EIGHT_BIT_PALETTE if palette is ColorSystem.EIGHT_BIT else STANDARD_PALETTE

    def shown(color: Color) -> ColorTriplet:
        number = color.downgrade(palette).number
        return color.get_truecolor() if number is None else table[number]

    return shown


def without_colours(shown: Shown) -> Shown:
    """The same with NO_COLOR."""

    def grey(color: Color) -> ColorTriplet:
        plain = monochrome_style(Style(color=color)).color
        assert plain
        return shown(plain)

    return grey


IN_FULL: Shown = Color.get_truecolor
OTHERS: dict[str, Shown] = {
    "NO_COLOR": without_colours(IN_FULL),
    "256 colours": reduced(ColorSystem.EIGHT_BIT),
    "TERM=linux": reduced(ColorSystem.STANDARD),
    "TERM=linux and NO_COLOR": without_colours(reduced(ColorSystem.STANDARD)),
}
"""What a terminal makes of colours that it has not, or that its user does not want."""


def faint(on: Stage, *, shapes: bool) -> list[str]:
    """Words, or shapes too, of too little contrast; behind a dialog nothing has to be seen."""
    front = on.screen.query(".dialog, .card, #--container")
    region = front.first().region if front else on.screen.region
    behind = on.app.screen.styles.background.rich_color
    found = []
    for strip in on.screen._compositor.render_strips()[region.y : region.bottom]:
        for segment in strip.crop(region.x, region.right):
            style = segment.style
            if not segment.text.strip() or not style or not style.color or not style.bgcolor:
                continue
            word = bool(re.search(r"\w", segment.text))
            # A digit of the figure is filled in both colours.
            ground = behind if style.bgcolor == style.color else style.bgcolor
            if word or shapes:
                ways = _faint(style.color, ground, word=word)
                found += [f"{segment.text!r} {way}".strip() for way in ways]
    return found


@cache
def _faint(color: Color, ground: Color, *, word: bool) -> tuple[str, ...]:
    """Where these colours are too much alike; "" stands for a terminal that has all colours."""
    found = [""] * (contrast(color, ground) < (WORDS if word else SHAPES))
    least = FAINTER if word else SHAPES
    found += [way for way, shown in OTHERS.items() if contrast(color, ground, shown) < least]
    return tuple(found)


def contrast(one: Color, other: Color, shown: Shown = IN_FULL) -> float:
    """Contrast after WCAG 2.2."""
    bright, dark = sorted((_luminance(shown(one)), _luminance(shown(other))), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(color: ColorTriplet) -> float:
    """Relative luminance after WCAG 2.2."""
    shares = [each / 255 for each in color]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def off_centre(on: Stage) -> list[str]:
    """A sentence for what is not in the middle of the screen in front, if something plays there."""
    screen = on.screen
    if not isinstance(screen, PlayScreen):
        return []
    left, right = (screen.query_one(name).region for name in ("#left", "#right"))
    found = []
    if (left.x, left.width) != (0, right.width) or right.right != screen.size.width:
        found.append(f"the lamps: {left}, {right}")
    rows = screen.query_one("#figure").region
    seen = painted(on.app)[rows.y : rows.bottom]
    lines = ["".join(segment.text for segment in row) for row in seen]
    digits = [line[left.right : right.x] for line in lines if "█" in line[left.right : right.x]]
    before = min((len(line) - len(line.lstrip()) for line in digits), default=0)
    after = min((len(line) - len(line.rstrip()) for line in digits), default=0)
    if abs(before - after) > 1:
        found.append(f"the figure: {before} columns before it, {after} after it")
    return found
