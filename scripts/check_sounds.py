"""Listen to every shipped clip, as far as a program can.

    python -m scripts.check_sounds           all of it, about a minute for each voice
    python -m scripts.check_sounds NAME      one voice

Is every text of the product there? Is each clip heard as its text, out of all texts, by a
recogniser that never met the voices' model? Does it start at once, last as long as its words do,
and have the level of every clip? Ends with 1 if not.

What was listened to without a fault is noted in scripts/voice/heard.toml, as a hash of all that
the verdict follows from. Where it is still the same, the quick tests trust it and listen to
nothing; any change has all listened to again.

What is misheard and may be stands in scripts/voice/misheard.toml; that list only shrinks: at most
1 text in 40, no number, no side, no name of a drill, and none that is heard right by now.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue.coaching import wording
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.sound.loudness import loudness, true_peak
from cadence_cue.timing import RATE
from cadence_cue.voice.finish import CEILING, MS, NEAR, TARGET
from cadence_cue.voice.manifest import normal, voice_names
from cadence_cue.voice.shipped import voices_folder
from scripts.build_voice import texts
from scripts.voice.hearing import Heard, Recogniser, clips

MISHEARD = Path(__file__).parent / "voice" / "misheard.toml"
MOST_MISHEARD = 1 / 40
HEARD = Path(__file__).parent / "voice" / "heard.toml"
JUDGES = (
    "coaching/wording.py",
    "sound/loudness.py",
    "voice/finish.py",
    "voice/pronunciation.py",
)
"""What a verdict goes by in the product itself."""
_HEARD_ABOUT = "# Written by scripts/check_sounds.py: what was listened to without a fault.\n"
IN_A_ROW = 150  # ms of quiet behind each word of a chant
LATEST = 15 * MS  # frames before the first sound
SOUND = 10 ** (-40 / 20)  # of the loudest 5 ms: where a clip begins
# How long a text of so many phonemes and sentences lasts, in seconds. Run-on garbage behind a text
# is recognised as that text all the same, but it makes the clip long.
SHORTEST = 0.055  # a phoneme
LONGEST = (0.40, 0.09, 0.45)  # for its dying away, a phoneme, and a pause between sentences


def main() -> None:
    """See the module's text."""
    names = sys.argv[1:] or voice_names()
    faults = [fault for name in names for fault in check(name, clips(name))]
    for fault in faults:
        print(fault)
    if not faults:
        notes = {name: state(name) for name in voice_names()}
        kept = {**noted(), **{name: notes[name] for name in names}}
        lines = "".join(f'{name} = "{kept[name]}"\n' for name in sorted(kept))
        HEARD.write_text(_HEARD_ABOUT + lines, "utf-8")
    print(f"{', '.join(names)}: {len(faults) or 'no'} faults.")
    sys.exit(bool(faults))


def state(name: str) -> str:
    """A hash of all that a verdict about a voice follows from."""
    here = Path(__file__)
    folder = voices_folder() / name
    files = [*sorted(folder.iterdir()), here, here.parent / "voice" / "hearing.py", MISHEARD]
    files += [here.parents[1] / "cadence_cue" / name for name in JUDGES]
    rows = map(wording.chant_phrase, said_in_rows())
    told = [*texts(), *rows, inspect.getsource(normal), version("pocketsphinx")]
    digest = hashlib.sha256("\n".join(told).encode())
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:32]


def noted() -> dict[str, str]:
    """The state in which each voice was last listened to without a fault."""
    return tomllib.loads(HEARD.read_text("utf-8")) if HEARD.exists() else {}


def check(name: str, heard: Sequence[Heard]) -> Iterator[str]:
    """All that is wrong with the clips of a voice, a sentence each."""
    there = {normal(clip.text) for clip in heard}
    for text in texts():
        if normal(text) not in there:
            yield f"{name}: no clip of: {text}"
    for clip in heard:
        yield from (f"{name}: {clip.text}: {fault}" for fault in measured(clip))
    yield from recognised(name, heard)


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


def recognised(name: str, heard: Sequence[Heard]) -> Iterator[str]:
    """What is not understood, or is on the list of what may be misheard without a need."""
    excused = tomllib.loads(MISHEARD.read_text("utf-8")).get(name, [])
    alone = wording.beat_words(load_library())
    rows = list(in_rows(heard))
    sentences = [clip for clip in heard if clip.text not in alone]
    taken: dict[str, str] = {}
    for kind in filter(None, (rows, sentences)):
        recogniser = Recogniser(clip.words for clip in kind)
        taken |= {clip.text: recogniser.hear(clip.samples) for clip in kind}
    wrong = {
        clip.text: taken[clip.text]
        for clip in (*rows, *sentences)
        if taken[clip.text] != clip.words
    }
    for text, found in wrong.items():
        if text not in excused or must_be_heard(text):
            yield f"{name}: {text}: heard as {found!r}"
    for text in excused:
        if text in taken and text not in wrong:
            yield f"{name}: {text}: heard right; take it off {MISHEARD.name}"
    listened = sum(text in taken for text in excused)
    if listened > len(heard) * MOST_MISHEARD:
        yield f"{name}: {listened} texts are excused on {MISHEARD.name}, too many"


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


if __name__ == "__main__":
    main()
