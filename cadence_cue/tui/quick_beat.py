"""The screen for a plain beat without a session."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Key
from textual.widgets import Input, Static

from cadence_cue.app.choices import CADENCES
from cadence_cue.coaching.rehearsal import plain_beat
from cadence_cue.coaching.values import FASTEST, SLOWEST
from cadence_cue.errors import UserError
from cadence_cue.tui.figure import Figure
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import Page
from cadence_cue.tui.tick import Tick
from cadence_cue.tui.ways_out import worded

_EVERY = "60s"
_LONG = "3h"


class BeatScreen(Page):
    """Shows the cadence in large digits; Enter plays it."""

    AUTO_FOCUS = ""
    OPENER: ClassVar[Binding | None] = Binding(
        "b", "open('BeatScreen')", "beat", show=False, tooltip="a plain beat", id="app.beat"
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "play", "play", id="beat.play"),
        Binding("up", "by(1)", "faster", key_display="↑↓", id="beat.faster"),
        Binding("down", "by(-1)", show=False, id="beat.slower"),
        Binding("shift+up", "by(5)", show=False, id="beat.faster5"),
        Binding("shift+down", "by(-5)", show=False, id="beat.slower5"),
        Binding("o", "own", "own cadence", id="beat.own"),
        Binding("c", "cues", "cues", tooltip="choose the cues", id="beat.cues"),
        Binding("h", "times(1, 2)", show=False, tooltip="half", id="beat.half"),
        Binding("d", "times(2, 1)", show=False, tooltip="twice", id="beat.double"),
    ]

    def __init__(self) -> None:
        super().__init__(name="A plain beat")
        self._tempo = 0.0
        self._typed = ""

    def compose(self) -> ComposeResult:
        """The digits, and the elements whose cues can be spoken."""
        with Horizontal(id="top"):
            yield Static("A plain beat", id="name", markup=False)
            yield Static(id="time", markup=False)
        with Horizontal(id="beats"):
            with Vertical(id="centre"):
                yield Figure(id="figure")
                yield Static(id="unit", markup=False)
            with Vertical(id="options"):
                yield Static("Speak cues of (Tab, space)", markup=False)
                yield Vertical(id="cues")
                yield Static('one every (a time, or "64 beats")', markup=False)
                yield Input(_EVERY, id="every", compact=True)
        yield Static(id="wrong", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Start with the runner's own cadence."""
        ticks = (Tick(element.name, name=element.id, compact=True)
                 for element in self.cadence_app.library.elements.values())  # fmt: skip
        self.query_one("#cues").mount(*ticks)
        self.action_own()
        self.set_focus(None)

    def on_key(self, event: Key) -> None:
        """Type a tempo with digits."""
        character = event.character or ""
        if character.isascii() and character.isdigit() and self.focused is None:
            typed = self._typed + character
            self._typed = typed if int(typed) <= FASTEST else character
            if int(self._typed) >= SLOWEST:
                self._show(float(self._typed))
        else:
            self._typed = ""

    def _show(self, tempo: float) -> None:
        self._tempo = min(max(tempo, float(SLOWEST)), float(FASTEST))
        cadence_spm = self.cadence_app.settings.cadence_spm()
        self.query_one(Figure).draw(f"{self._tempo:g}", self.app.get_css_variables()["run"])
        same = (
            "your own cadence"
            if self._tempo == cadence_spm
            else f"{self._tempo - cadence_spm:+g} to your own"
        )
        if not CADENCES[0] <= self._tempo <= CADENCES[1]:
            same = "a beat, not a cadence"
        self.write("#unit", f"steps a minute · {self._tempo / 2:g} per foot · {same}")

    def action_by(self, by: int) -> None:
        """Change the tempo by so many steps a minute."""
        self._show(self._tempo + by)

    def action_times(self, over: int, under: int) -> None:
        """Multiply the tempo by a fraction."""
        self._show(self._tempo * over / under)

    def action_own(self) -> None:
        """Set the tempo to the runner's own cadence."""
        self._show(self.cadence_app.settings.cadence_spm())

    def action_cues(self) -> None:
        """Move the focus to the cues."""
        self.query(Tick).first().focus()

    def on_input_submitted(self) -> None:
        """Play it."""
        self.action_play()

    def action_play(self) -> None:
        """Play the beat, or show what is wrong."""
        cadence_app = self.cadence_app
        try:
            session = plain_beat(
                cadence_app.library,
                tempo=f"{self._tempo:g}",
                time=_LONG,
                cues=[each.name for each in self.query(Tick) if each.name and each.value],
                cue_every=self.query_one("#every", Input).value.strip() or _EVERY,
            )
            prepared = cadence_app.prepare(session, plain=True)
        except UserError as error:
            self.write("#wrong", worded(error))
            return
        cadence_app.play(prepared)
