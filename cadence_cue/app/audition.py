"""One cue to be judged by ear: on its own, or over a beat."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cadence_cue.studio import Performance
from cadence_cue.timing.timeline import Bus, EventKind, Timeline

_AIR = Fraction(1, 4)  # seconds before and after a cue on its own
_BEATS_AFTER = 4


def audition(performance: Performance) -> Timeline:
    """What is to be heard of a performance of `rehearsal.audition`: the cue, and beats around it.

    Without the signals and the lead-in of a session.
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
