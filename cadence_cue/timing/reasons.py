"""Why something that was to be heard is not, and the bounds that are told with it."""

from __future__ import annotations

from enum import Enum, auto

SHORT_RAMP = 20
"""Seconds; in a shorter ramp the runner follows the beat undisturbed."""
LATEST = 10
"""Seconds before a part in which it is announced over a running beat."""


class Reason(Enum):
    """Why a text, or a count-in, is left out."""

    NO_RECORDING = auto()
    """The voice cannot speak it."""
    SHORT_RAMP = auto()
    """No cues in a ramp of less than SHORT_RAMP seconds."""
    NO_MOMENT = auto()
    """Its phase has no free moment for a cue."""
    NO_SETUP = auto()
    """Neither before its phase nor in it is there time for a set-up cue."""
    NO_FIT = auto()
    """At this tempo the words of a chant do not fit the beats."""
    SHORT_COUNT_IN = auto()
    """The time before a phase is too short for the whole count-in, or any of it."""
    COUNT_IN_WORDS = auto()
    """At this tempo or in this time the words of a count-in do not fit the beats."""
    SHORT_LEAD = auto()
    """The time before its phase is too short for all of an announcement."""
    NO_ROOM_BEFORE = auto()
    """Nor are the last LATEST seconds of a phase that beats up to its end."""
    NO_ROOM_AT_START = auto()
    """The phase that is named as it begins has no free moment."""
    NO_ROOM = auto()
    """It does not fit into its phase."""
    OVER = auto()
    """Its moment was over when the tempo changed."""
    OVERLAP = auto()
    """It would overlap another text."""
