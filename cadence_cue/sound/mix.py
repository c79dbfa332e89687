"""The whole sound of a track: beats and words, with the runner's music underneath.

Separate from the renderer, which is mono and opens no file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
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
    renderer = Renderer(timeline, beats, voice)
    if music is None:
        yield partial(renderer.render, beat=beat), 1
        return
    bus = BedBus(music, timeline, voice=bool(voice))
    lower = headroom(music.level_db)

    def render(start: int, ears: npt.NDArray[np.float32]) -> None:
        mono = np.empty(len(ears), np.float32)
        renderer.render(start, mono, beat=beat)
        in_both_ears(mono, ears)
        bus.add(start, ears)
        if lower:
            np.multiply(ears, np.float32(gain_of(lower)), out=ears)

    try:
        yield render, 2
    finally:
        bus.close()


def in_both_ears(mono: npt.NDArray[Any], ears: npt.NDArray[Any]) -> None:
    """Fill `ears`, shape (n, 2), with `mono`, shape (n,), of the same type of 2 or 4 bytes."""
    # A frame is an integer of twice the size with the same bits in both halves. Multiplying takes
    # an eighth of the time of broadcasting.
    size = mono.itemsize
    frames = ears.view(f"u{2 * size}")[:, 0]
    np.multiply(mono.view(f"u{size}"), frames.dtype.type((1 << 8 * size) + 1), out=frames)
