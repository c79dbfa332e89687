"""One text made into a clip: said, cut, put at its level as it will be decoded, and described."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import asdict, dataclass

import numpy as np
import soxr

from scripts.voice import finish, kokoro, ogg
from scripts.voice.kokoro import Kokoro, Speech
from scripts.voice.measure import RATE, loudness, true_peak
from scripts.voice.speaking import VOWELS, spoken, stressed_vowel

RECIPE = 1  # raise it when a change here or beside it is to make every clip anew

TARGET = -19.0  # LUFS of the loudest 400 ms, as mono: -16 in both channels
NEAR = 0.05  # LU that are near enough
CEILING = -4.6  # dBTP to aim at; -4.5 is the promise
TRIES = 8
PAUSE = RATE * 350 // 1000  # between two sentences of one text

# The vowel of a stressed syllable begins within this long after its mark. Against a recogniser's
# forced alignment of 116 cues: 13 ms off on average, 99 % within 40 ms, no bias.
VOWEL_SEARCH = RATE * 60 // 1000


@dataclass(frozen=True, slots=True)
class Made:
    """What the manifest tells of a clip; `anchor` and `frames` at 48 kHz."""

    text: str
    spoken: str
    phonemes: str
    file: str
    frames: int
    anchor: int
    vowel: str
    """The phoneme at the anchor, of the first stressed syllable."""
    syllable: int
    """Which vowel of the text that is, from 1."""
    lufs: float
    dbtp: float

    def row(self) -> dict[str, object]:
        """For the manifest, in this order."""
        return asdict(self)


def file_name(text: str, voice: str) -> str:
    """A readable name that changes whenever the clip would."""
    recipe = f"{RECIPE}/{voice}/{kokoro.SPEED}/{' '.join(spoken(text))}"
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-")
    return f"{slug}-{hashlib.sha256(recipe.encode()).hexdigest()[:8]}.ogg"


def make(voice: Kokoro, name: str, text: str) -> tuple[Made, bytes]:
    """Say a text; its line of the manifest and its file."""
    sentences = spoken(text)
    said = [voice.speak(sentence) for sentence in sentences]
    first, *others = (_at_clip_rate(speech) for speech in said)
    piece, start = finish.cut(first)
    symbols = "".join(phone.symbol for phone in said[0].phones)
    mark, vowel = stressed_vowel(symbols)
    sought = round(said[0].phones[mark].start * RATE) - start
    anchor = finish.steepest_rise(piece, sought, sought + VOWEL_SEARCH)
    pieces = [piece]
    for other in others:
        pieces += [np.zeros(PAUSE), finish.cut(other)[0]]
    file = file_name(text, name)
    data = _levelled(np.concatenate(pieces), zlib.crc32(file.encode()), text)
    decoded = ogg.decode(data) / 32768
    return Made(
        text=text,
        spoken=" ".join(sentences),
        phonemes=" ".join("".join(phone.symbol for phone in s.phones) for s in said),
        file=file,
        frames=len(decoded),
        anchor=anchor,
        vowel=symbols[vowel],
        syllable=sum(symbol in VOWELS for symbol in symbols[: vowel + 1]),
        lufs=round(loudness(decoded), 2),
        dbtp=round(true_peak(decoded), 2),
    ), data


def _at_clip_rate(speech: Speech) -> finish.Samples:
    samples = soxr.resample(speech.samples.astype(np.float64), kokoro.RATE, RATE, quality="VHQ")
    return np.asarray(samples, np.float64)


def _levelled(samples: finish.Samples, serial: int, text: str) -> bytes:
    """The clip's file, at its loudness and below its ceiling once decoded again.

    The codec moves both a little, so the gain and the limiter's ceiling are corrected by what came
    out until it is right.
    """
    gain_db, ceiling_db = TARGET - loudness(samples), CEILING
    for _ in range(TRIES):
        limited = finish.limit(samples * 10 ** (gain_db / 20), 10 ** (ceiling_db / 20))
        data = ogg.encode(limited, serial)
        decoded = ogg.decode(data) / 32768
        if len(decoded) != len(samples):
            raise RuntimeError(f'"{text}": the codec changed its length.')
        off, over = TARGET - loudness(decoded), true_peak(decoded) - CEILING
        if abs(off) <= NEAR and over <= 0:
            return data
        gain_db += off
        if over > 0:
            ceiling_db = min(ceiling_db, true_peak(limited)) - over - NEAR
    raise RuntimeError(f'"{text}" cannot be brought to {TARGET} LUFS below {CEILING} dBTP.')
