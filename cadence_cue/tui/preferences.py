"""The settings screen; every change is used and saved at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.events import DescendantFocus
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from cadence_cue.app.choices import CLICKS, DUCKS, FROM_KEYS, FROM_MICROPHONE, THEMES, tapped
from cadence_cue.app.invocation import command
from cadence_cue.app.sessions import session_store
from cadence_cue.app.settings import Settings, changed
from cadence_cue.errors import UserError
from cadence_cue.live.device_list import devices
from cadence_cue.live.output import NoSoundError, name_of
from cadence_cue.transport.tapping import Tapping
from cadence_cue.tui.key_footer import KeyFooter
from cadence_cue.tui.key_settings import KeySettingsScreen
from cadence_cue.tui.page import Page
from cadence_cue.tui.playing.level import Level
from cadence_cue.tui.tick import Tick
from cadence_cue.tui.ways_out import worded
from cadence_cue.voice.manifest import voice_names

_GUIDE = "find-your-cadence"
_USUAL = "the usual one"
_SOURCES = [("keys f, j, space", FROM_KEYS), ("microphone", FROM_MICROPHONE)]
_LEVELS = ("volume", "beat_level", "voice_level", "music_level")
_TEXTS = {
    "cadence": ("Own cadence", "both feet; ctrl+t taps it"),
    "voice": ("Voice", ""),
    "device": ("Sound device", "from the next start"),
    "listen": ("Steps from", "y listens while it plays"),
    "microphone": ("Microphone", "Bluetooth only if chosen"),
    "volume": ("Volume", "+ and -"),
    "beat_level": ("Beat", "+ and -"),
    "voice_level": ("Voice level", "+ and -"),
    "music_level": ("Music level", "+ and -"),
    "duck": ("Beat under speech", "dB softer"),
    "click": ("Click", "the sound of the beat"),
    "theme": ("Colours", ""),
    "fixed": ("Fixed tempos", "drills stay as written"),
    "still": ("No flashes", "the lamps stay dark"),
}


NAMES = {key: name for key, (name, _) in _TEXTS.items()}
"""What each setting of the screen is called."""


class SettingsScreen(Page):
    """A line for each setting; `first` is the one to begin with."""

    AUTO_FOCUS = ""
    # Where there is no room for hints beside the fields, that of the chosen one stands below.
    HORIZONTAL_BREAKPOINTS: list[tuple[int, str]] | None = [(0, "-narrow"), (76, "")]  # noqa: RUF012 (Textual's way)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "next", show=True, tooltip="next field",
                id="settings.next"),
        Binding("ctrl+t", "tap", "tap cadence", tooltip="tap your own cadence", priority=True,
                id="settings.tap"),
        Binding("ctrl+g", "guide", "find it on a run", tooltip="find your own cadence on a run",
                priority=True, id="settings.guide"),
        Binding("ctrl+k", "keys", "your keys", tooltip="choose other keys", priority=True,
                id="settings.keys"),
        Binding("escape", "app.back", "back", show=True, id="app.back"),
    ]  # fmt: skip

    def __init__(self, first: str = "cadence") -> None:
        super().__init__(name="Settings")
        self._first = first
        self._taps = Tapping()

    def compose(self) -> ComposeResult:
        """A row for each setting."""
        settings = self.cadence_app.settings
        with Horizontal(id="top"):
            yield Static("Settings", id="name", markup=False)
            yield Static("saved as you change them", id="time", markup=False)
        with VerticalScroll(id="settings"):
            cadence = "" if settings.cadence is None else f"{settings.cadence:g}"
            state = "not set" if settings.cadence is None else "Enter"  # once it is emptied
            usual = f"{state}: {Settings().cadence_spm():g} is used"
            yield from _row("cadence", Input(cadence, placeholder=usual, compact=True))
            voices = dict.fromkeys([*voice_names(), settings.voice])
            yield from _row("voice", _select([*voices], settings.voice))
            yield from _row("device", Select(_devices(settings.device), value=settings.device,
                                             allow_blank=False, compact=True))  # fmt: skip
            yield from _row("listen", Select(_SOURCES, value=settings.listen,
                                             allow_blank=False, compact=True))  # fmt: skip
            yield from _row("microphone", Select(_devices(settings.microphone),
                                                 value=settings.microphone, allow_blank=False,
                                                 compact=True))  # fmt: skip
            for key in _LEVELS:
                yield from _row(key, Level(getattr(settings, key)))
            yield from _row("duck", _select(map(str, DUCKS), f"{settings.duck:g}"))
            yield from _row("click", _select(CLICKS, settings.click))
            yield from _row("theme", _select(THEMES, settings.theme))
            yield from _row("fixed", Tick(value=settings.fixed, compact=True))
            yield from _row("still", Tick(value=settings.still, compact=True))
            yield Static(id="wrong", markup=False)
            yield Static("V hears the voices, O lists the devices, C calibrates, D checks the "
                         f"sound. `{command('settings')}` shows where all of this is saved.",
                         classes="hint", markup=False)  # fmt: skip
        yield Static(id="about", classes="hint", markup=False)
        yield KeyFooter()

    def on_mount(self) -> None:
        """Look for the devices in a thread, because a sound server may be slow."""
        self.query_one(f"#{self._first}").focus()
        # A daemon thread, so that the app can end without waiting for it.
        threading.Thread(target=self._find, daemon=True).start()
        self.set_interval(0.1, self._poll)

    def _find(self) -> None:
        with suppress(NoSoundError, RuntimeError):  # the app may have ended meanwhile
            found = devices()
            for key, there in (("device", found.devices), ("microphone", found.microphones)):
                self.from_thread(self._offer, key, [name_of(each, there) for each in there])

    def _offer(self, key: str, names: list[str]) -> None:
        chosen = getattr(self.cadence_app.settings, key)
        select = self.query_one(f"#{key}", Select)
        with select.prevent(Select.Changed):
            select.set_options(_devices(chosen, *names))
            select.value = chosen

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """Show the hint of the chosen setting."""
        name, hint = _TEXTS.get(event.widget.id or "", ("", ""))
        self.write("#about", f"{name}: {hint}" if hint else name)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Save a typed value as soon as it is valid; an empty line is about to be written."""
        if event.value:
            self._set(event.input.id or "", event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Forget the own cadence if Enter leaves its line empty."""
        if event.input.id == "cadence" and not event.value:
            self._set("cadence", "")

    def on_level_changed(self, event: Level.Changed) -> None:
        """Save a level."""
        self._set(event.level.id or "", event.level.value)

    def on_select_changed(self, event: Select.Changed) -> None:
        """Save a choice."""
        self._set(event.select.id or "", event.value)

    def on_checkbox_changed(self, event: Tick.Changed) -> None:
        """Save a tick."""
        self._set(event.checkbox.id or "", event.value)

    def _set(self, key: str, value: object) -> None:
        cadence_app = self.cadence_app
        try:
            changed(cadence_app.settings, key, value)
        except UserError as error:
            self.write("#wrong", str(error))
            return
        self.write("#wrong", "")
        cadence_app.change_settings(lambda saved: changed(saved, key, value))
        if key in _LEVELS:
            cadence_app.apply_levels()

    def _poll(self) -> None:
        if self._taps.told:
            self.write("#wrong", self._taps.told)
        if over := self._taps.over(time.monotonic()):
            tempo, message = over
            self.write("#wrong", message)
            if tempo:
                self.query_one("#cadence", Input).value = f"{tapped(tempo):g}"

    def action_tap(self) -> None:
        """Take a tap in the rhythm of the steps."""
        self._taps.tap(time.monotonic())

    def action_keys(self) -> None:
        """Choose other keys."""
        self.app.push_screen(KeySettingsScreen())

    def action_guide(self) -> None:
        """Play the session that finds the runner's own cadence."""
        cadence_app = self.cadence_app
        try:
            session = session_store.find(_GUIDE, cadence_app.library)
            cadence_app.play(cadence_app.prepare(session))
        except UserError as error:
            self.write("#wrong", worded(error))


def _devices(*names: str) -> list[tuple[str, str]]:
    """The options of a device's setting: the default, then each name once."""
    return [(name or _USUAL, name) for name in dict.fromkeys(["", *names])]


def _select(words: Iterator[str] | tuple[str, ...] | list[str], value: str) -> Select[str]:
    return Select(((word, word) for word in words), value=value, allow_blank=False, compact=True)


def _row(key: str, widget: Widget) -> Iterator[Widget]:
    """The row of a setting: its name, its widget and a hint."""
    name, hint = _TEXTS[key]
    widget.id = key
    yield Horizontal(
        Static(name, classes="label", markup=False),
        widget,
        Static(hint, classes="hint", markup=False),
        classes="row",
    )
