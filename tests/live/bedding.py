"""Music to lie under the live tests' timelines, and what the export makes of it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue.sound.bed import Bed, BedBus
from cadence_cue.sound.spans import LaidMusic
from cadence_cue.timing.timeline import Timeline
from tests.live.rig import mix

Samples = npt.NDArray[np.float32]


def noise_bed(folder: Path, frames: int, start: int, *, level_db: float = 0.0) -> Bed:
    """Noise without a zero, other in each ear, that goes on at its frame 1000."""
    dice = np.random.default_rng(9)
    sign = dice.choice(np.array([-1, 1], np.int16), (frames, 2))
    path = folder / f"{frames}.pcm"
    (dice.integers(500, 4000, (frames, 2), np.int16) * sign).tofile(path)
    return Bed(path, frames, 1000, start, level_db)


def laid_under(
    bed: LaidMusic, of: Timeline, start: int, end: int, *, voice: bool = True
) -> npt.NDArray[np.float32]:
    """The export's samples, two channels."""
    ears = np.repeat(mix(of, start, end, voice=voice)[:, np.newaxis], 2, axis=1)
    bus = BedBus(bed, of, voice=voice)
    bus.add(start, ears)
    bus.close()
    return ears
