"""A timeline told to people and to programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cadence_cue.timing.timeline import Bus, Event, EventKind, Mark, Timeline


def as_data(timeline: Timeline) -> dict[str, Any]:
    """The timeline as JSON has it; its events are those that the renderer plays."""
    return {
        "sample_rate": timeline.rate,
        "frames": timeline.frames,
        "seed": timeline.seed,
        "phases": [
            {
                "index": mark.index,
                "kind": mark.kind,
                "title": mark.title,
                "start": mark.start,
                "entry": mark.entry,
                "frames": mark.frames,
                "tempo": [mark.tempo, mark.end_tempo] if mark.tempo else None,
            }
            for mark in timeline.marks
        ],
        "events": [
            {
                "frame": event.frame,
                "frames": event.frames,
                "kind": event.kind.label,
                "text": event.sound if event.bus is Bus.VOICE else "",
                "sound": event.sound if event.bus is Bus.BEAT else "",
                "phase": event.phase,
                "beat": event.beat,
                "side": event.foot.label,
                "accent": event.accent,
            }
            for event in timeline
        ],
        "dropped": [
            {"text": dropped.text, "phase": dropped.phase, "reason": dropped.reason}
            for dropped in timeline.dropped
        ],
    }


def instant(frame: int, timeline: Timeline) -> str:
    """A frame as minutes, seconds and milliseconds of the track."""
    milliseconds = round(1000 * frame / timeline.rate)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes:3d}:{rest // 1000:02d}.{rest % 1000:03d}"


def phase_line(mark: Mark, timeline: Timeline) -> str:
    """A phase in one line: its place, title, tempo and length."""
    tempo = f", {tempo_words(mark)}" if mark.tempo else ""
    seconds = mark.frames / timeline.rate
    return f"{mark.index + 1:3d}  {mark.title}{tempo}, {seconds:g} s"


def tempo_words(mark: Mark) -> str:
    """A phase's tempo in words: "173 a minute", "165 to 173 a minute"."""
    if mark.tempo == mark.end_tempo:
        return f"{mark.tempo:g} a minute"
    return f"{mark.tempo:g} to {mark.end_tempo:g} a minute"


def as_lines(timeline: Timeline) -> Iterator[str]:
    """Every sound in a line, under its phase; the beats of a phase one after another counted."""
    marks = {mark.start: mark for mark in timeline.marks}
    beats: list[Event] = []
    for event in timeline:
        for start in [start for start in marks if start <= event.frame]:
            yield from _beat_lines(beats, timeline)
            beats = []
            yield f"{instant(start, timeline)}  == {phase_line(marks.pop(start), timeline)}"
        if event.kind is EventKind.BEAT:
            beats.append(event)
            continue
        text = event.sound if event.bus is Bus.BEAT else f'"{event.sound}"'
        yield f"{instant(event.frame, timeline)}  {event.kind.label:12} {text}"
    yield from _beat_lines(beats, timeline)
    for mark in marks.values():
        yield f"{instant(mark.start, timeline)}  == {phase_line(mark, timeline)}"
    yield f"{instant(timeline.frames, timeline)}  end; seed {timeline.seed}"
    for dropped in timeline.dropped:
        yield f"left out in phase {dropped.phase + 1}: {dropped.text}: {dropped.reason}"


def _beat_lines(beats: list[Event], timeline: Timeline) -> Iterator[str]:
    if beats:
        first, last = instant(beats[0].frame, timeline), instant(beats[-1].frame, timeline)
        yield f"{first}  {len(beats)} beats to {last.strip()}"
