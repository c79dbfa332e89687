"""What is sent to the engine: clips and timelines as flat arrays in shared memory, music by path.

Nothing is pickled: unpickling runs Python for every object, beside an audio thread that needs the
interpreter. The engine maps the memory and uses the arrays in place.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cadence_cue.live.memory import shared_memory, touch
from cadence_cue.sound.bed import Bed
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.held import Held, Stretch
from cadence_cue.sound.spans import LaidMusic, Spans
from cadence_cue.timing.timeline import EVENT, Timeline, Utterance

Clips = Mapping[str, Clip]

_START = struct.Struct("=q")  # where the arrays start, after this number and the JSON header
_ALIGNMENT = 64  # the processor's cache lines


def pack_clips(beats: Clips, voice: Clips) -> int:
    """A descriptor of shared memory that holds both sets of clips, each recording once."""
    places: dict[int, int] = {}
    arrays: list[npt.NDArray[np.int16]] = []
    length = 0
    index = []
    for clips in (beats, voice):
        rows = []
        for name, clip in clips.items():
            key = id(clip.samples)
            if key not in places:
                places[key] = length
                arrays.append(np.ascontiguousarray(clip.samples, np.int16))
                length += len(clip.samples)
            rows.append((name, places[key], len(clip.samples), clip.anchor))
        index.append(rows)
    return _pack({"clips": index}, arrays)


def pack_silence(coming: Mapping[str, Utterance]) -> tuple[int, Clips]:
    """A descriptor of shared memory that holds voice clips which are still silent, and those clips.

    What is written into their samples is heard by whoever has unpacked them.
    """
    rows, length = [], 0
    for name, each in coming.items():
        rows.append((name, length, each.frames, each.anchor))
        length += each.frames
    descriptor = _pack({"clips": ([], rows)}, [np.zeros(length, np.int16)])
    return descriptor, unpack_clips(descriptor, mmap.ACCESS_WRITE)[1]


def unpack_clips(descriptor: int, access: int = mmap.ACCESS_READ) -> tuple[Clips, Clips]:
    """The two sets of clips, beats and voice, whose samples stay in the shared memory."""
    header, content = _unpack(descriptor, access)
    samples = np.frombuffer(content, np.int16)
    beats, voice = (
        {name: Clip(samples[at : at + frames], anchor) for name, at, frames, anchor in rows}
        for rows in header["clips"]
    )
    return beats, voice


def pack_timeline(timeline: Timeline) -> int:
    """A descriptor of shared memory that holds what sounds of a timeline: no marks, no drops."""
    header = {
        "rate": timeline.rate,
        "start": timeline.start,
        "frames": timeline.frames,
        "seed": timeline.seed,
        "sounds": timeline.sounds,
    }
    return _pack(header, [np.ascontiguousarray(timeline.events)])


def unpack_timeline(descriptor: int) -> Timeline:
    """The timeline, whose events stay in the shared memory."""
    header, content = _unpack(descriptor)
    return Timeline(
        rate=header["rate"],
        start=header["start"],
        frames=header["frames"],
        seed=header["seed"],
        events=np.frombuffer(content, EVENT),
        sounds=tuple(header["sounds"]),
        marks=(),
        dropped=(),
    )


def pack_music(music: LaidMusic | None) -> int:
    """A descriptor of shared memory that says where the music is; None stands for no music."""
    return _pack({"music": None if music is None else asdict(music)}, [])


def unpack_music(descriptor: int) -> LaidMusic | None:
    """The music, or None for no music."""
    told = _unpack(descriptor)[0]["music"]
    if told is None:
        return None
    if "stretches" in told:
        stretches = tuple(Stretch(**each) for each in told["stretches"])
        return Held(_bed(told["bed"]), stretches, told["fade"])
    if "beds" not in told:
        return _bed(told)
    return Spans(tuple(map(_bed, told["beds"])), told["level_db"])


def _bed(told: dict[str, Any]) -> Bed:
    knots = tuple((frame, factor) for frame, factor in told["knots"])
    return Bed(**{**told, "path": Path(told["path"]), "knots": knots})


def _pack(header: dict[str, Any], arrays: Sequence[npt.NDArray[Any]]) -> int:
    text = json.dumps(header, default=str).encode()  # paths
    start = _ALIGNMENT * (1 + (_START.size + len(text)) // _ALIGNMENT)
    size = start + sum(array.nbytes for array in arrays)
    descriptor = shared_memory(size)
    with mmap.mmap(descriptor, size) as content:
        content.write(_START.pack(start))
        content.write(text.ljust(start - _START.size))
        for array in arrays:
            content.write(array.data)
    return descriptor


def _unpack(descriptor: int, access: int = mmap.ACCESS_READ) -> tuple[dict[str, Any], memoryview]:
    """The header and the bytes after it, with every page already read in."""
    size = os.fstat(descriptor).st_size
    content = memoryview(mmap.mmap(descriptor, size, access=access))
    touch(content)
    (start,) = _START.unpack_from(content)
    return json.loads(bytes(content[_START.size : start])), content[start:]
