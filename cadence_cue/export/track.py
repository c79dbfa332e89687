"""What a cue track says of itself: the tags, chapters and words that go into and beside a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cadence_cue.coaching.errors import printable
from cadence_cue.coaching.model import Kind
from cadence_cue.timing.timeline import Bus, EventKind, Mark, Timeline

_GET_READY = "Get ready"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A phase of the track; `start` and `end` (not included) are frames of the file."""

    start: int
    end: int
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """A text that is spoken; `start` and `end` (not included) are frames of the file."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Track:
    """All that players show of a file; "" and 0 for what it has not.

    Frames count from the file's first frame at `rate` frames per second. Chapters follow each
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


def contents(timeline: Timeline) -> tuple[tuple[Chapter, ...], tuple[Line, ...]]:
    """The chapters of a timeline and what is spoken in it."""
    return tuple(_chapters(timeline)), tuple(_lines(timeline))


def usual_bpm(timeline: Timeline) -> int:
    """The beats per minute that most of its beats have, in whole numbers; 0 where none has."""
    heard: Counter[int] = Counter()
    for mark in timeline.marks:
        if mark.tempo:
            heard[round(mark.tempo) if mark.tempo == mark.end_tempo else 0] += mark.frames
    tempo, frames = max(heard.items(), key=lambda item: item[1], default=(0, 0))
    return tempo if 2 * frames > heard.total() else 0


def _chapters(timeline: Timeline) -> Iterator[Chapter]:
    """One for each phase, with a glide part of what it leads to; and one for what comes first."""
    first, frames = timeline.start, timeline.frames - timeline.start
    marks = [m for m in timeline.marks if m.start + m.frames > first]
    starts: list[tuple[int, Mark]] = []
    glide: int | None = None
    for mark in marks:
        start = max(mark.start - first, 0) if glide is None else glide
        glide = start if mark.kind == Kind.GLIDE else None
        if glide is None:
            starts.append((start, mark))
    if starts and starts[0][0] > 0:
        yield Chapter(0, starts[0][0], _GET_READY)
    ends = [*(start for start, _ in starts[1:]), frames]
    for (start, mark), end in zip(starts, ends, strict=True):
        yield Chapter(start, end, _clean(_titled(mark)))


def _titled(mark: Mark) -> str:
    if not mark.tempo:
        return mark.title
    ends = dict.fromkeys(f"{tempo:.0f}" for tempo in (mark.tempo, mark.end_tempo))
    return f"{mark.title} · {' to '.join(ends)}"


def _lines(timeline: Timeline) -> Iterator[Line]:
    """Every text; words that stand on beats of their own in one line."""
    words: list[Line] = []
    for event in timeline:
        if event.bus is not Bus.VOICE:
            continue
        start = event.frame - timeline.start
        line = Line(start, start + event.frames, _clean(event.sound))
        if event.kind in (EventKind.CHANT, EventKind.COUNT_IN):
            words.append(line)
            continue
        yield from _joined(words)
        words = []
        yield line
    yield from _joined(words)


def _joined(words: list[Line]) -> Iterator[Line]:
    if words:
        yield Line(words[0].start, words[-1].end, " · ".join(word.text for word in words))


def _clean(text: str) -> str:
    """A text on one line that any file can hold."""
    return printable(text).encode(errors="replace").decode()
