"""A text spoken by the model: cut, its sentences joined, its stressed vowel and its words found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import soxr

from cadence_cue.sound.clips import Clip
from cadence_cue.timing import RATE
from cadence_cue.voice import finish, kokoro
from cadence_cue.voice.kokoro import Kokoro, Speech
from cadence_cue.voice.pronunciation import VOWELS, stressed_vowel

RECIPE = 1  # raise it when a change in this folder is to make every clip anew
PAUSE = RATE * 350 // 1000  # between two sentences of one text

# The vowel of a stressed syllable begins within this long after its mark. Against a recogniser's
# forced alignment of 116 cues: 13 ms off on average, 99 % within 40 ms, no bias.
VOWEL_SEARCH = RATE * 60 // 1000


@dataclass(frozen=True, slots=True)
class Spoken:
    """Mono samples at 48 kHz, not levelled yet, and where in them things are said, in frames."""

    samples: finish.Samples
    anchor: int
    words: tuple[int, ...]
    """Where each word begins."""
    phonemes: str
    vowel: str
    """The phoneme at the anchor, of the first stressed syllable."""
    syllable: int
    """Which vowel of the text that is, from 1."""


def speak(voice: Kokoro, sentences: Sequence[str]) -> Spoken:
    """Say the sentences of a text one by one. Raises ModelError."""
    said = [voice.speak(sentence) for sentence in sentences]
    pieces: list[finish.Samples] = []
    words: list[int] = []
    at = 0
    for speech in said:
        if pieces:
            pieces.append(np.zeros(PAUSE))
            at += PAUSE
        piece, start = finish.cut(_at_clip_rate(speech))
        if not pieces:
            symbols = "".join(phone.symbol for phone in speech.phones)
            mark, vowel = stressed_vowel(symbols)
            sought = round(speech.phones[mark].start * RATE) - start
            anchor = finish.steepest_rise(piece, sought, sought + VOWEL_SEARCH)
        words += [max(0, at + begin - start) for begin in _word_starts(speech)]
        pieces.append(piece)
        at += len(piece)
    return Spoken(
        samples=np.concatenate(pieces),
        anchor=anchor,
        words=tuple(words),
        phonemes=" ".join("".join(phone.symbol for phone in s.phones) for s in said),
        vowel=symbols[vowel],
        syllable=sum(symbol in VOWELS for symbol in symbols[: vowel + 1]),
    )


def recipe(name: str, sentences: Sequence[str]) -> str:
    """All that decides what a clip of the voice `name` sounds like."""
    return f"{RECIPE}/{name}/{kokoro.SPEED}/{' '.join(sentences)}"


def clip(voice: Kokoro, sentences: Sequence[str]) -> Clip:
    """The sentences as a clip at 48 kHz, at the level of every clip. Raises ModelError."""
    said = speak(voice, sentences)
    samples = np.rint(finish.level(said.samples) * 32767).astype(np.int16)
    return Clip(samples, said.anchor)


def _word_starts(speech: Speech) -> list[int]:
    """Frames at 48 kHz of the first phoneme of each word."""
    between, starts = True, []
    for phone in speech.phones:
        sounds = phone.symbol.isalpha() or phone.symbol in "ˈˌ"
        if sounds and between:
            starts.append(round(phone.start * RATE))
        between = phone.symbol.isspace() or (between and not sounds)
    return starts


def _at_clip_rate(speech: Speech) -> finish.Samples:
    samples = soxr.resample(speech.samples.astype(np.float64), kokoro.RATE, RATE, quality="VHQ")
    return np.asarray(samples, np.float64)
