"""Wording for what a performance leaves out and why; other programs read it in the JSON too."""

from __future__ import annotations

from cadence_cue.timing.reasons import LATEST, SHORT_RAMP, Reason
from cadence_cue.timing.timeline import Dropped

_WHY = {
    Reason.NO_RECORDING: "the voice has no recording of it",
    Reason.SHORT_RAMP: f"no cues in a ramp of less than {SHORT_RAMP} s",
    Reason.NO_MOMENT: "this phase has no free moment for a cue",
    Reason.NO_SETUP: "neither before this phase nor in it is there time for it",
    Reason.NO_FIT: "at this tempo its words do not fit the beats",
    Reason.COUNT_IN_WORDS: "at this tempo or in this time its words do not fit the beats",
    Reason.SHORT_LEAD: "the time before this phase is too short for it",
    Reason.NO_ROOM_BEFORE: f"no room in the last {LATEST} s of the phase before",
    Reason.NO_ROOM_AT_START: "no free moment in this phase",
    Reason.NO_ROOM: "it does not fit into its phase",
    Reason.COUNTED_IN: "these seconds have the count-in of the next phase",
    Reason.OVER: "its moment was over when the tempo changed",
}


def what(dropped: Dropped) -> str:
    """What is left out: the text, or for a count-in a description."""
    match dropped.reason:
        case Reason.SHORT_COUNT_IN:
            return f"count-in of {dropped.beats} beats"
        case Reason.COUNT_IN_WORDS:
            return "the count-in's words"
    return dropped.text


def why(dropped: Dropped) -> str:
    """The reason, worded to end a sentence."""
    match dropped.reason:
        case Reason.SHORT_COUNT_IN:
            to = f"shortened to {dropped.left} beats" if dropped.left else "left out"
            return f"{to}: the time before it is too short"
        case Reason.OVERLAP:
            return f'it would overlap "{dropped.other}"'
    return _WHY[dropped.reason]
