"""Every screen of the app: the module that it is in, and the key that opens it from the others.

A screen is imported when it is opened, so that the app starts without the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from textual.binding import Binding

from cadence_cue.tui.page import Page

_HOMES = {
    "CalibrateScreen": "calibrating",
    "MeasureScreen": "calibrating",
    "DevicesScreen": "devices",
    "DoctorScreen": "doctor",
    "ExportsScreen": "exports",
    "ShareScreen": "sharing",
    "HistoryScreen": "history",
    "LogScreen": "history",
    "SettingsScreen": "preferences",
    "KeySettingsScreen": "key_settings",
    "TodayScreen": "today",
    "WeeksScreen": "today",
    "WelcomeScreen": "welcome",
    "LibraryScreen": "library.library",
    "EditorScreen": "editor.editor",
    "RecordingsScreen": "voice.recordings",
    "LineRecordingScreen": "voice.line_recording",
    "PlayScreen": "playing.playing",
    "BeatScreen": "playing.quick_beat",
    "VoicesScreen": "voice.voices",
}


def _opens(key: str, screen: str, name: str, tooltip: str = "") -> Binding:
    """The key that opens a screen, which is called by this name."""
    return Binding(key, f"open('{screen}')", name, show=False, tooltip=tooltip, id=f"app.{name}")


OPENERS = (
    _opens("C", "CalibrateScreen", "calibrate", "measure late headphones, taps, the microphone"),
    _opens("O", "DevicesScreen", "devices", "choose the sound device"),
    _opens("D", "DoctorScreen", "doctor", "check the sound"),
    _opens("X", "ExportsScreen", "exports", "your exports: share, folder"),
    _opens("H", "HistoryScreen", "history", "your history: charts, entries"),
    _opens("s", "SettingsScreen", "settings"),
    _opens("T", "TodayScreen", "today", "your plan: today's run"),
    _opens("W", "WeeksScreen", "weeks", "all weeks of your plan"),
    _opens("b", "BeatScreen", "beat", "a plain beat"),
    _opens("V", "VoicesScreen", "voices", "hear and choose the voice"),
)
"""The keys that open a screen, in the order in which they are listed."""


def screen(name: str) -> type[Page]:
    """The class of a screen, by its name."""
    found: type[Page] = getattr(import_module(f"cadence_cue.tui.{_HOMES[name]}"), name)
    return found


def all_screens() -> Iterator[type[Page]]:
    """Yield the classes of all screens."""
    yield from map(screen, _HOMES)
