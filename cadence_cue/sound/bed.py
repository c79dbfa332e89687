"""The bed bus: the runner's own music, read from a prepared file, under beats and words.

A frame is the same in whichever block it is rendered: the file holds plain frames, and the gain
under speech is computed from the frame number.
"""

from __future__ import annotations

import os
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from cadence_cue.sound.levels import FULL_SCALE
from cadence_cue.timing.decibels import gain_of, gains_of
from cadence_cue.timing.ducking import FALL, RISE
from cadence_cue.timing.timeline import Bus, Timeline

Samples = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int16]

DUCK_DB = 12.0
"""How far the bed is turned down under speech: more than a click, because it never pauses. One
that is above its place is turned down further, so that words keep their distance."""

FADE_IN, FADE_OUT = 2.0, 3.0
"""Seconds over which the bed fades in at the start and out at the end."""

FRAME_BYTES = 4  # two channels of 16 bits

_STEP = 16384  # frames at a time, so that the buffers stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Bed:
    """A prepared file of `frames` frames of 16-bit stereo, in the machine's byte order.

    After its end playing continues at its frame `again`; None for silence. Its first frame is heard
    at frame `start` of a timeline, with the gain `level_db`. `knots` are frames of the timeline,
    rising, with the factors that it has there and in lines between; none for 1.
    """

    path: Path
    frames: int
    again: int | None
    start: int = 0
    level_db: float = 0.0
    knots: tuple[tuple[int, float], ...] = ()

    def opened(self) -> BedFile:
        """Return what reads it. Raises OSError."""
        return BedFile(self)


class BedFile:
    """Reads a bed by the frames of the timeline. Thread: one at a time."""

    def __init__(self, bed: Bed) -> None:
        """Open the file. Raises OSError."""
        self._bed = bed
        self._descriptor = os.open(bed.path, os.O_RDONLY)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)

    def read(self, start: int, out: Numbers) -> None:
        """Fill `out`, shape (n, 2), with the frames from `start` on, silent before the bed starts.

        Raises OSError, also if the file has been truncated.
        """
        first = start - self._bed.start
        done = min(max(-first, 0), len(out))
        out[:done] = 0
        while done < len(out):
            at, count = self._place(first + done)
            if not count:
                out[done:] = 0
                break
            part = out[done : done + count]
            got = os.preadv(self._descriptor, [part.data], at * FRAME_BYTES)
            if got < part.nbytes:
                raise OSError(0, "the prepared music has become shorter", str(self._bed.path))
            done += len(part)
        if self._bed.knots:
            self._shape(start, out)

    def _shape(self, start: int, out: Numbers) -> None:
        """Multiply the frames from `start` on by the factors of the knots."""
        frames, factors = zip(*self._bed.knots, strict=True)
        at = np.arange(start, start + len(out))
        out[:] = np.rint(out * np.interp(at, frames, factors)[:, np.newaxis])

    def _place(self, frame: int) -> tuple[int, int]:
        """Return the file's frame for a frame of the bed, and how many are left from there.

        None are left after the end of a bed that is not looped.
        """
        bed = self._bed
        if frame >= bed.frames:
            if bed.again is None:
                return bed.frames, 0
            frame = bed.again + (frame - bed.frames) % (bed.frames - bed.again)
        return frame, bed.frames - frame


