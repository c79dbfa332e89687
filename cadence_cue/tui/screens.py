"""Every screen of the app: importing this registers them, with their keys."""

from cadence_cue.tui import (  # noqa: F401 (they register themselves)
    calibrating,
    devices,
    doctor,
    exports,
    history,
    key_settings,
    library,
    playing,
    preferences,
    quick_beat,
    recordings,
    sharing,
    today,
    voices,
    welcome,
)
