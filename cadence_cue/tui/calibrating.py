"""The screens that measure late headphones, late taps and the microphone, as `calibrate` does."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Horizontal, Vertical
from textual.events import Key
from textual.widgets import Static

from cadence_cue.app.calibrating import Shown
from cadence_cue.app.calibration import Calibration, Delay, Found, check_backend, known, typed
from cadence_cue.errors import UserError
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.page import MESSAGES, Page
from cadence_cue.tui.pages import Ask, Confirm
from cadence_cue.tui.playing.lamp_timer import DRAWING, LampTimer
from cadence_cue.tui.playing.lamps import Lamp
from cadence_cue.tui.playing.lights import LampState
from cadence_cue.tui.rows import BACK, RowsPage
from cadence_cue.tui.short import Short
from cadence_cue.tui.ways_out import worded

_BAR = 40  # columns
_TITLES = {
    Delay.HEADPHONES: ("Late headphones", "tap to a lamp, then to clicks: half a minute"),
    Delay.TAPS: ("Late taps on keys", "tap to 28 clicks"),
    Delay.MICROPHONE: ("Microphone", "be quiet while it listens: half a minute"),
}


class CalibrateScreen(RowsPage):
    """A row for each delay that can be measured, with what is known of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "measure it", id="calibrate.measure"),
        Binding("t", "type", "type it", tooltip="type how late the headphones are",
                id="calibrate.type"),
        BACK,
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__(name="Calibrate")

    def follow(self) -> None:
        """Show what is known of the devices."""
        super().follow()
        host = self.cadence_app
        device, transport = host.player.device, host.transport
        about = f"Playing on: {device}. Whatever is measured is kept for it."
        if host.player.silent:
            trouble = host.player.trouble
            about = (
                f"Nothing can be measured without sound: {trouble}." if trouble else self.no_sound
            )
        if transport:
            about += f"\n{transport.title} pauses meanwhile."
        rows = {}
        for delay, (title, how) in _TITLES.items():
            there = [each.words for each in known(delay, host.settings, device)]
            rows[delay.value] = "\n    ".join([title, how, *(there or ["not measured"])])
        self.show(about, rows)

    def action_take(self) -> None:
        """Measure the chosen one."""
        self.app.push_screen(MeasureScreen(Delay(self.chosen)))

    def action_type(self) -> None:
        """Ask how late the headphones are."""
        device = self.cadence_app.player.device
        asked = f'By how many milliseconds is "{device}" heard later than it says?'
        self.app.push_screen(Ask(asked), self._typed)

    def _typed(self, text: str | None) -> None:
        if not text:
            return
        host = self.cadence_app
        try:
            host.change_settings(typed(host.player.device, text).kept)
        except UserError as error:
            host.notify(worded(error), severity="warning")


class MeasureScreen(Page):
    """Says what to do, shows the lamp, takes the taps, and asks whether to keep what comes of it.

    What plays is paused.
    """

    AUTO_FOCUS = ""
    takes_app_keys = False
    takes_microphone = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "again", "again", id="measure.again"),
        Binding("escape", "leave", "leave", id="measure.leave"),
    ]
    VERTICAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-short"), (20, "")]  # noqa: RUF012 (Textual's way)

    def __init__(self, delay: Delay) -> None:
        super().__init__(name=_TITLES[delay][0])
        self._delay = delay
        self._calibration: Calibration | None = None
        self._lamp_timer = LampTimer(self, self.follow)

    def compose(self) -> ComposeResult:
        """What to do, the lamp, how far it is, and what came of it."""
        with Horizontal(id="top"):
            yield Static(self.name or "", id="name", markup=False)
            yield Short(id="time", whole=MESSAGES)
        with Vertical(id="measure"):
            yield Static(id="doing", markup=False)
            with Center():
                yield Lamp()
            yield Static(id="share", markup=False)
            yield Static(id="results", markup=False)
            yield Static(id="wrong", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Begin."""
        self.cadence_app.steps.reopen()
        if self.cadence_app.transport:
            self.cadence_app.transport.stand_aside()
        self._begin()

    def on_unmount(self) -> None:
        """Give it up, if it is not over."""
        self._end()

    def follow(self) -> None:
        """Go on, and show what is shown now."""
        calibration = self._calibration
        if calibration is None:
            return
        try:
            found = calibration.poll()
        except UserError as error:
            self._refuse(error)
            return
        self._show(calibration.shown)
        self.write("#results", "\n".join(calibration.results))
        if found:
            self._end()
            asked = "\n".join([*calibration.results, f"{found.words}.", "", "Keep that?"])
            dialog = Confirm(asked, yes="keep it", no="leave it")
            self.app.push_screen(dialog, partial(self._keep, found))

    def _begin(self) -> None:
        host = self.cadence_app
        self.write("#wrong", "")
        try:
            check_backend(host.settings.backend)
        except UserError as error:
            self._refuse(error)
            return
        self._calibration = Calibration(
            self._delay, host.player, host.library, host.settings, early=DRAWING
        )
        self.follow()
        self.refresh_bindings()

    def _refuse(self, error: UserError) -> None:
        self._end()
        self._show(Shown(""))
        self.write("#wrong", worded(error))

    def _end(self) -> None:
        if self._calibration:
            self._calibration.close()
            self._calibration = None
            if transport := self.cadence_app.transport:
                transport.levels.apply(self.cadence_app.player)
            self.refresh_bindings()

    def _show(self, now: Shown) -> None:
        self.write("#doing", now.doing)
        done = round(now.share * _BAR)
        self.write("#share", "━" * done + "─" * (_BAR - done) if now.doing else "")
        lamp = self.query_one(Lamp)
        lamp.visible = now.change is not None
        flash = now.lit and not self.cadence_app.settings.still
        lamp.state = LampState("●" if now.lit else "○", lit=flash)
        if now.change is not None:
            self._lamp_timer.look_in(now.change)

    def _keep(self, found: Found, yes: bool | None) -> None:
        if yes:
            host = self.cadence_app
            host.change_settings(found.kept)
            try:
                found.keep_room()
            except UserError as error:
                host.notify(worded(error), severity="warning", markup=False)
            host.notify(f"{found.words}.", title="Kept")
        self.app.pop_screen()

    def on_key(self, event: Key) -> None:
        """Take a tap."""
        calibration = self._calibration
        if calibration and calibration.by_taps and (event.is_printable or event.key == "enter"):
            calibration.tap(event.time)
            event.stop()
            event.prevent_default()

    def check_action(
        self,
        action: str,
        parameters: tuple[object, ...],  # noqa: ARG002 (Textual's signature)
    ) -> bool | None:
        """Offer to do it again once it has failed."""
        return action != "again" or self._calibration is None

    def action_again(self) -> None:
        """Do it again."""
        self._begin()

    def action_leave(self) -> None:
        """Give it up."""
        self.app.pop_screen()
