"""A cue track's metadata: the tags, chapters and words that go into a file and beside it.

Apart from the formats, each of which stores the same metadata in its own way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from cadence_cue.coaching.session import Kind
from cadence_cue.errors import printable
from cadence_cue.timing.timeline import Bus, EventKind, Mark, Timeline

_GET_READY = "Get ready"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A phase of the track; `start` and `end` (exclusive) are frames of the file."""

    start: int
    end: int
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A spoken text; `start` and `end` (exclusive) are frames of the file."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Track:
    """Everything that players show of a file; "" and 0 stand for what is missing.

    Frames count from the start of the file, at `rate` frames per second. The chapters follow each
    other without a gap from frame 0 to `frames`.
    """

    rate: int
    frames: int
    title: str
    artist: str = ""
    album: str = ""
    number: int = 0
    """Its place in the album, from 1."""
    date: str = ""
    """As YYYY-MM-DD."""
    genre: str = ""
    comment: str = ""
    bpm: int = 0
    cover: bytes = b""
    """A picture, as PNG."""
    chapters: tuple[Chapter, ...] = ()
    lines: tuple[Line, ...] = ()

    def milliseconds(self, frame: int) -> int:
        """The time of a frame in milliseconds, rounded."""
        return round(1000 * frame / self.rate)


def lrc(track: Track) -> str:
    """The spoken words as LRC: one line per text, with minutes, seconds and hundredths."""
    lines = []
    for line in track.lines:
        minutes, rest = divmod(round(100 * line.start / track.rate), 6000)
        lines.append(f"[{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}]{line.text}")
    return "\n".join(lines)


def contents(timeline: Timeline) -> tuple[tuple[Chapter, ...], tuple[Line, ...]]:
    """The chapters and the spoken lines of a timeline."""
    return tuple(_chapters(timeline)), tuple(_lines(timeline))


def heard(timeline: Timeline) -> tuple[Mark, ...]:
    """The phases that are heard; one that the timeline enters half-way starts there."""
    events = timeline.events
    opening = events[events["phase"] < 0]  # the safety line and the ready signal
    begin = int((opening["frame"] + opening["frames"]).max(initial=timeline.start))
    marks = tuple(mark for mark in timeline.marks if mark.start + mark.frames > begin)
    if not marks or marks[0].start >= begin:
        return marks
    first, *others = marks
    end = first.start + first.frames
    # A phase starts with its announcement, at the end of the phase before.
    until = events["frame"][events["phase"] > first.index].min(initial=end)
    if until - begin < timeline.rate:
        return tuple(others)
    return (replace(first, start=begin, entry=begin, frames=end - begin), *others)


def usual_bpm(timeline: Timeline) -> int:
    """The tempo of most of the beating time, in whole beats per minute; 0 without a majority."""
    spent: Counter[int] = Counter()
    for mark in heard(timeline):
        if mark.tempo:
            spent[round(mark.tempo) if mark.tempo == mark.end_tempo else 0] += mark.frames
    tempo, frames = max(spent.items(), key=lambda item: item[1], default=(0, 0))
    return tempo if 2 * frames > spent.total() else 0


def _chapters(timeline: Timeline) -> Iterator[Chapter]:
    """One chapter for each phase, glides joined to what follows, and one for the opening.

    A chapter starts with the announcement of its phase, so that whoever skips to it hears the
    announcement and the count-in.
    """
    starts: list[tuple[int, str]] = []
    glide: int | None = None
    for mark in heard(timeline):
        least = starts[-1][0] + 1 if starts else 0  # an announcement may fill the rest before it
        start = max(mark.entry - timeline.start, least) if glide is None else glide
        glide = start if mark.kind == Kind.GLIDE else None
        if glide is None:
            starts.append((start, printable(_titled(mark))))
    if not starts or starts[0][0] > 0:
        starts.insert(0, (0, _GET_READY))
    ends = [*(start for start, _ in starts[1:]), timeline.frames - timeline.start]
    for (start, title), end in zip(starts, ends, strict=True):
        yield Chapter(start, end, title)


def _titled(mark: Mark) -> str:
    if not mark.tempo:
        return mark.title
    ends = dict.fromkeys(f"{tempo:.0f}" for tempo in (mark.tempo, mark.end_tempo))
    return f"{mark.title} · {' to '.join(ends)}"


def _lines(timeline: Timeline) -> Iterator[Line]:
    """One line for each text; the words of a chant or a count-in make up a single line."""
    events = timeline.events
    spoken = replace(timeline, events=events[events["bus"] == Bus.VOICE])
    for (kind, _), group in groupby(spoken, key=lambda event: (event.kind, event.phase)):
        lines = [
            Line(start, start + event.frames, printable(event.sound))
            for event in group
            for start in [event.frame - timeline.start]
        ]
        if kind in (EventKind.CHANT, EventKind.COUNT_IN):
            text = " · ".join(line.text for line in lines)
            yield Line(lines[0].start, lines[-1].end, text)
        else:
            yield from lines
