"""The control block: what the player wants, and what the engine has played, sample by sample.

A piece of memory shared by both processes. It holds desired state, not commands, so nothing can
be lost or arrive twice. Every record carries a sequence number and a checksum: a record that is
being written while it is read fails its check, on any processor, and the reader uses the record
before it. Neither side ever waits.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from enum import IntEnum
from typing import Any, NamedTuple
from zlib import crc32

from cadence_cue.live.memory import shared_memory

NO_HOLD = 1 << 62
"""The `hold` of a clock that is not to stop: a frame that is never reached."""


class Desired(NamedTuple):
    """What is to be heard.

    A new `generation` starts `timeline` (an id) at `frame`; the same generation goes on where it
    is. Another timeline in the same generation is an offer, equal before frame `since`: accepted
    if that frame has not been rendered yet, else refused for good (see live.succession). At frame
    `hold` the clock stops and the noise floor goes on, until `hold` changes. Gains are linear, 0
    to 1; `bed` is the gain of the runner's music. While `resting` nothing plays, and the device is
    let go.
    """

    generation: int = 0
    timeline: int = 0
    frame: int = 0
    since: int = 0
    hold: int = NO_HOLD
    playing: bool = False
    beat: float = 1.0
    voice: float = 1.0
    bed: float = 1.0
    overall: float = 1.0
    resting: bool = False


class State(IntEnum):
    """What the frame clock is doing."""

    WAITING = 0  # nothing has started
    PLAYING = 1
    PAUSED = 2
    FINISHED = 3  # the timeline's last frame is over
    HELD = 4  # it has stopped at the frame `hold`


class PlayedBlock(NamedTuple):
    """Frames that were given to the device in one go.

    `heard_at` is when the first of them leaves the speaker, `made_at` when the device asked for
    them (both seconds of time.monotonic), `took` the seconds that the previous callback took.
    `seen` is the number of the desired state in effect, `stream` counts how often the device was
    opened and `underruns` the underruns so far; `given` is how many frames it was given before.
    `realtime` says whether the audio thread has real-time priority.
    """

    heard_at: float
    made_at: float
    took: float
    seen: int
    generation: int
    timeline: int
    frame: int
    frames: int
    state: State
    stream: int
    underruns: int
    given: int
    realtime: bool


_DESIRED = struct.Struct("=qqqqqqq4dq")
_PLAYED_BLOCK = struct.Struct("=qdddqqqqqqqqqq")
_CHECK = struct.Struct("=q")
_HEAD = 0  # one aligned 64-bit number: how many blocks were published
_SLOTS = 64
_SLOT = 128
_RING = 512
BLOCKS = 2048
"""Blocks that are kept: 11 s of 256 frames, more than any device holds, and headphones too."""
SOUND = _RING + BLOCKS * _SLOT
"""Where the sound that is kept lies: see live.sounding."""
KEPT = 1 << 18
"""Frames of sound that are kept: 5 s at the usual rates."""
SIZE = SOUND + 4 * KEPT


class ControlBlock:
    """One process's view of the shared memory."""

    def __init__(self, descriptor: int | None = None, *, watches: bool = False) -> None:
        """Map the block behind `descriptor`, or create a new one.

        Whoever `watches` can only read it, while the others write.
        """
        self.descriptor = shared_memory(SIZE) if descriptor is None else descriptor
        access = mmap.ACCESS_READ if watches else mmap.ACCESS_WRITE
        self._memory = mmap.mmap(self.descriptor, SIZE, access=access)
        for page in range(0, 0 if watches else SIZE, mmap.PAGESIZE):
            self._memory[page] = self._memory[page]
        self._head = memoryview(self._memory)[_HEAD : _HEAD + 8].cast("q")
        self._writes = 0

    @property
    def published(self) -> int:
        """How many blocks were published so far. Thread: any."""
        return self._head[0]

    def want(self, desired: Desired) -> int:
        """Store the desired state; return its number. Thread: one, of the player."""
        self._writes += 1
        self._put(_SLOTS + self._writes % 2 * _SLOT, _DESIRED.pack(self._writes, *desired))
        return self._writes

    def desired(self) -> tuple[int, Desired] | None:
        """The number of the newest complete state, and the state; None before the first.

        Thread: audio. Real-time safe.
        """
        newest = 0
        found = None
        for slot in range(2):
            record = self._get(_SLOTS + slot * _SLOT, _DESIRED)
            if record is not None and record[0] > newest:
                newest, found = record[0], record
        if found is None:
            return None
        _, generation, timeline, frame, since, hold, playing, *gains, resting = found
        frames = (generation, timeline, frame, since, hold)
        return newest, Desired._make((*frames, bool(playing), *gains, bool(resting)))

    def publish(self, block: PlayedBlock) -> None:
        """Record what was given to the device. Thread: audio. Real-time safe."""
        number = self._head[0] + 1
        self._put(_RING + number % BLOCKS * _SLOT, _PLAYED_BLOCK.pack(number, *block))
        self._head[0] = number

    def played_blocks(self) -> Iterator[PlayedBlock]:
        """The published blocks that are still kept, the latest first. Thread: any."""
        head = self._head[0]
        for number in range(head, max(head - BLOCKS, 0), -1):
            record = self._get(_RING + number % BLOCKS * _SLOT, _PLAYED_BLOCK)
            if record is not None and record[0] == number:
                *fields, state, stream, underruns, given, realtime = record[1:]
                known = (*fields, State(state), stream, underruns, given, bool(realtime))
                yield PlayedBlock._make(known)

    def close(self) -> None:
        """Unmap the memory; closing the descriptor is its owner's task."""
        self._head.release()
        self._memory.close()

    def _put(self, at: int, record: bytes) -> None:
        sealed = record + _CHECK.pack(crc32(record))
        self._memory[at : at + len(sealed)] = sealed

    def _get(self, at: int, layout: struct.Struct) -> tuple[Any, ...] | None:
        sealed = self._memory[at : at + layout.size + _CHECK.size]
        record = sealed[: layout.size]
        if _CHECK.unpack_from(sealed, layout.size)[0] != crc32(record):
            return None
        return layout.unpack(record)
