"""The music's strip on the mixer: its level, and its fades after gaps and edits.

Separate from the mixer because only the music can be missing when its frame is due.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cadence_cue.live.feeder import Feeder
from cadence_cue.live.ramp import Ramp
from cadence_cue.sound.bed import Curve

Samples = npt.NDArray[np.float32]

_COMING = 0.5  # seconds of the fade-in after a gap, or when music joins what is playing
_TURN = 0.08  # seconds from one curve to another: after an edit a word may start at once


class MusicStrip:
    """Adds the music that the feeder has read to blocks of at most `most` frames.

    At level 1 and with no moving gain its samples are identical to an export's. Thread: audio.
    Real-time safe.
    """

    def __init__(self, rate: int, level: Ramp, most: int) -> None:
        self.feeder: Feeder | None = None
        """Where the music comes from; None for no music. Set by another thread too."""
        self.level = level
        self._presence = Ramp(1.0, round(_COMING * rate))
        self._turn = Ramp(1.0, round(_TURN * rate))
        self._before: Curve | None = None
        self._frames = np.zeros((most, 2), np.int16)
        self._ears = np.zeros((most, 2), np.float32)
        self._gain = np.zeros(most, np.float32)

    @property
    def left(self) -> int:
        """Frames until the first of its moving gains reaches its target; 0 while none moves."""
        moving = [each.left for each in (self._presence, self._turn) if each.left]
        return min(moving) if moving else 0

    @property
    def headroom(self) -> float:
        """The gain of everything that makes room for the music."""
        return self.feeder.headroom if self.feeder else 1.0

    def ready(self, generation: int, other: Feeder | None) -> bool:
        """Whether a generation can start or go on with other music, if given."""
        feeder = other or self.feeder
        return feeder is None or feeder.ready(generation)

    def take(self, other: Feeder | None) -> None:
        """Go on with other music, if given, at once: what is due now must be the same in both."""
        self.feeder = other or self.feeder

    def begin(self) -> None:
        """Reset the fades: a timeline starts afresh."""
        self._presence.jump(1.0)
        self._turn.jump(1.0)

    def turn(self, before: Curve) -> None:
        """Crossfade from the curve `before` to the one that `add` is called with."""
        self._before = before
        self._turn.jump(0.0)
        self._turn.aim(1.0)

    def add(
        self,
        out: Samples,
        generation: int,
        frame: int,
        curve: Curve,
        *,
        relief: Samples | None,
        common: Samples | None,
    ) -> None:
        """Add the music from `frame` on to `out`, shape (n, channels).

        `curve` gives its gains. `relief` is how much of the ducking under speech is lifted, 0 to
        1, `common` the gain common to all buses, both of shape (n,); None means 0 and 1.
        """
        feeder, count = self.feeder, len(out)
        frames, ears = self._frames[:count], self._ears[:count]
        if feeder is None or not feeder.copy(generation, frame, frames):
            self._presence.jump(0.0)
            for ramp in (self._turn, self.level):  # nothing sounds: no need to fade
                ramp.jump(ramp.target)
            return
        self._presence.aim(1.0)
        gains = _relieved(curve, frame, count, feeder.level_db, relief)
        if self._turn.left and self._before:
            before = _relieved(self._before, frame, count, feeder.level_db, relief)
            gains = before + (gains - before) * self._moved(self._turn, count)
        np.multiply(frames, gains, out=ears, dtype=np.float32)
        for ramp in (self._presence, self.level):
            if ramp.left or ramp.target != 1:
                np.multiply(ears, self._moved(ramp, count), out=ears)
        if common is not None:
            np.multiply(ears, common[:, np.newaxis], out=ears)
        if out.shape[1] == 1:
            np.mean(ears, axis=1, out=self._gain[:count])
            np.add(out[:, 0], self._gain[:count], out=out[:, 0])
        else:
            np.add(out[:, :2], ears, out=out[:, :2])

    def _moved(self, ramp: Ramp, count: int) -> Samples:
        gain = self._gain[:count]
        ramp.fill(gain)
        return gain[:, np.newaxis]


def _relieved(
    curve: Curve, frame: int, count: int, level_db: float, relief: Samples | None
) -> Samples | np.float32:
    """The gains of a curve, with its ducking under speech lifted by `relief`."""
    gains = curve.gains(frame, count, level_db)
    if relief is None:
        return gains
    free = curve.free(frame, count, level_db)
    return np.asarray(gains + (free - gains) * relief[:, np.newaxis], np.float32)
