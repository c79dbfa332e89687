"""Charts made of characters, for a terminal and for a screen alike, without colours."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDEST = 100
"""Columns that a chart takes at most."""
_ROWS = 14
_STEPS = (1, 2, 5, 10, 20, 50)
_LEVELS = 6  # that the y axis names, at most
_BLOCKS = "▏▎▍▌▋▊▉█"
_HEIGHTS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Series:
    """Points of a chart; a `line` joins them."""

    x: Sequence[float]
    y: Sequence[float]
    marker: str
    line: bool = False


def chart(
    series: Sequence[Series],
    width: int,
    *,
    below: str,
    ticks: Mapping[int, str] | None = None,
    rows: int = _ROWS,
) -> list[str]:
    """Return the rows of a chart in at most so many columns, with a line about it below.

    `ticks` name places of the x axis; without them it has numbers.
    """
    import plotext  # noqa: PLC0415 - the screen starts without charts

    plotext.clear_figure()
    plotext.plot_size(min(width, WIDEST), rows)
    plotext.theme("clear")
    for each in series:
        draw = plotext.plot if each.line else plotext.scatter
        draw(list(each.x), list(each.y), marker=each.marker)
    levels = _levels([level for each in series for level in each.y])
    plotext.yticks(levels, [*map(str, levels)])
    places = _levels([place for each in series for place in each.x])
    named = ticks or dict(zip(places, map(str, places), strict=True))
    plotext.xticks([*named], [*named.values()])
    plotext.xlabel(below)
    drawn: str = plotext.uncolorize(plotext.build())
    return [line.rstrip() for line in drawn.rstrip().split("\n")]


def _levels(values: Sequence[float]) -> list[int]:
    """Return round numbers between the least and the greatest of some values."""
    low, high = min(values), max(values)
    step = next((step for step in _STEPS if high - low < _LEVELS * step), _STEPS[-1])
    return list(range(math.ceil(low / step) * step, math.floor(high) + 1, step))


def bar(value: float, most: float, columns: int) -> str:
    """Return a bar as long as a value's share of the most, to an eighth of a column."""
    eighths = round(8 * columns * value / most) if most else 0
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_BLOCKS[rest - 1] if rest else "")


def spark(values: Sequence[float], low: float, high: float) -> str:
    """Return a column for each value, as high as it lies between two bounds."""
    top = len(_HEIGHTS) - 1
    shares = ((value - low) / (high - low) for value in values)
    return "".join(_HEIGHTS[round(top * min(max(share, 0), 1))] for share in shares)
