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
from cadence_cue.voice.pronunciation import VOWELS, onset, stressed_vowel

RECIPE = 2  # raise it when a change in this folder makes all cached clips out of date
SHORT = 6  # words, at most, that have to fit between beats
PAUSE = RATE * 350 // 1000  # between two sentences of one text

# The vowel of a stressed syllable begins within this time after its mark, in frames: against a
# recogniser's forced alignment 99 % of all texts are within 50 ms. After a p, t or k on its own
# comes a burst of breath, which is no vowel; leaving it out takes its spread from 24 to 7 ms.
VOWEL_SEARCH = (0, RATE * 60 // 1000)
BREATHY_SEARCH = (RATE * 30 // 1000, RATE * 70 // 1000)
BREATHY = ("p", "t", "k")

# A word on a beat of its own, as in a chant, is felt to fall before its vowel by this share of its
# first consonants: "scrape" earlier than "up" (Marcus 1981, Perception & Psychophysics 30).
ONSET_SHARE = 0.35
# The steepest rise lies that much behind the start of the vowel, and in a w or r before it, as the
# same alignment tells.
BEHIND = RATE * 7 // 1000
GLIDES = ("w", "ɹ")
IN_A_GLIDE = RATE * 33 // 1000


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


def speak(
    voice: Kokoro, sentences: Sequence[str], longer: int = 0, at: float | None = None
) -> Spoken:
    """Speak the sentences of a text one by one and join them. Raises ModelError.

    `longer` gives them another melody (see `Kokoro.speak`); `at` is a speed other than the usual.
    """
    said = [voice.speak(sentence, at or speed(sentences), longer) for sentence in sentences]
    pieces: list[finish.Samples] = []
    words: list[int] = []
    end = 0
    for speech in said:
        if pieces:
            pieces.append(np.zeros(PAUSE))
            end += PAUSE
        piece, start = finish.cut(_at_clip_rate(speech))
        if not pieces:
            symbols = "".join(phone.symbol for phone in speech.phones)
            mark, vowel = stressed_vowel(symbols)
            first = onset(symbols, mark)
            sought = round(speech.phones[mark].start * RATE) - start
            low, high = BREATHY_SEARCH if symbols[first:mark] in BREATHY else VOWEL_SEARCH
            anchor = finish.steepest_rise(piece, sought + low, sought + high)
            anchor += IN_A_GLIDE if symbols[first:mark].endswith(GLIDES) else 0
            anchor = max(anchor - BEHIND, 0)
            if len(said) == len(_word_starts(speech)) == 1 and not VOWELS & set(symbols[:first]):
                begin = max(round(speech.phones[first].start * RATE) - start, 0)
                anchor -= round(ONSET_SHARE * (anchor - begin))
        words += [max(0, end + begin - start) for begin in _word_starts(speech)]
        pieces.append(piece)
        end += len(piece)
    return Spoken(
        samples=np.concatenate(pieces),
        anchor=anchor,
        words=tuple(words),
        phonemes=" ".join("".join(phone.symbol for phone in s.phones) for s in said),
        vowel=symbols[vowel],
        syllable=sum(symbol in VOWELS for symbol in symbols[: vowel + 1]),
    )


def speed(sentences: Sequence[str]) -> float:
    """Return how fast a text is spoken: cues quickly, as they share the time with beats."""
    words = sum(len(sentence.split()) for sentence in sentences)
    return kokoro.SPEED if words <= SHORT else kokoro.CALM


def recipe(name: str, sentences: Sequence[str], at: float | None = None) -> str:
    """Return a string of everything that decides how these sentences sound in the voice `name`.

    `at` is a speed other than the usual.
    """
    return f"{RECIPE}/{name}/{at or speed(sentences)}/{' '.join(sentences)}"


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
