"""What is wrong with a clip: how long, loud and late it is, and what a recogniser takes it for.

What is misheard and may be stands in misheard.toml; that list only shrinks: at most 1 text in 40,
no number, no side, no name of a drill, and none that is heard right by now.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue.coaching import wording
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.sound.loudness import loudness, true_peak
from cadence_cue.timing import RATE
from cadence_cue.voice.finish import CEILING, MS, NEAR, TARGET
from cadence_cue.voice.manifest import normal
from scripts.voice.hearing import Heard, Recogniser

MISHEARD = Path(__file__).parent / "misheard.toml"
MOST_MISHEARD = 1 / 40
IN_A_ROW = 150  # ms of quiet behind each word of a chant
LATEST = 15 * MS  # frames before the first sound
SOUND = 10 ** (-40 / 20)  # of the loudest 5 ms: where a clip begins
# How long a text of so many phonemes and sentences lasts, in seconds. Run-on garbage behind a text
# is recognised as that text all the same, but it makes the clip long.
SHORTEST = 0.055  # a phoneme
LONGEST = (0.40, 0.09, 0.45)  # for its dying away, a phoneme, and a pause between sentences


def measured(clip: Heard) -> Iterator[str]:
    """What is wrong with a clip's length, start and level."""
    if not np.any(clip.samples):
        yield "it is silent"
        return
    seconds = len(clip.samples) / RATE
    end, phone, pause = LONGEST
    longest = end + phone * clip.phones + pause * (clip.sentences - 1)
    if not SHORTEST * clip.phones <= seconds <= longest:
        yield f"it lasts {seconds:.2f} s for {clip.phones} phonemes"
    if (start := onset(clip.samples)) > LATEST:
        yield f"it begins after {start // MS} ms"
    if abs(off := loudness(clip.samples) - TARGET) > NEAR + 0.05:
        yield f"it is {off:+.2f} LU off its level"
    if (peak := true_peak(clip.samples)) > CEILING + 0.1:
        yield f"it peaks at {peak:.2f} dBTP"


def onset(samples: npt.NDArray[np.float32]) -> int:
    """The frame of the first sound."""
    total = np.cumsum(np.pad(samples.astype(np.float64), (5 * MS, 0)) ** 2)
    level = np.sqrt(total[5 * MS :] - total[: -5 * MS])
    return int(np.argmax(level > SOUND * level.max()))


def recognised(
    name: str, heard: Sequence[Heard], among: Container[str] | None = None
) -> Iterator[str]:
    """What is not understood, or is on the list of what may be misheard without a need.

    With `among`, only the clips of those texts are listened to for all texts; the others were, and
    are listened to for those alone.
    """
    excused = excuses(name)
    alone = wording.beat_words(load_library())
    rows = list(in_rows(heard))
    sentences = [clip for clip in heard if clip.text not in alone]
    taken: dict[str, str] = {}
    for kind in (rows, sentences):
        fresh = [clip for clip in kind if among is None or clip.text in among]
        if not fresh:
            continue
        recogniser = Recogniser(clip.words for clip in kind)
        taken |= {clip.text: recogniser.hear(clip.samples) for clip in fresh}
        new = {clip.words for clip in fresh}
        for clip in kind:
            if clip.text not in taken and clip.text not in excused:
                recogniser.know({clip.words, *new})
                taken[clip.text] = recogniser.hear(clip.samples)
    for clip in (*rows, *sentences):
        if (found := taken.get(clip.text, clip.words)) != clip.words:
            if clip.text not in excused or must_be_heard(clip.text):
                yield f"{name}: {clip.text}: heard as {found!r}"
        elif clip.text in excused and clip.text in taken:
            yield f"{name}: {clip.text}: heard right; take it off {MISHEARD.name}"


def excuses(name: str) -> list[str]:
    """The texts of a voice that may be misheard."""
    return list(tomllib.loads(MISHEARD.read_text("utf-8")).get(name, ()))


def too_many_excuses(name: str, texts: Collection[str]) -> Iterator[str]:
    """That more of the texts of a voice are excused than may be."""
    excused = len(set(excuses(name)).intersection(texts))
    if excused > len(texts) * MOST_MISHEARD:
        yield f"{name}: {excused} texts are excused on {MISHEARD.name}, too many"


def in_rows(heard: Sequence[Heard]) -> Iterator[Heard]:
    """The words that stand on beats, one after the other as they are said there."""
    pause = np.zeros(IN_A_ROW * MS, np.float32)
    for words in said_in_rows():
        found = [clip for word in words for clip in heard if clip.text == word]
        if len(found) == len(words):
            yield replace(
                found[0],
                text=wording.chant_phrase(words),
                words=" ".join(clip.words for clip in found),
                samples=np.concatenate([piece for c in found for piece in (c.samples, pause)]),
            )


def said_in_rows() -> list[tuple[str, ...]]:
    """The words of each chant, and the numbers of a count-in."""
    drills = load_library().drills.values()
    chants = {cue.chant for drill in drills for cue in drill.cues if cue.chant}
    return [*sorted(chants), tuple(map(str, wording.COUNTED))]


def must_be_heard(text: str) -> bool:
    """Whether it is a number, a side or a drill's name, which nothing excuses."""
    library = load_library()
    names = [drill.name.casefold() for drill in library.drills.values()]
    sides = [phrase.casefold() for phrase in wording.SIDES.values()]
    plain = normal(text)
    return bool(re.search(r"\d|\bleft\b|\bright\b", plain)) or any(
        each in plain for each in (*names, *sides)
    )
