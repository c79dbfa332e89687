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
    for stretch in latest_first:
        if stretch.heard_at <= now:
            frame = stretch.frame
            if stretch.state is State.PLAYING:
                frame += min(int((now - stretch.heard_at) * rate), stretch.frames)
            return Position(stretch.generation, frame, stretch.state)
    return Position()


def forward(last: Position, new: Position) -> Position:
    """`new`, or `last` if `new` is before it: device clocks swing by more than a block."""
    if new.generation < last.generation:
        return last
    if new.generation == last.generation and new.frame < last.frame:
        return last
    return new
