"""Why a text or a count-in was dropped, and the limits that such reasons mention.

Values, not sentences: the commands and screens put them into words.
"""

from __future__ import annotations

from enum import Enum, auto

SHORT_RAMP = 20
"""Seconds; in a shorter ramp there are no cues, so that the runner can follow the beat."""
LATEST = 10
"""Seconds before a part within which it may be announced over a running beat."""


class Reason(Enum):
    """Why a text, or a count-in, is left out."""

    NO_RECORDING = auto()
    """The voice has no clip of it."""
    SHORT_RAMP = auto()
    """No cues in a ramp of less than SHORT_RAMP seconds."""
    NO_MOMENT = auto()
    """Its phase has no free moment for a cue."""
    NO_SETUP = auto()
    """There is no time for a set-up cue, neither before its phase nor in it."""
    NO_FIT = auto()
    """At this tempo the words of a chant do not fit the beats."""
    SHORT_COUNT_IN = auto()
    """The time before a phase is too short for all, or any, of the count-in."""
    COUNT_IN_WORDS = auto()
    """The words of a count-in do not fit its beats, or the time before the phase."""
    SHORT_LEAD = auto()
    """The time before a phase is too short for the whole announcement."""
    NO_ROOM_BEFORE = auto()
    """The last LATEST seconds of a phase with a beat have no room for the announcement."""
    NO_ROOM_AT_START = auto()
    """A phase that is named at its start has no free moment there."""
    NO_ROOM = auto()
    """It does not fit into its phase."""
    COUNTED_IN = auto()
    """The seconds of a countdown in which the next phase is counted in."""
    OVER = auto()
    """Its time had passed when the tempo was changed."""
    OVERLAP = auto()
    """It would overlap another text."""
