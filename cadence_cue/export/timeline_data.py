"""A timeline as data for other programs: what `timeline --json` prints, and a track's sidecar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cadence_cue.export.left_out import what, why
from cadence_cue.timing.timeline import Bus, Event, EventKind, Timeline


def timeline_data(timeline: Timeline, events: Iterable[Event] | None = None) -> dict[str, Any]:
    """The timeline as JSON has it, with all of its events or those given.

    Frames count from where it starts, as in a file.
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
                "text": event.sound if is_told(event) else "",
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


def is_told(event: Event) -> bool:
    """Whether an event has words of its own: what is spoken, and signals by name."""
    return event.bus is Bus.VOICE or event.kind is EventKind.SIGNAL
