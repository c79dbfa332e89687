"""The ticks of a dialog that asks for music: how it is played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import TypeVar

from textual import on
from textual.events import DescendantFocus
from textual.widgets import Checkbox, Static

from cadence_cue.coaching.session import Music
from cadence_cue.tui.page import Dialog
from cadence_cue.tui.tick import Tick

T = TypeVar("T")

_ON_BEAT = ("fade_click", "off_beat", "best_first", "in_drills")


@dataclass(frozen=True, slots=True)
class Ticks:
    """How music is played, as in `Music`."""

    match: bool = False
    fade_click: bool = False
    off_beat: bool = False
    best_first: bool = False
    in_drills: bool = False
    hold: bool = False
    shuffle: bool = False
    loop: bool = False

    def of(self, music: Music) -> Music:
        """Return music that is played like this."""
        return replace(music, **asdict(self))


class MusicDialog(Dialog[T]):
    """A dialog with the ticks of music. Those that do nothing with the others cannot be set."""

    def music_ticks(self, music: Music | None) -> Iterator[Tick]:
        """Yield them, as they are for some music."""
        of = music or Music("")
        yield Tick(
            "music on beat",
            value=of.match,
            id="match",
            compact=True,
            tooltip="Stretched so that its beats fall on those of your runs.",
        )
        yield Tick(
            "fade click",
            value=of.fade_click,
            id="fade_click",
            compact=True,
            tooltip="The click leads into each piece, then fades.",
        )
        yield Tick(
            "in gaps",
            value=of.off_beat,
            id="off_beat",
            compact=True,
            tooltip="The music goes on where the click is silent.",
        )
        yield Tick(
            "best first",
            value=of.best_first,
            id="best_first",
            compact=True,
            tooltip="Pieces that are stretched least come first.",
        )
        yield Tick(
            "in drills",
            value=of.in_drills,
            id="in_drills",
            compact=True,
            tooltip="In drills the music plays too, at its own tempo.",
        )
        yield Tick(
            "shuffle",
            value=of.shuffle,
            id="shuffle",
            compact=True,
            tooltip="The files of a folder come in another order each day.",
        )
        yield Tick(
            "podcast waits",
            value=of.hold,
            id="hold",
            compact=True,
            tooltip="A podcast stops for what is said, then goes on.",
        )
        yield Tick(
            "loop",
            value=of.loop,
            id="loop",
            compact=True,
            tooltip="A single file starts again at its end, as a folder does.",
        )

    def on_mount(self) -> None:
        """Begin with those that can be set."""
        self._allow()

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Say what the tick does that is chosen."""
        self.query_one("#about", Static).update(str(event.widget.tooltip or ""))

    @on(Checkbox.Changed, "#match")
    def _allow(self) -> None:
        match = self._is("match")
        for name in _ON_BEAT:
            self.query_one(f"#{name}", Tick).disabled = not match
        self.query_one("#hold", Tick).disabled = match

    @property
    def ticked(self) -> Ticks:
        """Those that are set and can be."""
        return Ticks(**{each.name: self._is(each.name) for each in fields(Ticks)})

    def _is(self, name: str) -> bool:
        tick = self.query_one(f"#{name}", Tick)
        return tick.value and not tick.disabled
