"""Speaks a text with the model: cuts and joins its sentences, finds stressed vowel and words.

Separate from `kokoro`, which speaks single sentences, and shared with the script that builds the
shipped voices.
"""

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

RECIPE = 1  # raise it when a change in this folder makes all cached clips out of date
PAUSE = RATE * 350 // 1000  # between two sentences of one text

# The vowel of a stressed syllable begins within this time after its mark. Against a recogniser's
# forced alignment of 116 cues: 13 ms off on average, 99 % within 40 ms, no bias.
VOWEL_SEARCH = RATE * 60 // 1000


@dataclass(frozen=True, slots=True)
class Spoken:
    """Mono samples at 48 kHz, not yet levelled, and what is said where; positions in frames."""

    samples: finish.Samples
    anchor: int
    words: tuple[int, ...]
    """The first frame of each word."""
    phonemes: str
    vowel: str
    """The phoneme at the anchor, of the first stressed syllable."""
    syllable: int
    """The number of that vowel in the text, from 1."""


def speak(voice: Kokoro, sentences: Sequence[str]) -> Spoken:
    """Speak the sentences of a text one by one and join them. Raises ModelError."""
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
    """Return a string of everything that decides how these sentences sound in the voice `name`."""
    return f"{RECIPE}/{name}/{kokoro.SPEED}/{' '.join(sentences)}"


def clip(voice: Kokoro, sentences: Sequence[str]) -> Clip:
    """Return the sentences as a clip at 48 kHz and the common loudness. Raises ModelError."""
    said = speak(voice, sentences)
    samples = np.rint(finish.level(said.samples) * 32767).astype(np.int16)
    return Clip(samples, said.anchor)


def _word_starts(speech: Speech) -> list[int]:
    """Return the frame, at 48 kHz, of the first phoneme of each word."""
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
