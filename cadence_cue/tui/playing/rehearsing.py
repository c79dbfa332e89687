"""The dialog before a drill is rehearsed, with its sets, side, tempo and time."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Select, Static

from cadence_cue.app.choices import MOST_SETS
from cadence_cue.app.preparing import rehearsal_options
from cadence_cue.coaching.drill import Drill, Side
from cadence_cue.coaching.pages import tempo_words
from cadence_cue.coaching.rehearsal import rehearse
from cadence_cue.errors import UserError
from cadence_cue.tui.page import Dialog
from cadence_cue.tui.tick import Tick
from cadence_cue.tui.ways_out import worded


class RehearseScreen(Dialog[None]):
    """Asks how to rehearse a drill; Enter plays it, empty fields take the defaults."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave"),
        Binding("enter", "play"),
    ]

    def __init__(self, drill: Drill) -> None:
        super().__init__()
        self._drill = drill

    def compose(self) -> ComposeResult:
        """A field for each option."""
        drill = self._drill
        advice = drill.tempo
        low, high = float(advice.lowest), float(advice.highest)
        sides = [side.value for side in drill.sides if side is not Side.NONE]
        with Vertical(classes="dialog"):
            yield Static(f"Rehearse {drill.name}", classes="heading", markup=False)
            yield Static("Sets", markup=False)
            with Horizontal(classes="row"):
                yield Input("1", id="sets", type="integer", compact=True)
                yield Tick("and one without the click", id="own", compact=True)
            if sides:
                yield Static("Leg", markup=False)
                yield Select(((side, side) for side in sides), prompt="as usual", id="side",
                             compact=True)  # fmt: skip
            yield Static(
                f"Tempo: {low:g} to {high:g}, usually {tempo_words(advice.default)}; "
                'or a ramp "80 -> 96"',
                markup=False,
            )
            yield Input(placeholder="as usual", id="tempo", compact=True)
            yield Static("Time of a set (on each leg), as 25s", markup=False)
            yield Input(placeholder="as usual", id="time", compact=True)
            yield Static(id="wrong", markup=False)
            yield Static("Enter  play     Tab  next     Esc  leave", classes="answers",
                         markup=False)  # fmt: skip

    def on_input_submitted(self) -> None:
        """Play."""
        self.action_play()

    def action_play(self) -> None:
        """Play the drill with these options, or show what is wrong."""
        cadence_app = self.cadence_app
        sides = self.query("#side").results(Select)
        side = next((str(each.value) for each in sides if each.value is not Select.NULL), None)
        sets = self._text("sets") or "1"
        try:
            if not (sets.isascii() and sets.isdigit() and 1 <= int(sets) <= MOST_SETS):
                raise UserError(f"sets: a number from 1 to {MOST_SETS}")  # noqa: TRY301
            session = rehearse(
                self._drill,
                cadence_app.library,
                side=side,
                sets=int(sets),
                tempo=self._text("tempo") or None,
                time=self._text("time") or None,
                own_rhythm=self.query_one("#own", Tick).value,
            )
            options = rehearsal_options(self._drill, cadence_app.settings)
            prepared = cadence_app.prepare(session, options)
        except UserError as error:
            self.tell(worded(error))
            return
        self.dismiss()
        cadence_app.play(prepared)

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def action_leave(self) -> None:
        """Close the dialog."""
        self.dismiss()
