"""Listen to the shipped clips with a speech recogniser that has never seen the voice's model.

    python -m scripts.check_voice

Two questions to each clip: is it understood, out of all that the product can say? And does its
anchor lie where the recogniser finds the stressed vowel? Ends with 1 if more than 1 clip in 40 is
misheard. Needs pocketsphinx, whose English model is inside its wheel.
"""

from __future__ import annotations

import json
import re
import sys
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import soundfile
import soxr
from pocketsphinx import Config, Decoder, get_model_path

from scripts.build_voice import FOLDER, MANIFEST
from scripts.voice.measure import RATE
from scripts.voice.speaking import below_hundred

HEARS = 16_000  # samples a second
LEAD = 0.1  # seconds of near silence before a clip, as the recogniser expects
NEAR = 0.040  # seconds between anchor and vowel that are near enough
MISHEARD = 1 / 40
# Words that the recogniser's dictionary lacks, in its own alphabet.
MORE_WORDS = {
    "clumsier": "K L AH M Z IY ER",
    "springy": "S P R IH NG IY",
    "unclench": "AH N K L EH N CH",
}


class Clip(NamedTuple):
    """What the manifest says, and the words in it."""

    text: str
    words: str
    syllable: int
    anchor: float
    sound: bytes


def main() -> None:
    """See the module's text."""
    clips = [_clip(row) for row in json.loads(MANIFEST.read_text("utf-8"))["clips"]]
    misheard = list(_misheard(clips))
    for clip, heard in misheard:
        print(f"misheard  {clip.text}  as  {heard}")
    print(f"{len(misheard)} of {len(clips)} misheard.")
    errors = dict(_anchor_errors(clips))
    for clip, error in errors.items():
        if abs(error) > NEAR:
            print(f"anchor    {clip.text}  {error * 1000:+.0f} ms from its vowel")
    off = np.abs(list(errors.values()))
    print(
        f"Anchors of {len(off)} clips: {np.mean(off) * 1000:.0f} ms off on average, "
        f"{np.mean(off <= NEAR):.1%} within {NEAR * 1000:.0f} ms."
    )
    sys.exit(len(misheard) > len(clips) * MISHEARD)


def _misheard(clips: list[Clip]) -> list[tuple[Clip, str]]:
    sentences = sorted({clip.words for clip in clips})
    decoder = _decoder()
    choice = " | ".join(sentences)
    decoder.add_jsgf_string("all", f"#JSGF V1.0; grammar all; public <all> = {choice};")
    decoder.activate_search("all")
    wrong = []
    for clip in clips:
        _hear(decoder, clip.sound)
        found = decoder.hyp()
        heard = found.hypstr if found else ""
        if heard != clip.words:
            wrong.append((clip, heard))
    return wrong


def _anchor_errors(clips: list[Clip]) -> list[tuple[Clip, float]]:
    """Seconds from the vowel's start to the anchor, where the recogniser finds that vowel."""
    decoder = _decoder()
    errors = []
    for clip in clips:
        decoder.set_align_text(clip.words)
        _hear(decoder, clip.sound)
        if decoder.hyp() is None:
            continue
        decoder.set_alignment()
        _hear(decoder, clip.sound)
        vowels = [
            phone.start / 100 - LEAD
            for word in decoder.get_alignment().words()
            if not word.name.startswith(("<", "(", "["))
            for phone in word
            if phone.name[0] in "AEIOU"
        ]
        vowel = clip.syllable - 1
        if vowel < len(vowels):
            errors.append((clip, clip.anchor - vowels[vowel]))
    return errors


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


def _hear(decoder: Decoder, sound: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(sound, no_search=False, full_utt=True)
    decoder.end_utt()


def _clip(row: dict[str, object]) -> Clip:
    samples, _ = soundfile.read(FOLDER / str(row["file"]), dtype="float32")
    spoken = re.sub(r"\d+", lambda number: below_hundred(int(number[0])), str(row["spoken"]))
    return Clip(
        text=str(row["text"]),
        words=" ".join(re.findall(r"[a-z']+", spoken.lower())),
        syllable=int(str(row["syllable"])),
        anchor=int(str(row["anchor"])) / RATE,
        sound=_for_the_recogniser(samples),
    )


def _for_the_recogniser(samples: npt.NDArray[np.float32]) -> bytes:
    speech = soxr.resample(samples, RATE, HEARS, quality="HQ")
    quiet = int(LEAD * HEARS)
    room = np.random.default_rng(0).normal(0.0, 1e-4, len(speech) + 3 * quiet)
    room[quiet : quiet + len(speech)] += speech
    numbers = room * 32767 / 2 / np.max(np.abs(room))
    return bytes(numbers.astype("<i2").tobytes())


if __name__ == "__main__":
    main()
