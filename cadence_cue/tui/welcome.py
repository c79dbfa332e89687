"""The screen of the very first start: safety, then three short steps that can be skipped."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from cadence_cue.app import playing
from cadence_cue.app.calibration import Delay
from cadence_cue.app.choices import CADENCES, of_one_foot, tapped
from cadence_cue.app.settings import changed
from cadence_cue.coaching import pages
from cadence_cue.coaching.rehearsal import plain_beat
from cadence_cue.errors import UserError
from cadence_cue.transport.tapping import Tapping
from cadence_cue.transport.transport import Transport
from cadence_cue.tui.calibrating import MeasureScreen
from cadence_cue.tui.doctor import DoctorScreen
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import Page
from cadence_cue.tui.rows import hanging
from cadence_cue.tui.ways_out import worded

_CHECK = "60"  # beats a minute of the volume check


class Count(Input):
    """A field for a number, which leaves letters to the screen as keys."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "go on")]

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 (Textual's)
        """Whether the field takes a key."""
        return character is not None and character in "0123456789."


class WelcomeScreen(Page):
    """Shows one step at a time; Enter continues."""

    AUTO_FOCUS = ""
    takes_app_keys = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "next", "go on", id="welcome.next"),
        Binding("escape", "skip", "skip this", id="welcome.skip"),
        Binding("plus,equals_sign", "volume(2)", "volume", key_display="+ -",
                tooltip="louder", id="welcome.louder"),
        Binding("minus", "volume(-2)", show=False, tooltip="softer", id="welcome.softer"),
        Binding("D", "doctor", "check the sound", tooltip="say why nothing is heard",
                id="welcome.doctor"),
        Binding("C", "calibrate", "late headphones", tooltip="measure how late they are",
                id="welcome.calibrate"),
        Binding("t", "tap", "tap", tooltip="tap your cadence", priority=True, id="welcome.tap"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(name="Welcome")
        self._step = 0
        self._beat: Transport | None = None
        self._taps = Tapping()

    def compose(self) -> ComposeResult:
        """A heading, a text, and a field for the cadence."""
        with VerticalScroll(id="welcome"):
            yield Static(id="heading", markup=False)
            yield Static(id="lines", markup=False)
            yield Count(placeholder="steps a minute, both feet", id="cadence", compact=True,
                        max_length=6, restrict=r"[0-9.]*")  # fmt: skip
            yield Static(id="wrong", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Show the first step."""
        self._show()
        self.set_interval(0.1, self._poll)

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Enable the keys of the current step; the first cannot be skipped."""
        steps = {"skip": (1, 2, 3), "volume": (1,), "doctor": (1,), "calibrate": (1,), "tap": (2,)}
        return self._step in steps[action] if action in steps else True

    def _show(self) -> None:
        step = self._step
        cadence = self.query_one("#cadence", Input)
        cadence.display = step == 2
        self.set_focus(self.query_one("#welcome"))  # to scroll it on a screen of few rows
        self.write("#wrong", "")
        heading, lines = (self._safety, self._volume, self._cadence, self._why)[step]()
        self.write("#heading", heading)
        self.write("#lines", "\n".join(lines))
        self.refresh_bindings()

    def _safety(self) -> tuple[str, list[str]]:
        lines = [hanging(f"• {line}", self._width, 2) for line in pages.HEALTH]
        return "Before the first step", [*lines, "", "Enter: I have read this."]

    def _volume(self) -> tuple[str, list[str]]:
        lines = [
            "You should hear a slow beat now.",
            "",
            (
                "Put your headphones on, and press + and - until the beat is clear and you still "
                "hear the room around you. Outdoors you must still hear the traffic."
            ),
            "",
            "Hear nothing? D says why. Bluetooth? C measures how late it is.",
        ]
        if trouble := self.no_sound:
            lines = [trouble, "", "D checks the sound. Everything else works without."]
        self._play()
        return "1 of 3   Headphones and volume", lines

    def _cadence(self) -> tuple[str, list[str]]:
        low, high = CADENCES
        return "2 of 3   Your own cadence", [
            "How many steps do you take in a minute, both feet together?",
            (
                f"Type it ({low} to {high}), or press t in the rhythm of your steps, or skip it: "
                "the session “Find your cadence” finds it on a run."
            ),
            "",
            "To count: run easily, count your right foot for 30 seconds, times 4.",
        ]

    def _why(self) -> tuple[str, list[str]]:
        lines = pages.why(self.cadence_app.library, self._width)[2:]
        return "3 of 3   Why drills", [*lines, "", "Enter: to the first session."]

    @property
    def _width(self) -> int:
        """Columns of the text."""
        return max(20, min(74, self.app.size.width - 6))

    def _play(self) -> None:
        """Play the beat of the volume check."""
        cadence_app = self.cadence_app
        session = plain_beat(
            cadence_app.library, tempo=_CHECK, time="10min", cues=(), cue_every="60s"
        )
        try:
            prepared = cadence_app.prepare(session, plain=True)
        except UserError as error:  # such as a voice that no longer exists
            self.write("#wrong", worded(error))
            return
        self._beat = Transport(
            prepared.performance, cadence_app.player, playing.levels(cadence_app.settings)
        )
        self._beat.play()

    def _stop_beat(self) -> None:
        if self._beat:
            self.cadence_app.player.rest()
            self.cadence_app.save_levels(self._beat.levels)
            self._beat = None

    def _poll(self) -> None:
        if self._beat:
            self._beat.poll()
        if self._taps.told:
            self.write("#wrong", self._taps.told)
        over = self._taps.over(time.monotonic())
        if over:
            tempo, message = over
            self.write("#wrong", message)
            if tempo:
                self.query_one("#cadence", Input).value = f"{tapped(tempo):g}"

    def action_volume(self, decibels: int) -> None:
        """Change the volume."""
        if self._beat:
            self.write("#wrong", self._beat.volume(float(decibels))[0])

    def action_doctor(self) -> None:
        """Check the sound, without the beat; it goes on afterwards."""
        self._stop_beat()
        self.app.push_screen(DoctorScreen())

    def action_calibrate(self) -> None:
        """Measure how late the headphones are, without the beat; it goes on afterwards."""
        self._stop_beat()
        self.app.push_screen(MeasureScreen(Delay.HEADPHONES))

    def on_screen_resume(self) -> None:
        """Play the beat of the volume check again."""
        if self._step == 1 and self._beat is None:
            self._show()

    def action_tap(self) -> None:
        """Take a tap in the rhythm of the steps."""
        self._taps.tap(time.monotonic())

    def action_skip(self) -> None:
        """Skip this step."""
        self._go()

    def on_input_submitted(self) -> None:
        """Continue with the typed cadence."""
        self.action_next()

    def action_next(self) -> None:
        """Save the answer of this step, and continue."""
        if self._step == 0:
            self.cadence_app.change_settings(lambda saved: replace(saved, safety_read=True))
        typed = self.query_one("#cadence", Input).value.strip(".")
        if self._step == 2 and typed:
            if both := _of_one_foot(typed):
                self.query_one("#cadence", Input).value = both
                self.write("#wrong", f"{typed} is a count of one foot: {both} with both. Enter?")
                return
            try:
                self.cadence_app.change_settings(lambda saved: changed(saved, "cadence", typed))
            except UserError as error:
                self.write("#wrong", str(error))
                return
        self._go()

    def _go(self) -> None:
        self._stop_beat()
        if self._step == 3:
            self.dismiss()
            return
        self._step += 1
        self._show()
        if self._step == 2:
            self.set_focus(self.query_one("#cadence"))


def _of_one_foot(typed: str) -> str:
    """The cadence of a typed count of one foot, in a minute or half; "" if it cannot be that."""
    try:
        both = of_one_foot(float(typed))
    except ValueError:  # reading the setting reports it
        return ""
    return "" if both is None else f"{round(both, 1):g}"
