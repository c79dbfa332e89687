"""The lane: where the last steps fell around the beat, and how many beats met one."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

REACH = 0.1
"""Seconds from the beat to each end of the lane."""

_WIDEST = 61  # columns: 3 ms each
_EARLY, _LATE = "early ", " late"
_BEAT, _ROAD = "┼", "─"
_LATEST, _STEP = "●", "○"
_BEFORE, _BEYOND = "◀", "▶"


@dataclass(frozen=True, slots=True)
class LaneView:
    """What the lane shows: the count, with the lane itself if there are `offsets`.

    `offsets` are those of the last steps, as in app.score.so_far.SoFar; `in_ms` says whether they
    are known in milliseconds, or contain the unknown delay of a keyboard.
    """

    count: str = ""
    offsets: tuple[float, ...] | None = None
    in_ms: bool = False


class StepLane(Widget):
    """The lane in a row and its count in another, or both in one; hidden while it says nothing."""

    DEFAULT_CSS = """
    StepLane { height: 2; padding: 0 2; display: none; }
    """
    COMPONENT_CLASSES = {"lane--road", "lane--step"}  # noqa: RUF012 (Textual's way)

    view = LaneView()

    def show(self, view: LaneView) -> None:
        """Draw it anew if that is another view."""
        if view != self.view:
            self.view = view
            self.display = view != LaneView()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the lane, or its count."""
        width, height = self.content_size
        view = self.view
        if view.offsets is None:
            return self._text(view.count if y == 0 else "", width)
        if height == 1:
            return self._lane(view.offsets, width, f"  {view.count}")
        if y == 0:
            return self._lane(view.offsets, width)
        return self._text(_scale(view, _cells(width)), width)

    def _text(self, text: str, width: int) -> Strip:
        return Strip([Segment(text.center(width), self.rich_style)])

    def _lane(self, offsets: tuple[float, ...], width: int, count: str = "") -> Strip:
        cells = _cells(width - len(count))
        road = self.get_component_rich_style("lane--road")
        step = self.get_component_rich_style("lane--step") + Style(bold=True)
        drawn = _drawn(offsets, cells)
        around = " " * max((width - cells - len(_EARLY + _LATE + count)) // 2, 0)
        row = [
            Segment(around + _EARLY, self.rich_style),
            *(Segment(each, road if each in _ROAD + _BEAT else step) for each in drawn),
            Segment(_LATE + count, self.rich_style),
        ]
        return Strip(row).adjust_cell_length(width, self.rich_style)


def _cells(width: int) -> int:
    """Return the odd number of columns of a lane in this width."""
    room = min(width - len(_EARLY + _LATE), _WIDEST)
    return max(room - 1 + room % 2, 1)


def _drawn(offsets: tuple[float, ...], cells: int) -> list[str]:
    """Return a lane column by column; the latest step, which is the last one, is on top."""
    middle = cells // 2
    drawn = [_ROAD] * cells
    drawn[middle] = _BEAT
    for k, offset in enumerate(offsets, 1):
        mark = _LATEST if k == len(offsets) else _STEP
        if abs(offset) > REACH:
            mark = _BEFORE if offset < 0 else _BEYOND
        place = min(max(offset / REACH, -1.0), 1.0)
        drawn[middle + round(place * middle)] = mark
    return drawn


def _scale(view: LaneView, cells: int) -> str:
    """Return the count below the beat, between the milliseconds of both ends if they are known."""
    ends = (f"-{1000 * REACH:.0f} ms", f"+{1000 * REACH:.0f} ms") if view.in_ms else ("", "")
    inner = cells + len(_EARLY + _LATE) - len(ends[0] + ends[1])
    return f"{ends[0]}{view.count.center(inner)}{ends[1]}"
