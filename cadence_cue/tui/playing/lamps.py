"""The lamp widget, lit while a beat is heard."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from cadence_cue.tui.playing.lights import PLACES, LampState

_SHARE = 0.18  # of the screen's width


class Lamp(Widget):
    """A block that lights up and says what the beat is; filled while lit, a frame while not."""

    DEFAULT_CSS = """
    Lamp { width: auto; height: 5; }
    """
    COMPONENT_CLASSES = {"lamp--lit", "lamp--unlit", "lamp--foot"}  # noqa: RUF012 (Textual's way)

    state = reactive(LampState())

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 (Textual's)
        """A share of the screen in whole columns, so that both lamps are equally wide."""
        return round(container.width * _SHARE)

    def render_line(self, y: int) -> Strip:
        """Return one row: filled while lit, part of a thin frame while not."""
        width, height = self.size
        state = self.state
        text = self._text(y)
        style = self.get_component_rich_style("lamp--lit" if state.lit else "lamp--unlit")
        if state.lit:
            return Strip([Segment(text.center(width), style + Style(bold=True))])
        if not state.label:
            return Strip.blank(width, self.rich_style)
        if y in (0, height - 1):
            corners = "╭╮" if y == 0 else "╰╯"
            return Strip([Segment(corners[0] + "─" * (width - 2) + corners[1], style)])
        if state.mark >= 0 and y == height - 2:
            text = self._moved(width - 2)
        foot = self.get_component_rich_style("lamp--foot")
        edge = Segment("│", style)
        return Strip([edge, Segment(text.center(width - 2), foot), edge])

    def _text(self, y: int) -> str:
        """The text of a row: the label in the middle, what the beat is below it."""
        middle = (self.size.height - 1) // 2
        return {middle: self.state.label, middle + 1: self.state.word}.get(y, "")

    def _moved(self, width: int) -> str:
        """The mark that moves where flashes would be too fast."""
        return (" " * (self.state.mark * width // PLACES) + "█" * (width // PLACES)).ljust(width)
