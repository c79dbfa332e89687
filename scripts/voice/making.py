"""Makes a clip of one text: speaks it, sets its level as decoded, and describes it."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import asdict, dataclass

from cadence_cue.sound.loudness import loudness, true_peak
from cadence_cue.voice import finish
from cadence_cue.voice.finish import CEILING, NEAR, TARGET
from cadence_cue.voice.kokoro import Kokoro
from cadence_cue.voice.pronunciation import spoken
from cadence_cue.voice.speaking import recipe, speak
from scripts.voice import ogg


@dataclass(frozen=True, slots=True)
class Made:
    """The manifest's entry of a clip; `frames`, `anchor` and `words` are frames at 48 kHz."""

    text: str
    spoken: str
    phonemes: str
    file: str
    frames: int
    anchor: int
    vowel: str
    """The phoneme at the anchor: the vowel of the first stressed syllable."""
    syllable: int
    """The number of that vowel in the text, from 1."""
    words: tuple[int, ...]
    """The start of each word."""
    lufs: float
    dbtp: float
    corrected: bool = False
    """Whether a person moved the anchor (scripts/voice/corrections.toml)."""

    def row(self) -> dict[str, object]:
        """The entry as a table for the manifest, with its keys in this order."""
        return {key: value for key, value in asdict(self).items() if value is not False}


def file_name(text: str, voice: str) -> str:
    """A readable file name that changes whenever the clip would."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-")
    return f"{slug}-{hashlib.sha256(recipe(voice, spoken(text)).encode()).hexdigest()[:8]}.ogg"


def make(voice: Kokoro, name: str, text: str) -> tuple[Made, bytes]:
    """Speak a text; return its entry and the bytes of its file. Raises RuntimeError."""
    sentences = spoken(text)
    said = speak(voice, sentences)
    file = file_name(text, name)
    serial = zlib.crc32(file.encode())
    data = ogg.encode(
        finish.level(said.samples, lambda samples: ogg.decode(ogg.encode(samples, serial)) / 32768),
        serial,
    )
    decoded = ogg.decode(data) / 32768
    made = Made(
        text=text,
        spoken=" ".join(sentences),
        phonemes=said.phonemes,
        file=file,
        frames=len(decoded),
        anchor=said.anchor,
        vowel=said.vowel,
        syllable=said.syllable,
        words=said.words,
        lufs=round(loudness(decoded), 2),
        dbtp=round(true_peak(decoded), 2),
    )
    if len(decoded) != len(said.samples):
        raise RuntimeError(f'"{text}": the codec changed its length.')
    if abs(made.lufs - TARGET) > NEAR + 0.01 or made.dbtp > CEILING + 0.01:
        raise RuntimeError(f'"{text}" cannot be brought to {TARGET} LUFS below {CEILING} dBTP.')
    return made, data
