"""Checks where the vowels of the built-in sessions fall, independently of the voice's anchors.

    python -m scripts.check_vowels

For every cue, chanted word and counted number of all sessions, in each shipped voice, a recogniser
finds the first stressed vowel in the rendered sound by forced alignment, and compares it with the
planned beat. A word on its own is meant to begin earlier, by a share of its first consonants.
Prints the average, the scatter and the worst ten of each voice. Exits with 1 if a voice is further
from its beats than allowed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from statistics import fmean, pstdev

import numpy as np

from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session_file import load
from cadence_cue.studio import PerformanceSpec, perform
from cadence_cue.timing import RATE
from cadence_cue.timing.timeline import Bus
from cadence_cue.voice.casting import Ensemble
from cadence_cue.voice.manifest import voice_names
from scripts.voice import hearing
from scripts.voice.hearing import Heard

OWN = Fraction(173)
SEED = 20261123
BEFORE_THE_VOWEL = 0.35  # of the first consonants of a word on its own (Marcus 1981)
MEAN, SCATTER, FURTHEST = 5.0, 25.0, 60.0  # ms at most: of the average, the deviation, any vowel
WORST = 10


def main() -> None:
    """Run the command; see the module's docstring."""
    failed = False
    for voice in voice_names():
        rendered = list(listen(voice))
        late = {clip.text: after_the_beat(clip, at) for clip, at in hearing.vowels(rendered)}
        mean, scatter = fmean(late.values()), pstdev(late.values())
        worst = sorted(late, key=lambda text: -abs(late[text]))[:WORST]
        print(
            f"{voice}: {len(late)} of {len(rendered)} texts on beats aligned: "
            f"{mean:+.1f} ms from them on average, {scatter:.1f} ms of deviation. The worst:"
        )
        for text in worst:
            print(f"{late[text]:+6.0f} ms  {text}")
        failed |= abs(mean) > MEAN or scatter > SCATTER or abs(late[worst[0]]) > FURTHEST
    sys.exit(failed)


def listen(voice: str) -> Iterator[Heard]:
    """Yield each text on a beat of any session as it is rendered; its anchor is that beat."""
    library = load_library()
    said = {label.text: hearing.decoded(label) for label in hearing.labels(voice)}
    for path in built_in_sessions().values():
        spec = PerformanceSpec(OWN, Fraction(2), ensemble=Ensemble(voice), seed=SEED)
        performance = perform(load(path, library), library, spec)
        renderer, timeline = performance.renderer(), performance.timeline
        beats = {
            (row["phase"].item(), row["beat"].item()): row["frame"].item()
            for row in timeline.events[timeline.events["bus"] == Bus.BEAT]
        }
        for event in timeline:
            on = beats.get((event.phase, event.beat)) if event.bus is Bus.VOICE else None
            if on is None or event.sound not in said:
                continue
            out = np.zeros(event.frames, np.float32)
            renderer.render(event.frame, out, beat=False)
            yield replace(said.pop(event.sound), anchor=on - event.frame, samples=out)


def after_the_beat(clip: Heard, vowels: list[int]) -> float:
    """How many milliseconds after its beat the stressed vowel of a rendered clip falls."""
    vowel = vowels[clip.syllable - 1]
    alone = clip.syllable == 1 and " " not in clip.words
    meant = vowel * (1 - BEFORE_THE_VOWEL) if alone else vowel
    return 1000 * (meant - clip.anchor) / RATE


if __name__ == "__main__":
    main()
