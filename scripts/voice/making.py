"""Makes a clip of one text: speaks it, sets its level as decoded, and describes it."""

from __future__ import annotations

import hashlib
import re
import tomllib
import zlib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from cadence_cue.coaching import wording
from cadence_cue.sound.loudness import loudness, true_peak
from cadence_cue.voice import finish
from cadence_cue.voice.finish import CEILING, NEAR, TARGET, Samples
from cadence_cue.voice.kokoro import Kokoro
from cadence_cue.voice.pronunciation import spoken
from cadence_cue.voice.speaking import recipe, speak
from scripts.voice import ogg

MELODIES = (0, 30, 80)
"""By how many tokens the sentence would be longer whose style a take has."""

RETAKEN = {
    ("af_heart", "Let the rhythm carry you along", 0): 30,  # "at the rhythm"
    ("af_heart", "Step with the click", 0): 30,  # "a click"
    ("af_heart", "Bounce, and let the hamstring pull", 0): 30,  # "gounce"
    ("af_heart", "Rock slowly, heel to toe", 0): 30,  # "racks"
    ("am_michael", "Scrape back, hamstring pulls straight up", 0): 30,  # "hamstring pull"
    ("am_michael", "35 seconds", 0): 30,  # a recogniser took it for another number
    ("am_michael", wording.SAFETY, 2): 50,  # it was drawn out
    ("am_michael", "Hamstrings snap the heels to your seat", 0): 120,  # it had one hamstring
    ("am_michael", "Did the knee stay down?", 0): 80,  # "to the knee"
    ("am_michael", "Let yourself fall", 0): 30,  # "a ball", in noise
    ("am_michael", "Breathe, and stay tall", 0): 30,  # "or even", in noise
    ("am_michael", "40 seconds. Arms in time, weight on your forefoot", 0): 30,  # "under four foot"
    ("am_michael", "The click is back, and fades", 0): 30,  # "in fades"
    ("am_michael", "One step per click", 2): 60,  # nothing was understood
}
"""The melodies of takes that did not pass, by voice, text and take."""

SPEEDS = Path(__file__).with_name("speeds.toml")


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
    take: int = 0
    """Which take of the text it is; one of MELODIES."""

    def row(self) -> dict[str, object]:
        """The entry as a table for the manifest, with its keys in this order."""
        rare = ("corrected", "take")
        return {key: value for key, value in asdict(self).items() if value or key not in rare}


def file_name(text: str, voice: str, take: int = 0) -> str:
    """A readable file name that changes whenever the clip would."""
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-")
    melody = _melody(text, voice, take)
    made_of = recipe(voice, spoken(text), speed(text, voice)) + (f"/{melody}" if melody else "")
    return f"{slug}-{hashlib.sha256(made_of.encode()).hexdigest()[:8]}.opus"


def _melody(text: str, voice: str, take: int) -> int:
    return RETAKEN.get((voice, text, take), MELODIES[take])


@cache
def _speeds() -> dict[str, dict[str, float]]:
    return tomllib.loads(SPEEDS.read_text("utf-8"))


def speed(text: str, voice: str) -> float | None:
    """The speed of a text that would leave the pace of an announcement at the usual one."""
    return _speeds().get(voice, {}).get(text)


def make(voice: Kokoro, name: str, text: str, take: int = 0) -> tuple[Made, bytes]:
    """Speak a text; return its entry and the bytes of its file. Raises RuntimeError.

    A clip whose peaks the codec raises too far gets more bits.
    """
    sentences = spoken(text)
    said = speak(voice, sentences, _melody(text, name, take), speed(text, name))
    file = file_name(text, name, take)
    serial = zlib.crc32(file.encode())
    for compression in ogg.COMPRESSIONS:
        data = _levelled(said.samples, serial, compression)
        decoded = ogg.decode(data) / 32768
        lufs, dbtp = round(loudness(decoded), 2), round(true_peak(decoded), 2)
        if abs(lufs - TARGET) <= NEAR + 0.01 and dbtp <= CEILING + 0.01:
            break
    else:
        raise RuntimeError(f'"{text}" cannot be brought to {TARGET} LUFS below {CEILING} dBTP.')
    if len(decoded) != len(said.samples):
        raise RuntimeError(f'"{text}": the codec changed its length.')
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
        lufs=lufs,
        dbtp=dbtp,
        take=take,
    )
    return made, data


def _levelled(samples: Samples, serial: int, compression: float) -> bytes:
    """Return the file of a clip that has its level and ceiling as it is decoded."""

    def encode(clip: Samples) -> bytes:
        return ogg.encode(clip, serial, compression)

    return encode(finish.level(samples, lambda clip: ogg.decode(encode(clip)) / 32768))
