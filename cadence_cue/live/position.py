"""Finds the frame being heard from the published blocks and the time.

Pure functions, apart from the player so that they can be tested without a device.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cadence_cue.live.control import PlayedBlock, State


class Position(NamedTuple):
    """The frame that is leaving the speaker, its generation, and the state of the clock."""

    generation: int = 0
    frame: int = 0
    state: State = State.WAITING


def heard(latest_first: Iterable[PlayedBlock], now: float, rate: int) -> Position:
    """The position heard at `now` (seconds of time.monotonic); WAITING while nothing is heard.

    Never past the end of the last block: when the device stops asking, the position stops.
    """
    for block in latest_first:
        if block.heard_at <= now:
            frame = block.frame
            if block.state is State.PLAYING:
                frame += min(int((now - block.heard_at) * rate), block.frames)
            return Position(block.generation, frame, block.state)
    return Position()


def forward(last: Position, new: Position) -> Position:
    """`new`, or `last` if `new` is before it: device clocks swing by more than a block."""
    if new.generation < last.generation:
        return last
    if new.generation == last.generation and new.frame < last.frame:
        return last
    return new
