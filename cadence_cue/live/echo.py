"""Our own sound in what a microphone hears: taken out, or learnt for that.

Two clocks tell within some milliseconds which of our samples is heard when. To the sample it is
found in the sound, and followed there.
"""

from __future__ import annotations

import numpy as np

from cadence_cue.live.clock import StreamClock
from cadence_cue.live.played_sound import PlayedSound
from cadence_cue.live.room import Room
from cadence_cue.live.sounding import Samples
from cadence_cue.scoring.bands import RATE
from cadence_cue.scoring.own_lag import LOUD, SEARCH, LagSearch, learnt
from cadence_cue.scoring.own_sound import BEFORE, CONTEXT, STEP, OwnSound

_SILENT = 10  # blocks without our sound after which a lesson is over
_LONGEST = 300  # blocks of a lesson
_CHECKED = 32 * STEP  # samples in which a lag that is followed is also searched for, and then not
_ANYTHING = np.random.default_rng(0).normal(size=STEP).astype(np.float32)  # no step is as loud


class _Alignment:
    """Finds what was played for what is heard, `delay` seconds later. Thread: one."""

    def __init__(self, played: PlayedSound, delay: float) -> None:
        self._played, self._delay = played, delay
        self._stretch: tuple[int, int, int] | None = None
        self._anchor = 0  # by how much our samples' numbers are ahead of those heard
        self.lag = 0.0
        """By how many samples less they are by now, as it was found."""
        self.off = 0.0
        """By how many samples the clocks say otherwise."""

    def follow(self, end: int, clock: StreamClock) -> bool:
        """Go on to a block that ends before sample `end`; return whether it goes on without a slip.

        `clock` is the microphone's, at RATE.
        """
        self._played.poll()
        by_clock = self._played.at(clock.time_at(end) - self._delay) - end
        self.off = by_clock - (self._anchor - self.lag)
        if self._stretch == self._played.stretch and abs(self.off) <= SEARCH:
            return True
        self._stretch = self._played.stretch
        self._anchor, self.lag = round(by_clock), 0.0
        return False

    def frame(self, sample: float) -> float:
        """Return the frame given to the device that is heard in a sample."""
        return self._played.frame(sample + self._anchor - self.lag)

    def until(self, end: int, count: int) -> Samples | None:
        """Return the samples that were played for `count` heard before `end`; None if unknown."""
        return self._played.until(end + self._anchor - round(self.lag), count)


class Echo:
    """Takes what we play out of what one microphone hears without a gap. Thread: one."""

    def __init__(self, played: PlayedSound, room: Room) -> None:
        self._room = room
        self._alignment = _Alignment(played, room.delay)
        self._own: OwnSound | None = None
        self._search = LagSearch(room.response)
        self._heard = True  # as far as is known; in headphones it is not
        self.doubtful = False
        """Whether steps in the last block could as well be our own sound, as its lag is unknown."""

    def frame(self, sample: float) -> float | None:
        """Return the frame given to the device that is heard in a sample; None if not known so."""
        return self._alignment.frame(sample) if self._own else None

    def subtract(self, heard: Samples, end: int, clock: StreamClock) -> tuple[Samples, Samples]:
        """Return STEP samples before `end` without our sound, and what may be left of it."""
        alignment = self._alignment
        if not alignment.follow(end, clock):
            self._own, self._search = None, LagSearch(self._room.response)
        around = lag = None
        if self._own is None or end // _CHECKED % 2:
            around = alignment.until(end + BEFORE + SEARCH, CONTEXT)
            lag = None if around is None else self._search.feed(heard, around)
        if lag is not None and (self._own is None or abs(lag) > 2):
            self._own = OwnSound(self._room.response, self._room.left)
            alignment.lag += lag
            self._own.lag = alignment.lag
            self._heard = True
        self._heard &= not self._search.in_vain or self._own is not None
        played = alignment.until(end + BEFORE, CONTEXT)
        self.doubtful = self._heard and self._own is None
        self.doubtful &= around is None or self._search.audible
        if self.doubtful:
            return heard, _ANYTHING
        if self._own is None or played is None:
            return heard, np.zeros(len(heard), np.float32)
        rest, left = self._own.subtract(heard, played)
        alignment.lag = self._own.lag
        return rest, left


class Lesson:
    """Learns how a microphone hears what we play, while nothing else is heard. Thread: one."""

    def __init__(self, played: PlayedSound) -> None:
        self._alignment = _Alignment(played, 0.0)
        self._heard: list[Samples] = []
        self._played: list[Samples] = []
        self._silent = 0
        self.room: Room | None = None
        """What was learnt from our last sounds, up to a second without any."""

    doubtful = False

    def frame(self, _: float) -> None:
        """Return None: nothing is known yet."""

    def subtract(self, heard: Samples, end: int, clock: StreamClock) -> tuple[Samples, Samples]:
        """Learn from STEP samples before `end`, and return them as they are, with zeros."""
        nothing = np.zeros(len(heard), np.float32)
        if not self._alignment.follow(end, clock):
            self._heard, self._played = [], []
        played = self._alignment.until(end, len(heard))
        if played is None:
            return heard, nothing
        loud = abs(played).max() > LOUD
        if loud or self._heard:
            self._silent = 0 if loud else self._silent + 1
            self._heard.append(heard)
            self._played.append(played.copy())  # it is overwritten after some seconds
        if self._silent == _SILENT or len(self._heard) == _LONGEST:
            found = learnt(self._heard, self._played)
            self._heard, self._played, self._silent = [], [], 0
            if found:
                response, left, delay = found
                self.room = Room(response, left, (delay + self._alignment.off) / RATE)
        return heard, nothing
