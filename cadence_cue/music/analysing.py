"""Finds the beats of a piece in a process of its own, and keeps them by the piece's content."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from cadence_cue import storage
from cadence_cue.media.reading import Reading, SoundFile, opened
from cadence_cue.media.samples import Samples, conformed
from cadence_cue.music.beats import Beats, Passage, beats_of
from cadence_cue.music.kept import saving_in
from cadence_cue.music.onsets import RATE

_VERSION = "4"  # of the analyser: a new one finds other beats
NICENESS = 10
"""What the runner does meanwhile comes first."""


def kept_at(folder: Path, digest: str) -> Path:
    """Return where the beats of a piece with this content are kept."""
    return folder / f"{digest[:32]}-{_VERSION}.json"


def kept_beats(path: Path) -> Beats | None:
    """Return the beats that are kept there; None if there are none, or they are damaged."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        passages = tuple(Passage(tuple(map(float, each["times"]))) for each in told["passages"])
        return Beats(float(told["seconds"]), passages, str(told["damage"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Analysing:
    """Finds the beats of `file` and keeps them in `target`: a job for a process of its own."""

    file: Path
    target: Path

    def write(self, progress: Callable[[float], object]) -> str:
        """Do it. Raises UserError for a file that cannot be read, and OSError."""
        os.nice(NICENESS)
        sound = opened(self.file)
        reading = Reading(sound)
        found = beats_of(_blocks(sound, reading, progress))
        damage = str(reading.damage) if reading.damage else ""
        with saving_in(self.target.parent):
            storage.write(self.target, json.dumps(asdict(replace(found, damage=damage))))
        return ""


def _blocks(
    sound: SoundFile, reading: Reading, progress: Callable[[float], object]
) -> Iterator[Samples]:
    done = 0
    for block in conformed(reading, sound.rate, rate=RATE, channels=1):
        done += len(block)
        progress(min(done / RATE / (sound.stated or done), 1.0))
        yield block
