"""A voice: which texts have a clip, how long each is and where its anchor lies, and its samples.

Lengths and anchors of shipped clips come from the manifest, so that planning and checking decode
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cadence_cue.errors import UserError
from cadence_cue.sound.clips import Clip
from cadence_cue.timing.timeline import Utterance
from cadence_cue.voice.shipped import voices_folder

DEFAULT = "af_heart"


def normal(text: str) -> str:
    """A text without the differences that are not heard: case, spacing, a full stop at the end."""
    return " ".join(text.split()).removesuffix(".").casefold()


def voice_names(voices: Path | None = None) -> list[str]:
    """The voices in a folder, the shipped ones unless told otherwise."""
    voices = voices or voices_folder()
    return sorted(path.parent.name for path in voices.glob("*/manifest.json"))


@dataclass(frozen=True, slots=True)
class Recording:
    """A line of the manifest: a file of mono audio, its frames and anchor at the voice's rate."""

    text: str
    file: Path
    frames: int
    anchor: int
    clip: Clip | None = None
    """The samples, where they did not come from a file of the voice."""


class Texts(AbstractSet[str]):
    """The texts that a voice can speak, however they are spelled (see `normal`)."""

    def __init__(self, recordings: Mapping[str, Recording]) -> None:
        self._recordings = recordings

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and normal(text) in self._recordings

    def __iter__(self) -> Iterator[str]:
        return (recording.text for recording in self._recordings.values())

    def __len__(self) -> int:
        return len(self._recordings)


class Voice:
    """A voice of recorded clips; `rate` is that of its files."""

    def __init__(
        self, name: str, rate: int, recordings: Iterable[Recording], about: Mapping[str, str]
    ) -> None:
        self.name = name
        self.rate = rate
        self.about = about
        """What the manifest says of the voice: "who", "licence"."""
        self._recordings = {normal(recording.text): recording for recording in recordings}
        self.texts: AbstractSet[str] = Texts(self._recordings)
        self._decoded: dict[tuple[str, int], Clip] = {}
        """What was asked for, by its recording's text and rate: the one place that keeps clips."""

    def __eq__(self, other: object) -> bool:
        """Whether both speak the same texts with the same recordings."""
        if not isinstance(other, Voice):
            return NotImplemented
        return self._identity == other._identity

    @property
    def _identity(self) -> tuple[str, int, Mapping[str, Recording]]:
        return self.name, self.rate, self._recordings

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def load(cls, name: str = DEFAULT, voices: Path | None = None) -> Voice:
        """The voice of this name in a folder of voices, the shipped ones unless told otherwise.

        UserError where there is none, or its manifest is damaged.
        """
        voices = voices or voices_folder()
        try:
            manifest = json.loads((voices / name / "manifest.json").read_text("utf-8"))
            return cls(
                name,
                manifest["rate"],
                [
                    Recording(
                        clip["text"], voices / name / clip["file"], clip["frames"], clip["anchor"]
                    )
                    for clip in manifest["clips"]
                ],
                {key: value for key, value in manifest.items() if isinstance(value, str)},
            )
        except FileNotFoundError:
            known = ", ".join(voice_names(voices)) or "none"
            raise UserError(f'There is no voice "{name}" in {voices} (there: {known}).') from None
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(
                f'The manifest of the voice "{name}" in {voices} is damaged ({error}): '
                "install cadence-cue again."
            ) from error

    def joined(self, clips: Mapping[str, Clip]) -> Voice:
        """The voice with these clips at its rate, keyed by their texts, in place of its own."""
        own = (
            Recording(text, Path(), len(clip.samples), clip.anchor, clip)
            for text, clip in clips.items()
        )
        return Voice(self.name, self.rate, [*self._recordings.values(), *own], self.about)

    def bytes(self) -> int:
        """The size of its files."""
        return sum(each.file.stat().st_size for each in self._recordings.values() if not each.clip)

    def utterances(self, texts: Iterable[str], rate: int) -> dict[str, Utterance]:
        """Length and anchor of each text in frames at `rate`, keyed by the text as it was given.

        UserError names a text that has no clip.
        """
        return {
            text: Utterance(
                text,
                self._converted(recording.frames, rate),
                self._converted(recording.anchor, rate),
            )
            for text, recording in self._find(texts)
        }

    def clips(self, texts: Iterable[str], rate: int) -> dict[str, Clip]:
        """The samples of each text at `rate`, of the length that its utterance promised.

        Each is decoded, and converted to a rate, once.
        UserError names a text that has no clip, or whose file is missing or damaged.
        """
        return {text: self._clip(recording, rate) for text, recording in self._find(texts)}

    def _clip(self, recording: Recording, rate: int) -> Clip:
        clip = self._decoded.get((recording.text, rate))
        if clip is None:
            anchor = self._converted(recording.anchor, rate)
            clip = self._decoded[recording.text, rate] = Clip(
                self._samples(recording, rate), anchor
            )
        return clip

    def _find(self, texts: Iterable[str]) -> Iterator[tuple[str, Recording]]:
        for text in dict.fromkeys(texts):
            recording = self._recordings.get(normal(text))
            if recording is None:
                raise UserError(f'The voice "{self.name}" has no clip for "{text}".')
            yield text, recording

    def _converted(self, frames: int, rate: int) -> int:
        """The nearest whole number of frames at `rate`."""
        return (2 * frames * rate + self.rate) // (2 * self.rate)

    def _samples(self, recording: Recording, rate: int) -> npt.NDArray[np.int16]:
        if recording.clip:
            return self._at_rate(recording.clip.samples, rate)
        import soundfile  # noqa: PLC0415  planning and `check` need no decoder

        try:
            decoded, _ = soundfile.read(recording.file, dtype="int16")
        except (OSError, soundfile.SoundFileError) as error:
            raise UserError(
                f'The clip for "{recording.text}" cannot be read ({error}): '
                "install cadence-cue again."
            ) from error
        if len(decoded) != recording.frames:
            raise UserError(
                f'The clip for "{recording.text}" has {len(decoded)} frames and should have '
                f"{recording.frames} ({recording.file}): install cadence-cue again."
            )
        samples = self._at_rate(decoded, rate)
        samples.flags.writeable = False
        return samples

    def _at_rate(self, decoded: npt.NDArray[np.int16], rate: int) -> npt.NDArray[np.int16]:
        if rate == self.rate:
            return decoded
        import soxr  # noqa: PLC0415  most devices run at the rate of the clips

        # As float and rounded here: the resampler's own 16-bit output is dithered.
        resampled = soxr.resample(decoded.astype(np.float32), self.rate, rate, quality="VHQ")
        samples = np.zeros(self._converted(len(decoded), rate), np.int16)
        kept = min(len(samples), len(resampled))
        samples[:kept] = np.clip(np.rint(resampled[:kept]), -32768, 32767)
        return samples
