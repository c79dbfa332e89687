"""Finds text that is cut off: words that end at an edge without an ellipsis."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.geometry import Region
from textual.map_geometry import MapGeometry
from textual.widget import Widget
from textual.widgets import Checkbox, OptionList, Static

from tests.tui.rig import Stage, painted


def clipped(on: Stage) -> list[str]:
    """A sentence for each text of the screen in front that is cut off."""
    rows = ["".join(segment.text for segment in row) for row in painted(on.app)]
    keys = [on.screen.find_widget(each) for each in on.screen.query(".answers")]
    return [
        *("the keys of the dialog are out of sight" for each in keys if not _is_whole(each)),
        *(
            f"{widget.css_identifier_styled}: {fault}"
            for widget in on.screen.walk_children()
            if isinstance(widget, Widget) and widget.is_on_screen and _texts(widget)
            for fault in _faults(widget, rows)
        ),
    ]


def _is_whole(place: MapGeometry) -> bool:
    return place.clip.contains_region(place.region)


def _texts(widget: Widget) -> list[str]:
    """What a widget has to say, each text in rows of its own; [] if it is none that says much."""
    match widget:
        case Checkbox():
            return [f"{widget.render()}"]
        case OptionList():
            return [str(option.prompt) for option in widget.options]
        case Static():
            return [str(widget.visual)] if widget.content else []
    return []


def _faults(widget: Widget, rows: list[str]) -> Iterator[str]:
    place = widget.screen.find_widget(widget)
    inner = place.region.shrink(widget.gutter)
    whole = [word for text in _texts(widget) for word in text.split()]
    if isinstance(widget, Static | Checkbox) and not _within(inner, place.clip):
        yield f"{' '.join(whole)!r} goes on beyond the edge"
    shown = inner.intersection(place.clip)
    lines = [row[shown.x : shown.right] for row in rows[shown.y : shown.bottom]]
    # An ellipsis may be followed by the key that shows the rest.
    words = " ".join(re.sub(r"… \S+ *$", "…", line) for line in lines).split()
    known = {*whole, *(_pieces(whole, shown.width))}
    for word in words:
        if re.search(r"\w", word) and word not in known and "…" not in word:
            yield f"{word!r} is no word of it"
    scrolls = any(isinstance(each, Widget) and each.allow_vertical_scroll
                  for each in widget.ancestors)  # fmt: skip
    below = isinstance(widget, OptionList) or (inner.height > shown.height and scrolls)
    if not below and "…" not in "".join(lines) and len("".join(words)) < len("".join(whole)):
        yield f"of {' '.join(whole)!r} only {' '.join(words)!r} is shown"


def _within(inner: Region, clip: Region) -> bool:
    return clip.x <= inner.x and inner.right <= clip.right


def _pieces(words: list[str], width: int) -> Iterator[str]:
    """The pieces of words that no row has room for, which go on in the next."""
    for word in words:
        if len(word) > width:
            yield from (word[a:b] for a in range(len(word)) for b in range(a + 1, len(word) + 1))
