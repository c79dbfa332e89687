"""What a cue track says of itself: the tags, chapters and words that go into and beside a file."""

from __future__ import annotations

from dataclasses import dataclass


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
