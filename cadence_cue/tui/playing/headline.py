"""A text that is written in large letters where there is room for them."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from cadence_cue.tui.playing.letters import ROWS, lettered
from cadence_cue.tui.short import Short

_WIDE, _TALL, _HIGH = 100, 30, 45  # columns and rows of the screen


class Headline(Short):
    """Plain text, centred; in letters of three rows where there is room for them and they fit."""

    @property
    def lines(self) -> int:
        """How many lines of large letters there may be."""
        columns, rows = self.app.size
        if self.screen.has_class("-far") or (columns >= _WIDE and rows >= _HIGH):
            return 2
        return int(columns >= _WIDE and rows >= _TALL)

    @property
    def is_cut(self) -> bool:
        """Whether some of the text is not shown."""
        return not self._large and super().is_cut

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The rows of the letters, or of the text: as many, so that the figure stays."""
        rows = len(self._letters(width))
        rows = rows or super().get_content_height(container, viewport, width)
        return max(rows, ROWS * min(self.lines, 1))

    def render_line(self, y: int) -> Strip:
        """Return a row of large letters, or of the text."""
        rows = self._large
        if not rows:
            return super().render_line(y)
        width, height = self.size
        row = y - (height - len(rows)) // 2
        text = rows[row] if 0 <= row < len(rows) else ""
        return Strip([Segment(text.center(width), self.rich_style)])

    @property
    def _large(self) -> list[str]:
        return self._letters(self.content_size.width)

    def _letters(self, width: int) -> list[str]:
        # The quotes of a cue are for plain text: large letters need none.
        return lettered(str(self.content).strip("“”"), width, self.lines)
