"""What a recogniser hears in the clips: which of all texts, and where each vowel lies.

pocketsphinx, whose English model is inside its wheel, has never seen the voices' model: it is an
independent ear.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from pocketsphinx import Config, Decoder, get_model_path

from cadence_cue.timing import RATE
from cadence_cue.voice import speaking
from cadence_cue.voice.pronunciation import below_hundred, spoken
from cadence_cue.voice.shipped import voices_folder

HEARS = 16_000  # samples a second
LEAD = 0.1  # seconds of near silence before a clip, as the recogniser expects
# Words that the recogniser's dictionary lacks, in its own alphabet.
MORE_WORDS = {
    "clumsier": "K L AH M Z IY ER",
    "springy": "S P R IH NG IY",
    "unclench": "AH N K L EH N CH",
}


@dataclass(frozen=True, slots=True)
class Label:
    """What the manifest says of a clip."""

    text: str
    words: str
    """As the recogniser spells them."""
    phones: int
    sentences: int
    syllable: int
    anchor: int
    corrected: bool
    file: Path


@dataclass(frozen=True, slots=True)
class Heard(Label):
    """A clip with its samples as they decode."""

    samples: npt.NDArray[np.float32]


def labels(name: str, texts: Container[str] | None = None) -> list[Label]:
    """What is said of the clips of these texts of a voice, by default of all."""
    folder = voices_folder() / name
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return [
        Label(
            row["text"] + (f" (take {row['take'] + 1})" if "take" in row else ""),
            words_of(row["spoken"]),
            sum(symbol.isalpha() and symbol not in "ˈˌ" for symbol in row["phonemes"]),
            len(spoken(row["text"])),
            row["syllable"],
            row["anchor"],
            row.get("corrected", False),
            folder / row["file"],
        )
        for row in manifest["clips"]
        if texts is None or row["text"] in texts
    ]


def clips(name: str, texts: Container[str] | None = None) -> list[Heard]:
    """The clips of these texts of a voice, by default all."""
    return [decoded(label) for label in labels(name, texts)]


def decoded(label: Label) -> Heard:
    """The clip with its samples."""
    said = {each.name: getattr(label, each.name) for each in fields(label)}
    return Heard(**said, samples=soundfile.read(label.file, dtype="float32")[0])


def words_of(spoken: str) -> str:
    """A spoken text in the recogniser's words: no capitals, no marks, numbers written out."""
    written = re.sub(r"\d+", lambda number: below_hundred(int(number[0])), spoken)
    return " ".join(re.findall(r"[a-z']+", written.lower()))


class Recogniser:
    """Takes any sound for one of the sentences it knows, or for none ("")."""

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        self._decoder = _decoder()
        self.know(sentences)

    def know(self, sentences: Iterable[str]) -> None:
        """Take any sound for one of these sentences from now on."""
        choice = " | ".join(sorted(set(sentences)))
        self._decoder.add_jsgf_string("all", f"#JSGF V1.0; grammar all; public <all> = {choice};")
        self._decoder.activate_search("all")

    def hear(self, samples: npt.NDArray[np.floating]) -> str:
        """The sentence in these mono samples at 48 kHz."""
        _hear(self._decoder, samples)
        found = self._decoder.hyp()
        return str(found.hypstr) if found else ""


def vowels(heard: Iterable[Heard]) -> Iterator[tuple[Heard, list[int]]]:
    """Where each vowel of a clip begins, in frames, by forced alignment; left out where it fails.

    The recogniser's grid is 10 ms.
    """
    decoder = _decoder()
    for clip in heard:
        decoder.set_align_text(clip.words)
        _hear(decoder, clip.samples)
        if decoder.hyp() is None:
            continue
        decoder.set_alignment()
        _hear(decoder, clip.samples)
        starts = [
            phone.start
            for word in decoder.get_alignment().words()
            if not word.name.startswith(("<", "(", "["))
            for phone in word
            if phone.name[0] in "AEIOU"
        ]
        yield clip, [round((start / 100 - LEAD) * RATE) for start in starts]


def anchor_errors(name: str) -> list[tuple[Heard, int]]:
    """Frames from where the recogniser finds what belongs on the beat to the manifest's anchor.

    That is the stressed vowel, or in a word on its own a share of its first consonants earlier.
    """
    return [
        (clip, clip.anchor - round(starts[clip.syllable - 1] * _share(clip)))
        for clip, starts in vowels(clips(name))
        if clip.syllable <= len(starts)
    ]


def _share(clip: Heard) -> float:
    """How much of the time from a clip's start to its vowel passes before the beat."""
    alone = clip.syllable == 1 and " " not in clip.words
    return 1 - speaking.ONSET_SHARE if alone else 1.0


def _decoder() -> Decoder:
    decoder = Decoder(
        Config(
            hmm=get_model_path("en-us/en-us"),
            dict=get_model_path("en-us/cmudict-en-us.dict"),
            lm=None,
            samprate=float(HEARS),
            bestpath=False,
            loglevel="FATAL",
        )
    )
    for word, phones in MORE_WORDS.items():
        decoder.add_word(word, phones, update=True)
    return decoder


def _hear(decoder: Decoder, samples: npt.NDArray[np.floating]) -> None:
    speech = soxr.resample(samples, RATE, HEARS, quality="HQ")
    quiet = int(LEAD * HEARS)
    room = np.random.default_rng(0).normal(0.0, 1e-4, len(speech) + 3 * quiet)
    room[quiet : quiet + len(speech)] += speech
    numbers = room * 32767 / 2 / np.max(np.abs(room))
    decoder.start_utt()
    decoder.process_raw(numbers.astype("<i2").tobytes(), no_search=False, full_utt=True)
    decoder.end_utt()
