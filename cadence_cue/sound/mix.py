"""The whole sound of a track: beats and words, with the runner's music underneath.

Separate from the renderer, which is mono and opens no file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from cadence_cue.sound.bed import BedBus, Underneath
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.levels import headroom
from cadence_cue.sound.renderer import Renderer
from cadence_cue.timing.decibels import gain_of
from cadence_cue.timing.timeline import Timeline

Render = Callable[[int, npt.NDArray[np.float32]], None]
"""Called with a first frame and an array, fills it from that frame on, full scale 1.

The array has the shape (n,) for one channel, (n, 2) for two.
"""

_PART = 600  # seconds
_STEP = 32768  # frames at a time, so that the buffers stay small


@contextmanager
def mix(
    timeline: Timeline,
    beats: Mapping[str, Clip],
    voice: Mapping[str, Clip],
    *,
    beat: bool = True,
    music: Underneath | None = None,
) -> Iterator[tuple[Render, int]]:
    """Provide a function that renders a timeline, and its number of channels: 1, or 2 with music.

    `beats` and `voice` hold the clips by name. Without `beat` no clicks are heard, and with an
    empty `voice` no speech. The music's file is open until the context ends. Raises OSError.
    """
    parts = _Parts(timeline, beats, voice, beat=beat)
    if music is None:
        yield parts.render, 1
        return
    bus = BedBus(music, timeline, voice=bool(voice))
    lower = headroom(music.level_db)
    scratch = np.empty(_STEP, np.float32)

    def render(start: int, ears: npt.NDArray[np.float32]) -> None:
        for at in range(0, len(ears), _STEP):
            step = ears[at : at + _STEP]
            mono = scratch[: len(step)]
            parts.render(start + at, mono)
            in_both_ears(mono, step)
            bus.add(start + at, step)
            if lower:
                np.multiply(step, np.float32(gain_of(lower)), out=step)

    try:
        yield render, 2
    finally:
        bus.close()


class _Parts:
    """Renders a timeline by renderers of some minutes of it, one after another.

    One of six hours would take as much memory as the timeline itself.
    """

    def __init__(
        self,
        timeline: Timeline,
        beats: Mapping[str, Clip],
        voice: Mapping[str, Clip],
        *,
        beat: bool,
    ) -> None:
        self._timeline, self._beats, self._voice, self._beat = timeline, beats, voice, beat
        self._begin = self._end = 0
        self._renderer: Renderer | None = None

    def render(self, start: int, mono: npt.NDArray[np.float32]) -> None:
        """Fill `mono`, shape (n,), with the frames from `start` on."""
        end = start + len(mono)
        if self._renderer is None or start < self._begin or end > self._end:
            self._begin, self._end = start, end + _PART * self._timeline.rate
            self._renderer = Renderer(self._between(start, self._end), self._beats, self._voice)
        self._renderer.render(start, mono, beat=self._beat)

    def _between(self, begin: int, end: int) -> Timeline:
        """Return the timeline with the events alone that sound between two frames."""
        events = self._timeline.events
        heard = (events["frame"] < end) & (events["frame"] + events["frames"] > begin)
        return replace(self._timeline, events=events[heard])


def in_both_ears(mono: npt.NDArray[Any], ears: npt.NDArray[Any]) -> None:
    """Fill `ears`, shape (n, 2), with `mono`, shape (n,), of the same type of 2 or 4 bytes."""
    # A frame is an integer of twice the size with the same bits in both halves. Multiplying takes
    # an eighth of the time of broadcasting.
    size = mono.itemsize
    frames = ears.view(f"u{2 * size}")[:, 0]
    np.multiply(mono.view(f"u{size}"), frames.dtype.type((1 << 8 * size) + 1), out=frames)
