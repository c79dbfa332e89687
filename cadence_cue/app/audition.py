"""Cuts a single cue out of a performance, on its own or over a beat, to be judged by ear."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Bus, EventKind, Timeline

_AIR = Fraction(1, 4)  # seconds before and after a cue on its own
_BEATS_AFTER = 4


def audition(performance: Performance) -> Timeline:
    """Return the timeline of a `rehearsal.audition` performance, cut to the cue and its beats.

    The signals and the lead-in of a session are left out.
    """
    timeline = performance.timeline
    events = timeline.events
    cue = events[events["bus"] == Bus.VOICE][0]
    end = int(cue["frame"]) + int(cue["frames"])
    air = round(_AIR * timeline.rate)
    tempo = performance.parts[0].tempo
    if tempo is None:
        heard = events[events["bus"] == Bus.VOICE]
        start, end = int(cue["frame"]) - air, end + air
    else:
        start = timeline.marks[0].start
        end += round(_BEATS_AFTER * 60 / tempo[0] * timeline.rate)
        beats = (events["bus"] == Bus.BEAT) & (events["kind"] == EventKind.BEAT)
        within = (events["frame"] >= start) & (events["frame"] < end)
        heard = events[within & (beats | (events["bus"] == Bus.VOICE))]
    return replace(timeline, events=heard.copy(), start=start, frames=end)