class Curve:
    """The gain of a bed under a timeline: fades at both ends, and ducking under speech.

    Thread: any. Keeps no reference to the timeline.
    """

    def __init__(self, timeline: Timeline, *, voice: bool) -> None:
        """Compute the curve; without `voice` there is no ducking."""
        self._begin, self._end = timeline.start, timeline.frames
        self._in, self._out = (round(each * timeline.rate) for each in (FADE_IN, FADE_OUT))
        self._knots, self._levels = duck_curve(timeline) if voice else (np.zeros(1), np.zeros(1))

    def gains(self, start: int, count: int, level_db: float) -> Samples | np.float32:
        """Return the factors to full scale 1 of `count` frames of a bed from `start` on.

        `level_db` is the bed's level. The shape is (count, 1), or () if all are equal.
        """
        unit, depth = _unit(level_db), 1 + max(level_db, 0.0) / DUCK_DB
        first, last = np.searchsorted(self._knots, (start, start + count))
        near = self._levels[max(first - 1, 0) : last + 1]
        faded = self._fades(start, count)
        if not faded and (near == near[0]).all():
            return np.float32(unit * gain_of(depth * float(near[0])))
        at = np.arange(start, start + count, dtype=np.float64)
        gains = unit * gains_of(depth * np.interp(at, self._knots, self._levels))
        return _column(gains * self._faded(at) if faded else gains)

    def free(self, start: int, count: int, level_db: float) -> Samples | np.float32:
        """Return the same as `gains`, without ducking."""
        unit = _unit(level_db)
        if not self._fades(start, count):
            return np.float32(unit)
        return _column(unit * self._faded(np.arange(start, start + count, dtype=np.float64)))

    def _fades(self, start: int, count: int) -> bool:
        return start < self._begin + self._in or start + count > self._end - self._out

    def _faded(self, at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        comes = np.clip((at - self._begin) / self._in, 0.0, 1.0)
        return np.asarray(comes * np.clip((self._end - at) / self._out, 0.0, 1.0))


class Frames(Protocol):
    """What reads music by the frames of the timeline."""

    def read(self, start: int, out: Numbers) -> None:
        """Fill `out`, shape (n, 2), with the frames from `start` on. Raises OSError."""

    def close(self) -> None:
        """Close what it has open."""


class Underneath(Protocol):
    """Prepared music that can be played under a timeline: a bed, or spans of several."""

    @property
    def level_db(self) -> float:
        """Its level against its place."""

    def opened(self) -> Frames:
        """Return what reads it. Raises OSError."""


class BedBus:
    """Adds music to a mix. Thread: one at a time."""

    def __init__(self, bed: Underneath, timeline: Timeline, *, voice: bool) -> None:
        """Open the music; without `voice` there is no ducking. Raises OSError."""
        self._file = bed.opened()
        self._level_db = bed.level_db
        self._curve = Curve(timeline, voice=voice)
        self._frames = np.zeros((_STEP, 2), np.int16)
        self._part = np.zeros((_STEP, 2), np.float32)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def add(self, start: int, ears: Samples) -> None:
        """Add the frames from `start` on to `ears`, shape (n, 2). Raises OSError."""
        for at in range(0, len(ears), _STEP):
            span = ears[at : at + _STEP]
            frames, part = self._frames[: len(span)], self._part[: len(span)]
            self._file.read(start + at, frames)
            gains = self._curve.gains(start + at, len(span), self._level_db)
            np.multiply(frames, gains, out=part, dtype=np.float32)
            np.add(span, part, out=span)


def _unit(level_db: float) -> float:
    return gain_of(level_db) / FULL_SCALE


def _column(gains: npt.NDArray[np.float64]) -> Samples:
    return gains.astype(np.float32)[:, np.newaxis]


def duck_curve(timeline: Timeline) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the knots of the bed's ducking as frames and decibels, linear in between.

    Where ducks overlap, the deeper one holds.
    """
    events = timeline.events[timeline.events["bus"] == Bus.VOICE]
    fall, rise = FALL * timeline.rate, RISE * timeline.rate
    frames, levels = array("d", [float("-inf")]), array("d", [0.0])  # a list takes ten times that

    def add(frame: float, level: float) -> None:
        frames.append(frame)
        levels.append(level)

    end = float("-inf")
    for row in events:
        start, over = float(row["frame"]), float(row["frame"] + row["frames"])
        if start - fall >= end + rise:
            if np.isfinite(end):
                add(end + rise, 0.0)
            add(start - fall, 0.0)
            add(start, -DUCK_DB)
        elif start > end:  # it rises until it meets the next fall
            meets = (end * fall + start * rise) / (fall + rise)
            add(meets, DUCK_DB * ((meets - end) / rise - 1))
            add(start, -DUCK_DB)
        elif np.isfinite(end):
            frames.pop()  # speech overlaps: the duck continues
            levels.pop()
        end = max(end, over)
        add(end, -DUCK_DB)
    if np.isfinite(end):
        add(end + rise, 0.0)
    frames[0] = min(frames[1:], default=0.0) - 1
    return np.array(frames), np.array(levels)
