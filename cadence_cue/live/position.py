"""Finds the frame being heard from the published blocks and the time.

Apart from the player so that it can be tested without a device.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import takewhile
from typing import NamedTuple

from cadence_cue.live.clock import StreamClock
from cadence_cue.live.control import BLOCKS, PlayedBlock, State


class Position(NamedTuple):
    """The frame that is leaving the speaker, its generation, and the state of the clock."""

    generation: int = 0
    frame: int = 0
    state: State = State.WAITING


class PositionFinder:
    """Finds what is heard of the blocks that one engine publishes. Thread: one."""

    def __init__(self, rate: int) -> None:
        """Follow an engine at `rate` frames per second."""
        self.clock = StreamClock(rate)
        """The clock of the stream that is open, in frames given to the device."""
        self._noted = deque[PlayedBlock](maxlen=BLOCKS)  # that the clock knows, the latest first

    def heard(self, latest_first: Iterable[PlayedBlock], now: float) -> Position:
        """The position heard at `now` (seconds of time.monotonic); WAITING while nothing is heard.

        Never past the end of the last block: when the device stops asking, the position stops.
        """
        self.note(latest_first)
        return position_of(self.clock.frame_at(now), self._noted)

    def note(self, latest_first: Iterable[PlayedBlock]) -> None:
        """Tell the clock what is new."""
        noted = self._noted[0] if self._noted else None
        known = -1 if noted is None else noted.given
        for block in reversed([*takewhile(lambda block: block.given > known, latest_first)]):
            if noted and (block.stream, block.underruns) != (noted.stream, noted.underruns):
                self.clock.restart()
            if noted is None or block.made_at != noted.made_at:  # else a piece of what was noted
                self.clock.note(block.given, block.heard_at)
            self._noted.appendleft(block)
            noted = block


def position_of(given: float, latest_first: Iterable[PlayedBlock]) -> Position:
    """The position of a frame, as they are counted that were given to the device."""
    for block in latest_first:
        if block.given <= given:
            into = min(given - block.given, block.frames)
            playing = block.state is State.PLAYING
            place = block.frame + int(into) if playing else block.frame
            return Position(block.generation, place, block.state)
    return Position()


def forward(last: Position, new: Position) -> Position:
    """`new`, or `last` if `new` is before it: a clock that starts anew may differ a little."""
    if new.generation < last.generation:
        return last
    if new.generation == last.generation and new.frame < last.frame:
        return last
    return new
