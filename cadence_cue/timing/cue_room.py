"""A cue in its place: where it goes, and whether there is room for it."""

from __future__ import annotations

from dataclasses import dataclass

from cadence_cue.timing.layout import Placed
from cadence_cue.timing.moments import Moment
from cadence_cue.timing.speaker import Speaker

_AIR = 6.0  # seconds between two cues unless the file sets their distance
_SHARE = 4  # a cue has this many times its own length from its start to the next


@dataclass(frozen=True, slots=True)
class SpokenCue:
    """A cue and where it goes: in one piece, or as words with a start and a beat each."""

    text: str
    moment: Moment
    words: tuple[str, ...]
    starts: tuple[int, ...]
    beats: tuple[int, ...]
    end: int

    @property
    def start(self) -> int:
        """Its first frame."""
        return self.starts[0]

    @property
    def chanted(self) -> bool:
        """Whether its words stand on beats of their own."""
        return len(self.words) > 1


def plain(speaker: Speaker, text: str, moment: Moment) -> SpokenCue | None:
    """A cue said as a sentence; None where there is no sentence."""
    if not speaker.knows([text]):
        return None
    start = speaker.clock.frame(moment[0]) - speaker.anchor([text])
    end = start + speaker.length([text])
    return SpokenCue(text, moment, (text,), (start,), (moment[1],), end)


def free_from(start: int, end: int, placed: Placed, speaker: Speaker) -> int:
    """The first frame for a cue after one with these frames."""
    gap = speaker.gap if placed.part.cueing.explicit else speaker.clock.frames(_AIR)
    return max(end + gap, start + _SHARE * (end - start))


def ends(placed: Placed, speaker: Speaker) -> int:
    """The frame at which the last cue of a part must be over."""
    clock, cueing = speaker.clock, placed.part.cueing
    if placed.part.ticks:
        return clock.frame(placed.start + placed.part.ticks[0])
    end = placed.end - cueing.quiet_last
    if placed.grid and cueing.quiet_last_beats:
        end = min(end, placed.grid.instant(placed.last - cueing.quiet_last_beats))
    return clock.frame(end)


def has_room(cue: SpokenCue, placed: Placed, speaker: Speaker) -> bool:
    """Whether a cue lies in its part, and far enough from all that is said already."""
    gap = 0.0 if placed.part.cueing.explicit else _AIR
    begins = speaker.clock.frame(placed.start)
    return cue.start >= begins and speaker.blocker(cue.start, cue.end - cue.start, gap) is None
