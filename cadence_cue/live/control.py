"""The control block: what the player wants, and what the engine has played.

A page of memory shared by both processes. It holds desired state, not commands, so nothing can
be lost or arrive twice. Every record carries a sequence number and a checksum: a record that is
being written while it is read fails its check, on any processor, and the reader takes the record
before it. Nobody ever waits.
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
"""Where the clock stops when it is not to stop."""


class Desired(NamedTuple):
    """What shall be heard.

    A new `generation` starts `timeline` (an id) at `frame`; the same one goes on where it is.
    Another timeline of the same generation is an offer, the same before frame `since`: accepted if
    that has not been made yet, else refused for good (see live.succession). At frame `hold` the
    clock stops and the noise goes on, until `hold` is another. Gains are linear, 0 to 1.
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


class State(IntEnum):
    """What the frame clock is doing."""

    WAITING = 0  # nothing has started
    PLAYING = 1
    PAUSED = 2
    FINISHED = 3  # the timeline's last frame is over
    HELD = 4  # it stands at the frame to wait at


class PlayedBlock(NamedTuple):
    """Frames that were given to the device in one go.

    `heard_at` is when the first of them leaves the speaker, `made_at` when the device asked (both
    seconds of time.monotonic), `took` the seconds that the answer before this one took. `seen` is
    the number of the wish in effect, `underruns` counts the callbacks so far that came too late
    for the device; `realtime` tells whether the audio thread has real-time priority.
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
    underruns: int
    realtime: bool


_DESIRED = struct.Struct("=qqqqqqq4d")
_PLAYED_BLOCK = struct.Struct("=qdddqqqqqqqq")
_CHECK = struct.Struct("=q")
_HEAD = 0  # one aligned 64-bit number: how many stretches were published
_SLOTS = 64
_SLOT = 128
_RING = 512
_STRETCHES = 2048  # 11 s of blocks of 256 frames: more than any device holds, and headphones too
SIZE = _RING + _STRETCHES * _SLOT


class ControlBlock:
    """Either side's view of the shared page."""

    def __init__(self, descriptor: int | None = None) -> None:
        """Map the block behind `descriptor`, or make a new one."""
        self.descriptor = shared_memory(SIZE) if descriptor is None else descriptor
        self._memory = mmap.mmap(self.descriptor, SIZE)
        for page in range(0, SIZE, mmap.PAGESIZE):
            self._memory[page] = self._memory[page]
        self._head = memoryview(self._memory)[_HEAD : _HEAD + 8].cast("q")
        self._writes = 0

    @property
    def published(self) -> int:
        """How many stretches were played so far. Thread: any."""
        return self._head[0]

    def want(self, desired: Desired) -> int:
        """Store the desired state; the number it is seen by. Thread: one, of the player."""
        self._writes += 1
        self._put(_SLOTS + self._writes % 2 * _SLOT, _DESIRED.pack(self._writes, *desired))
        return self._writes

    def desired(self) -> tuple[int, Desired] | None:
        """The newest whole state and its number; None before the first.

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
        _, generation, timeline, frame, since, hold, playing, *gains = found
        return newest, Desired(generation, timeline, frame, since, hold, bool(playing), *gains)

    def publish(self, stretch: PlayedBlock) -> None:
        """Tell what was given to the device. Thread: audio. Real-time safe."""
        number = self._head[0] + 1
        self._put(_RING + number % _STRETCHES * _SLOT, _PLAYED_BLOCK.pack(number, *stretch))
        self._head[0] = number

    def stretches(self) -> Iterator[PlayedBlock]:
        """What was played, the latest first, as far back as is kept. Thread: any."""
        head = self._head[0]
        for number in range(head, max(head - _STRETCHES, 0), -1):
            record = self._get(_RING + number % _STRETCHES * _SLOT, _PLAYED_BLOCK)
            if record is not None and record[0] == number:
                read = PlayedBlock._make(record[1:])
                yield read._replace(state=State(read.state), realtime=bool(read.realtime))

    def close(self) -> None:
        """Let the memory go; the descriptor stays with its owner."""
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
