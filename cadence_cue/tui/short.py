"""A text on the screen that tells where there is no room for all of it."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import Static


class Short(Static):
    """Plain text whose last row ends with an ellipsis where more rows would follow.

    After the ellipsis stands the key of the action `whole`, which shows the whole text.
    """

    def __init__(self, *, id: str, whole: str = "") -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, markup=False)
        self._whole = whole

    @property
    def is_cut(self) -> bool:
        """Whether some of the text is not shown."""
        width, height = self.content_size
        return self.visual.get_height({}, width) > height

    def render_line(self, y: int) -> Strip:
        """Return a row; the last one ends with the ellipsis where the text goes on."""
        strip = super().render_line(y)
        if y != self.content_size.height - 1 or not self.is_cut:
            return strip
        mark = f"… {self._key}".rstrip()
        text = strip.text.rstrip()
        kept = set_cell_size(text, strip.cell_length - cell_len(mark)).rstrip()
        if text[len(kept) :].strip() and text[len(kept)] != " ":  # within a word
            kept = kept.rpartition(" ")[0].rstrip() or kept
        row = [strip.crop(0, cell_len(kept)), Strip([Segment(mark, self.rich_style)])]
        return Strip.join(row).adjust_cell_length(strip.cell_length, self.rich_style)

    @property
    def _key(self) -> str:
        """The key of the action, as the runner has it."""
        bindings = (each.binding for each in self.screen.active_bindings.values())
        keys = (self.app.get_key_display(each) for each in bindings if each.id == self._whole)
        return next(keys, "") if self._whole else ""


def fitted(text: str, width: int) -> str:
    """Return a text in exactly so many cells: filled up, or cut with an ellipsis."""
    if cell_len(text) > width:
        text = f"{set_cell_size(text, width - 1).rstrip()}…" if width else ""
    return set_cell_size(text, width)
