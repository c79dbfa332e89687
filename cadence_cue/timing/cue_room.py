"""A cue with its position, and whether there is room for it there.

Shared by the choice of cues and the choice of the closing cue.
"""

from __future__ import annotations

from dataclasses import dataclass

from cadence_cue.timing.layout import Placed
from cadence_cue.timing.moments import Moment
from cadence_cue.timing.speaker import Speaker

_AIR = 6.0  # seconds between two cues unless the file sets their distance
_SHARE = 4  # the next cue starts at least this many times a cue's length after its start


@dataclass(frozen=True, slots=True)
class SpokenCue:
    """A cue and its position: one piece, or several words, each with a start frame and a beat."""

    text: str
    moment: Moment
    words: tuple[str, ...]
    starts: tuple[int, ...]
    beats: tuple[int, ...]
    end: int
    block: int | None = None
    """The block of cues whose turn it takes; None for a set-up cue."""

    @property
    def start(self) -> int:
        """Its first frame."""
        return self.starts[0]

    @property
    def chanted(self) -> bool:
        """Whether each of its words falls on a beat of its own."""
        return len(self.words) > 1


def plain(speaker: Speaker, text: str, moment: Moment, phase: int) -> SpokenCue | None:
    """Return a cue said as a sentence; None if no voice has that sentence."""
    if not speaker.knows([text]):
        return None
    start = speaker.clock.frame(moment[0]) - speaker.anchor([text], phase)
    end = start + speaker.length([text], phase)
    return SpokenCue(text, moment, (text,), (start,), (moment[1],), end)


def free_from(start: int, end: int, placed: Placed, speaker: Speaker) -> int:
    """Return the first frame at which a cue may follow one that spans these frames."""
    gap = speaker.gap if placed.part.cueing.explicit else speaker.clock.frames(_AIR)
    return max(end + gap, start + _SHARE * (end - start))


def ends(placed: Placed, speaker: Speaker) -> int:
    """Return the frame by which the last cue of a part must have ended."""
    clock, cueing = speaker.clock, placed.part.cueing
    if placed.part.ticks:
        return clock.frame(placed.start + placed.part.ticks[0])
    end = placed.end - cueing.quiet_last
    if placed.grid and cueing.quiet_last_beats:
        end = min(end, placed.grid.instant(placed.last - cueing.quiet_last_beats))
    return clock.frame(end)


def has_room(cue: SpokenCue, placed: Placed, speaker: Speaker) -> bool:
    """Return whether a cue lies within its part and far enough from all other speech."""
    gap = 0.0 if placed.part.cueing.explicit else _AIR
    begins = speaker.clock.frame(placed.start)
    return cue.start >= begins and speaker.blocker(cue.start, cue.end - cue.start, gap) is None
