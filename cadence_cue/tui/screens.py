"""Every screen of the app: importing this registers them, with their keys."""

from cadence_cue.tui import (  # noqa: F401 (they register themselves)
    calibrating,
    devices,
    doctor,
    exports,
    history,
    key_settings,
    preferences,
    sharing,
    today,
    welcome,
)
from cadence_cue.tui.library import library  # noqa: F401 (they register themselves)
from cadence_cue.tui.playing import playing, quick_beat  # noqa: F401 (they register themselves)
from cadence_cue.tui.voice import recordings, voices  # noqa: F401 (they register themselves)
