"""A timeline as data for other programs, printed by `timeline --json` and written as a sidecar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cadence_cue.app.left_out import what, why
from cadence_cue.timing.timeline import Bus, Event, EventKind, Timeline


def timeline_data(timeline: Timeline, events: Iterable[Event] | None = None) -> dict[str, Any]:
    """Return the timeline as plain data for JSON, with all of its events or only those given.

    Frames count from the start of the timeline, as in a file.
    """
    first = timeline.start
    return {
        "sample_rate": timeline.rate,
        "frames": timeline.frames - first,
        "seed": timeline.seed,
        "phases": [
            {
                "index": mark.index,
                "kind": mark.kind,
                "title": mark.title,
                "start": mark.start - first,
                "entry": mark.entry - first,
                "frames": mark.frames,
                "tempo": [mark.tempo, mark.end_tempo] if mark.tempo else None,
            }
            for mark in timeline.marks
        ],
        "events": [
            {
                "frame": event.frame - first,
                "frames": event.frames,
                "kind": event.kind.label,
                "text": event.sound if has_text(event) else "",
                "phase": event.phase,
                "beat": event.beat,
                "side": event.foot.label,
                "accent": event.accent,
            }
            for event in (timeline if events is None else events)
        ],
        "dropped": [
            {"text": what(dropped), "phase": dropped.phase, "reason": why(dropped)}
            for dropped in timeline.dropped
        ],
    }


def has_text(event: Event) -> bool:
    """Whether an event has a text: the words that are spoken, or the name of a signal."""
    return event.bus is Bus.VOICE or event.kind is EventKind.SIGNAL
