"""Takes of a session's lines, recorded one by one and kept if they please."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue import storage
from cadence_cue.app.options import PerformanceOptions
from cadence_cue.app.settings import Settings
from cadence_cue.app.voice.audition import Text, audition
from cadence_cue.app.voice.recorded_lines import Line
from cadence_cue.coaching.drill import Library
from cadence_cue.live.wave_writing import new_wave, pcm
from cadence_cue.studio import Performance
from cadence_cue.timing import RATE

COUNT = 0.7
"""Seconds for each number of the count-in."""
LONGEST = 20.0
"""Seconds of a take: no line lasts as long."""
UNHEARD = "It cannot be heard: there is no sound device to play it."
"""What is told of a take where nothing can be played."""
_KEY = 0.15  # seconds at its end, in which the key is heard


class Takes:
    """What was recorded last, in a folder that is not the runner's yet."""

    def __init__(self, library: Library, settings: Settings, tried: Path, kept: Path) -> None:
        """`tried` is for takes, `kept` the runner's folder of recordings."""
        self._library = library
        self._settings = settings
        self._tried = tried
        self._kept = kept

    def write(self, line: Line, samples: npt.NDArray[np.float32]) -> None:
        """Write a take of a line: mono, at RATE, in place of the one before. Raises OSError.

        Its end, in which the key that ended it is heard, is left out.
        """
        spoken = samples[: max(len(samples) - round(_KEY * RATE), 0)]
        with new_wave(self._tried / line.name, RATE) as file:
            file.writeframes(pcm(spoken))

    def heard(self, line: Line, rate: int) -> Performance:
        """Return the take as a session would play it. Raises UserError if it cannot be used."""
        options = PerformanceOptions(sounds=self._tried)
        return audition(Text(line.text), self._library, self._settings, options, rate=rate)

    def keep(self, line: Line) -> None:
        """Put the take among the runner's recordings, whole or not at all. Raises OSError."""
        storage.write(self._kept.absolute() / line.name, (self._tried / line.name).read_bytes())
