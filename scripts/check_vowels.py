"""Checks where the vowels of the built-in sessions fall, independently of the voice's anchors.

    python -m scripts.check_vowels

For every cue, chanted word and counted number of all sessions, in each shipped voice, it finds the
first strong rise in the band of vowels in the rendered sound, and compares it with the planned
beat. Prints the average and the worst ten to be judged by ear. Exits with 1 if the average is more
than 30 ms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean

import numpy as np

from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session_file import load
from cadence_cue.studio import PerformanceSpec, perform
from cadence_cue.timing import RATE
from cadence_cue.timing.timeline import Bus
from cadence_cue.voice.casting import Ensemble
from cadence_cue.voice.finish import first_rise
from cadence_cue.voice.manifest import voice_names

OWN = Fraction(173)
SEED = 20261123
MOST = 30.0  # ms on average
WORST = 10


@dataclass(frozen=True, slots=True)
class Found:
    """A word on a beat; its vowel was found `late` milliseconds after the beat."""

    late: float
    text: str
    voice: str
    session: str


def main() -> None:
    """Run the command; see the module's docstring."""
    found = [each for voice in voice_names() for each in listen(voice)]
    mean = fmean(abs(each.late) for each in found)
    print(f"{len(found)} words on beats: {mean:.1f} ms from them on average. The worst:")
    once = {(each.text, each.voice): each for each in sorted(found, key=lambda f: abs(f.late))}
    for each in sorted(once.values(), key=lambda f: -abs(f.late))[:WORST]:
        print(f"{each.late:+6.0f} ms  {each.voice}  {each.session}: {each.text}")
    sys.exit(mean > MOST)


def listen(voice: str) -> Iterator[Found]:
    """Yield every word on a beat of all sessions, as found in the rendered voice."""
    library = load_library()
    for name, path in built_in_sessions().items():
        spec = PerformanceSpec(OWN, Fraction(2), ensemble=Ensemble(voice), seed=SEED)
        performance = perform(load(path, library), library, spec)
        renderer, timeline = performance.renderer(), performance.timeline
        beats = {
            (row["phase"].item(), row["beat"].item()): row["frame"].item()
            for row in timeline.events[timeline.events["bus"] == Bus.BEAT]
        }
        for event in timeline:
            on = beats.get((event.phase, event.beat)) if event.bus is Bus.VOICE else None
            if on is None:
                continue
            out = np.zeros(event.frames, np.float32)
            renderer.render(event.frame, out, beat=False)
            late = event.frame + first_rise(out.astype(np.float64)) - on
            yield Found(1000 * late / RATE, event.sound, voice, name)


if __name__ == "__main__":
    main()
