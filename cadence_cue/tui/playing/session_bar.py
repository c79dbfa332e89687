"""The bar widget of a session: its phases to scale, and the playhead."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from cadence_cue.tui.theme import KINDS


class Piece(NamedTuple):
    """A phase on the bar: its kind, and where it starts, as a share of the whole."""

    kind: str
    start: float


class SessionBar(Widget):
    """Two rows: the phases, each kind in its colour and pattern, and the playhead below."""

    DEFAULT_CSS = """
    SessionBar { height: 2; }
    """

    class Pointed(Message):
        """A phase was clicked."""

        def __init__(self, phase: int) -> None:
            super().__init__()
            self.phase = phase

    at = reactive(0.0)
    """The playhead, as a share of the whole; negative for none."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._pieces: Sequence[Piece] = ()

    def show(self, pieces: Sequence[Piece]) -> None:
        """Set the phases to draw."""
        self._pieces = pieces
        self.refresh()

    def on_click(self, event: Click) -> None:
        """Post a message with the phase under the mouse."""
        starts = [piece.start for piece in self._pieces]
        x = event.x - self.gutter.left
        phase = bisect_right(starts, (x + 0.5) / max(self.size.width, 1)) - 1
        if phase >= 0:
            self.post_message(self.Pointed(phase))

    def validate_at(self, at: float) -> float:
        """Round to a cell, to redraw only when the playhead moves by one."""
        width = max(self.size.width, 1)
        return min(int(at * width), width - 1) / width if at >= 0 else -1.0

    def render_line(self, y: int) -> Strip:
        """Return the row of phases or the row of the playhead."""
        width = self.size.width
        head = round(self.at * width) if self.at >= 0 else -1
        if y:
            text = " " * head + "▲" if head >= 0 else ""
            return Strip([Segment(text.ljust(width), self.rich_style)])
        starts = [piece.start for piece in self._pieces]
        variables = self.app.theme_variables
        segments = []
        before: tuple[str, bool] | None = None
        for x in range(width):
            k = bisect_right(starts, (x + 0.5) / width) - 1
            if k < 0:
                segments.append(Segment(" ", self.rich_style))
                continue
            look = KINDS[self._pieces[k].kind]
            begins = before is not None and before[0] != str(k) and starts[k] > 0
            before = (str(k), False)
            mark = "▏" if begins and look.pattern == "█" else look.pattern
            style = Style(color=variables[look.colour])
            segments.append(Segment(mark, self.rich_style + style))
        return Strip(segments).simplify()
