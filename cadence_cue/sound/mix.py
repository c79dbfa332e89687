"""The whole sound of a track: beats and words, and the runner's music underneath."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import numpy as np
import numpy.typing as npt

from cadence_cue.sound.bed import Bed, BedBus
from cadence_cue.sound.clips import Clip
from cadence_cue.sound.renderer import Renderer
from cadence_cue.timing.timeline import Timeline

Render = Callable[[int, npt.NDArray[np.float32]], None]
"""Fills a block, full scale 1, with the frames from the given one on: shape (n,) where the sound
is the same in both ears, (n, 2) where it is not."""


@contextmanager
def mix(
    timeline: Timeline,
    beats: Mapping[str, Clip],
    voice: Mapping[str, Clip],
    *,
    beat: bool = True,
    music: Bed | None = None,
) -> Iterator[tuple[Render, int]]:
    """What fills blocks with a timeline's sound, and how many channels they have: 1 or 2.

    `beat` is whether the beat is heard. The music's file is open until this is left.
    """
    renderer = Renderer(timeline, beats, voice)
    if music is None:
        yield partial(renderer.render, beat=beat), 1
        return
    bus = BedBus(music, timeline, voice=bool(voice))

    def render(start: int, ears: npt.NDArray[np.float32]) -> None:
        both = np.empty(len(ears), np.float32)
        renderer.render(start, both, beat=beat)
        ears[:] = both[:, np.newaxis]
        bus.add(start, ears)

    try:
        yield render, 2
    finally:
        bus.close()
