"""A voice: which texts have a clip, with each clip's length, anchor and samples.

Lengths and anchors of shipped clips come from the manifest, so that planning and checking decode
nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from cadence_cue.errors import UserError
from cadence_cue.sound.clips import Clip
from cadence_cue.timing.timeline import TAKE, Utterance, take, text_of
from cadence_cue.voice.manifest import DEFAULT, Manifest, normal, read


@lru_cache(4096)  # every plan asks for the same few hundred thousands of times
def _key(name: str) -> str:
    """Return what a take is found by: its text in the form that `normal` gives, and its number."""
    text, mark, number = name.partition(TAKE)
    return normal(text) + mark + number


@dataclass(frozen=True, slots=True)
class Recording:
    """A clip of a voice: a text, its mono audio file, and length and anchor at the voice's rate."""

    text: str
    """With the number of the take, if it is not the first (see `timeline.take`)."""
    folder: Path
    name: str
    frames: int
    anchor: int
    clip: Clip | None = None
    """The samples, for a clip that does not come from the voice's files."""

    @property
    def file(self) -> Path:
        """The path of its file, which is made only for what is spoken: it takes a while."""
        return self.folder / self.name


class Texts(AbstractSet[str]):
    """The texts that a voice can speak; membership ignores inaudible differences (see `normal`)."""

    def __init__(self, recordings: Mapping[str, Recording]) -> None:
        self._recordings = recordings

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and _key(text) in self._recordings

    def __iter__(self) -> Iterator[str]:
        return (each.text for each in self._recordings.values() if TAKE not in each.text)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Voice:
    """A voice of recorded clips; `rate` is that of its files, in frames per second."""

    def __init__(
        self, name: str, rate: int, recordings: Mapping[str, Recording], about: Mapping[str, str]
    ) -> None:
        self.name = name
        self.rate = rate
        self.about = about
        """What the manifest says about the voice, such as "who" and "licence"."""
        self._recordings = recordings
        """By the form that `_key` gives."""
        self.texts: AbstractSet[str] = Texts(self._recordings)
        self._decoded: dict[tuple[str, int], Clip] = {}
        """The clips that were used, by text and rate."""

    def __eq__(self, other: object) -> bool:
        """Return whether both have the same name, rate and recordings."""
        if not isinstance(other, Voice):
            return NotImplemented
        return self._identity == other._identity

    @property
    def _identity(self) -> tuple[str, int, Mapping[str, Recording]]:
        return self.name, self.rate, self._recordings

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def load(cls, name: str = DEFAULT, voices: Path | None = None) -> Voice:
        """Load the voice of this name from a folder of voices, by default the shipped ones.

        Raises UserError if there is none, or if its manifest is damaged.
        """
        manifest = read(name, voices)
        return cls(name, manifest.rate, _recordings(manifest), manifest.about)

    def joined(self, clips: Mapping[str, Clip]) -> Voice:
        """Return the voice with these clips, by text and at its rate, added or replaced."""
        own = {
            normal(text): Recording(text, Path(), "", len(clip.samples), clip.anchor, clip)
            for text, clip in clips.items()
        }
        others = {k: each for k, each in self._recordings.items() if text_of(k) not in own}
        return Voice(self.name, self.rate, {**others, **own}, self.about)

    @property
    def forms(self) -> dict[str, str]:
        """The texts that it can speak, by the form that `normal` gives."""
        return {key: each.text for key, each in self._recordings.items() if TAKE not in each.text}

    def bytes(self) -> int:
        """Return the size of its files in bytes."""
        return sum(each.file.stat().st_size for each in self._recordings.values() if not each.clip)

    def utterances(self, texts: Iterable[str], rate: int) -> dict[str, Utterance]:
        """Return length and anchor of each text in frames at `rate`, by the text as given.

        Raises UserError for a text that has no clip.
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
        """Return the clip of each text at `rate`, exactly as long as its utterance.

        Each is decoded and resampled only once. Raises UserError for a text that has no clip, or
        whose file is missing or damaged.
        """
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - `show` decodes nothing

        found = dict(self._find(texts))
        new = {each.text: each for each in found.values() if (each.text, rate) not in self._decoded}
        if len(new) > 1:
            with ThreadPoolExecutor(os.cpu_count()) as threads:  # decoders let others run meanwhile
                list(threads.map(lambda each: self._clip(each, rate), new.values()))
        return {text: self._clip(each, rate) for text, each in found.items()}

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
            recording = self._recordings.get(_key(text))
            if recording is None:
                raise UserError(f'The voice "{self.name}" has no clip for "{text}".')
            yield text, recording

    def _converted(self, frames: int, rate: int) -> int:
        """Return the nearest whole number of frames at `rate`."""
        return (2 * frames * rate + self.rate) // (2 * self.rate)

    def _samples(self, recording: Recording, rate: int) -> npt.NDArray[np.int16]:
        if recording.clip:
            return self._at_rate(recording.clip.samples, rate)
        try:
            decoded = _read(recording.file)
        except OSError as error:
            raise UserError(
                f'The clip for "{text_of(recording.text)}" cannot be read ({error}): '
                "install cadence-cue again."
            ) from error
        if len(decoded) != recording.frames:
            raise UserError(
                f'The clip for "{text_of(recording.text)}" has {len(decoded)} frames and should '
                f"have {recording.frames} ({recording.file}): install cadence-cue again."
            )
        return self._at_rate(decoded, rate)

    def _at_rate(self, decoded: npt.NDArray[np.int16], rate: int) -> npt.NDArray[np.int16]:
        if rate == self.rate:
            return decoded
        import soxr  # noqa: PLC0415  most devices run at the rate of the clips

        # Resampled as float and rounded here, because the resampler dithers 16-bit output.
        resampled = soxr.resample(decoded.astype(np.float32), self.rate, rate, quality="VHQ")
        samples = np.zeros(self._converted(len(decoded), rate), np.int16)
        kept = min(len(samples), len(resampled))
        samples[:kept] = np.clip(np.rint(resampled[:kept]), -32768, 32767)
        samples.flags.writeable = False
        return samples


@cache  # for all plans
def _recordings(manifest: Manifest) -> Mapping[str, Recording]:
    """Return a voice's recordings by their takes, in the form that `_key` gives."""
    return MappingProxyType(
        {
            _key(name): Recording(name, manifest.folder, clip.file, clip.frames, clip.anchor)
            for clip in manifest.clips
            for name in [take(clip.text, clip.take)]
        }
    )


# Shared by the Voice objects of all plans. A whole voice fits: 920 clips, about 130 MB.
@lru_cache(1000)
def _read(file: Path) -> npt.NDArray[np.int16]:
    """Return the samples of a file, read-only. Raises OSError if it is missing or damaged."""
    import soundfile  # noqa: PLC0415  planning and `check` need no decoder

    try:
        decoded: npt.NDArray[np.int16] = soundfile.read(file, dtype="int16")[0]
    except soundfile.SoundFileError as error:
        raise OSError(str(error)) from error
    decoded.flags.writeable = False
    return decoded
