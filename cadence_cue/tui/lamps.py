"""The lamp widget, lit while a beat is heard."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget


class Lamp(Widget):
    """A block that lights up, labelled with the foot; filled while lit, a frame while not."""

    DEFAULT_CSS = """
    Lamp { width: 14; height: 5; }
    """
    COMPONENT_CLASSES = {"lamp--lit", "lamp--unlit", "lamp--foot"}  # noqa: RUF012 (Textual's way)

    lit = reactive(False)  # noqa: FBT003
    foot = reactive("")

    def show(self, foot: str, *, lit: bool) -> None:
        """Set the foot of the beat, and whether the lamp is lit."""
        self.foot, self.lit = foot, lit

    def render_line(self, y: int) -> Strip:
        """Return one row: filled while lit, part of a thin frame while not."""
        width, height = self.size
        part = "lamp--lit" if self.lit else "lamp--unlit"
        style = self.get_component_rich_style(part)
        if self.lit:
            text = self.foot.center(width) if y == height // 2 else " " * width
            return Strip([Segment(text, style + Style(bold=True))])
        if not self.foot:
            return Strip.blank(width, self.rich_style)
        if y in (0, height - 1):
            corners = "╭╮" if y == 0 else "╰╯"
            return Strip([Segment(corners[0] + "─" * (width - 2) + corners[1], style)])
        if y == height // 2:
            foot = self.get_component_rich_style("lamp--foot")
            edge = Segment("│", style)
            return Strip([edge, Segment(self.foot.center(width - 2), foot), edge])
        return Strip([Segment("│" + " " * (width - 2) + "│", style)])
