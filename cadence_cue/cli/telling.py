"""A timeline as lines of text for people: all of its events, or a script of its words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from cadence_cue.app.left_out import what, why
from cadence_cue.app.tracks.timeline_data import has_text
from cadence_cue.coaching.drill import Side
from cadence_cue.coaching.pages import lasting
from cadence_cue.coaching.wording import stride_phrase
from cadence_cue.timing.talking import share
from cadence_cue.timing.timeline import Bus, Event, EventKind, Mark, Timeline


def instant(frame: int, timeline: Timeline) -> str:
    """A frame as a time in the track: M:SS.mmm, right-aligned."""
    milliseconds = round(1000 * abs(frame) / timeline.rate)
    minutes, rest = divmod(milliseconds, 60_000)
    sign = "-" if frame < 0 else ""
    return f"{sign}{minutes}:{rest // 1000:02d}.{rest % 1000:03d}".rjust(10)


def phase_line(mark: Mark, timeline: Timeline) -> str:
    """A phase in one line: its number, title, tempo and length."""
    tempo = f", {tempo_words(mark)}" if mark.tempo else ""
    return f"{mark.place or '':3}  {mark.title}{tempo}, {lasting(mark.frames / timeline.rate)}"


def tempo_words(mark: Mark) -> str:
    """A phase's tempo in words: "173 a minute", "165 to 173 a minute"."""
    if mark.clicked_foot is not Side.NONE:
        return stride_phrase(mark.end_tempo, mark.clicked_foot)
    if mark.tempo == mark.end_tempo:
        return f"{mark.tempo:g} a minute"
    return f"{mark.tempo:g} to {mark.end_tempo:g} a minute"


def as_lines(timeline: Timeline, events: Iterable[Event], first: int) -> Iterator[str]:
    """Yield a line for each event, under the heading of its phase; beats in a row share a line.

    Headings are given from the phase with the index `first` on.
    """
    marks = [mark for mark in timeline.marks if mark.index >= first]
    beats: list[Event] = []
    for event in events:
        while marks and marks[0].start <= event.frame:
            yield from _beat_lines(beats, timeline)
            beats = []
            yield _heading(marks.pop(0), timeline)
        if event.kind is EventKind.BEAT:
            beats.append(event)
            continue
        text = event.sound if event.bus is Bus.BEAT else f'"{event.sound}"'
        kind = event.kind.label
        yield f"{instant(event.frame, timeline)}  {kind:12} {text if text != kind else ''}".rstrip()
    yield from _beat_lines(beats, timeline)
    yield from (_heading(mark, timeline) for mark in marks)
    yield f"{instant(timeline.frames, timeline)}  end; seed {timeline.seed}"
    yield from _left_out(timeline)


def as_script(timeline: Timeline, first: int) -> Iterator[str]:
    """Yield the session as a coach's script: phases from the index `first` on, and every word.

    Texts spoken without a pause share a line, with the time of the first word in the session.
    """
    zero = timeline.marks[0].start
    marks = [mark for mark in timeline.marks if mark.index >= first]
    line: list[Event] = []
    for event in timeline:
        if event.bus is not Bus.VOICE and not has_text(event):
            continue
        if line and not _continues(line, event, timeline.rate):
            yield _script_line(line, zero, timeline.rate)
            line = []
        while marks and marks[0].start <= event.frame:
            if line:
                yield _script_line(line, zero, timeline.rate)
                line = []
            mark = marks.pop(0)
            yield f"{_minutes(mark.start - zero, timeline.rate)}  == {phase_line(mark, timeline)}"
        line.append(event)
    if line:
        yield _script_line(line, zero, timeline.rate)
    for mark in marks:
        yield f"{_minutes(mark.start - zero, timeline.rate)}  == {phase_line(mark, timeline)}"
    beats = np.count_nonzero(timeline.events["kind"] == EventKind.BEAT)
    yield (
        f"{_minutes(timeline.frames - zero, timeline.rate)}  end; {beats} beats, "
        f"{share(timeline):.0%} of the time spoken, seed {timeline.seed}"
    )
    yield from _left_out(timeline)


def _left_out(timeline: Timeline) -> Iterator[str]:
    for dropped in timeline.dropped:
        phase = timeline.marks[dropped.phase].title
        yield f'left out in "{phase}": {what(dropped)}: {why(dropped)}'


def _continues(line: list[Event], event: Event, rate: int) -> bool:
    """Whether an event continues a line of the script."""
    last = line[-1]
    same = (last.kind, last.phase) == (event.kind, event.phase)
    apart = event.frame - last.frame - last.frames
    joined = (EventKind.ANNOUNCEMENT, EventKind.CHANT, EventKind.COUNT_IN, EventKind.EXPLANATION)
    return same and event.kind in joined and apart < rate


def _script_line(line: list[Event], zero: int, rate: int) -> str:
    first = line[0]
    if first.bus is Bus.BEAT:
        return f"{_minutes(first.frame - zero, rate)}  ({first.sound})"
    between = " · " if first.kind in (EventKind.CHANT, EventKind.COUNT_IN) else ". "
    text = between.join(event.sound.rstrip(".") for event in line)
    beat = f" [beat {first.beat}]" if first.beat is not None else ""
    return f"{_minutes(first.frame - zero, rate)}  {first.kind.label:12} {text}{beat}"


def _minutes(frames: int, rate: int) -> str:
    """Frames as M:SS.t, negative before the start."""
    tenths = round(10 * abs(frames) / rate)
    sign = "-" if frames < 0 else ""
    return f"{sign}{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}".rjust(8)


def _heading(mark: Mark, timeline: Timeline) -> str:
    return f"{instant(mark.start, timeline)}  == {phase_line(mark, timeline)}"


def _beat_lines(beats: list[Event], timeline: Timeline) -> Iterator[str]:
    if beats:
        first, last = instant(beats[0].frame, timeline), instant(beats[-1].frame, timeline)
        yield f"{first}  {len(beats)} beats to {last.strip()}"
